import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { ForesellError } from '../errors.ts';
import { shipped } from '../shipped.ts';
import type { Connection } from './connection.ts';
import { explained } from './explain.ts';

interface Journal {
  readonly entries: readonly { readonly when: number }[];
}

/** When the newest migration applied was made; 0 for a new file. */
function applied(db: Connection): number {
  const known = db.prepare("SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'").get();
  if (!known) return 0;
  return (db.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get() as number | null) ?? 0;
}

/** Rows of every table, to show that a migration lost none. */
function counts(db: Connection): Map<string, number> {
  const names = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'") // biome-ignore format: one statement
    .pluck()
    .all() as string[];
  return new Map(
    names.map((name) => [name, db.prepare(`SELECT count(*) FROM "${name}"`).pluck().get() as number] as const),
  );
}

/**
 * What SQLite said of a migration that failed, which drizzle wraps. Where the disk is full or fails SQLite may undo a transaction by itself; what
 * drizzle then reports is that there was nothing left to undo, and not why.
 */
function reasonOf(error: unknown): unknown {
  const reason = error instanceof Error ? (error.cause ?? error) : error;
  const hasUndoneItself = reason instanceof Error && reason.message.includes('no transaction is active');
  return hasUndoneItself ? { code: 'SQLITE_IOERR' } : reason;
}

/**
 * Brings the file to the newest schema. A table rebuild inside a transaction with foreign keys on would delete child
 * rows silently, and the pragma does nothing inside one: so keys are off outside, rows are counted before and after,
 * and every key is checked before they are on again.
 */
export function bringUpToDate(db: Connection, path: string): void {
  const folder = shipped('src/migrations');
  const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as Journal;
  const newest = Math.max(...journal.entries.map((entry) => entry.when));
  const now = applied(db);
  if (now > newest) {
    throw new ForesellError('database-newer', `${path} was written by a newer Foresell; update this one to open it`);
  }
  if (now === newest) return;
  if (db.readonly) {
    throw new ForesellError('database-older', `${path} was written by an older Foresell; open it once for writing, which brings it up to date`); // biome-ignore format: one sentence
  }
  const before = counts(db);
  db.pragma('foreign_keys = OFF');
  try {
    migrate(drizzle(db), { migrationsFolder: folder });
  } catch (cause) {
    // Another process may have done it meanwhile; then there is nothing left to do.
    if (applied(db) !== newest) throw explained(path, reasonOf(cause));
  }
  const after = counts(db);
  for (const [table, rows] of before) {
    if (after.has(table) && after.get(table)! < rows) {
      throw new ForesellError('migration-lost-rows', `${table} had ${rows} rows and has ${after.get(table)}; restore the backup`, { blame: 'failure' }); // biome-ignore format: one sentence
    }
  }
  const broken = db.pragma('foreign_key_check') as unknown[];
  if (broken.length) {
    throw new ForesellError('migration-broke-keys', `${broken.length} rows lost what they refer to; restore the backup`, { blame: 'failure' }); // biome-ignore format: one sentence
  }
  db.pragma('foreign_keys = ON');
}
