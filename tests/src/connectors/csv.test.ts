import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SourceRow } from '../../../src/connectors/bundle.ts';
import { type CsvOptions, delimiterOf, readHeader, readRows } from '../../../src/connectors/csv.ts';
import { csvParser } from '../../../src/connectors/csvParser.ts';
import { scratch } from '../store/scratch.ts';

async function rowsOf(
  content: string | Buffer,
  name = 'x.csv',
  options: CsvOptions = {},
): Promise<{ header: readonly string[]; rows: SourceRow[] }> {
  const path = join(scratch(), name);
  writeFileSync(path, content);
  const header = await readHeader(path, options);
  const rows: SourceRow[] = [];
  for await (const row of readRows(path, header.length, options)) rows.push(row);
  return { header, rows };
}

test('a byte order mark, CRLF, quoted breaks, blank lines and a last line without an end', async () => {
  const { header, rows } = await rowsOf('\uFEFFid,name\r\n1,"two\r\nlines"\r\n\r\n2,"say ""hi"""');
  expect(header).toEqual(['id', 'name']);
  expect(rows).toEqual([
    { line: 3, cells: ['1', 'two\r\nlines'] },
    { line: 5, cells: ['2', 'say "hi"'] },
  ]);
});

test('a row with too few or too many cells is refused, not shifted', async () => {
  const { rows } = await rowsOf('a,b\n1\n1,2\n1,2,3\n');
  expect(rows.map((row) => row.refused?.code)).toEqual(['cells-count', undefined, 'cells-count']);
});

test('a stray quote is text; one that is never closed refuses the file by the line that opens it', async () => {
  const { rows } = await rowsOf('a,b\n1,x\n2,y"z"\n3,"q"r\n4,w\n');
  expect(rows.map((row) => row.cells[1])).toEqual(['x', 'y"z"', '"q"r', 'w']);
  await expect(rowsOf('a,b\n1,"open\n2,x\n')).rejects.toMatchObject({
    code: 'csv-broken',
    message: expect.stringContaining('line 2'),
  });
});

test('an open quote in a large file is refused within a bounded memory, and fast', async () => {
  const lines = 'some text, and more of it\n'.repeat(40_000);
  const parser = csvParser('big.csv');
  parser.push('a,b\n1,"open ');
  expect(() => {
    for (let i = 0; i < 60; i++) parser.push(lines);
  }).toThrow(expect.objectContaining({ code: 'csv-broken', message: expect.stringContaining('line 2') }));
});

