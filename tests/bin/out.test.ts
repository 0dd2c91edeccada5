import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writerFor } from '../../bin/out.ts';
import { scratch } from '../src/store/scratch.ts';

it('leaves no formula in a CSV file, and everything else as it is', () => {
  const file = join(scratch(), 'out.csv');
  const name = '=HYPERLINK("http://x")';
  const cells = { name, other: '@SUM(A1)', minus: '-12.50', number: -3, thai: 'ดีล', none: null };
  writerFor(file)([{ id: 'csv:1', asOf: 0, cells, json: {} }]);
  expect(readFileSync(file, 'utf8').split('\n')[1]).toBe(
    `csv:1,1970-01-01T00:00:00.000Z,"'=HYPERLINK(""http://x"")",'@SUM(A1),-12.50,-3,ดีล,`,
  );
  const lines = join(scratch(), 'out.ndjson');
  writerFor(lines)([{ id: 'csv:1', asOf: 0, cells, json: { name } }]);
  expect(JSON.parse(readFileSync(lines, 'utf8'))).toEqual({ name });
});
