import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { cellOf, type Frame } from '../../../src/frame.ts';
import { frameToArrow } from '../../../src/frame-io/arrow.ts';
import { frameToCsv } from '../../../src/frame-io/csv.ts';
import { toDanfo } from '../../../src/frame-io/danfo.ts';
import { optionalPackage } from '../../../src/frame-io/optional.ts';
import { frameToParquet } from '../../../src/frame-io/parquet.ts';

const frame: Frame = {
  ids: ['crm:1', 'crm:"2", ดีล', 'crm:3'],
  asOf: Float64Array.of(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2, 3, 4, 5, 6), 0),
  columns: new Map([
    ['ratio', { type: 'number', values: Float64Array.of(1 / 3, Number.NaN, -0.1) }],
    ['whole', { type: 'number', values: Float64Array.of(1, 2, 9007199254740991) }],
    ['stage', { type: 'category', codes: Int32Array.of(1, -1, 0), levels: ['เจรจา', 'won\n"x"'] }],
    ['none', { type: 'category', codes: Int32Array.of(-1, -1, -1), levels: [] }],
    ['gone', { type: 'number', values: Float64Array.of(Number.NaN, Number.NaN, Number.NaN) }],
  ]),
};
const cells = (name: string) => frame.ids.map((_, i) => cellOf(frame.columns.get(name)!, i));
const empty: Frame = {
  ids: [],
  asOf: new Float64Array(),
  columns: new Map([
    ['x', { type: 'number', values: new Float64Array() }],
    ['y', { type: 'category', codes: new Int32Array(), levels: [] }],
  ]),
};
const absent = async (name: string) =>
  import(name).then(
    () => false,
    () => true,
  );

describe('a frame written and read back is the same', () => {
  test('CSV', () => {
    const rows: Record<string, string>[] = parse([...frameToCsv(frame)].join(''), { columns: true });
    expect(rows.map((row) => row['id'])).toEqual(frame.ids);
    expect(rows.map((row) => Date.parse(row['as_of']!))).toEqual([...frame.asOf]);
    for (const [name, column] of frame.columns) {
      const back = rows.map((row) =>
        row[name] === '' ? null : column.type === 'number' ? Number(row[name]) : row[name],
      );
      expect(back).toEqual(cells(name));
    }
    expect([...frameToCsv(empty)].join('')).toBe('id,as_of,x,y\n');
  });

  test('Parquet', async () => {
    const rows = await parquetReadObjects({ file: frameToParquet(frame).buffer as ArrayBuffer });
    expect(rows.map((row) => row['id'])).toEqual(frame.ids);
    expect(rows.map((row) => row['as_of'].getTime())).toEqual([...frame.asOf]);
    for (const name of frame.columns.keys()) expect(rows.map((row) => row[name] ?? null)).toEqual(cells(name));
    expect(await parquetReadObjects({ file: frameToParquet(empty).buffer as ArrayBuffer })).toEqual([]);
  });

  test('Arrow', async (context) => {
    if (await absent('apache-arrow')) return context.skip('apache-arrow is not installed');
    const { tableFromIPC } = await import('apache-arrow');
    const table = tableFromIPC(await frameToArrow(frame));
    expect(table.schema.fields.map((field) => field.name)).toEqual(['id', 'as_of', ...frame.columns.keys()]);
    expect([...table.getChild('id')!]).toEqual(frame.ids);
    expect([...table.getChild('as_of')!]).toEqual([...frame.asOf]);
    for (const name of frame.columns.keys()) expect([...table.getChild(name)!]).toEqual(cells(name));
    expect(tableFromIPC(await frameToArrow(empty)).numRows).toBe(0);
  });

  test('danfojs', async (context) => {
    if (await absent('danfojs-node')) return context.skip('danfojs-node is not installed');
    const table = await toDanfo(frame);
    expect(table.columns).toEqual(['id', 'as_of', ...frame.columns.keys()]);
    expect(table.shape).toEqual([frame.ids.length, frame.columns.size + 2]);
  });
});

test('an absent package is named, with what it adds', async () => {
  await expect(optionalPackage('no-such-package', 'counting angels')).rejects.toMatchObject({
    code: 'package-missing',
    message: expect.stringContaining('counting angels needs the package no-such-package'),
  });
});
