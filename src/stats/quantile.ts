/**
 * Quantile of a sample, type 7 (linear between order statistics at (n - 1) level; the default of R, NumPy and Excel).
 * NaN without values. Cost O(n log n).
 */
export function quantile(values: ArrayLike<number>, level: number): number {
  return quantileSorted(Float64Array.from(values).sort(), level);
}

/** The same of values that ascend already. Cost O(1). */
export function quantileSorted(ascending: ArrayLike<number>, level: number): number {
  const n = ascending.length;
  if (n === 0) return Number.NaN;
  const at = (n - 1) * Math.min(1, Math.max(0, level));
  const below = Math.floor(at);
  const share = at - below;
  return share === 0 ? ascending[below] : ascending[below] + share * (ascending[below + 1] - ascending[below]);
}
