import { sampleCorrelation } from 'simple-statistics';
import { sameLength } from './check.ts';
import { ranks } from './ranks.ts';

/** Pearson's linear correlation in [-1, 1]; NaN where a column is constant or has fewer than two rows. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  sameLength('pearson', a, b);
  return a.length < 2 ? Number.NaN : sampleCorrelation(Array.from(a), Array.from(b));
}

/** Spearman's rank correlation: Pearson's of midranks, so that ties are right. */
export const spearman = (a: ArrayLike<number>, b: ArrayLike<number>): number => pearson(ranks(a), ranks(b));
