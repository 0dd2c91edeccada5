import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { SourceRow } from '../../../src/connectors/bundle.ts';
import { readHeader, readRows } from '../../../src/connectors/csv.ts';
import { scratch } from '../store/scratch.ts';

async function rowsOf(
  content: string | Buffer,
  name = 'x.csv',
): Promise<{ header: readonly string[]; rows: SourceRow[] }> {
  const path = join(scratch(), name);
  writeFileSync(path, content);
  const header = await readHeader(path);
  const rows: SourceRow[] = [];
  for await (const row of readRows(path, header.length)) rows.push(row);
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

test('a stray quote is text; one that is never closed refuses the file', async () => {
  const { rows } = await rowsOf('a,b\n1,x\n2,y"z"\n3,"q"r\n4,w\n');
  expect(rows.map((row) => row.cells[1])).toEqual(['x', 'y"z"', '"q"r', 'w']);
  await expect(rowsOf('a,b\n1,"open\n2,x\n')).rejects.toMatchObject({ code: 'csv-broken' });
});

test('gzip is unpacked; broken gzip is an error that names the file', async () => {
  const { rows } = await rowsOf(gzipSync('a\nไทย\n'), 'x.csv.gz');
  expect(rows[0]?.cells).toEqual(['ไทย']);
  await expect(rowsOf('not gzip', 'y.csv.gz')).rejects.toMatchObject({ code: 'file-unreadable' });
});

test('what is not UTF-8 is refused', async () => {
  await expect(rowsOf(Buffer.from([0x61, 0x0a, 0xa1, 0xe2, 0x0a]))).rejects.toMatchObject({ code: 'encoding-invalid' });
  await expect(rowsOf(Buffer.from('\uFEFFa\nb\n', 'utf16le'))).rejects.toMatchObject({ code: 'encoding-invalid' });
});

test('a column that appears twice, and no header, refuse the file', async () => {
  await expect(rowsOf('a,a\n1,2\n')).rejects.toMatchObject({ code: 'header-duplicate' });
  await expect(rowsOf('')).rejects.toMatchObject({ code: 'header-missing' });
});
