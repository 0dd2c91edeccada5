/**
 * Two-sample Kolmogorov-Smirnov distance: sup |F_a(x) - F_b(x)|, in [0, 1]. Ties are stepped over together. NaN where a
 * sample is empty. Cost O(n log n).
 */
export function ks2(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length === 0 || b.length === 0) return Number.NaN;
  const x = Float64Array.from(a).sort();
  const y = Float64Array.from(b).sort();
  let [i, j, max] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i], y[j]);
    while (i < x.length && x[i] <= at) i++;
    while (j < y.length && y[j] <= at) j++;
    max = Math.max(max, Math.abs(i / x.length - j / y.length));
  }
  return max;
}

/** How far a score separates the classes: the KS distance between the scores of positives and of negatives. */
export function ks(event: ArrayLike<number>, score: ArrayLike<number>): number {
  const rows = Array.from(score);
  return ks2(
    rows.filter((_, i) => event[i] === 1),
    rows.filter((_, i) => event[i] !== 1),
  );
}
