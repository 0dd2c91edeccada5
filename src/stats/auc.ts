import { sameLength } from './check.ts';
import { ranks } from './ranks.ts';

/**
 * Area under the ROC curve: the probability that a random positive scores above a random negative, ties counting a
 * half. AUC = (sum of positive midranks - n1 (n1 + 1) / 2) / (n1 n0), the Mann-Whitney statistic.
 * `event`: 1 = positive, 0 = negative. NaN where only one class is present. Cost O(n log n).
 * Source: Hanley and McNeil (1982). Gini = 2 AUC - 1.
 */
export function auc(event: ArrayLike<number>, score: ArrayLike<number>): number {
  sameLength('auc', event, score);
  const rank = ranks(score);
  let positives = 0;
  let sum = 0;
  for (let i = 0; i < rank.length; i++) {
    if (event[i] !== 1) continue;
    positives++;
    sum += rank[i];
  }
  const negatives = rank.length - positives;
  if (positives === 0 || negatives === 0) return Number.NaN;
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Standard error of the AUC of scores that know nothing: sqrt((n1 + n0 + 1) / (12 n1 n0)), about .5. */
export const aucNullError = (positives: number, negatives: number): number =>
  Math.sqrt((positives + negatives + 1) / (12 * positives * negatives));
