import { logit } from '../../models/calibrate/logit.ts';
import { logLossOf } from '../../src/stats/logLoss.ts';

/**
 * Figures of probabilities over rows with weights: how often a row was drawn by the bootstrap. The orders of the rows are
 * found once, so a draw costs one pass a figure. Every figure equals the unweighted one of rows repeated as often.
 */
export interface Scored {
  readonly event: Float64Array;
  readonly p: Float64Array;
  /** Rows in descending order of p. */
  readonly best: Uint32Array;
  /** Log loss and squared error of each row, and its logit. */
  readonly loss: Float64Array;
  readonly square: Float64Array;
  readonly z: Float64Array;
}

export function scored(event: Float64Array, p: Float64Array): Scored {
  const best = new Uint32Array(p.length).map((_, i) => i).sort((a, b) => p[b]! - p[a]! || a - b);
  return {
    ...{ event, p, best },
    loss: p.map((v, i) => logLossOf(event[i]!, v)),
    square: p.map((v, i) => (event[i]! - v) ** 2),
    z: p.map(logit),
  };
}

export function meanOf(values: Float64Array, w: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += w[i]! * values[i]!;
    total += w[i]!;
  }
  return sum / total;
}

/** P(a random event scores above a random other), ties counting a half; NaN with one class. */
export function aucOf({ event, p, best }: Scored, w: Float64Array): number {
  let won = 0;
  let lost = 0;
  let pairs = 0;
  for (let k = 0; k < best.length; ) {
    let tieWon = 0;
    let tieLost = 0;
    const score = p[best[k]!]!;
    for (; k < best.length && p[best[k]!]! === score; k++) {
      const i = best[k]!;
      if (event[i] === 1) tieWon += w[i]!;
      else tieLost += w[i]!;
    }
    pairs += tieLost * (won + tieWon / 2);
    won += tieWon;
    lost += tieLost;
  }
  return won > 0 && lost > 0 ? pairs / (won * lost) : Number.NaN;
}

const BINS = 10;

/** Murphy's decomposition of the Brier score and the expected calibration error, over ten bins of equal width. */
export function binnedOf({ event, p }: Scored, w: Float64Array) {
  const rows = new Float64Array(BINS);
  const said = new Float64Array(BINS);
  const won = new Float64Array(BINS);
  let n = 0;
  let all = 0;
  for (let i = 0; i < p.length; i++) {
    const bin = Math.min(BINS - 1, Math.floor(p[i]! * BINS));
    rows[bin]! += w[i]!;
    said[bin]! += w[i]! * p[i]!;
    won[bin]! += w[i]! * event[i]!;
    n += w[i]!;
    all += w[i]! * event[i]!;
  }
  const base = all / n;
  let reliability = 0;
  let resolution = 0;
  let ece = 0;
  for (let b = 0; b < BINS; b++) {
    if (rows[b] === 0) continue;
    const happened = won[b]! / rows[b]!;
    const gap = happened - said[b]! / rows[b]!;
    reliability += (rows[b]! / n) * gap ** 2;
    resolution += (rows[b]! / n) * (happened - base) ** 2;
    ece += (rows[b]! / n) * Math.abs(gap);
  }
  return { reliability, resolution, uncertainty: base * (1 - base), ece };
}

/** Below this spread of the log odds there is no slope to speak of. */
const FLAT = 0.05;

/**
 * Logistic recalibration, logit P(event) = intercept + slope logit p, by Newton on two numbers: slope 1 and intercept 0
 * where what is said happens. NaN for one class, or for a method that says the same of nearly all.
 */
export function slopeOf({ event, z }: Scored, w: Float64Array): { slope: number; intercept: number } {
  const none = { slope: Number.NaN, intercept: Number.NaN };
  const mean = meanOf(z, w);
  let spread = 0;
  let n = 0;
  let won = 0;
  for (let i = 0; i < z.length; i++) {
    spread += w[i]! * (z[i]! - mean) ** 2;
    n += w[i]!;
    won += w[i]! * event[i]!;
  }
  if (won === 0 || won === n || Math.sqrt(spread / n) < FLAT) return none;
  let slope = 1;
  let shift = 0; // intercept at the mean of z, where the two are nearly independent
  for (let iteration = 0; iteration < 30; iteration++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (let i = 0; i < z.length; i++) {
      if (w[i] === 0) continue;
      const x = z[i]! - mean;
      const q = 1 / (1 + Math.exp(-(shift + mean + slope * x)));
      const d = w[i]! * (q - event[i]!);
      const v = w[i]! * q * (1 - q);
      g0 += d;
      g1 += d * x;
      h00 += v;
      h01 += v * x;
      h11 += v * x * x;
    }
    const det = h00 * h11 - h01 * h01;
    if (!(det > 1e-12)) return none;
    const step = (g0 * h11 - g1 * h01) / det;
    const tilt = (g1 * h00 - g0 * h01) / det;
    shift -= Math.max(-2, Math.min(2, step));
    slope -= Math.max(-2, Math.min(2, tilt));
    if (Math.abs(step) + Math.abs(tilt) < 1e-9) break;
  }
  return { slope, intercept: shift + mean * (1 - slope) };
}
