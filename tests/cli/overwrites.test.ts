import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { scratch } from '../src/store/scratch.ts';
import { inside as run } from './inside.ts';

const DEALS = 'id,amount,currency,created_at\nD1,1.00,THB,2026-01-01\nD2,x,THB,2026-01-01\n';

/** A folder to import from, and a database beside it. */
function company() {
  const folder = scratch();
  const [from, db] = [join(folder, 'export'), join(folder, 'company.db')];
  mkdirSync(from);
  writeFileSync(join(from, 'deals.csv'), DEALS);
  openStore(db).close();
  return { folder, from, db, deals: join(from, 'deals.csv') };
}

test('no command writes over the database, its log or the settings', async () => {
  const { folder, from, db } = company();
  writeFileSync(join(folder, 'foresell.yaml'), '');
  const before = readFileSync(db);
  const commands = [
    ['forecast', '--report'],
    ['import', from, '--rejects'],
  ];
  for (const file of [db, `${db}-wal`, join(folder, 'foresell.yaml')]) {
    for (const command of commands) {
      const { code, err } = await run(...command, file, '--db', db);
      expect([code, err]).toEqual([2, expect.stringContaining('[file-same]')]);
    }
  }
  expect(readFileSync(db).equals(before)).toBe(true);
});

test('rejected rows never replace what they were read from', async () => {
  const { from, db, deals } = company();
  for (const path of [from, deals]) {
    const { code, err } = await run('import', path, '--db', db, '--rejects', deals);
    expect([code, err]).toEqual([2, expect.stringContaining('[file-same]')]);
  }
  expect(readFileSync(deals, 'utf8')).toBe(DEALS);
  // What an earlier import left in the folder is no part of the export.
  const rejects = join(from, 'rejected.csv');
  for (let i = 0; i < 2; i++) expect((await run('import', from, '--db', db, '--rejects', rejects)).code).toBe(0);
});

test('rejects that cannot be written are said before the work', async () => {
  const { folder, from, db } = company();
  const { code, err } = await run('import', from, '--db', db, '--rejects', join(folder, 'nowhere', 'x.csv'));
  expect([code, err]).toEqual([2, expect.stringContaining('[file-unwritable]')]);
  const drafted = await run('import', from, '--propose', join(folder, 'nowhere', 'map.yaml'));
  expect([drafted.code, drafted.err]).toEqual([2, expect.stringContaining('[file-unwritable]')]);
});

test('what clv reads and what a backtest wrote first is not replaced', async () => {
  const { folder, db } = company();
  const file = join(folder, 'purchases.csv');
  writeFileSync(file, 'customer_id,date,amount\nC1,2026-01-01,5\n');
  const value = await run('clv', '--transactions', file, '--horizon', '30', '--out', file);
  expect([value.code, value.err]).toEqual([2, expect.stringContaining('[file-same]')]);
  const twice = join(folder, 'a.csv');
  const tested = await run('backtest', '--db', db, '--out', twice, '--out', twice);
  expect([tested.code, tested.err]).toEqual([2, expect.stringContaining('[file-same]')]);
});
