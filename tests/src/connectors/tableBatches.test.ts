import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { asWords, cellAt, columnBuilder, numberOf, type RawColumn, takeRaw } from '../../../src/connectors/columns.ts';
import { readTable } from '../../../src/connectors/table.ts';
import { columnsOf, readColumns, tableBatches } from '../../../src/connectors/tableBatches.ts';
import { checkSize } from '../../../src/connectors/tableShape.ts';
import { leads, writeTable } from '../../training/tables/files.ts';
import { scratch } from '../store/scratch.ts';

const text = (path: string, content: string) => {
  const file = join(scratch(), path);
  writeFileSync(file, content);
  return file;
};

test('in columns as by the plainest reader: every cell, whole and in batches, text and Parquet', async () => {
  const rows = leads(300).map((row, i) => ({ ...row, note: i % 5 ? `says "${i}",\n twice` : '' }));
  const folder = scratch();
  const csv = writeTable(folder, 'a.csv', rows);
  const plain = await readTable(csv);
  const oracle = columnsOf(plain);
  for (const name of ['a.csv.gz', 'a.parquet']) {
    const path = writeTable(folder, name, rows);
    const whole = await readColumns(path);
    expect(whole.header).toEqual(plain.header);
    expect(whole.rows).toBe(300);
    for (const column of plain.header) {
      const said = plain.cells.get(column)!;
      expect(said.map((_, row) => cellAt(whole.columns.get(column)!, row))).toEqual(said);
      expect(said.map((_, row) => cellAt(oracle.columns.get(column)!, row))).toEqual(said);
    }
    let row = 0;
    for await (const batch of tableBatches(path, 77, { only: new Set(['note', 'spent']) })) {
      expect([...batch.columns.keys()]).toEqual(['spent', 'note']);
      for (let i = 0; i < batch.rows; i++, row++)
        expect(cellAt(batch.columns.get('note')!, i)).toBe(plain.cells.get('note')![row]);
    }
    expect(row).toBe(300);
  }
});

test('many numbers are kept as numbers, with what is none beside them; digits that are codes stay words', () => {
  const builder = columnBuilder();
  const said = Array.from({ length: 9_000 }, (_, i) => (i % 1_000 === 3 ? 'n/a' : i % 1_000 === 4 ? '' : `${i / 8}`));
  for (const cell of said) builder.add(cell);
  const column = builder.done();
  expect(column.kind).toBe('numbers');
  expect(said.map((_, row) => cellAt(column, row))).toEqual(said);
  const words = asWords(column);
  expect(said.map((_, row) => cellAt(words, row))).toEqual(said);
  const some = takeRaw(column, [3, 4, 5, 1_003]);
  expect([0, 1, 2, 3].map((row) => cellAt(some, row))).toEqual(['n/a', '', '0.625', 'n/a']);
  expect(['007', '0x1f', '1e400', 'Infinity', '', '1,5'].map(numberOf)).toEqual(new Array(6).fill(Number.NaN));
  expect(['0', '0.5', '-3', '1e3'].map(numberOf)).toEqual([0, 0.5, -3, 1000]);
  const codes = columnBuilder(true);
  for (let i = 0; i < 9_000; i++) codes.add(`${i}.0`);
  expect(cellAt(codes.done(), 8_000)).toBe('8000.0');
});

test('separators are found, headerless files are numbered, an unnamed column gets its place', async () => {
  expect((await readColumns(text('s.csv', '\uFEFF"a";"b"\n1;"x;y"\n'))).header).toEqual(['a', 'b']);
  expect((await readColumns(text('t.txt', '1\t2\n3\t4\n'), { noHeader: true })).header).toEqual(['c1', 'c2']);
  expect((await readColumns(text('u.csv', ',b\n1,2\n'))).header).toEqual(['column_1', 'b']);
  expect((await readColumns(text('one.csv', 'x\n1\n2\n'))).rows).toBe(2);
});

test.each([
  ['empty', '', 'header-missing'],
  ['a header alone', 'a,b\n', 'table-empty'],
  ['a name twice', 'a,a\n1,2\n', 'header-duplicate'],
  ['a line with too many cells', 'a,b\n1,2\n1,2,3\n', 'cells-count'],
  ['2,000 columns', `${Array.from({ length: 2_000 }, (_, i) => `c${i}`).join(',')}\n`, 'columns-too-many'],
  ['a quote never closed', 'a,b\n1,"2\n', 'csv-broken'],
])('%s is refused', async (_, content, code) => {
  await expect(readColumns(text('x.csv', content))).rejects.toMatchObject({ code });
});

test('what is no Parquet, and what is not there', async () => {
  await expect(readColumns(text('x.parquet', 'no'))).rejects.toMatchObject({ code: 'parquet-broken' });
  for (const name of ['none.csv', 'none.parquet'])
    await expect(readColumns(join(scratch(), name))).rejects.toMatchObject({ code: 'file-unreadable' });
});

test('Parquet says its own types: whole numbers, instants, yes and no, nothing', async () => {
  const at = new Date('2026-03-04T00:00:00Z');
  const path = writeTable(scratch(), 'types.parquet', [
    { n: 5n, at, ok: true, x: 1.5, word: 'a' },
    { n: 7n, at: new Date('2026-03-04T05:06:07Z'), ok: false, x: null, word: null },
  ]);
  const { columns } = await readColumns(path);
  const said = [0, 1].map((row) => [...columns.values()].map((column) => cellAt(column, row)));
  expect(said).toEqual([
    ['5', '2026-03-04', 'true', '1.5', 'a'],
    ['7', '2026-03-04T05:06:07.000Z', 'false', '', ''],
  ]);
});

test('Parquet of several row groups, whole and in batches across them', async () => {
  const path = join(scratch(), 'groups.parquet');
  const data = Array.from({ length: 250 }, (_, i) => (i % 9 ? i / 2 : null));
  writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'x', data }, { name: 'w', data: data.map((v) => `w${v}`) }], rowGroupSize: 100 }))); // biome-ignore format: one call
  const said = (table: { rows: number; columns: ReadonlyMap<string, RawColumn> }) =>
    Array.from({ length: table.rows }, (_, row) => cellAt(table.columns.get('x')!, row));
  const expected = data.map((v) => (v === null ? '' : String(v)));
  const whole = await readColumns(path);
  expect(said(whole)).toEqual(expected);
  expect(cellAt(whole.columns.get('w')!, 249)).toBe('w124.5');
  const parts: string[] = [];
  for await (const batch of tableBatches(path, 40)) {
    expect(batch.rows).toBeLessThanOrEqual(40);
    parts.push(...said(batch));
  }
  expect(parts).toEqual(expected);
});

test('sizes are refused with the figure', () => {
  expect(() => checkSize('t', 2_000_000, 50)).not.toThrow();
  expect(() => checkSize('t', 2_000_001, 5)).toThrow(/2,000,001 rows; at most 2,000,000/);
  expect(() => checkSize('t', 1_000_000, 101)).toThrow(/1,000,000 rows x 101 columns = 101,000,000 cells/);
});
