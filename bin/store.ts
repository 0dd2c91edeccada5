import { existsSync } from 'node:fs';
import { ForesellError } from '../src/errors.ts';
import type { Own } from '../src/own.ts';
import { liveAsOf } from '../src/store/live.ts';
import { openStore } from '../src/store/open.ts';
import type { Store } from '../src/store/store.ts';
import { formatInstant, type Instant } from '../src/time.ts';
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

/** Where a command stands: `--as-of`, else where live answers do. @throws ForesellError `as-of-future` */
export function standAt(options: Pick<Common, 'asOf'>, store: Store, now: () => Instant = Date.now): Instant {
  const asked = asOfIn(options, store.company().settings.time_zone);
  return asked === undefined ? liveAsOf(store, now()) : notAhead(asked, '--as-of', store, now());
}

/**
 * An instant, unless it is still to come: of what nobody can know yet a model would learn that nothing happened.
 * @throws ForesellError `as-of-future`
 */
export function notAhead(at: Instant, option: string, store: Store, now: Instant = Date.now()): Instant {
  if (at <= Math.max(now, liveAsOf(store, now))) return at;
  throw new ForesellError(
    'as-of-future',
    `${option} ${formatInstant(at)} is in the future; give an instant up to now, or leave it out`,
    { path: option },
  );
}
