import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSeriesTable, type SeriesTableAsk } from '../../../src/connectors/seriesTable.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresell-long-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ask: SeriesTableAsk = {
  frequency: 'M',
  id: 'unique_id',
  ds: 'ds',
  y: 'y',
  regressors: [],
  groups: [],
  gaps: 'auto',
};
const read = (text: string, more: Partial<SeriesTableAsk> = {}) => {
  const file = join(folder, 'long.csv');
  writeFileSync(file, text);
  return readSeriesTable(file, { ...ask, ...more });
};

test('rows in any order, ids as written, what lies ahead of the last value only regressors', async () => {
  const text = 'ds,y,promo,unique_id\n2024-03-31,,1,007\n2024-02-29,2,0,007\n2024-01-31,1,0,007\n2024-01-31,5,0,b\n';
  const { lines, grid, rows } = await read(text, { regressors: ['promo'] });
  expect(rows).toBe(4);
  expect(lines.map(({ id, y }) => [id, ...y])).toEqual([
    ['007', 1, 2],
    ['b', 5],
  ]);
  expect([...lines[0]!.regressors[0]!]).toEqual([0, 0, 1]);
  expect(grid.text(lines[0]!.first)).toBe('2024-01-31');
});

test.each([
  ['', 'header-missing'],
  ['unique_id,ds,y\n', 'table-empty'],
  ['id,date,y\na,2024-01-01,1\n', 'columns-missing'],
  ['unique_id,ds,y\na,2024-01-31,1\na,2024-01-31,2\n', 'series-rows'],
  ['unique_id,ds,y\na,2024-01-31,many\n', 'series-rows'],
  ['unique_id,ds,y\n,2024-01-31,1\n', 'series-rows'],
  ['unique_id,ds,y\na,2024-01-31,\n', 'series-empty'],
  ['unique_id,ds,y\na,31/01/2024,1\n', 'ds-invalid'],
])('refused: %j', async (text, code) => {
  await expect(read(text)).rejects.toMatchObject({ code });
});
