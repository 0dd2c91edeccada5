import { asc, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { ForesellError } from '../errors.ts';
import type { Connection } from './connection.ts';
import type { Store } from './store.ts';
import { keys } from './tables.ts';

/** API keys; what is kept is the hash, so that a copy of the file opens nothing. */
export function keyRing(db: Connection, now: () => number): Pick<Store, 'addKey' | 'keys' | 'revokeKey'> {
  const orm = drizzle(db);
  const all = orm.select().from(keys).orderBy(asc(keys.id)).prepare(); // asked at every request
  return {
    addKey: (key) => {
      orm.insert(keys).values(key).run();
    },
    keys: () => all.all(),
    revokeKey: (id) => {
      const { changes } = orm.update(keys).set({ revokedAt: now() }).where(eq(keys.id, id)).run();
      if (changes === 0) throw new ForesellError('key-unknown', `no key ${id}; list the keys to see their ids`);
    },
  };
}