test('whatever the pieces, the records are those of another parser', () => {
  const cell = fc.oneof(
    fc.constantFrom('', 'a', 'x y', 'say "hi"', 'two\nlines', 'two\r\nlines', 'a,b', 'ไทย', '"', '""', ' "', ','),
    fc.string({ maxLength: 6 }).filter((text) => !text.includes('\r') || text.includes('\r\n')),
  );
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const plain = (text: string) => !/["\n\r,]/.test(text) && !text.startsWith(' ');
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.tuple(cell, fc.boolean()), { minLength: 1, maxLength: 5 }), { maxLength: 12 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.boolean(),
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      (records, end, last, sizes) => {
        const lines = records.map((cells) => cells.map(([text, bare]) => (bare && plain(text) ? text : quoted(text))).join()); // biome-ignore format: a row
        const text = lines.join(end) + (last && lines.length > 0 ? end : '');
        const parser = csvParser('x.csv');
        const rows: SourceRow[] = [];
        for (let at = 0; at < text.length; ) {
          const size = sizes.next().value;
          rows.push(...parser.push(text.slice(at, at + size)));
          at += size;
        }
        rows.push(...parser.end());
        const theirs = parse(text, { relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'] });
        expect(rows.map((row) => row.cells)).toEqual(theirs.filter((cells) => cells.length > 1 || cells[0] !== ''));
      },
    ),
    { numRuns: 500 },
  );
});

test('gzip is unpacked; broken gzip is an error that names the file', async () => {
  const { rows } = await rowsOf(gzipSync('a\nไทย\n'), 'x.csv.gz');
  expect(rows[0]?.cells).toEqual(['ไทย']);
  await expect(rowsOf('not gzip', 'y.csv.gz')).rejects.toMatchObject({ code: 'file-unreadable' });
});

describe('encodings', () => {
  const thai874 = Buffer.from([0x61, 0x0a, 0x78, 0x0a, 0xa1, 0xe2, 0xdf, 0x0a]); // a, x, กโ฿
  test('what is not UTF-8 is refused with its line, unless it is declared', async () => {
    await expect(rowsOf(thai874)).rejects.toMatchObject({
      code: 'encoding-invalid',
      message: expect.stringMatching(/line 3: not UTF-8.*--encoding/),
    });
    for (const encoding of ['windows-874', 'tis-620', 'TIS-620'])
      expect((await rowsOf(thai874, 'x.csv', { encoding })).rows[1]?.cells).toEqual(['กโ฿']);
    await expect(rowsOf(thai874, 'x.csv', { encoding: 'klingon' })).rejects.toMatchObject({ code: 'encoding-unknown' });
  });

  test('UTF-16 goes by its mark, and is refused where it is not declared', async () => {
    const little = Buffer.from('\uFEFFก,b\nข,2\n', 'utf16le');
    const big = Buffer.from(little).swap16();
    await expect(rowsOf(little)).rejects.toMatchObject({ code: 'encoding-invalid', message: expect.stringContaining('utf-16le') }); // biome-ignore format: one look
    for (const content of [little, big])
      expect(await rowsOf(content, 'x.csv', { encoding: 'utf-16' })).toMatchObject({ header: ['ก', 'b'], rows: [{ cells: ['ข', '2'] }] }); // biome-ignore format: one look
    await expect(rowsOf(big, 'x.csv', { encoding: 'utf-16le' })).rejects.toMatchObject({ code: 'encoding-invalid' });
    await expect(rowsOf('\uFEFFa\nb\n', 'x.csv', { encoding: 'windows-1252' })).rejects.toMatchObject({ code: 'encoding-invalid' }); // biome-ignore format: one look
  });

  test('windows-1252 has its own marks, and five bytes that mean nothing; so has windows-874', async () => {
    const western = Buffer.from([0x61, 0x0a, 0x80, 0x93, 0xe9, 0x0a]);
    expect((await rowsOf(western, 'x.csv', { encoding: 'windows-1252' })).rows[0]?.cells).toEqual(['€“é']);
    for (const [byte, encoding] of [[0x81, 'windows-1252'], [0xdb, 'windows-874'], [0x81, 'windows-874']] as const) // biome-ignore format: a row
      await expect(rowsOf(Buffer.from([0x61, 0x0a, byte, 0x0a]), 'x.csv', { encoding })).rejects.toMatchObject({ code: 'encoding-invalid', message: expect.stringContaining('line 2') }); // biome-ignore format: one look
  });

  test('a half of a surrogate pair is no UTF-8', async () => {
    await expect(rowsOf(Buffer.from([0x61, 0x0a, 0xed, 0xa0, 0x80, 0x0a]))).rejects.toMatchObject({ code: 'encoding-invalid' }); // biome-ignore format: one look
  });
});

describe('delimiters', () => {
  test('a header of one cell that another delimiter would part says what to declare', async () => {
    await expect(rowsOf('id;name\n1;x\n')).rejects.toMatchObject({ code: 'delimiter-undeclared', message: expect.stringContaining('--delimiter ";"') }); // biome-ignore format: one look
    expect((await rowsOf('id;name\n1;"a;b"\n', 'x.csv', { delimiter: ';' })).rows[0]?.cells).toEqual(['1', 'a;b']);
    expect((await rowsOf('id\tname\n1\tx\n', 'x.csv', { delimiter: delimiterOf('tab') })).header).toEqual(['id', 'name']); // biome-ignore format: one look
    expect(() => delimiterOf('#')).toThrow(expect.objectContaining({ code: 'delimiter-unknown' }));
  });
});

test('a column that appears twice, and no header, refuse the file', async () => {
  await expect(rowsOf('a,a\n1,2\n')).rejects.toMatchObject({ code: 'header-duplicate' });
  await expect(rowsOf('')).rejects.toMatchObject({ code: 'header-missing' });
});
