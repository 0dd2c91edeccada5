import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ForesellError } from '../errors.ts';
import { explained } from './explain.ts';

export type Connection = Database.Database;

const WAIT_MS = 10_000;
const JOURNAL_BYTES = 64 * 1024 * 1024;

/**
 * Opens a connection the way that keeps what was acknowledged: WAL with a full sync at each commit (a power cut loses
 * nothing that was said to be done), foreign keys, a wait for other writers, a bounded journal, deleted content zeroed.
 */
export function connect(
  path: string,
  options: { readonly readonly?: boolean; readonly waitMs?: number } = {},
): Connection {
  const readonly = options.readonly ?? false;
  if (readonly && !existsSync(path)) {
    throw new ForesellError('database-missing', `no database at ${path}; import something first, or give --db FILE`);
  }
  let db: Connection;
  try {
    db = new Database(path, { readonly, timeout: options.waitMs ?? WAIT_MS });
  } catch (cause) {
    if ((cause as Error).message.includes('bindings file')) {
      throw new ForesellError('sqlite-unbuilt', 'better-sqlite3 is not built for this Node; run: npm rebuild better-sqlite3', { blame: 'failure', cause }); // biome-ignore format: one sentence
    }
    throw new ForesellError(
      'database-unopened',
      `cannot open the database ${path}: ${(cause as Error).message}; check that its folder exists and may be written`,
      { cause },
    );
  }
  try {
    if (!readonly) {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.pragma('secure_delete = ON');
      db.pragma(`journal_size_limit = ${JOURNAL_BYTES}`);
    }
    db.pragma('foreign_keys = ON');
    db.pragma('temp_store = MEMORY');
  } catch (cause) {
    db.close();
    const told = explained(path, cause);
    if (told instanceof ForesellError && told.code !== 'database-damaged') throw told;
    throw new ForesellError('database-damaged', `${path} is not a readable database: ${(cause as Error).message}`, {
      blame: 'failure',
      cause,
    });
  }
  return db;
}
