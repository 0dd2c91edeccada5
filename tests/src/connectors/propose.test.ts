import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importBundle } from '../../../src/connectors/import.ts';
import { parseMap } from '../../../src/connectors/map.ts';
import { openBundle, vendorOf } from '../../../src/connectors/open.ts';
import { type Proposal, propose } from '../../../src/connectors/propose/propose.ts';
import { shapeOf } from '../../../src/connectors/propose/shapes.ts';
import { plainName } from '../../../src/connectors/propose/words.ts';
import { proposalText } from '../../../src/connectors/propose/write.ts';
import { openStore } from '../../../src/store/open.ts';
import { scratch } from '../store/scratch.ts';
import { IMPORTED, small, writeFolder } from './folders.ts';

const ENGLISH = {
  'opportunities.csv': [
    'Ref,Customer,Rep,Step,Value,Opened,Close Date,Colour',
    '17,Siam Steel,Nok,Closed Won,"125,000.00",12/01/2026,02/03/2026,red',
    '18,Andaman Foods,Lek,Proposal,"80,000.00",03/02/2026,30/06/2026,blue',
    '19,Siam Steel,Nok,Closed Lost,"64,000.00",10/02/2026,20/04/2026,red',
    '20,Andaman Foods,Lek,Prospecting,"9,000.50",28/02/2026,15/07/2026,red',
  ],
  'customers.csv': ['Customer No,Customer Name,Industry', 'C1,Siam Steel,steel', 'C2,Andaman Foods,food'],
  'calls.csv': ['Call Id,Opportunity,Call Type,Start Time,Subject', 'k1,17,Inbound,2026-01-20 10:00:00,Price', 'k2,18,Outbound,2026-02-20 11:30:00,Hello'], // biome-ignore format: rows
  'noise.csv': ['x1,x2', 'foo,bar'],
};
const THAI = {
  'ดีล.csv': [
    'เลขที่;ชื่อลูกค้า;พนักงานขาย;สถานะ;มูลค่า;วันที่สร้าง;วันที่ปิด',
    'ด1;สยามเหล็ก;นก;ปิดได้;125,000.00;๑๒/๐๑/๒๕๖๙;๐๒/๐๓/๒๕๖๙',
    'ด2;อันดามันฟู้ด;เล็ก;เสนอราคา;80,000.00;๐๓/๐๒/๒๕๖๙;',
    'ด3;สยามเหล็ก;นก;แพ้;64,000.00;๒๐/๐๒/๒๕๖๙;๒๐/๐๔/๒๕๖๙',
  ],
};

async function drafted(files: Parameters<typeof writeFolder>[1], name = 'crm') {
  const folder = writeFolder(join(scratch(), 'in'), files);
  const proposal = await propose(folder);
  const text = proposalText(proposal, name, 'draft.yaml');
  const map = join(scratch(), 'draft.yaml');
  writeFolder(join(map, '..'), { 'draft.yaml': text });
  return { folder, proposal, text, map };
}
async function imported(folder: string, map: string) {
  const store = openStore(join(scratch(), 'x.db'));
  const { bundle } = await openBundle(folder, { source: 'csv', map });
  const report = await importBundle(store, bundle, { source: 'crm', at: IMPORTED, dryRun: false });
  return { store, report };
}
const of = (proposal: Proposal, kind: string) =>
  Object.fromEntries(proposal.records.find((record) => record.kind === kind)?.columns.map((one) => [one.column, one.value]) ?? []); // biome-ignore format: one look

