import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvFolder } from '../../../src/connectors/folder.ts';
import { type ImportStep, importBundle } from '../../../src/connectors/import.ts';
import { openStore } from '../../../src/store/open.ts';
import { stagingPath } from '../../../src/store/staging.ts';
import type { Store } from '../../../src/store/store.ts';
import { dealState } from '../../../src/subjects/deal.ts';
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

test('a folder without a main file begins no company, and a path that is no folder is refused', async () => {
  const { store, folder, put } = fresh();
  await expect(tryImport(store, put({ 'users.csv': ['id', 'u1'] }))).rejects.toMatchObject({ code: 'bundle-empty' });
  writeFileSync(join(folder, 'file'), '');
  await expect(tryImport(store, join(folder, 'file'))).rejects.toMatchObject({ code: 'folder-missing' });
  store.close();
});

test('what happened since may come alone: a folder of activities is added to deals that are there', async () => {
  const { store, put } = fresh();
  await tryImport(store, put(small));
  const activities = { 'activities.csv': ['id,kind,direction,at,deal_id', 'a-late,email,in,2026-02-01T03:00:00Z,d1'] };
  const { report } = await tryImport(store, put(activities));
  expect(report.total).toMatchObject({ read: 1, accepted: 1, rejected: 0 });
  await expect(tryImport(store, put({ 'readme.txt': ['nothing'] }))).rejects.toMatchObject({ code: 'bundle-empty' });
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

describe('several rows of one id', () => {
  const header = 'id,created_at,stage,known_at';
  test('the newest counts, the others are rejected by line, and a second run changes nothing', async () => {
    const { store, put } = fresh();
    const path = put({
      'deals.csv': [
        header,
        'd1,2025-01-01,New,',
        'd1,2025-01-01,New,',
        'd2,2025-01-01,New,',
        'd2,2025-01-01,Offer,',
        'd3,2025-01-01,Offer,2025-03-01',
        'd3,2025-01-01,New,2025-02-01',
      ],
    });
    const { report, rejects } = await tryImport(store, path);
    expect(report.total).toEqual({ read: 6, accepted: 3, unchanged: 1, rejected: 2 });
    expect(rejects.map((line) => line.split(',').slice(1, 4).join())).toEqual(['4,id,duplicate-older', '7,id,duplicate-older']); // biome-ignore format: one look
    expect(rejects[0]).toContain('line 5 has the same id');
    expect([...store.rows('deal')].map((row) => row.stage)).toEqual(['New', 'Offer', 'Offer']);
    const again = await tryImport(store, path, LATER);
    expect(again.report.total).toEqual({ read: 6, accepted: 0, unchanged: 4, rejected: 2 });
    expect(store.count('change')).toBe(0);
    store.close();
  });
});

describe('an import that is stopped', () => {
  const ROWS = 12_000;
  const deals = ['id,created_at,stage', ...Array.from({ length: ROWS }, (_, i) => `d${i},${i % 50 ? '2025-01-01' : 'once'},New`)]; // biome-ignore format: a row

  /** The folder's bundle, whose deals break off after so many rows. */
  async function breaking(folder: string, after: number) {
    const bundle = await csvFolder(folder);
    const tables = bundle.tables.map((table) => ({
      ...table,
      rows: async function* () {
        let n = 0;
        for await (const row of table.rows()) {
          if (n++ === after) throw new Error('the machine went away');
          yield row;
        }
      },
    }));
    return { ...bundle, tables };
  }

  test('shows nothing, and goes on from its last batch when it comes again', async () => {
    const { store, put } = fresh();
    const folder = put({ 'deals.csv': deals });
    const options = { source: 'crm', at: IMPORTED, dryRun: false };
    await expect(importBundle(store, await breaking(folder, 11_000), options)).rejects.toThrow('went away');
    expect([store.count('deal'), existsSync(stagingPath(store.path))]).toEqual([0, true]);
    const told: ImportStep[] = [];
    const report = await importBundle(store, await csvFolder(folder), { ...options, progress: (step) => told.push(step) }); // biome-ignore format: one call
    expect(report.total).toEqual({ read: ROWS, accepted: ROWS - ROWS / 50, unchanged: 0, rejected: ROWS / 50 });
    // 9,999 rows were there already, so nothing is told of the first batch.
    expect(told.filter(({ phase, done }) => phase === 'read' && !done).map(({ read }) => read)).toEqual([10_000]);
    expect([store.count('deal'), existsSync(stagingPath(store.path))]).toEqual([ROWS - ROWS / 50, false]);
    store.close();
  });

  test('is forgotten where the export is another one, or where it was the export that was wrong', async () => {
    const { store, put } = fresh();
    const options = { source: 'crm', at: IMPORTED, dryRun: false };
    await expect(importBundle(store, await breaking(put({ 'deals.csv': deals }), 11_000), options)).rejects.toThrow();
    const { report } = await tryImport(store, put({ 'deals.csv': ['id,created_at', 'e1,2025-01-01'] }));
    expect([report.total.read, store.count('deal')]).toEqual([1, 1]);
    await expect(tryImport(store, put({ 'deals.csv': 'id,created_at\nd1,"2025' }))).rejects.toMatchObject({ code: 'csv-broken' }); // biome-ignore format: one look
    expect(existsSync(stagingPath(store.path))).toBe(false);
    store.close();
  });

  test('is refused where other records were written meanwhile', async () => {
    const { store, folder, put } = fresh();
    const bundle = await csvFolder(put({ 'deals.csv': ['id,created_at', 'd1,2025-01-01'] }));
    const [table] = bundle.tables;
    const rows = async function* () {
      const raw = new Database(join(folder, 'x.db'));
      raw.prepare("INSERT INTO settings (key, value) VALUES ('factsStamp', '99') ON CONFLICT (key) DO UPDATE SET value = '99'").run(); // biome-ignore format: one statement
      raw.close();
      yield* table!.rows();
    };
    const run = importBundle(store, { ...bundle, tables: [{ ...table!, rows }] }, { source: 'crm', at: IMPORTED, dryRun: false }); // biome-ignore format: one call
    await expect(run).rejects.toMatchObject({ code: 'import-overtaken', status: 409 });
    expect(store.count('deal')).toBe(0);
    store.close();
  });
});

describe('what a later export corrects', () => {
  const quote = (quantity: string) => ({
    ...small,
    'quote_lines.csv': ['id,quote_id,deal_id,at,product_id,quantity,list_price,unit_price,currency', `q1,Q-1,d1,2025-03-15T09:00:00+07:00,p1,${quantity},100.00,92.35,THB`], // biome-ignore format: a row
  });
  test('a quote line is known from then on, never in the past as it is now', async () => {
    const { store, put } = fresh();
    await tryImport(store, put(quote('13')));
    const { report } = await tryImport(store, put(quote('99')), LATER);
    expect([report.retold, report.total.accepted]).toEqual([1, 1]);
    const seen = (when: number) => world(store.source(), when).past('deal', 'crm:d1').all('quoteLine').map((line) => line.quantity); // biome-ignore format: a row
    expect([seen(LATER - 1), seen(LATER)]).toEqual([[], [99]]);
    expect((await tryImport(store, put(quote('99')), LATER + 1)).report.total.accepted).toBe(0);
    store.close();
  });

  test('so are the dates of an order and of a deal; a delivery that is told for the first time is not', async () => {
    const { store, put } = fresh();
    const orders = (at: string, delivered: string) => ({
      ...small,
      'orders.csv': ['id,account_id,deal_id,at,status,delivered_at', `o1,a1,d1,${at},shipped,${delivered}`],
    });
    await tryImport(store, put(orders('2025-04-02T09:00:00+07:00', '')));
    const told = await tryImport(store, put(orders('2025-04-02T09:00:00+07:00', '2025-04-09T09:00:00+07:00')), LATER);
    expect(told.report.retold).toBe(0);
    const past = (when: number) => world(store.source(), when).past('account', 'crm:a1');
    expect([past(LATER - 1).all('order').length, past(LATER - 1).all('delivered').length]).toEqual([1, 1]);
    const moved = await tryImport(store, put(orders('2024-04-02T09:00:00+07:00', '2025-04-09T09:00:00+07:00')), LATER + 1); // biome-ignore format: one call
    expect(moved.report.retold).toBe(1);
    expect([past(LATER).all('order'), past(LATER + 1).all('order').length]).toEqual([[], 1]);
    store.close();
  });
});

test('an amount of a change that is finer than the currency of its record is rejected', async () => {
  const { store, put } = fresh();
  const { report, rejects } = await tryImport(store, put({
    'deals.csv': ['id,created_at,currency', 'd1,2025-03-01,JPY', 'd2,2025-03-01,KWD', 'd3,2025-03-01,'],
    'changes.csv': [
      'kind,id,at,field,old_value,new_value',
      'deal,d1,2025-03-05,amount,100,120.5',
      'deal,d2,2025-03-05,amount,1.125,2.125',
      'deal,d3,2025-03-05,amount,1.12,2.125',
      'deal,d9,2025-03-05,amount,1.125,2.125',
    ],
  })); // biome-ignore format: one call
  expect(report.total).toEqual({ read: 7, accepted: 5, unchanged: 0, rejected: 2 });
  expect(rejects[0]).toContain('of JPY, the currency of its deal');
  expect(rejects[1]).toContain('of USD');
  store.close();
});

test('a time says what to declare where it may be right in another form', async () => {
  const { store, put } = fresh();
  const forms = ['2569-02-03', '02/03/2026', '1700000000', '๕/๑/๒๕๖๙', '2026-02-30', 'soon'];
  const { rejects } = await tryImport(store, put({ 'deals.csv': ['id,created_at', ...forms.map((form, i) => `d${i},${form}`)] })); // biome-ignore format: one call
  const said = [/Buddha.*BBBB/, /day or as month first/, /seconds or milliseconds/, /Thai digits/, /no such day/, /not an ISO/]; // biome-ignore format: a row
  said.forEach((words, i) => {
    expect(rejects[i]).toMatch(words);
  });
  store.close();
});

test('a character that another program lost is rejected; odd but whole text is kept as it came', async () => {
  const { store, put } = fresh();
  const odd = ['\u202Etxt.exe', 'ก\u0E49\u0E49\u0E49\u0E49', 'น\u200Bา', 'นํ้า'];
  const { report, rejects } = await tryImport(store, put({ 'deals.csv': ['id,created_at,name', 'x,2025-01-01,lost \uFFFD', ...odd.map((name, i) => `d${i},2025-01-01,${name}`)] })); // biome-ignore format: one call
  expect([report.total.rejected, rejects[0]?.includes('character-lost')]).toEqual([1, true]);
  expect([...store.rows('deal')].map((row) => row.name)).toEqual(odd);
  store.close();
});

test('what the records lack is counted, with what it costs', async () => {
  const { store, put } = fresh();
  const deals = [
    'id,created_at,closed_at,outcome,amount,currency,stage,expected_close_date',
    'w1,2025-01-01,2025-02-01T09:00:00Z,won,,THB,Won,2025-01-31',
    'l1,2025-01-01,2025-02-01T09:00:00Z,lost,5,THB,Lost,2025-02-28',
    'b1,2025-03-03T09:00:00Z,2025-03-01T09:00:00Z,lost,5,THB,Lost,2025-02-27',
    'h1,2025-01-01,,won,5,THB,Won,2025-03-31',
    'o1,,,,5,JPY,Odd,',
    ...Array.from({ length: 20 }, (_, i) => `m${i},2025-01-01,,,5,THB,New,2025-0${1 + (i % 9)}-${i % 2 ? 10 : new Date(Date.UTC(2025, 1 + (i % 9), 0)).getUTCDate()}`), // biome-ignore format: a row
  ];
  const { report } = await tryImport(store, put({
    'company.json': '{"base_currency":"THB","time_zone":"Asia/Bangkok"}',
    'stages.csv': ['stage,rank,kind', 'New,1,open', 'Won,2,won', 'Lost,3,lost'],
    'deals.csv': deals,
    'changes.csv': ['kind,id,at,field,old_value,new_value', 'deal,w1,2025-01-05,stage,New,Won'],
    'activities.csv': [
      'id,kind,at,deal_id,known_at',
      'a1,call,2025-01-10T09:00:00Z,,',
      'a2,call,2025-01-10T09:00:00Z,w1,2025-02-02T09:00:00Z',
      'a3,note,2025-02-01T09:10:00Z,l1,',
      'a4,note,2025-01-20T09:10:00Z,l1,',
    ],
  })); // biome-ignore format: one call
  expect(report.audit.defects.map(({ code, rows, of }) => [code, rows, of])).toEqual([
    ['created-at-missing', 1, 25],
    ['half-closed', 1, 25],
    ['closed-before-created', 1, 3],
    ['stage-history-missing', 2, 3],
    ['won-without-amount', 1, 1],
    ['close-date-missing', 1, 22],
    ['close-date-month-end', 13, 24],
    ['stage-undefined', 1, 25],
    ['rate-missing', 1, 22],
    ['activity-unlinked', 1, 4],
    ['activity-backdated', 1, 4],
    ['activity-at-close', 1, 4],
  ]);
  for (const { says } of report.audit.defects) expect(says).toMatch(/^\d+ of \d+ /);
  store.close();
});
