/** Where a stream changed. */
export interface Change {
  /** Values seen when it was noticed. */
  readonly noticed: number;
  /** The first value after the change. */
  readonly from: number;
  readonly before: number;
  readonly after: number;
}

/** Values between two looks at all cuts; a part shorter than this says nothing. */
const CLOCK = 8;

/**
 * ADWIN: keeps the longest recent window without a change of mean. The window of n values is cut in two wherever
 *
 *     |mean_0 - mean_1| > sqrt(2/m s^2 ln(2/d')) + 2/(3m) ln(2/d'),   1/m = 1/n_0 + 1/n_1,  d' = d / ln n
 *
 * with s^2 the variance of the window; then the older part is dropped and the change told. Values are of [0, range]. All
 * cuts are looked at every eighth value, without the exponential histogram: exact, O(n^2 / 8), for some thousand values.
 * Source: Bifet and Gavalda, "Learning from time-changing data with adaptive windowing" (2007), section 3.
 * @param delta how often a stream without change may be cut
 */
export function adwin(values: ArrayLike<number>, delta = 0.002, range = 1): Change[] {
  const n = values.length;
  const sum = new Float64Array(n + 1);
  const square = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const v = values[i]! / range;
    sum[i + 1] = sum[i]! + v;
    square[i + 1] = square[i]! + v * v;
  }
  const changes: Change[] = [];
  let start = 0;
  for (let end = CLOCK; end <= n; end += CLOCK) {
    for (
      let cut = furthestCut(sum, square, start, end, delta);
      cut !== undefined;
      cut = furthestCut(sum, square, start, end, delta)
    ) {
      // biome-ignore format: one loop
      changes.push({
        noticed: end,
        from: cut,
        before: (range * (sum[cut]! - sum[start]!)) / (cut - start),
        after: (range * (sum[end]! - sum[cut]!)) / (end - cut),
      });
      start = cut;
    }
  }
  return changes;
}

/** The cut that is furthest beyond its bound. */
function furthestCut(sum: Float64Array, square: Float64Array, start: number, end: number, delta: number) {
  const n = end - start;
  if (n < 2 * CLOCK) return undefined;
  const mean = (sum[end]! - sum[start]!) / n;
  const variance = Math.max(0, (square[end]! - square[start]!) / n - mean * mean);
  const log = Math.log((2 * Math.log(n)) / delta);
  let best: number | undefined;
  let most = 0;
  for (let cut = start + CLOCK; cut <= end - CLOCK; cut++) {
    const [n0, n1] = [cut - start, end - cut];
    const m = 1 / (1 / n0 + 1 / n1);
    const bound = Math.sqrt((2 / m) * variance * log) + (2 / (3 * m)) * log;
    const beyond = Math.abs((sum[cut]! - sum[start]!) / n0 - (sum[end]! - sum[cut]!) / n1) - bound;
    if (beyond > most) {
      most = beyond;
      best = cut;
    }
  }
  return best;
}
