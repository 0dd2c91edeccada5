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
