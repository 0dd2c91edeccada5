import { calibrationBins } from './calibrationBins.ts';
import { normalCdf } from './normal.ts';

const ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);

/**
 * E|N(mean, sd)|, the mean of a folded normal law: sd sqrt(2 / pi) exp(-m^2 / (2 sd^2)) + m (1 - 2 Phi(-m / sd)).
 */
function meanAbsolute(mean: number, sd: number): number {
  if (sd === 0) return Math.abs(mean);
  const z = mean / sd;
  return sd * ROOT_TWO_OVER_PI * Math.exp((-z * z) / 2) + mean * (1 - 2 * normalCdf(-z));
}

/**
 * Expected calibration error without what chance adds to it. The plain one (`ece`) is never 0, even of perfect
 * probabilities, since shares of few rows scatter. Redrawing each bin's share from N(happened, happened (1 - happened) /
 * rows) would add about as much again, so that much is taken off: 2 ece - E(ece redrawn), in closed form, at least 0.
 * One step of that takes off some 40 % of what perfect probabilities show, not all: read it beside `ecePerfect`. Source: Kumar, Liang and Ma (2019), section 4, for the absolute error.
 * Bins and `by` as in `ece`. Cost O(n), O(n log n) by mass.
 */
export function eceDebiased(event: ArrayLike<number>, p: ArrayLike<number>, by: 'width' | 'mass', bins = 10): number {
  let sum = 0;
  for (const { rows, happened, said } of calibrationBins(event, p, by, bins)) {
    const gap = Math.abs(happened - said);
    const redrawn = meanAbsolute(happened - said, Math.sqrt((happened * (1 - happened)) / rows));
    sum += rows * (2 * gap - redrawn);
  }
  return Math.max(0, sum / p.length);
}

/**
 * The plain `ece` that probabilities would show on so many rows were they perfect: each bin's share scatters around what
 * was said with sd sqrt(said (1 - said) / rows). Something to read an observed `ece` by. 0 without rows.
 */
export function ecePerfect(p: ArrayLike<number>, by: 'width' | 'mass', bins = 10): number {
  let sum = 0;
  for (const { rows, said } of calibrationBins(new Uint8Array(p.length), p, by, bins))
    sum += rows * meanAbsolute(0, Math.sqrt(Math.max(0, said * (1 - said)) / rows));
  return p.length === 0 ? 0 : sum / p.length;
}
