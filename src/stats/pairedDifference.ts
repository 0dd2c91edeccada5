/** Mean of `a - b` by row and its standard error when rows of one group move together. */
export interface PairedDifference {
  readonly mean: number;
  readonly standardError: number;
}

/**
 * Mean paired difference with a cluster-robust standard error, sqrt(G / (G - 1) sum_g (sum_{i in g} (d_i - mean))^2) / n:
 * what the clustered paired bootstrap tends to, without drawing. Infinite for fewer than two groups.
 * Source: Liang and Zeger (1986), for a mean.
 */
export function pairedDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  groups: readonly string[],
): PairedDifference {
  const n = a.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (a[i]! - b[i]!) / n;
  const sums = new Map<string, number>();
  for (let i = 0; i < n; i++) sums.set(groups[i]!, (sums.get(groups[i]!) ?? 0) + a[i]! - b[i]! - mean);
  if (sums.size < 2) return { mean, standardError: Number.POSITIVE_INFINITY };
  let square = 0;
  for (const sum of sums.values()) square += sum * sum;
  return { mean, standardError: Math.sqrt((sums.size / (sums.size - 1)) * square) / n };
}
