import { sameLength } from './check.ts';

/** Share of actual values within [low, high], ends included. */
export function coverage(actual: ArrayLike<number>, low: ArrayLike<number>, high: ArrayLike<number>): number {
  sameLength('coverage', actual, low, high);
  let inside = 0;
  for (let i = 0; i < actual.length; i++) if (actual[i] >= low[i] && actual[i] <= high[i]) inside++;
  return inside / actual.length;
}

/**
 * Mean interval score of central intervals of level 1 - alpha: width + 2/alpha times the miss. Narrow and right is
 * best. Source: Gneiting and Raftery (2007), equation 43.
 */
export function intervalScore(
  actual: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  alpha: number,
): number {
  sameLength('intervalScore', actual, low, high);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) {
    const miss = Math.max(0, low[i] - actual[i]) + Math.max(0, actual[i] - high[i]);
    sum += high[i] - low[i] + (2 / alpha) * miss;
  }
  return sum / actual.length;
}
