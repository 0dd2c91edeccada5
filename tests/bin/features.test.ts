import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'; // biome-ignore format: one list
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { featuresCommand } from '../../bin/commands/features.ts';
import { bundle, simulate } from '../../datasets/synthetic.ts';
import { importBundle } from '../../src/connectors/import.ts';
import { openBundle } from '../../src/connectors/open.ts';
import { openStore } from '../../src/store/open.ts';
import { DAY, formatInstant } from '../../src/time.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresell-features-'));
const db = join(folder, 'company.db');
const sim = simulate({ deals: 40, seed: 3 });
const { end } = sim.clock;
const run = (...flags: string[]) =>
  featuresCommand()
    .exitOverride()
    .parseAsync(['--model', 'deal', '--quiet', '--db', db, ...flags], { from: 'user' });
const out = (name: string) => join(folder, name);

beforeAll(async () => {
  const files = mkdtempSync(join(folder, 'bundle-'));
  for (const { name, text } of bundle(sim)) writeFileSync(join(files, name), text);
  const store = openStore(db);
  const { bundle: read } = await openBundle(files, { source: 'csv' });
  await importBundle(store, read, { source: 'csv', at: end, dryRun: false });
  store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('writes the open deals of an instant, the same in every format', async () => {
  const asOf = formatInstant(end - 100 * DAY);
  await run('--as-of', asOf, '--out', out('deals.csv'));
  await run('--as-of', asOf, '--out', out('deals.parquet'));
  const rows: Record<string, string>[] = parse(readFileSync(out('deals.csv')), { columns: true });
  const open = sim.paths.filter(
    (deal) => deal.createdAt <= end - 100 * DAY && (deal.closedAt === null || deal.closedAt > end - 100 * DAY),
  );
  expect(rows.map((row) => row['id'])).toEqual(open.map((deal) => `csv:${deal.id}`).sort());
  expect(new Set(rows.map((row) => row['as_of']))).toEqual(new Set([asOf]));
  const bytes = readFileSync(out('deals.parquet'));
  const back = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  });
  expect(back.map((row) => row['id'])).toEqual(rows.map((row) => row['id']));
  expect(back.map((row) => row['deal_age_days'])).toEqual(rows.map((row) => Number(row['deal_age_days'])));
});

test('writes a series of looks, and says in JSON what it wrote', async () => {
  const said: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const [from, to] = [formatInstant(end - 80 * DAY), formatInstant(end - 59 * DAY)];
  await run('--from', from, '--to', to, '--every', '7d', '--json', '--out', out('series.csv')).finally(() =>
    spy.mockRestore(),
  );
  const rows: Record<string, string>[] = parse(readFileSync(out('series.csv')), { columns: true });
  expect(new Set(rows.map((row) => row['as_of'])).size).toBe(4);
  expect(JSON.parse(said.join(''))).toMatchObject({ file: out('series.csv'), rows: rows.length, from, to });
});

test('further columns, such as labels, stand at the end', async () => {
  const labels = featuresCommand((_source, _subject, rows) => [
    ['won', { type: 'number', values: new Float64Array(rows.length) }],
  ]);
  const asOf = formatInstant(end - 100 * DAY);
  const flags = ['--model', 'deal', '--quiet', '--db', db, '--as-of', asOf, '--out', out('labelled.csv')];
  await labels.parseAsync(flags, { from: 'user' });
  expect(readFileSync(out('labelled.csv'), 'utf8').split('\n')[0]).toMatch(/,won$/);
});

test('of a link the target is replaced; a folder is refused before the records are read', async () => {
  const asOf = formatInstant(end - 100 * DAY);
  symlinkSync('target.csv', out('link.csv'));
  await run('--as-of', asOf, '--out', out('link.csv'));
  expect(lstatSync(out('link.csv')).isSymbolicLink()).toBe(true);
  expect(readFileSync(out('target.csv'), 'utf8')).toMatch(/^id,as_of,/);
  mkdirSync(out('folder.csv'));
  await expect(run('--db', out('none.db'), '--out', out('folder.csv'))).rejects.toMatchObject({
    code: 'file-unwritable',
  });
});

test('a wrong request is refused before anything is written', async () => {
  const asOf = formatInstant(end);
  await expect(run('--out', out('deals.xlsx'))).rejects.toMatchObject({ code: 'format-unknown' });
  await expect(run('--as-of', asOf, '--from', asOf, '--to', asOf, '--out', out('no.csv'))).rejects.toMatchObject({
    code: 'features-when',
  });
  const late = formatInstant(end + DAY);
  await expect(run('--from', late, '--to', asOf, '--out', out('no.csv'))).rejects.toMatchObject({
    code: 'features-when',
  });
  await expect(run('--db', out('none.db'), '--out', out('no.csv'))).rejects.toMatchObject({ code: 'database-missing' });
  expect(readdirSync(folder).filter((name) => name.startsWith('no.') || name.endsWith('.part'))).toEqual([]);
});
