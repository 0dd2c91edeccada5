import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backgroundOf } from '../../bin/watch/background.ts';
import { scratch } from '../src/store/scratch.ts';

test('a look whose answer is mixed with what a file of the company’s own writes is told in the log, and the server goes on', async () => {
  const folder = scratch();
  writeFileSync(join(folder, 'foresell.yaml'), 'alarms: true');
  const program = join(folder, 'watch.mjs');
  const log: string[] = [];
  const options = { db: join(folder, 'foresell.db'), json: false, quiet: true, seed: 1 };
  const background = backgroundOf(options, (line) => log.push(line), [program])!;
  writeFileSync(program, 'console.log("loaded"); console.log("[]")');
  expect(await background.run()).toEqual([]);
  expect(log).toEqual([expect.stringContaining('watch: what it answered is not JSON')]);
  writeFileSync(program, 'console.log("[]")');
  expect(await background.run()).toEqual([]);
  writeFileSync(program, 'process.exit(4)');
  expect(await background.run()).toEqual([]);
  expect(log.slice(1)).toEqual(['watch: ended with code 4']);
});
