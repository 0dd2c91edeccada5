import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import type { KeptScore, Promotion, Version } from '../../../src/store/store.ts';
import { scratch } from './scratch.ts';

const open = () => openStore(join(scratch(), 'x.db'), { now: () => 42 });
const version = (name: string, createdAt = 1): Version => ({ model: 'deal', version: name, createdAt, lowSkill: false, summary: { auc: 0.7 } }); // biome-ignore format: a row
const promote = (name: string, at = 1): Promotion => ({ at, model: 'deal', version: name, previous: null, action: 'promote', reason: 'better' }); // biome-ignore format: a row
const score = (id: string, probability: number, more: Partial<KeptScore> = {}): KeptScore => ({ model: 'deal', id, asOf: 1, version: 'v1', probability, byPeriodEnd: probability / 2, grade: 'A', amountMinor: 100, ownerId: 'u', body: '{}', ...more }); // biome-ignore format: a row

test('a version is kept as it was put, and listed without its bytes, the newest first', () => {
  const store = open();
  const bytes = Uint8Array.from([1, 2, 3]);
  store.putVersion(version('v1', 1), bytes);
  store.putVersion(version('v2', 2), Uint8Array.from([4]));
  store.putVersion(version('v1', 9), Uint8Array.from([9])); // the same content hash: the same artifact
  expect(store.artifact('deal', 'v1')).toEqual(bytes);
  expect(store.artifact('deal', 'none')).toBeUndefined();
  expect(store.versions('deal')).toEqual([version('v2', 2), version('v1', 1)]);
  expect(store.versions('lead')).toEqual([]);
  store.close();
});

test('damage to an artifact on disk is found when it is read', () => {
  const store = open();
  store.putVersion(version('v1'), Uint8Array.from([1, 2, 3]));
  const raw = new Database(store.path);
  raw.prepare('UPDATE versions SET bytes = ?').run(Buffer.from([1, 2, 4]));
  raw.close();
  expect(() => store.artifact('deal', 'v1')).toThrow(expect.objectContaining({ code: 'artifact-damaged' }));
  store.close();
});

test('the same version put again mends one that was damaged, and nothing else of it', () => {
  const store = open();
  store.putVersion(version('v1', 1), Uint8Array.from([1, 2, 3]));
  const raw = new Database(store.path);
  raw.prepare('UPDATE versions SET bytes = ?').run(Buffer.from([1, 2, 4]));
  raw.close();
  store.putVersion(version('v1', 9), Uint8Array.from([1, 2, 3]));
  expect(store.artifact('deal', 'v1')).toEqual(Uint8Array.from([1, 2, 3]));
  expect(store.versions('deal')).toEqual([version('v1', 1)]);
  store.close();
});

test('serving swaps one pointer and writes who came before', () => {
  const store = open();
  for (const name of ['v1', 'v2']) store.putVersion(version(name), Uint8Array.from([1]));
  expect(store.served('deal')).toBeUndefined();
  store.serve(promote('v1', 1));
  store.serve(promote('v2', 2));
  store.serve({ ...promote('v1', 3), action: 'rollback' });
  expect(store.served('deal')).toBe('v1');
  expect(store.promotions('deal').map(({ version, previous }) => [version, previous])).toEqual([
    ['v1', null],
    ['v2', 'v1'],
    ['v1', 'v2'],
  ]);
  expect(() => store.serve(promote('v3'))).toThrow(expect.objectContaining({ code: 'version-unknown' }));
  expect(store.served('deal')).toBe('v1');
  store.close();
});

