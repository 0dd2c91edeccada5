import { existsSync } from 'node:fs';
import { ForesellError } from '../src/errors.ts';
import type { Own } from '../src/own.ts';
import { liveAsOf } from '../src/store/live.ts';
import { openStore } from '../src/store/open.ts';
import type { Store } from '../src/store/store.ts';
import type { Instant } from '../src/time.ts';
import { asOfIn, type Common } from './common.ts';
import { readOwn } from './own.ts';

/** Refuses a database that is not there, rather than making an empty one. */
export function checkThere(db: string): void {
  if (existsSync(db)) return;
  throw new ForesellError(
    'database-missing',
    `there is no database ${db}; make one with: foresell import PATH --db ${db}`,
    {
      path: '--db',
    },
  );
}

/**
 * Opens the database, which must exist, for the length of some work.
 * @param own what the company added in code; left out where the work has nothing to do with it and must not fail of it
 */
export async function withStore<T>(
  options: Pick<Common, 'db' | 'config'>,
  work: (store: Store) => T | Promise<T>,
  own?: Own,
): Promise<T> {
  checkThere(options.db);
  const store = openStore(options.db, { own: own ?? (await readOwn(options)) });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** Where a command stands: `--as-of`, else where live answers do. */
export function standAt(options: Pick<Common, 'asOf'>, store: Store, now: () => Instant = Date.now): Instant {
  return asOfIn(options, store.company().settings.time_zone) ?? liveAsOf(store, now());
}
