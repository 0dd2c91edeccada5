/** Row numbers in ascending order of their values; equal values keep their order. Cost O(n log n). */
export function argsort(values: ArrayLike<number>): Uint32Array {
  const index = new Uint32Array(values.length);
  for (let i = 0; i < index.length; i++) index[i] = i;
  return index.sort((a, b) => values[a] - values[b] || a - b);
}
