import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dealState } from '../../../src/subjects/deal.ts';
import { openStore } from '../../../src/store/open.ts';
import type { Store } from '../../../src/store/store.ts';
import { parseInstant } from '../../../src/time.ts';
import { world } from '../../../src/world.ts';
import { scratch } from '../store/scratch.ts';
import { IMPORTED, small, tryImport, writeFolder } from './folders.ts';

const LATER = IMPORTED + 86_400_000;
const at = (text: string) => parseInstant(text, 'UTC')!;

function fresh(): { store: Store; folder: string; put: (files: Parameters<typeof writeFolder>[1]) => string } {
  const folder = scratch();
  const store = openStore(join(folder, 'x.db'));
  let n = 0;
  return { store, folder, put: (files) => writeFolder(join(folder, `in${n++}`), files) };
}

describe('a folder', () => {
  test('every row is taken, and a second run changes nothing', async () => {
    const { store, put } = fresh();
    const path = put(small);
    const first = await tryImport(store, path);
    expect(first.report.total).toEqual({ read: 23, accepted: 23, unchanged: 0, rejected: 0 });
    expect(store.company().settings.time_zone).toBe('Asia/Bangkok');
    expect(store.company().stage('Won')?.kind).toBe('won');
    const source = store.source();
    const second = await tryImport(store, path, LATER);
    expect(second.report.total).toEqual({ read: 23, accepted: 0, unchanged: 23, rejected: 0 });
    expect(store.source()).toBe(source);
    store.close();
  });

  test('the report counts what is not known, not found and not declared', async () => {
    const { store, put } = fresh();
    const path = put({
      ...small,
      'deals.csv': ['id,account_id,stage,amount,created_at,colour', 'd1,a9,New,5,2025-03-01,red', 'd2,a1,New,,,'],
      'notes.txt': 'hello',
    });
    const { report } = await tryImport(store, path);
    expect(report.ignored).toEqual(['notes.txt']);
    expect(report.files.find((file) => file.kind === 'deal')?.custom).toEqual(['colour']);
    expect(report.audit.missingCreatedAt).toEqual({ 'deals.csv': 1 });
    expect(report.audit.dangling).toMatchObject({ 'deals.csv account_id': 1 });
    expect(report.audit.noHistory).toMatchObject({ 'users.csv team_id': 2 });
    expect(report.audit.defaultedKnownAt).toMatchObject({ 'deals.csv': 2, 'activities.csv': 1 });
    store.close();
  });

  test('a dry run says the same and keeps nothing', async () => {
    const { store, put } = fresh();
    const { report } = await tryImport(store, put(small), IMPORTED, true);
    expect(report.total.accepted).toBe(23);
    expect(store.count('deal')).toBe(0);
    expect(store.company().settings.name).toBe('Company');
    store.close();
  });
});

