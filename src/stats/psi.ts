import { sameLength } from './check.ts';

/**
 * Population stability index of two distributions over the same bins: sum (b - a) ln(b / a). Shares (or counts, which
 * are normalised); an empty bin counts as `floor`. Rule of thumb: .1 look, .25 act.
 */
export function psi(expected: ArrayLike<number>, actual: ArrayLike<number>, floor = 1e-6): number {
  sameLength('psi', expected, actual);
  const a = shares(expected);
  const b = shares(actual);
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const [before, after] = [Math.max(floor, a[i]), Math.max(floor, b[i])];
    sum += (after - before) * Math.log(after / before);
  }
  return sum;
}

/** Counts as shares that sum to 1. */
export function shares(counts: ArrayLike<number>): Float64Array {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i];
  return Float64Array.from(counts, (count) => count / sum);
}
