import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { journal } from '../../bin/score/journal.ts';
import { scratch } from '../src/store/scratch.ts';

const row = (id: string) => ({ id, asOf: 5, cells: { probability: 0.1, reasons: '(+) ข้อดี\n"x"' }, document: undefined, confidence: 'calibrated' }); // biome-ignore format: a row

test('what was scored before a stop is there again, but for a line that was cut off; of anything else nothing is', () => {
  const file = join(scratch(), 'scores.parquet');
  const of = { version: 'v', asOf: 5 };
  journal(file, of).add([row('a'), row('b')]);
  appendFileSync(`${file}.scored`, JSON.stringify(row('c')).slice(0, 20));

  const again = journal(file, of);
  expect(again.rows).toEqual([row('a'), row('b')].map(({ document: _, ...kept }) => kept));
  again.add([row('d')]);
  expect(journal(file, of).rows.map(({ id }) => id)).toEqual(['a', 'b', 'd']);

  const other = journal(file, { ...of, asOf: 6 });
  expect(other.rows).toEqual([]);
  expect(readFileSync(`${file}.scored`, 'utf8')).toBe('{"version":"v","asOf":6}\n');
  other.remove();
  expect(existsSync(`${file}.scored`)).toBe(false);
});