describe('what is refused', () => {
  test('a missing required column refuses everything before any write', async () => {
    const { store, put } = fresh();
    const path = put({ ...small, 'quote_lines.csv': ['id,quote_id,deal_id,at', 'q1,Q,d1,2025-01-01'] });
    await expect(tryImport(store, path)).rejects.toMatchObject({
      code: 'column-missing',
      path: 'quote_lines.csv.currency',
    });
    expect([store.count('stage'), store.count('deal')]).toEqual([0, 0]);
    store.close();
  });

  test('an error in the last file undoes the first', async () => {
    const { store, put } = fresh();
    const path = put({ ...small, 'order_lines.csv': 'id,order_id,currency\nl1,"o1,THB\n' });
    await expect(tryImport(store, path)).rejects.toMatchObject({ code: 'csv-broken' });
    expect([store.count('stage'), store.count('deal')]).toEqual([0, 0]);
    await expect(tryImport(store, put(small))).resolves.toMatchObject({ report: { total: { accepted: 23 } } });
    store.close();
  });

  test('each wrong row is written out by line, field and code; the good ones are kept', async () => {
    const { store, put } = fresh();
    const deals = [
      'id,created_at,amount,currency,outcome,owner_id,name',
      'ok,2025-01-01,1.50,THB,won,u1,plain',
      ',2025-01-01,1,THB,,,',
      't1,02/03/2026,1,THB,,,',
      't2,2026-02-30,1,THB,,,',
      't3,2026-02-03T24:00:00,1,THB,,,',
      't4,2569-02-03,1,THB,,,',
      't5,1700000000,1,THB,,,',
      'm1,2025-01-01,"1,000.00",THB,,,',
      'm2,2025-01-01,฿100,THB,,,',
      'm3,2025-01-01,๑๒,THB,,,',
      'm4,2025-01-01,1e309,THB,,,',
      'm5,2025-01-01,NaN,THB,,,',
      'm6,2025-01-01,0x10,THB,,,',
      'm7,2025-01-01,1.005,THB,,,',
      'm8,2025-01-01,1.5,JPY,,,',
      'm9,2025-01-01,90071992547409.93,THB,,,',
      'c1,2025-01-01,1,XXQ,,,',
      'o1,2025-01-01,1,THB,maybe,,',
      'k1,2025-01-01,1,THB,,,"nul\u0000"',
      `k2,2025-01-01,1,THB,,,${'x'.repeat(300_000)}`,
      'n1,2025-01-01,1,THB',
      'kwd,2025-01-01,-0.125,KWD,,,ok',
      'jpy,2025-01-01,1200,JPY,,,ok',
      '"=cmd()",=bad,1,THB,,,',
    ];
    const { report, rejects } = await tryImport(store, put({ 'deals.csv': deals }));
    expect(report.total).toEqual({ read: 24, accepted: 3, unchanged: 0, rejected: 21 });
    const codes = rejects.map((line) => line.split(',').slice(1, 4).join());
    expect(codes).toEqual([
      '3,id,required-empty',
      ...[4, 5, 6, 7, 8].map((line) => `${line},created_at,time-invalid`),
      ...[9, 10, 11, 12, 13, 14, 15, 16, 17].map((line) => `${line},amount,money-invalid`),
      '18,currency,currency-unknown',
      '19,outcome,level-unknown',
      '20,name,control-character',
      '21,name,cell-too-long',
      '22,,cells-count',
      '25,created_at,time-invalid',
    ]);
    expect([...store.rows('deal')].map((row) => [row.id, row.amountMinor])).toEqual([
      ['crm:ok', 150],
      ['crm:kwd', -125],
      ['crm:jpy', 1200],
    ]);
    store.close();
  });

  test('read = accepted + unchanged + rejected, whatever comes', async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        '',
        'd1',
        'd2',
        '2025-01-01',
        '2025-13-01',
        '12.50',
        'x"y',
        'won',
        'THB',
        '=1+1',
        'ไทย\u200b',
        '__proto__',
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    );
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const { store, put } = fresh();
    const seed = 20261121;
    console.info(`import property seed ${seed}`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1, maxLength: 7 }), { maxLength: 25 }), async (rows) => {
        const lines = rows.map((cells) => cells.map(quoted).join(','));
        const { report } = await tryImport(store, put({ 'deals.csv': ['id,created_at,amount,outcome,currency,__proto__', ...lines] })); // biome-ignore format: one import
        const { read, accepted, unchanged, rejected } = report.total;
        expect(accepted + unchanged + rejected).toBe(read);
        expect(read).toBe(rows.filter((cells) => cells.length > 1 || cells[0] !== '').length);
      }),
      { seed, numRuns: 60 },
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    store.close();
  });
});

