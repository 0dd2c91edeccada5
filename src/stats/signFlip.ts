import { random } from '../random.ts';

/** So many groups are gone through in every way; of more, ways are drawn. */
const ALL = 12;
const DRAWS = 4000;

/**
 * P(a sum this large or larger, were each group's difference as likely of the other sign): one-sided, exact where few groups are all that is independent, as
 * a normal law is not. Rows of one group move together. No smaller than 2^-groups, so that few groups prove nothing. 1 without rows.
 * Source: Fisher (1935), the randomisation test of paired differences.
 */
export function signFlip(differences: ArrayLike<number>, groups: readonly string[], seed = 1): number {
  const by = new Map<string, number>();
  for (let i = 0; i < differences.length; i++) by.set(groups[i]!, (by.get(groups[i]!) ?? 0) + differences[i]!);
  const sums = [...by.values()];
  if (sums.length === 0) return 1;
  const seen = sums.reduce((all, sum) => all + sum, 0);
  const slack = 1e-9 * sums.reduce((all, sum) => all + Math.abs(sum), 0);
  const exact = sums.length <= ALL;
  const ways = exact ? 2 ** sums.length : DRAWS;
  const stream = random(seed).fork('sign flip');
  let reached = 0;
  for (let way = 0; way < ways; way++) {
    let sum = 0;
    for (let g = 0; g < sums.length; g++) {
      const flipped = exact ? (way >> g) & 1 : stream.below(2);
      sum += flipped ? -sums[g]! : sums[g]!;
    }
    if (sum >= seen - slack) reached++;
  }
  return exact ? reached / ways : (reached + 1) / (ways + 1);
}
