import { sameLength } from './check.ts';
import { shares } from './psi.ts';

/** Total variation distance of two distributions over the same levels: half of sum |a - b|, in [0, 1]. */
export function totalVariation(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
  sameLength('totalVariation', expected, actual);
  const a = shares(expected);
  const b = shares(actual);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]);
  return sum / 2;
}