describe('a later export', () => {
  const deals = (line: string) => ({ 'deals.csv': ['id,owner_id,stage,amount,currency,created_at,closed_at,outcome,name,colour', line] }); // biome-ignore format: a row
  const first = 'd1,u1,New,100.00,THB,2025-01-02T09:00:00Z,,,One,red';

  test('what differs becomes a change that is known from then on', async () => {
    const { store, put } = fresh();
    await tryImport(store, put(deals(first)));
    const later = await tryImport(store, put(deals('d1,u2,Offer,120.50,THB,2025-01-02T09:00:00Z,,,Two,blue')), LATER);
    expect(later.report.total).toEqual({ read: 1, accepted: 1, unchanged: 0, rejected: 0 });
    const changes = [...store.rows('change')].map((row) => [
      row.field,
      row.oldValue,
      row.newValue,
      row.at,
      row.knownAt,
    ]);
    expect(changes).toEqual([
      ['owner_id', 'crm:u1', 'crm:u2', LATER, LATER],
      ['name', 'One', 'Two', LATER, LATER],
      ['stage', 'New', 'Offer', LATER, LATER],
      ['amount', '100.00', '120.50', LATER, LATER],
      ['colour', 'red', 'blue', LATER, LATER],
    ]);
    const value = (when: number, field: string) => world(store.source(), when).past('deal', 'crm:d1').value(field);
    expect([IMPORTED - 1, LATER - 1, LATER].map((when) => value(when, 'amount'))).toEqual([undefined, 10_000, 12_050]);
    expect([value(LATER - 1, 'owner_id'), value(LATER, 'owner_id')]).toEqual(['crm:u1', 'crm:u2']);
    store.close();
  });

  test('a recorded change that already says so is not recorded twice', async () => {
    const { store, put } = fresh();
    await tryImport(store, put(deals(first)));
    const files = {
      ...deals('d1,u1,Offer,120.50,THB,2025-01-02T09:00:00Z,,,One,red'),
      'changes.csv': [
        'kind,id,at,field,old_value,new_value',
        'deal,d1,2025-02-01T09:00:00Z,stage,New,Offer',
        'deal,d1,2025-02-01T09:00:00Z,amount,100,120.5',
      ],
    };
    const { report } = await tryImport(store, put(files), LATER);
    expect([report.changesRecorded, store.count('change')]).toEqual([0, 2]);
    expect(world(store.source(), at('2025-02-02')).past('deal', 'crm:d1').value('stage')).toBe('Offer');
    store.close();
  });

  test('a close is a fact of its own; an outcome taken back is a deal opened again', async () => {
    const { store, put } = fresh();
    await tryImport(store, put(deals(first)));
    await tryImport(
      store,
      put(deals('d1,u1,New,100.00,THB,2025-01-02T09:00:00Z,2026-06-01T15:00:00Z,lost,One,red')),
      LATER,
    );
    expect(store.count('change')).toBe(0);
    await tryImport(store, put(deals(first)), LATER + 86_400_000);
    const state = (when: number) => dealState(world(store.source(), when).past('deal', 'crm:d1'));
    expect([state(at('2026-06-01T14:00:00Z')), state(LATER + 1), state(LATER + 86_400_000)]).toEqual(['open', 'lost', 'open']); // biome-ignore format: a row
    store.close();
  });

  test('a column or a row that is absent means nothing', async () => {
    const { store, put } = fresh();
    await tryImport(store, put(small));
    const { report } = await tryImport(store, put({ 'deals.csv': ['id,currency', 'd1,THB'] }), LATER);
    expect(report.total).toEqual({ read: 1, accepted: 0, unchanged: 1, rejected: 0 });
    expect(store.count('deal')).toBe(3);
    store.close();
  });
});

describe('the sample', () => {
  const sample = { ...small, 'company.json': JSON.stringify({ name: 'Sample', time_zone: 'Asia/Bangkok', base_currency: 'THB', sample: true }) }; // biome-ignore format: a row

  test('stands still at its end, comes again unchanged, and takes nothing else', async () => {
    const { store, put } = fresh();
    const { report } = await tryImport(store, put(sample));
    expect(report.at).toBe(at('2025-04-02T09:00:00+07:00'));
    expect([...store.rows('deal')].every((row) => row.importedAt === report.at)).toBe(true);
    expect((await tryImport(store, put(sample), LATER)).report.total.unchanged).toBe(23);
    await expect(tryImport(store, put(small))).rejects.toMatchObject({ code: 'sample-fixed' });
    await expect(tryImport(store, put({ 'deals.csv': ['id', 'new'] }))).rejects.toMatchObject({ code: 'sample-fixed' });
    store.close();
  });

  test('is refused by a company’s own database', async () => {
    const { store, put } = fresh();
    await tryImport(store, put(small));
    await expect(tryImport(store, put(sample))).rejects.toMatchObject({ code: 'sample-refused' });
    store.close();
  });
});

