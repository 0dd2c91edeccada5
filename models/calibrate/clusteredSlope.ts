import { logit, sigmoid } from './logit.ts';

/** Slope of the logistic recalibration, with an error that knows that rows of one group move together. */
export interface ClusteredSlope {
  /** Below 1: too sure of itself; above 1: too timid. NaN for one class, or where nearly the same is said of all. */
  readonly slope: number;
  readonly standardError: number;
}

/** Below this spread of the log odds there is no slope to speak of. */
const FLAT = 0.05;

/**
 * Slope b of logit P(event) = a + b logit p by Newton, and its cluster-robust error: with x = (1, logit p) and q the fitted
 * probability, A = sum q (1 - q) x x' and B = G / (G - 1) sum_g u_g u_g' with u_g = sum_{i in g} (y - q) x, it is the
 * root of the last cell of A^-1 B A^-1. Cost O(rows). Source: Cox (1958); Liang and Zeger (1986).
 */
export function clusteredSlope(
  event: ArrayLike<number>,
  p: ArrayLike<number>,
  groups: ArrayLike<string>,
): ClusteredSlope {
  const none = { slope: Number.NaN, standardError: Number.NaN };
  const n = p.length;
  const z = Float64Array.from(p, logit);
  const mean = z.reduce((sum, v) => sum + v, 0) / n;
  const spread = Math.sqrt(z.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n);
  let won = 0;
  for (let i = 0; i < n; i++) won += event[i]!;
  if (n === 0 || won === 0 || won === n || !(spread >= FLAT)) return none;
  // About the mean of z, where shift and slope are nearly independent.
  let [shift, slope] = [mean, 1];
  let [h00, h01, h11, det] = [0, 0, 0, 0];
  for (let iteration = 0; iteration < 50; iteration++) {
    let [g0, g1] = [0, 0];
    h00 = h01 = h11 = 0;
    for (let i = 0; i < n; i++) {
      const x = z[i]! - mean;
      const q = sigmoid(shift + slope * x);
      const v = q * (1 - q);
      g0 += event[i]! - q;
      g1 += (event[i]! - q) * x;
      h00 += v;
      h01 += v * x;
      h11 += v * x * x;
    }
    det = h00 * h11 - h01 * h01;
    if (!(det > 1e-12)) return none; // the classes part, or nearly
    const step = (g0 * h11 - g1 * h01) / det;
    const tilt = (g1 * h00 - g0 * h01) / det;
    shift += Math.max(-2, Math.min(2, step));
    slope += Math.max(-2, Math.min(2, tilt));
    if (Math.abs(step) + Math.abs(tilt) < 1e-9) break;
  }
  const scores = new Map<string, [number, number]>();
  for (let i = 0; i < n; i++) {
    const x = z[i]! - mean;
    const left = event[i]! - sigmoid(shift + slope * x);
    const sum = scores.get(groups[i]!) ?? [0, 0];
    scores.set(groups[i]!, [sum[0] + left, sum[1] + left * x]);
  }
  if (scores.size < 2) return { slope, standardError: Number.POSITIVE_INFINITY };
  // The influence of a group on the slope: the last row of A^-1 times its score.
  let square = 0;
  for (const [u0, u1] of scores.values()) square += ((h00 * u1 - h01 * u0) / det) ** 2;
  return { slope, standardError: Math.sqrt((scores.size / (scores.size - 1)) * square) };
}
