import { normalQuantile } from './normal.ts';

/**
 * Wilson interval of a share: won of n, at a two-sided level. [0, 1] without rows. Good for small n and shares near 0
 * or 1, where the usual interval is not. Source: Wilson (1927); Brown, Cai and DasGupta (2001).
 */
export function wilson(won: number, n: number, level = 0.95): { readonly low: number; readonly high: number } {
  if (n === 0) return { low: 0, high: 1 };
  const z = normalQuantile((1 + level) / 2);
  const p = won / n;
  const centre = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return { low: won === 0 ? 0 : (centre - half) / scale, high: won === n ? 1 : (centre + half) / scale };
}
