import { flat } from './croston.ts';
import type { FittedSeries } from './fitted.ts';

/** Smoothing of demand sizes, and of the chance of a demand. */
const ALPHA = 0.1;
const BETA = 0.1;

/**
 * TSB, for sparse demand that may end: the chance of a demand is updated in every period, so that a forecast falls while
 * nothing comes, z p with p' = p + beta (1{y > 0} - p) and z' = z + alpha (y - z) at demands. They begin at the mean size
 * and the share of periods with a demand. Source: Teunter, Syntetos and Babai (2011), equations 3 and 4.
 */
export function tsb(y: Float64Array): FittedSeries {
  const demands = y.filter((v) => v !== 0);
  let size = demands.length === 0 ? 0 : demands.reduce((sum, v) => sum + v, 0) / demands.length;
  let chance = y.length === 0 ? 0 : demands.length / y.length;
  const fitted = new Float64Array(y.length);
  for (let t = 0; t < y.length; t++) {
    fitted[t] = size * chance;
    if (y[t] !== 0) size += ALPHA * (y[t] - size);
    chance += BETA * ((y[t] !== 0 ? 1 : 0) - chance);
  }
  return flat('TSB', y, fitted, size * chance, { alpha: ALPHA, beta: BETA });
}
