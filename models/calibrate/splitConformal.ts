/**
 * Split-conformal quantile: the ceil((n + 1)(1 - alpha))-th smallest nonconformity score of held-out rows. A new row's
 * score exceeds it with probability at most alpha, whatever the law, if rows are exchangeable. Infinity where n is too
 * small for alpha. Source: Lei et al. (2018). Cost O(n log n).
 */
export function splitConformal(scores: ArrayLike<number>, alpha: number): number {
  const rank = conformalRank(scores.length, alpha);
  return rank > scores.length ? Number.POSITIVE_INFINITY : Float64Array.from(scores).sort()[rank - 1];
}

/** The rank that is taken; the 1e-9 keeps (n + 1)(1 - alpha) from rounding up past a whole number. */
export const conformalRank = (n: number, alpha: number): number => Math.max(1, Math.ceil((n + 1) * (1 - alpha) - 1e-9));

/**
 * How far intervals [low, high] must be widened on both sides (narrowed, where negative) to hold the truth with
 * probability 1 - alpha: split-conformal on max(low - y, y - high). Source: Romano, Patterson and Candes (2019).
 */
export function conformalWidening(
  actual: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  alpha: number,
): number {
  const misses = Float64Array.from(actual, (y, i) => Math.max(low[i] - y, y - high[i]));
  return splitConformal(misses, alpha);
}
