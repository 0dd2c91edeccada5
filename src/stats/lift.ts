import { argsort } from './argsort.ts';
import { sameLength } from './check.ts';

/**
 * Lift of the best-scored share: its rate of positives over the rate of all. The number taken is floor(share n), at
 * least one; equal scores keep row order. NaN without positives.
 */
export function lift(event: ArrayLike<number>, score: ArrayLike<number>, share = 0.1): number {
  sameLength('lift', event, score);
  const n = score.length;
  const best = argsort(Float64Array.from(score, (value) => -value));
  const take = Math.max(1, Math.floor(share * n + 1e-9));
  let hits = 0;
  let all = 0;
  for (let i = 0; i < n; i++) {
    all += event[i];
    if (i < take) hits += event[best[i]];
  }
  return hits / take / (all / n);
}
