import { digamma } from '../../src/stats/digamma.ts';
import { logGamma } from '../../src/stats/logGamma.ts';
import { type Fitted, fitPositive } from './fitPositive.ts';

/**
 * Gamma-Gamma: each purchase of a customer is worth Gamma(p, nu), nu ~ Gamma(q, v) differs between customers, and value
 * has nothing to do with how often one buys. `v` is in the unit of the values.
 * Source: Fader and Hardie, The Gamma-Gamma model of monetary value (2013).
 */
export interface GammaGamma {
  readonly p: number;
  readonly q: number;
  readonly v: number;
}
export interface GammaGammaFit extends GammaGamma {
  readonly logLikelihood: number;
  readonly converged: boolean;
  /** The values have a tail too heavy for a mean (q near or below 1), so q was held at 2. */
  readonly heavy: boolean;
  /** Customers learned from: those with repeat purchases of some worth. */
  readonly customers: number;
}

/** What a customer spent: the mean of `x` purchases. */
export interface Spend {
  readonly x: number;
  readonly meanValue: number;
}

/** Below this the mean over all customers, p v / (q - 1), is more noise than knowledge. */
const LEAST_Q = 1.1;
const HEAVY_Q = 2;
const ROUGH_ROWS = 800;
const STARTS = [
  [1, 2, 1],
  [6, 4, 0.5],
  [20, 3, 0.1],
];

/**
 * The log-likelihood of mean values (equation 1 of the source) and its gradient by (p, q, v):
 * ln f = ln G(px+q)/(G(px) G(q)) + q ln v + (px-1) ln z + px ln x - (px+q) ln(x z + v), where z is the mean value.
 */
export function gammaGammaLogLikelihood(
  spends: readonly Spend[],
  parameters: Float64Array,
  gradient: Float64Array,
): number {
  const [p, q, v] = parameters as unknown as readonly [number, number, number];
  const gammaQ = logGamma(q);
  const digammaQ = digamma(q);
  const logV = Math.log(v);
  gradient.fill(0);
  let sum = 0;
  for (const { x, meanValue: z } of spends) {
    const k = p * x;
    const all = x * z + v;
    const logAll = Math.log(all);
    const digammaAll = digamma(k + q);
    sum += logGamma(k + q) - logGamma(k) - gammaQ + q * logV + (k - 1) * Math.log(z) + k * Math.log(x) - (k + q) * logAll; // biome-ignore format: one sum
    gradient[0]! += x * (digammaAll - digamma(k) + Math.log(z) + Math.log(x) - logAll);
    gradient[1]! += digammaAll - digammaQ + logV - logAll;
    gradient[2]! += q / v - (k + q) / all;
  }
  return sum;
}

/** Fits by maximum likelihood in the logarithms of the parameters, values in units of their mean meanwhile. */
export function fitGammaGamma(customers: readonly Spend[]): GammaGammaFit {
  const spends = customers.filter(({ x, meanValue }) => x > 0 && meanValue > 0);
  if (spends.length === 0) {
    return { p: 1, q: 2, v: 1, logLikelihood: 0, converged: false, heavy: false, customers: 0 };
  }
  const unit = spends.reduce((sum, { meanValue }) => sum + meanValue, 0) / spends.length;
  const scaled = spends.map(({ x, meanValue }) => ({ x, meanValue: meanValue / unit }));
  const free = maximum(scaled, STARTS, undefined);
  const heavy = !(free.parameters[1]! > LEAST_Q);
  const { parameters, converged } = heavy ? maximum(scaled, STARTS, HEAVY_Q) : free;
  const [p, q, v] = [parameters[0]!, parameters[1]!, parameters[2]! * unit];
  const logLikelihood = gammaGammaLogLikelihood(spends, Float64Array.of(p, q, v), new Float64Array(3));
  return { p, q, v, logLikelihood, converged, heavy, customers: spends.length };
}

/** @param fixedQ hold q there */
function maximum(spends: readonly Spend[], starts: readonly (readonly number[])[], fixedQ: number | undefined): Fitted {
  const sample = (part: readonly Spend[]) => ({
    logLikelihood: (parameters: Float64Array, gradient: Float64Array) => {
      if (fixedQ !== undefined) parameters[1] = fixedQ;
      const value = gammaGammaLogLikelihood(part, parameters, gradient);
      if (fixedQ !== undefined) gradient[1] = 0;
      return value;
    },
    rows: part.length,
  });
  const step = Math.max(1, Math.floor(spends.length / ROUGH_ROWS));
  const rough = spends.filter((_, i) => i % step === 0);
  const found = fitPositive(sample(rough), sample(spends), starts);
  if (fixedQ !== undefined) found.parameters[1] = fixedQ;
  return found;
}

/** Mean value of a purchase over all customers, p v / (q - 1); infinite where q <= 1. */
export const populationMean = ({ p, q, v }: GammaGamma): number =>
  q > 1 ? (p * v) / (q - 1) : Number.POSITIVE_INFINITY;

/**
 * A customer's mean value of a purchase given what was seen: (p v + p x z) / (p x + q - 1), which pulls the own mean z
 * towards that of all with weight p x / (p x + q - 1) on the own. The population's mean where x = 0.
 */
export function expectedValue(model: GammaGamma, { x, meanValue }: Spend): number {
  const { p, q, v } = model;
  const weight = p * x + q - 1;
  return weight > 0 ? (p * (v + x * meanValue)) / weight : Number.POSITIVE_INFINITY;
}
