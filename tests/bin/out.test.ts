import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writerFor } from '../../bin/out.ts';
import { unpacked } from '../../src/connectors/archive.ts';
import { scratch } from '../src/store/scratch.ts';

it('leaves no formula in a CSV file, and everything else as it is', async () => {
  const file = join(scratch(), 'out.csv');
  const name = '=HYPERLINK("http://x")';
  const cells = { name, other: '@SUM(A1)', minus: '-12.50', number: -3, thai: 'ดีล', none: null };
  await writerFor(file, {})([{ id: 'csv:1', asOf: 0, cells, json: {} }]);
  expect(readFileSync(file, 'utf8').split('\n')[1]).toBe(
    `csv:1,1970-01-01T00:00:00.000Z,"'=HYPERLINK(""http://x"")",'@SUM(A1),-12.50,-3,ดีล,`,
  );
  const lines = join(scratch(), 'out.ndjson');
  await writerFor(lines, {})([{ id: 'csv:1', asOf: 0, cells, json: { name } }]);
  expect(JSON.parse(readFileSync(lines, 'utf8'))).toEqual({ name });
});

it('writes a workbook in which amounts are numbers and what people typed is text', async () => {
  const folder = scratch();
  const file = join(folder, 'out.xlsx');
  const cells = { name: '=HYPERLINK("http://x")', booked: '-12.50', code: '007', share: 0.25, thai: 'ดีล', none: null };
  await writerFor(file, {})([{ id: 'csv:1', asOf: 0, cells, json: {} }]);
  const archive = join(folder, 'out.zip');
  copyFileSync(file, archive);
  const { folder: inside } = (await unpacked(archive))!;
  const sheet = readFileSync(join(inside, 'xl', 'worksheets', 'sheet1.xml'), 'utf8');
  const strings = readFileSync(join(inside, 'xl', 'sharedStrings.xml'), 'utf8');
  const typed = (text: string) => expect(strings).toContain(`>${text}</t>`);
  for (const text of ['id', 'as_of', '=HYPERLINK("http://x")', '007', 'ดีล', '1970-01-01T00:00:00.000Z']) typed(text);
  expect(sheet).not.toContain('<f>');
  expect(sheet).toMatch(/<c [^>]*><v>-12.5<\/v>/);
  expect(sheet).toMatch(/<c [^>]*><v>0.25<\/v>/);
});
