import { ForesellError } from '../errors.ts';

/**
 * Row numbers in ascending order of their values; equal values keep their order. NaN has no place in an order and is
 * refused with its row. Cost O(n log n).
 */
export function argsort(values: ArrayLike<number>): Uint32Array {
  const index = new Uint32Array(values.length);
  for (let i = 0; i < index.length; i++) {
    if (Number.isNaN(values[i])) {
      throw new ForesellError('not-a-number', `row ${i} is NaN; expected a number to rank, leave such rows out first`, {
        blame: 'failure',
      });
    }
    index[i] = i;
  }
  return index.sort((a, b) => (values[a] < values[b] ? -1 : values[a] > values[b] ? 1 : a - b));
}
