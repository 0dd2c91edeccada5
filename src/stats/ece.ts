import { calibrationBins } from './calibrationBins.ts';

/**
 * Expected calibration error: sum over bins of (rows / n) |happened - said|, in [0, 1]. By equal width (the usual one)
 * or equal mass. Source: Naeini, Cooper and Hauskrecht (2015). Not a proper score: report it beside log loss.
 */
export function ece(event: ArrayLike<number>, p: ArrayLike<number>, by: 'width' | 'mass', bins = 10): number {
  let sum = 0;
  for (const bin of calibrationBins(event, p, by, bins)) sum += bin.rows * Math.abs(bin.happened - bin.said);
  return sum / p.length;
}
