import { calibrationBins } from './calibrationBins.ts';
import { sameLength } from './check.ts';

/** Brier score: mean (y - p)^2, in [0, 1], 0 best; the base rate r scores r (1 - r). NaN without rows. */
export function brier(event: ArrayLike<number>, p: ArrayLike<number>): number {
  sameLength('brier', event, p);
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += (event[i] - p[i]) ** 2;
  return sum / p.length;
}

export interface BrierParts {
  /** Mean squared gap between said and happened per bin; 0 best. */
  readonly reliability: number;
  /** How far the bins' outcomes differ from the base rate; more is better. */
  readonly resolution: number;
  /** r (1 - r) of the base rate: what no forecast changes. */
  readonly uncertainty: number;
}

/**
 * Murphy's decomposition over bins of equal width: binned Brier = reliability - resolution + uncertainty. The raw
 * score differs from the binned one by the variance within the bins. Source: Murphy (1973).
 */
export function brierParts(event: ArrayLike<number>, p: ArrayLike<number>, bins = 10): BrierParts {
  const table = calibrationBins(event, p, 'width', bins);
  const n = p.length;
  let base = 0;
  for (const bin of table) base += (bin.rows * bin.happened) / n;
  let reliability = 0;
  let resolution = 0;
  for (const bin of table) {
    reliability += (bin.rows / n) * (bin.happened - bin.said) ** 2;
    resolution += (bin.rows / n) * (bin.happened - base) ** 2;
  }
  return { reliability, resolution, uncertainty: base * (1 - base) };
}
