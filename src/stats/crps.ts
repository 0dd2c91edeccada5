import { normalCdf, normalPdf } from './normal.ts';

/**
 * Continuous ranked probability score of a normal forecast: sigma (w (2 Phi(w) - 1) + 2 phi(w) - 1/sqrt pi),
 * w = (y - mu) / sigma. In the unit of y; the absolute error where sigma is 0. Source: Gneiting and Raftery (2007).
 */
export function crpsGaussian(mu: number, sigma: number, y: number): number {
  if (sigma === 0) return Math.abs(y - mu);
  const w = (y - mu) / sigma;
  return sigma * (w * (2 * normalCdf(w) - 1) + 2 * normalPdf(w) - 1 / Math.sqrt(Math.PI));
}

/**
 * The same of an ensemble as an empirical law: mean |x - y| - mean |x - x'| / 2 over all n^2 pairs (not the "fair"
 * n (n - 1) form). Cost O(n log n).
 */
export function crpsEnsemble(members: ArrayLike<number>, y: number): number {
  const x = Float64Array.from(members).sort();
  const n = x.length;
  let error = 0;
  let spread = 0;
  for (let i = 0; i < n; i++) {
    error += Math.abs(x[i] - y);
    spread += (2 * i + 1 - n) * x[i];
  }
  return error / n - spread / (n * n);
}