test('a folder without a main file, and a path that is no folder, are refused', async () => {
  const { store, folder, put } = fresh();
  await expect(tryImport(store, put({ 'users.csv': ['id', 'u1'] }))).rejects.toMatchObject({ code: 'bundle-empty' });
  writeFileSync(join(folder, 'file'), '');
  await expect(tryImport(store, join(folder, 'file'))).rejects.toMatchObject({ code: 'folder-missing' });
  store.close();
});

describe('what a careless reader would let through', () => {
  test('columns called as the words of JavaScript are custom columns like any other', async () => {
    const { store, put } = fresh();
    const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];
    const path = put({ 'deals.csv': [`id,created_at,${names.join()}`, 'd1,2025-03-01,a,b,c,d'] });
    const { report } = await tryImport(store, path);
    expect(report.files[0]!.custom).toEqual(names);
    const [row] = [...store.rows('deal')];
    expect(Object.entries(row!.custom)).toEqual(names.map((name, i) => [name, 'abcd'[i]]));
    expect((await tryImport(store, path, LATER)).report.total).toMatchObject({ unchanged: 1, accepted: 0 });
    store.close();
  });

  test('a later file without the currency column is read in the currency that the row has', async () => {
    const { store, put } = fresh();
    await tryImport(store, put({ ...small, 'deals.csv': ['id,amount,currency,created_at', 'd1,1000,JPY,2025-03-01', 'd2,5.125,KWD,2025-03-01'] })); // biome-ignore format: one call
    const same = await tryImport(store, put({ 'deals.csv': ['id,amount', 'd1,1000', 'd2,5.125'] }), LATER);
    expect(same.report.total).toMatchObject({ read: 2, unchanged: 2, rejected: 0 });
    const finer = await tryImport(store, put({ 'deals.csv': ['id,amount', 'd1,1000.50', 'd2,6.125'] }), LATER + 1);
    expect(finer.report.total).toMatchObject({ read: 2, accepted: 1, rejected: 1 });
    expect(finer.rejects[0]).toContain('money-invalid');
    expect([...store.rows('deal')].map((row) => [row.amountMinor, row.currency])).toEqual([[1000, 'JPY'], [6125, 'KWD']]); // biome-ignore format: one look
    store.close();
  });

  test('a change to a word that its column does not know is rejected, not read as a loss', async () => {
    const { store, put } = fresh();
    const { report, rejects } = await tryImport(store, put({
      'deals.csv': ['id,created_at', 'd1,2025-03-01'],
      'changes.csv': [
        'kind,id,at,field,old_value,new_value',
        'deal,d1,2025-03-05T09:00:00Z,outcome,,Closed Won',
        'deal,d1,2025-03-06T09:00:00Z,outcome,,won',
        'deal,d1,2025-03-07T09:00:00Z,stage,,Closed Won',
      ],
    })); // biome-ignore format: one call
    expect(report.total).toMatchObject({ read: 4, accepted: 3, rejected: 1 });
    expect(rejects[0]).toContain('level-unknown');
    store.close();
  });

  test('what can never be read is counted: changes of records that never came, closes half told', async () => {
    const { store, put } = fresh();
    const { report } = await tryImport(store, put({
      'deals.csv': [
        'id,created_at,closed_at,outcome',
        'd1,2025-03-01,,won',
        'd2,2025-03-01,2025-04-01,',
        'd3,2025-03-01,2025-04-01,won',
      ],
      'changes.csv': [
        'kind,id,at,field,old_value,new_value',
        'deal,d9,2025-03-05T09:00:00Z,stage,,New',
        'deal,d3,2025-03-05T09:00:00Z,stage,,New',
      ],
    })); // biome-ignore format: one call
    expect(report.audit.dangling).toEqual({ 'changes.csv id (deal)': 1 });
    expect(report.audit.halfClosed).toBe(2);
    store.close();
  });
});
