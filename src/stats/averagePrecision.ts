import { argsort } from './argsort.ts';
import { sameLength } from './check.ts';

/**
 * Average precision: sum over distinct thresholds, from the highest, of (recall_k - recall_{k-1}) precision_k. The step
 * form without interpolation (scikit-learn's `average_precision_score`), not the trapezoid under the curve.
 * NaN without positives. Cost O(n log n).
 */
export function averagePrecision(event: ArrayLike<number>, score: ArrayLike<number>): number {
  sameLength('averagePrecision', event, score);
  const order = argsort(score).reverse();
  let hits = 0;
  let weighted = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    let found = 0;
    for (; to < order.length && score[order[to]] === score[order[from]]; to++) found += event[order[to]];
    hits += found;
    weighted += (found * hits) / to;
    from = to;
  }
  return hits === 0 ? Number.NaN : weighted / hits;
}
