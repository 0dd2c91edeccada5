import type { Random } from '../../src/random.ts';

/** Poisson by inversion (Knuth); for small means. */
export function poisson(mean: number, draw: Random): number {
  const floor = Math.exp(-mean);
  let n = 0;
  for (let p = draw.uniform(); p > floor; p *= draw.uniform()) n++;
  return n;
}

/** Exponential with the given mean. */
export const exponential = (mean: number, draw: Random): number => -mean * Math.log(1 - draw.uniform());

/** Gamma with the given shape and mean `shape`: Marsaglia and Tsang 2000; below shape 1 by their boost. */
export function gamma(shape: number, draw: Random): number {
  if (shape < 1) return gamma(shape + 1, draw) * (1 - draw.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = draw.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - draw.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Beta(a, b), as a share of two gammas. */
export function beta(a: number, b: number, draw: Random): number {
  const x = gamma(a, draw);
  return x / (x + gamma(b, draw));
}

export const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

export const pick = <T>(from: readonly T[], draw: Random): T => from[draw.below(from.length)]!;

/** An index in proportion to the weights. */
export function weighted(weights: ArrayLike<number>, draw: Random): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  let left = draw.uniform() * total;
  for (let i = 0; i < weights.length; i++) if ((left -= weights[i]!) < 0) return i;
  return weights.length - 1;
}

export const pad = (n: number, width: number): string => String(n).padStart(width, '0');
