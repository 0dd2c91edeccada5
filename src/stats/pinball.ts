import { sameLength } from './check.ts';

/**
 * Mean pinball (quantile) loss at a level: max(level (a - q), (level - 1) (a - q)). Least where `forecast` is the
 * quantile of that level.
 */
export function pinball(actual: ArrayLike<number>, forecast: ArrayLike<number>, level: number): number {
  sameLength('pinball', actual, forecast);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) {
    const over = actual[i] - forecast[i];
    sum += Math.max(level * over, (level - 1) * over);
  }
  return sum / actual.length;
}