describe('a draft of unknown files', () => {
  test('English: kinds, columns, dates, amounts, outcomes, references by name; taken unchanged by --map', async () => {
    const { folder, proposal, text, map } = await drafted(ENGLISH);
    expect(proposal.records.map(({ kind }) => kind).sort()).toEqual(['account', 'activity', 'deal']);
    expect(of(proposal, 'deal')).toMatchObject({
      id: { column: 'Ref' },
      account_id: { column: 'Customer', join: { file: 'customers', on: 'Customer Name', take: 'Customer No' } },
      stage: { column: 'Step' },
      amount: { column: 'Value', decimal: '.' },
      created_at: { column: 'Opened', date: { format: 'DD/MM/YYYY' } },
      closed_at: { column: 'Close Date', where: { Step: ['Closed Won', 'Closed Lost'] } },
      outcome: { column: 'Step', lookup: { 'Closed Won': 'won', 'Closed Lost': 'lost' }, otherwise: '' },
    });
    expect(of(proposal, 'activity')).toMatchObject({ kind: { constant: 'call' }, direction: { lookup: { Inbound: 'in', Outbound: 'out' } } }); // biome-ignore format: one look
    expect(proposal.stages.map(({ stage, kind }) => [stage, kind])).toEqual([['Prospecting', 'open'], ['Proposal', 'open'], ['Closed Won', 'won'], ['Closed Lost', 'lost']]); // biome-ignore format: rows
    expect(proposal.doubts.join('\n')).toMatch(/noise.csv is left out/);
    expect(proposal.doubts.join('\n')).toMatch(/no file has the history/);
    expect(text).toContain('# not taken: Colour');
    const { store, report } = await imported(folder, map);
    expect(report.total).toMatchObject({ rejected: 0 });
    expect([...store.rows('deal')].map(({ id, accountId, amountMinor, outcome, closedAt }) => [id, accountId, amountMinor, outcome, closedAt !== null])).toEqual([
      ['crm:17', 'crm:C1', 12_500_000, 'won', true],
      ['crm:18', 'crm:C2', 8_000_000, null, false],
      ['crm:19', 'crm:C1', 6_400_000, 'lost', true],
      ['crm:20', 'crm:C2', 900_050, null, false],
    ]); // biome-ignore format: rows
    store.close();
  });

  test('Thai headers, digits, Buddhist years, and semicolons', async () => {
    const { folder, proposal, text, map } = await drafted(THAI);
    expect(proposal).toMatchObject({ delimiter: ';', isThai: true });
    expect(text).toContain('Asia/Bangkok');
    const { store, report } = await imported(folder, map);
    expect(report.total).toMatchObject({ rejected: 0 });
    const rows = [...store.rows('deal')];
    expect(rows.map(({ outcome, amountMinor }) => [outcome, amountMinor])).toEqual([['won', 12_500_000], [null, 8_000_000], ['lost', 6_400_000]]); // biome-ignore format: rows
    expect(new Date(rows[0]!.createdAt!).toISOString()).toBe('2026-01-11T17:00:00.000Z');
    store.close();
  });

  test('files that are windows-874, when most of them are', async () => {
    const thai874 = (text: string) => Buffer.from([...text].map((c) => (c.charCodeAt(0) > 0xe00 ? c.charCodeAt(0) - 0xe00 + 0xa0 : c.charCodeAt(0)))); // biome-ignore format: one table
    const { folder, proposal, map } = await drafted({ 'deals.csv': thai874(`${THAI['ดีล.csv'].join('\n')}\n`) });
    expect(proposal.encoding).toBe('windows-874');
    const { store, report } = await imported(folder, map);
    expect(report.total).toMatchObject({ accepted: 3 + 3, rejected: 0 });
    store.close();
  });

  test('lines of orders tell their orders', async () => {
    const { folder, proposal, map } = await drafted({
      'online_retail.csv': [
        'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID',
        '536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850',
        '536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850',
        '536366,22633,WARMER,2,2010-12-01 08:28:00,1.85,17851',
      ],
    });
    expect(proposal.records.map(({ kind, group }) => [kind, group])).toEqual([['orderLine', undefined], ['order', 'InvoiceNo']]); // biome-ignore format: rows
    const { store } = await imported(folder, map);
    expect([store.count('order'), store.count('orderLine')]).toEqual([2, 3]);
    store.close();
  });

  test('our own bundle is seen for what it is', async () => {
    const { proposal } = await drafted(small);
    const kinds = Object.fromEntries(proposal.records.map(({ from, kind }) => [from, kind]));
    expect(kinds).toMatchObject({ deals: 'deal', accounts: 'account', activities: 'activity', orders: 'order', order_lines: 'orderLine', quote_lines: 'quoteLine', changes: 'change', users: 'user', products: 'product' }); // biome-ignore format: one look
    for (const { kind, columns } of proposal.records)
      for (const { column, value } of columns)
        if ('column' in value && kind !== 'change')
          expect([kind, column, value['column']]).toEqual([kind, column, column]);
  });

  test('nothing to propose is said, and a vendor’s tables are named', async () => {
    const folder = writeFolder(join(scratch(), 'in'), { 'noise.csv': ENGLISH['noise.csv'] });
    await expect(propose(folder)).rejects.toMatchObject({ code: 'propose-nothing' });
    expect(await vendorOf(folder)).toBeUndefined();
  });
});

