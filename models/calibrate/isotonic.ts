import { argsort } from '../../src/stats/argsort.ts';
import { sameLength } from '../../src/stats/check.ts';

/** A rising curve through (x[i], y[i]): linear between, flat outside. */
export interface Isotonic {
  readonly kind: 'isotonic';
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Scores in ascending order, each once, with its rows and its mean outcome. */
export interface Levels {
  readonly score: Float64Array;
  readonly rows: Float64Array;
  readonly mean: Float64Array;
}

/** Gathers equal scores. Cost O(n log n). */
export function levels(event: ArrayLike<number>, score: ArrayLike<number>): Levels {
  sameLength('levels', event, score);
  const order = argsort(score);
  const scores: number[] = [];
  const rows: number[] = [];
  const sums: number[] = [];
  for (const i of order) {
    if (scores.length === 0 || scores[scores.length - 1] !== score[i]) {
      scores.push(score[i]);
      rows.push(0);
      sums.push(0);
    }
    rows[rows.length - 1]++;
    sums[sums.length - 1] += event[i];
  }
  return {
    score: Float64Array.from(scores),
    rows: Float64Array.from(rows),
    mean: Float64Array.from(sums, (sum, i) => sum / rows[i]),
  };
}

/**
 * Pool adjacent violators: the rising sequence nearest to `values` in weighted least squares. Cost O(n).
 * Source: Barlow, Bartholomew, Bremner and Brunk (1972).
 */
export function poolAdjacent(values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const n = values.length;
  const mean = new Float64Array(n);
  const weight = new Float64Array(n);
  const end = new Int32Array(n);
  let blocks = 0;
  for (let i = 0; i < n; i++) {
    mean[blocks] = values[i];
    weight[blocks] = weights[i];
    end[blocks] = i + 1;
    blocks++;
    while (blocks > 1 && mean[blocks - 2] >= mean[blocks - 1]) {
      const sum = weight[blocks - 2] + weight[blocks - 1];
      mean[blocks - 2] = (mean[blocks - 2] * weight[blocks - 2] + mean[blocks - 1] * weight[blocks - 1]) / sum;
      weight[blocks - 2] = sum;
      end[blocks - 2] = end[blocks - 1];
      blocks--;
    }
  }
  const fitted = new Float64Array(n);
  for (let k = 0, i = 0; k < blocks; k++) for (; i < end[k]; i++) fitted[i] = mean[k];
  return fitted;
}

/** Isotonic regression of the outcome on the score; only the ends of each flat stretch are kept. */
export function fitIsotonic(event: ArrayLike<number>, p: ArrayLike<number>): Isotonic {
  const { score, rows, mean } = levels(event, p);
  const fitted = poolAdjacent(mean, rows);
  const kept = [...score.keys()].filter(
    (i) => i === 0 || i === score.length - 1 || fitted[i] !== fitted[i - 1] || fitted[i] !== fitted[i + 1],
  );
  return { kind: 'isotonic', x: kept.map((i) => score[i]), y: kept.map((i) => fitted[i]) };
}

/** NaN where the map was fitted on no rows. */
export function applyIsotonic(map: Isotonic, p: number): number {
  const { x, y } = map;
  const last = x.length - 1;
  if (last < 0) return Number.NaN;
  if (p <= x[0]) return y[0];
  if (p >= x[last]) return y[last];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= p) low = middle;
    else high = middle;
  }
  return y[low] + ((y[high] - y[low]) * (p - x[low])) / (x[high] - x[low]);
}
