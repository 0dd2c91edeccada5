import { incompleteBeta } from '../../src/stats/incompleteBeta.ts';
import { logBeta } from '../../src/stats/logGamma.ts';
import type { GammaGamma, Spend } from './gammaGamma.ts';

/**
 * The law of what a customer will spend in a stretch of time, exactly, given the parameters: nothing with the chance of
 * no purchase, else the sum of n values. Given n, that sum is Gamma(p n, nu) with nu ~ Gamma(q + p x, v + x z), so
 * sum / (v + x z) is a ratio of gammas and its distribution function an incomplete beta:
 *
 *   P(sum <= s) = P(N = 0) + sum_n P(N = n) I_{s / (s + v + x z)}(p n, p x + q)
 */
export interface SpendLaw {
  /** P(spent <= s). */
  cdf(spent: number): number;
  /** The smallest s with P(spent <= s) >= level; 0 where nothing is that likely. To about 1e-6 relative. */
  quantile(level: number): number;
}

/**
 * @param beyond P(more than n purchases), n = 0, 1, ..., of a `PurchaseLaw`
 * Cost: one incomplete beta for each n that matters, times about ten for a quantile.
 */
export function spendLaw(beyond: Float64Array, model: GammaGamma, { x, meanValue }: Spend): SpendLaw {
  const { p, q, v } = model;
  const shape = p * x + q;
  const scale = v + x * meanValue;
  const none = 1 - (beyond[0] ?? 0);
  // Counts that matter, so that a long tail costs little.
  const counts: { readonly a: number; readonly logB: number; readonly chance: number }[] = [];
  for (let n = 1; n <= beyond.length; n++) {
    const chance = beyond[n - 1]! - (beyond[n] ?? 0);
    if (chance > NEGLIGIBLE) counts.push({ a: p * n, logB: logBeta(p * n, shape), chance });
  }
  const all = none + counts.reduce((sum, { chance }) => sum + chance, 0);
  const cdf = (spent: number): number => {
    if (spent < 0) return 0;
    const u = spent / (spent + scale);
    let sum = none;
    for (const { a, logB, chance } of counts) sum += chance * incompleteBeta(u, a, shape, logB);
    return Math.min(1, sum / all);
  };
  return { cdf, quantile: (level) => (level <= none / all ? 0 : scale * oddsAt(cdf, scale, level)) };
}

const NEGLIGIBLE = 1e-6;

/** The w with P(spent / scale <= w) = level, by bisection in ln w: regula falsi with the Illinois rule. */
function oddsAt(cdf: (spent: number) => number, scale: number, level: number): number {
  const miss = (log: number) => cdf(scale * Math.exp(log)) - level;
  let low = -3;
  let high = 3;
  let missLow = miss(low);
  let missHigh = miss(high);
  while (missLow >= 0 && low > -40) {
    [high, missHigh] = [low, missLow];
    missLow = miss((low -= 4));
  }
  while (missHigh < 0 && high < 40) {
    [low, missLow] = [high, missHigh];
    missHigh = miss((high += 4));
  }
  let side = 0;
  for (let step = 0; step < 200 && high - low > 1e-6; step++) {
    // Every fourth step halves the bracket, so that a flat stretch cannot hold it up.
    const middle = step % 4 === 3 ? (low + high) / 2 : (low * missHigh - high * missLow) / (missHigh - missLow);
    const here = miss(middle);
    if (Math.abs(here) < 1e-9) return Math.exp(middle);
    if (here < 0) {
      [low, missLow] = [middle, here];
      if (side === -1) missHigh /= 2;
      side = -1;
    } else {
      [high, missHigh] = [middle, here];
      if (side === 1) missLow /= 2;
      side = 1;
    }
  }
  return Math.exp((low + high) / 2);
}
