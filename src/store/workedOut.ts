import type { Company } from '../company.ts';
import type { WorkedOut } from '../world.ts';
import { codeVersion } from './codeVersion.ts';
import type { Connection } from './connection.ts';
import { isUnwritten } from './explain.ts';
import { factsStamp, readSetting, writeSetting } from './settings.ts';

const KEY = 'workedOut';
/** So many answers; then the oldest goes. */
const MOST = 32;

interface Kept {
  readonly stamp: number;
  readonly code: string;
  readonly of: Readonly<Record<string, readonly number[]>>;
}

/**
 * What was worked out of all facts, kept in the file until the facts, the company's settings or the code are others.
 * It saves work and holds nothing that cannot be worked out again: a file that cannot be written just now goes without.
 * @param stamp of the facts that it is worked out of
 */
export function workedOutOf(db: Connection, { own }: Company, stamp: number): WorkedOut | undefined {
  // Nobody knows of a company's own code whether it is still what it was.
  if (own.features.length + own.subjects.length > 0) return undefined;
  const code = codeVersion().hash;
  const kept = (): Kept['of'] => {
    const known = JSON.parse(readSetting(db, KEY) ?? '{}') as Partial<Kept>;
    return known.stamp === stamp && known.code === code ? known.of! : {};
  };
  const write = db.transaction((key: string, values: readonly number[]) => {
    if (factsStamp(db) !== stamp) return; // of facts that are no more
    const newest = [...Object.entries(kept()).filter(([name]) => name !== key), [key, values] as const].slice(-MOST);
    writeSetting(db, KEY, JSON.stringify({ stamp, code, of: Object.fromEntries(newest) } satisfies Kept));
  });
  return {
    get: (key) => kept()[key],
    set(key, values) {
      if (db.readonly) return;
      const wait = db.pragma('busy_timeout', { simple: true }) as number;
      db.pragma('busy_timeout = 0');
      try {
        write.immediate(key, values);
      } catch (error) {
        if (!isUnwritten(error)) throw error;
      } finally {
        db.pragma(`busy_timeout = ${wait}`);
      }
    },
  };
}