test('the newest score of the served version is the latest; history keeps all', () => {
  const store = open();
  for (const name of ['v1', 'v2']) store.putVersion(version(name), Uint8Array.from([1]));
  store.serve(promote('v1'));
  store.keepScores([score('a', 0.2), score('a', 0.4, { asOf: 5 }), score('a', 0.3, { asOf: 3 })]);
  store.keepScores([score('a', 0.9, { asOf: 5 }), score('a', 0.8, { asOf: 7, version: 'v2' })]);
  expect(store.latestScore('deal', 'a')?.probability).toBe(0.4);
  expect(store.scoreHistory('deal', 'a').map((kept) => kept.probability)).toEqual([0.2, 0.3, 0.4, 0.8]);
  store.serve(promote('v2'));
  expect(store.latestScore('deal', 'a')?.probability).toBe(0.8);
  expect(store.latestScore('deal', 'b')).toBeUndefined();
  store.close();
});

test('pages join without gap or overlap, also between equal and missing values', () => {
  const store = open();
  store.putVersion(version('v1'), Uint8Array.from([1]));
  store.serve(promote('v1'));
  const amounts = [100, null, 300, 100, null, 200, 100];
  store.keepScores(
    amounts.map((amountMinor, i) => score(`d${i}`, (i % 3) / 10, { amountMinor, grade: i % 2 ? 'A' : 'B' })),
  );
  for (const sort of ['probability', 'byPeriodEnd', 'amount', 'id'] as const) {
    for (const descending of [true, false]) {
      const whole = store.listScores('deal', { sort, descending, limit: 100 }).map(({ id }) => id);
      const paged: string[] = [];
      let after: { value: number | string | null; id: string } | undefined;
      for (;;) {
        const page = store.listScores('deal', { sort, descending, limit: 2, ...(after ? { after } : {}) });
        if (page.length === 0) break;
        paged.push(...page.map(({ id }) => id));
        const last = page.at(-1)!;
        after = { id: last.id, value: sort === 'amount' ? last.amountMinor : last[sort] };
      }
      expect(paged).toEqual(whole);
      expect(new Set(paged).size).toBe(amounts.length);
    }
  }
  expect(store.listScores('deal', { sort: 'id', descending: false, grade: 'A', limit: 9 })).toHaveLength(3);
  expect(store.listScores('deal', { sort: 'id', descending: false, ownerId: 'x', limit: 9 })).toHaveLength(0);
  store.close();
});

test('keys are listed with their revocation', () => {
  const store = open();
  store.addKey({ id: 'k1', hash: 'h', role: 'admin', name: 'me' });
  expect(store.keys()).toEqual([{ id: 'k1', hash: 'h', role: 'admin', name: 'me', revokedAt: null }]);
  store.revokeKey('k1');
  expect(store.keys()[0]?.revokedAt).toBe(42);
  expect(() => store.revokeKey('none')).toThrow(expect.objectContaining({ code: 'key-unknown' }));
  store.close();
});

test('a lease is held by one, given back after a failure, and taken over from the dead', async () => {
  const store = open();
  await store.withLease('train', async () => {
    await expect(store.withLease('train', () => 1)).rejects.toMatchObject({ code: 'lease-held' });
    await expect(store.withLease('import', () => 2)).resolves.toBe(2);
  });
  await expect(
    store.withLease('train', () => {
      throw new Error('broke');
    }),
  ).rejects.toThrow('broke');
  const raw = new Database(store.path);
  raw.prepare('INSERT INTO leases VALUES (?, ?, ?, ?)').run('train', 2 ** 22 + 1, '', 0); // beyond the greatest process id
  raw.prepare('INSERT INTO leases VALUES (?, ?, ?, ?)').run('import', process.pid, 'another process of this id', 0);
  raw.close();
  await expect(store.withLease('train', () => 'mine')).resolves.toBe('mine');
  if (process.platform === 'linux') await expect(store.withLease('import', () => 'mine')).resolves.toBe('mine');
  store.close();
});

test('a file opens as reliability asks, again without migrating, and read-only', () => {
  const store = open();
  store.close();
  const again = openStore(store.path, { readonly: true });
  expect(again.count('deal')).toBe(0);
  again.close();
  expect(() => openStore(`${store.path}.none`, { readonly: true })).toThrow(expect.objectContaining({ code: 'database-missing' })); // biome-ignore format: one look
});
