import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Store } from '../src/store/store.ts';

/** What a key may do: `read` answers, `score` also posts records, `write` also facts, `admin` also changes what is served. */
export type Role = 'read' | 'score' | 'write' | 'admin';
const rank: Readonly<Record<Role, number>> = { read: 0, score: 1, write: 2, admin: 3 };
export const allows = (has: Role, needs: Role): boolean => rank[has] >= rank[needs];

/** SHA-256 as hex; keys have 192 random bits, so that no slow hash is needed. */
export const hashKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** A new key, shown once; only its hash is kept. */
export function newKey(): { readonly id: string; readonly key: string; readonly hash: string } {
  const id = randomBytes(4).toString('hex');
  const key = `fsk_${id}_${randomBytes(24).toString('base64url')}`;
  return { id, key, hash: hashKey(key) };
}

/** Whether one who was let in with a key, or while there was none, still may be: what goes on for hours asks again. */
export function isStillIn(id: string | undefined, kept: ReturnType<Store['keys']>): boolean {
  if (id === undefined) return kept.length === 0;
  return kept.some((entry) => entry.id === id && entry.revokedAt === null);
}

/** The role of a key, compared with every kept hash in constant time; undefined = unknown or revoked. */
export function roleOf(key: string, kept: ReturnType<Store['keys']>): Role | undefined {
  const given = Buffer.from(hashKey(key), 'hex');
  let role: Role | undefined;
  for (const entry of kept) {
    const same = timingSafeEqual(given, Buffer.from(entry.hash, 'hex'));
    if (same && entry.revokedAt === null) role = entry.role;
  }
  return role;
}
