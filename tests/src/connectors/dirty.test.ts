import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { bundleWriter } from '../../../datasets/synthetic/bundle.ts';
import { damagedFiles } from '../../../datasets/synthetic/dirty.ts';
import { simulate } from '../../../datasets/synthetic.ts';
import { csvFolder } from '../../../src/connectors/folder.ts';
import { importBundle } from '../../../src/connectors/import.ts';
import { rejectsFile } from '../../../src/connectors/rejects.ts';
import { openStore } from '../../../src/store/open.ts';
import { scratch } from '../store/scratch.ts';
import { IMPORTED, writeFolder } from './folders.ts';

interface Explained {
  readonly file: string;
  readonly line: number | string;
  readonly field: string;
  readonly code: string;
}

test('a dirty company: every spoiled row is rejected by line, field and code, and no other', async () => {
  const folder = scratch();
  const bundle = join(folder, 'dirty');
  mkdirSync(bundle);
  const sim = simulate({ deals: 120, seed: 12, scenario: 'dirty' });
  const files = new Map<string, string>();
  const writer = bundleWriter(sim, (name, text) => files.set(name, (files.get(name) ?? '') + text));
  writer.put(sim.tables);
  writer.end();
  for (const [name, text] of files) writeFileSync(join(bundle, name), text);
  const store = openStore(join(folder, 'x.db'));
  const path = join(folder, 'rejects.csv');
  const options = { source: 'csv', at: IMPORTED, dryRun: false };
  const { total } = await importBundle(store, await csvFolder(bundle), { ...options, rejects: rejectsFile(path) });
  expect(total.accepted + total.unchanged + total.rejected).toBe(total.read);
  const { spoiled } = writer;
  const asked = (expectation: string) => spoiled.filter(({ expect }) => expect === expectation);
  const explained = ({ file, line, field, code }: Explained) => [file, line, field, code].join();
  const rejected = parse(readFileSync(path, 'utf8'), { columns: true }) as (Explained & { message: string })[];
  expect(rejected.map(explained).sort()).toEqual(asked('reject').map(explained).sort());
  expect(rejected.every((row) => row.message.length > 5)).toBe(true);
  expect([total.rejected, total.unchanged]).toEqual([asked('reject').length, asked('unchanged').length]);
  expect(new Set(spoiled.map((row) => row.kind)).size).toBeGreaterThan(12);
  const again = await importBundle(store, await csvFolder(bundle), options);
  expect([again.total.accepted, again.total.rejected, again.changesRecorded]).toEqual([0, total.rejected, 0]);
  store.close();
});

test.each(damagedFiles().map((file) => [file.kind, file] as const))('a file with %s', async (_kind, damaged) => {
  const folder = scratch();
  const path = writeFolder(join(folder, 'in'), { 'deals.csv': ['id,created_at', 'd1,2025-01-01'] });
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'accounts.csv'), damaged.bytes);
  const store = openStore(join(folder, 'x.db'));
  const run = async () => importBundle(store, await csvFolder(path), { source: 'csv', at: IMPORTED, dryRun: false });
  if (damaged.expect === 'accept') {
    expect((await run()).total).toEqual({ read: 2, accepted: 2, unchanged: 0, rejected: 0 });
  } else {
    await expect(run()).rejects.toMatchObject({ code: damaged.code });
    expect([store.count('deal'), store.count('account')]).toEqual([0, 0]);
    expect(readdirSync(folder).filter((name) => name.includes('-import'))).toEqual([]);
  }
  store.close();
});
