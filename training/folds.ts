import { hash32 } from '../src/random.ts';

/** Fold of a group, by a hash of its name: stable under new rows, the same on every machine. */
export const foldOf = (group: string, folds: number, salt: string): number => hash32(`${salt}:${group}`) % folds;

/** Row numbers by fold; no group is ever in two. */
export function groupedFolds(groups: readonly string[], folds: number, salt: string): number[][] {
  const rows: number[][] = Array.from({ length: folds }, () => []);
  for (const [row, group] of groups.entries()) rows[foldOf(group, folds, salt)]!.push(row);
  return rows;
}
