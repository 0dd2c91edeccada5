import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { scratch } from '../src/store/scratch.ts';
import { inside } from './inside.ts';

test.each([
  ['threads of nothing that is written', ['score', '--all', '--threads', '2'], 'option-unused'],
  ['a step without a series', ['features', '--model', 'deal', '--out', 'FOLDER/f.csv', '--every', '7'], 'features-when'], // biome-ignore format: one case
  ['a page that is called a pdf', ['forecast', '--report', 'FOLDER/page.pdf'], 'format-unknown'],
  ['a page of a table that is called a pdf', ['table', 'fit', '--data', 'x.csv', '--out', 'FOLDER/m', '--report', 'FOLDER/page.pdf'], 'format-unknown'], // biome-ignore format: one case
])('%s: refused rather than ignored', async (_, args, code) => {
  const folder = scratch();
  const db = join(folder, 'x.db');
  openStore(db).close();
  const given = args.map((arg) => arg.replace('FOLDER', folder));
  const ran = await inside(...given, ...(args[0] === 'table' ? [] : ['--db', db]));
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(`[${code}]`)]);
  expect(existsSync(join(folder, 'page.pdf'))).toBe(false);
});
