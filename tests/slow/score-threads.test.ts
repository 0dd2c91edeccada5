import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine, foresell } from '../cli/run.ts';

let folder: string;
let db: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresell-cli-'));
  db = join(folder, 'x.db');
  const made = join(folder, 'made');
  expect(foresell(['generate', '--out', made, '--deals', '300', '--seed', '7', '--no-truth', '--quiet']).code).toBe(0);
  expect(foresell(['import', made, '--db', db, '--quiet']).code).toBe(0);
  expect(foresell(['train', '--model', 'deal', '--profile', 'fast', '--db', db, '--quiet']).code).toBe(0);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scoring = (out: string, ...more: string[]) => ['score', '--all', '--db', db, '--out', join(folder, out), '--reasons', '2', ...more]; // biome-ignore format: one call
const written = (out: string) => readFileSync(join(folder, out));

test.each(['csv', 'ndjson', 'parquet'])(
  '%s: threads write what one run without them writes, byte for byte',
  (ending) => {
    const plain = foresell(scoring(`plain.${ending}`, '--threads', '0'));
    const threads = foresell(scoring(`threads.${ending}`, '--threads', '3'));
    expect([plain.code, threads.code], threads.err).toEqual([0, 0]);
    expect(written(`plain.${ending}`).length).toBeGreaterThan(1000);
    expect(written(`threads.${ending}`).equals(written(`plain.${ending}`))).toBe(true);
    expect(threads.err.replaceAll('threads.', 'plain.')).toBe(plain.err);
    expect(existsSync(join(folder, `threads.${ending}.scored`))).toBe(false);
  },
);

test('one that is stopped goes on where it was, and leaves the former file until it is through', async () => {
  writeFileSync(join(folder, 'stopped.csv'), 'former');
  const child = spawn(process.execPath, [...commandLine, ...scoring('stopped.csv', '--threads', '2')]);
  const kept = join(folder, 'stopped.csv.scored');
  while (!(existsSync(kept) && readFileSync(kept, 'utf8').split('\n').length > 2) && child.exitCode === null)
    await new Promise((done) => setTimeout(done, 2));
  child.kill('SIGINT');
  await new Promise((done) => child.once('exit', done));
  if (existsSync(kept)) expect(written('stopped.csv').toString()).toBe('former');
  expect(foresell(scoring('stopped.csv', '--threads', '2')).code).toBe(0);
  expect(foresell(scoring('whole.csv', '--threads', '0')).code).toBe(0);
  expect(written('stopped.csv').equals(written('whole.csv'))).toBe(true);
});

test('a thread’s error is the command’s', () => {
  const { code, err } = foresell(['score', '--model', 'churn', '--all', '--out', join(folder, 'x.csv'), '--threads', '2', '--db', db]); // biome-ignore format: one call
  expect([code, err]).toEqual([2, expect.stringContaining('foresell train --model churn')]);
});
