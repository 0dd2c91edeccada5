import { hash32, mix32 } from '../src/random.ts';

/**
 * Fold of a group, by a hash of its name: stable under new rows, the same on every machine. Mixed before the remainder,
 * since the low bits of FNV alone follow the parity of the characters.
 */
export const foldOf = (group: string, folds: number, salt: string): number =>
  (mix32(hash32(`${salt}:${group}`)) >>> 0) % folds;

/** Row numbers by fold; no group is ever in two. */
export function groupedFolds(groups: readonly string[], folds: number, salt: string): number[][] {
  const rows: number[][] = Array.from({ length: folds }, () => []);
  for (const [row, group] of groups.entries()) rows[foldOf(group, folds, salt)]!.push(row);
  return rows;
}