describe('shapes', () => {
  test.each([
    [['2026-01-02', '2026-01-03'], { format: undefined }],
    [['2026-01-02 10:00:00'], { format: 'sql' }],
    [['13/01/2026', '02/03/2026'], { format: 'DD/MM/YYYY' }],
    [['1/13/2026', '2/3/2026'], { format: 'M/D/YYYY' }],
    [['02/03/2026'], { format: 'DD/MM/YYYY', doubt: expect.stringContaining('day first') as string }],
    [['29/02/2567'], { format: 'DD/MM/BBBB' }],
    [['5/1/69'], { format: 'D/M/BB' }],
    [['1 ม.ค. 2569'], { format: 'D MMM BBBB' }],
    [['1770000000'], { format: 'epoch_s' }],
    [['13/01/2026 9:30', '02/03/2026 10:15'], { format: 'DD/MM/YYYY H:mm' }],
  ])('%j', (cells, time) => {
    expect(shapeOf(cells).time).toMatchObject(time);
  });
  test('numbers by their marks', () => {
    expect(shapeOf(['1,234.50', '12']).number).toEqual({ decimal: '.' });
    expect(shapeOf(['1.234,50', '12,1']).number).toEqual({ decimal: ',' });
    expect(shapeOf(['1,234']).number).toMatchObject({ doubt: expect.any(String) as string });
    expect(shapeOf(['12.5', '']).number).toEqual({});
    expect(shapeOf(['12a']).number).toBeUndefined();
  });
  test('headers as they are compared', () => {
    expect(['property_dealname', 'StageName', 'Close Date', 'My_Field__c', ' วันที่ สร้าง '].map(plainName)).toEqual(['dealname', 'stage_name', 'close_date', 'my_field', 'วันที่สร้าง']); // biome-ignore format: rows
  });
});

const data = process.env['FORESELL_DATA'];
describe.skipIf(!data || !existsSync(join(data ?? '', 'crm_export_fixtures')))(
  'real exports (needs FORESELL_DATA)',
  () => {
    test.each([
      'maven_crm_opportunities',
      'crm_export_fixtures/salesforce',
      'crm_export_fixtures/hubspot',
      'uci_online_retail',
    ])('%s gives a map that is taken', async (name) => {
      // biome-ignore format: one table
      const folder = join(data!, name);
      const proposal = await propose(folder);
      const text = proposalText(proposal, 'crm', 'draft.yaml');
      expect(parseMap(text, 'draft.yaml').records.length).toBeGreaterThan(0);
      expect(await vendorOf(folder)).toBe(name.startsWith('crm') ? name.split('/')[1] : undefined);
      const map = join(writeFolder(join(scratch(), 'map'), { 'draft.yaml': text }), 'draft.yaml');
      expect(readFileSync(map, 'utf8')).toBe(text);
      const { bundle } = await openBundle(folder, { source: 'csv', map });
      expect(bundle.tables.length).toBeGreaterThan(0);
    });
  },
);
