import { ForesellError } from '../errors.ts';

/**
 * Whole numbers near `values` that add up exactly to `total` (default: the rounded sum): all are rounded down, and the
 * units left over go to the largest fractions, equal ones in order. No value moves by 1 or more. Hamilton's method.
 * `total` must lie between the sum of the floors and that plus one a value. Cost O(n log n).
 */
export function largestRemainder(values: ArrayLike<number>, total?: number): Float64Array {
  const n = values.length;
  const whole = Float64Array.from(values, Math.floor);
  let sum = 0;
  let floors = 0;
  for (let i = 0; i < n; i++) {
    sum += values[i];
    floors += whole[i];
  }
  const left = (total ?? Math.round(sum)) - floors;
  if (!(Number.isInteger(left) && left >= 0 && left <= n)) {
    throw new ForesellError(
      'total-unreachable',
      `${n} values of sum ${sum} cannot be rounded to add up to ${total ?? Math.round(sum)}; expected a whole number within ${floors} and ${floors + n}`,
      { blame: 'failure' },
    );
  }
  const order = Array.from({ length: n }, (_, i) => i);
  order.sort((a, b) => values[b] - whole[b] - (values[a] - whole[a]) || a - b);
  for (let k = 0; k < left; k++) whole[order[k]]++;
  return whole;
}
