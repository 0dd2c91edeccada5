import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { main } from '../../../bin/cli.ts';
import { connect } from '../../../src/store/connection.ts';
import { bringUpToDate } from '../../../src/store/migrate.ts';
import { openStore } from '../../../src/store/open.ts';
import type { Staging } from '../../../src/store/staging.ts';
import { scratch } from './scratch.ts';

const code = (name: string) => expect.objectContaining({ code: name });

test('connections keep what was acknowledged', () => {
  const db = connect(join(scratch(), 'x.db'));
  const pragma = (name: string) => db.pragma(name, { simple: true });
  expect(['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete', 'busy_timeout', 'journal_size_limit'].map(pragma)).toEqual(['wal', 2, 1, 1, 10_000, 64 * 1024 * 1024]); // biome-ignore format: a row
  db.close();
});

test('opening again migrates nothing and keeps everything; a file from a newer version is refused', () => {
  const path = join(scratch(), 'x.db');
  const first = openStore(path);
  first.addKey({ id: 'k', hash: 'h', role: 'read', name: 'n' });
  first.close();
  const second = openStore(path);
  expect(second.keys()).toHaveLength(1);
  second.close();
  const raw = new Database(path);
  raw.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)').run('later', 9e15);
  raw.close();
  expect(() => openStore(path)).toThrow(code('database-newer'));
});

test('foreign keys are on again after a migration', () => {
  const db = connect(join(scratch(), 'x.db'));
  bringUpToDate(db, 'x.db');
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  db.close();
});

test('what is not a database, and a folder that is not there, are said to be so', () => {
  const folder = scratch();
  writeFileSync(join(folder, 'text.db'), 'this is no database at all, but it is longer than a header '.repeat(20));
  expect(() => openStore(join(folder, 'text.db'))).toThrow(code('database-damaged'));
  expect(() => openStore(join(folder, 'no', 'x.db'))).toThrow(code('database-unopened'));
  mkdirSync(join(folder, 'dir.db'));
  expect(() => openStore(join(folder, 'dir.db'))).toThrow(code('database-unopened'));
});

test('damage, or a disk that fails, is told whichever page of the file it is found in first', async () => {
  const damaged = (table: string) => {
    const path = join(scratch(), 'x.db');
    openStore(path).close();
    const raw = new Database(path);
    const page = raw.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table) as number;
    const size = raw.pragma('page_size', { simple: true }) as number;
    raw.close();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xff, (page - 1) * size, page * size));
    return path;
  };
  expect(() => openStore(damaged('__drizzle_migrations'))).toThrow(code('database-damaged'));
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await main(['models', 'list', '--db', damaged('versions')])).toBe(1);
  expect(said.mock.calls.join('')).toContain('restore the backup [database-damaged]');
  said.mockRestore();
});

test('a new file for which the disk has no space is said to be that, and made once there is some', () => {
  const db = connect(join(scratch(), 'x.db'));
  db.pragma('max_page_count = 20');
  expect(() => bringUpToDate(db, 'x.db')).toThrow(code('disk-full'));
  db.pragma('max_page_count = 1000000');
  bringUpToDate(db, 'x.db');
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
});

test('while another process writes, reads go on and writes say to try again', async () => {
  const store = openStore(join(scratch(), 'x.db'), { waitMs: 20 });
  const other = new Database(store.path);
  other.exec('BEGIN IMMEDIATE');
  expect(store.count('deal')).toBe(0);
  expect(() => store.keepScores([])).toThrow(code('database-busy'));
  await expect(store.withLease('import', () => 1)).rejects.toMatchObject({ code: 'database-busy', status: 503 });
  const swap = (staging: Staging) =>
    staging.swap({ keep: true, at: 1, source: 'x', settings: undefined, changed: false, report: () => '' });
  await expect(store.importing('x', async (staging) => swap(staging))).rejects.toMatchObject({ code: 'database-busy' });
  other.exec('ROLLBACK');
  await expect(store.withLease('import', () => 1)).resolves.toBe(1);
  other.close();
  store.close();
});
