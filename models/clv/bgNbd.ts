import { digamma } from '../../src/stats/digamma.ts';
import { logHyp2f1 } from '../../src/stats/hyp2f1.ts';
import { logBeta, logGamma } from '../../src/stats/logGamma.ts';
import { fitPositive } from './fitPositive.ts';
import { meanT, type Purchases, type PurchaseTable, scaledTable, thinnedTable } from './purchases.ts';

/**
 * BG/NBD: while active a customer buys at random with rate lambda ~ Gamma(r, alpha); after each purchase the customer
 * is gone for good with probability p ~ Beta(a, b). `alpha` is in the unit of time of the purchases.
 *
 * Source: Fader, Hardie and Lee, "Counting your customers" the easy way (2005). In this model nobody leaves before a
 * second purchase, so a customer with x = 0 is active for certain, only slow.
 */
export interface BgNbd {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}
export interface BgNbdFit extends BgNbd {
  readonly logLikelihood: number;
  readonly converged: boolean;
}

const STARTS = [
  [1, 1, 1, 1],
  [0.3, 0.2, 0.5, 2.5],
  [3, 3, 0.2, 4],
];

/**
 * The log-likelihood of a table of purchases (equation 6 of the source), and its gradient by (r, alpha, a, b):
 *
 * ln L = ln G(r+x)/G(r) + r ln alpha + ln B(a,b+x)/B(a,b) - (r+x) ln(alpha+T) + ln(1 + o), where o, the odds of being
 * gone at T, are a/(b+x-1) ((alpha+T)/(alpha+t_x))^(r+x) for x > 0 and 0 for x = 0.
 *
 * Cost: O(rows of the table). `parameters` and `gradient` have length 4.
 */
export function bgNbdLogLikelihood(table: PurchaseTable, parameters: Float64Array, gradient: Float64Array): number {
  const [r, alpha, a, b] = parameters as unknown as readonly [number, number, number, number];
  const logA = Math.log(alpha);
  const gammaR = logGamma(r);
  const digammaR = digamma(r);
  const betaAb = logBeta(a, b);
  const digammaAb = digamma(a + b);
  const digammaB = digamma(b);
  gradient.fill(0);
  let sum = 0;
  for (let i = 0; i < table.x.length; i++) {
    const x = table.x[i]!;
    const count = table.count[i]!;
    const k = r + x;
    const now = alpha + table.T[i]!;
    const logNow = Math.log(now);
    const purchases = logGamma(k) - gammaR + r * logA - k * logNow;
    let dR = digamma(k) - digammaR + logA - logNow;
    let dAlpha = r / alpha - k / now;
    let dA = 0;
    let dB = 0;
    let stay = 0;
    if (x > 0) {
      const then = alpha + table.tx[i]!;
      const logRatio = logNow - Math.log(then);
      const logOdds = Math.log(a / (b + x - 1)) + k * logRatio;
      const gone = 1 / (1 + Math.exp(-logOdds)); // d ln(1 + e^o) / do
      stay = logBeta(a, b + x) - betaAb + (logOdds > 0 ? logOdds + Math.log1p(Math.exp(-logOdds)) : Math.log1p(Math.exp(logOdds))); // biome-ignore format: one sum
      const digammaAbx = digamma(a + b + x);
      dR += gone * logRatio;
      dAlpha += gone * k * (1 / now - 1 / then);
      dA = digammaAb - digammaAbx + gone / a;
      dB = digamma(b + x) - digammaB + digammaAb - digammaAbx - gone / (b + x - 1);
    }
    sum += count * (purchases + stay);
    gradient[0]! += count * dR;
    gradient[1]! += count * dAlpha;
    gradient[2]! += count * dA;
    gradient[3]! += count * dB;
  }
  return sum;
}

/** Fits by maximum likelihood in the logarithms of the parameters, time in units of the mean T meanwhile. */
export function fitBgNbd(table: PurchaseTable): BgNbdFit {
  const unit = meanT(table);
  const scaled = scaledTable(table, unit);
  const sample = (part: PurchaseTable) => ({
    logLikelihood: (p: Float64Array, gradient: Float64Array) => bgNbdLogLikelihood(part, p, gradient),
    rows: part.customers,
  });
  const { parameters, converged } = fitPositive(sample(thinnedTable(scaled)), sample(scaled), STARTS);
  const inUnits = Float64Array.from(parameters, (value, i) => (i === 1 ? value * unit : value));
  const logLikelihood = bgNbdLogLikelihood(table, inUnits, new Float64Array(4));
  const [r, alpha, a, b] = inUnits as unknown as readonly [number, number, number, number];
  return { r, alpha, a, b, logLikelihood, converged };
}

/** P(still active at T | x, t_x, T), in (0, 1]; 1 where x = 0. */
export function bgNbdAlive({ r, alpha, a, b }: BgNbd, { x, tx, T }: Purchases): number {
  if (x === 0) return 1;
  return 1 / (1 + Math.exp(Math.log(a / (b + x - 1)) + (r + x) * Math.log((alpha + T) / (alpha + tx))));
}

/**
 * P(no purchase in the next `t` | x, t_x, T): gone already, or active and silent,
 * 1 - P(active) (1 - ((alpha+T)/(alpha+T+t))^(r+x)). Falls from 1 at t = 0 to P(gone).
 */
export function bgNbdSilence(model: BgNbd, customer: Purchases, t: number): number {
  const { r, alpha } = model;
  const silent = (r + customer.x) * Math.log((alpha + customer.T) / (alpha + customer.T + t));
  return 1 + bgNbdAlive(model, customer) * Math.expm1(silent);
}

/**
 * E[purchases in the next `t` | x, t_x, T], equation 10 of the source:
 * (a+b+x-1)/(a-1) (1 - ((alpha+T)/(alpha+T+t))^(r+x) 2F1(r+x, b+x; a+b+x-1; t/(alpha+T+t))) P(active).
 * Where a is near 1 (0 / 0), or 2F1 is hard to reach, the sum of `bgNbdBeyond`. Cost: some dozen to some hundred terms.
 */
export function bgNbdExpected(model: BgNbd, customer: Purchases, t: number): number {
  if (t <= 0) return 0;
  const { r, alpha, a, b } = model;
  const { x, T } = customer;
  const later = alpha + T + t;
  const z = t / later;
  if (Math.abs(a - 1) < 1e-4 || a + b + x - 1 < 1e-4 || z > 0.999) {
    return bgNbdBeyond(model, customer, t).reduce((sum, beyond) => sum + beyond, 0);
  }
  const log = (r + x) * Math.log1p(-z) + logHyp2f1(r + x, b + x, a + b + x - 1, z);
  return ((a + b + x - 1) / (1 - a)) * Math.expm1(log) * bgNbdAlive(model, customer);
}

/** Beyond this chance of even more purchases, the rest of a distribution is left out. */
const TAIL = 1e-9;
const MOST_PURCHASES = 20_000;

/**
 * P(more than n purchases in the next `t` | x, t_x, T) for n = 0, 1, ..., until below 1e-9: the law of what a customer
 * will do, exactly. An active customer buys min(M, K) times, where M ~ NBD is what an immortal one would buy and K the
 * purchase after which the customer leaves, and the two are independent given lambda and p, so
 * P(N > n) = P(active) P(M > n) B(a, b+x+n) / B(a, b+x).
 */
export function bgNbdBeyond(model: BgNbd, customer: Purchases, t: number): Float64Array {
  const { r, alpha, a, b } = model;
  const { x, T } = customer;
  const alive = bgNbdAlive(model, customer);
  const shape = r + x;
  const share = t / (alpha + T + t);
  let logMass = shape * Math.log1p(-share);
  let below = 0;
  let loyal = 1;
  const beyond: number[] = [];
  for (let n = 0; n < MOST_PURCHASES; n++) {
    below += Math.exp(logMass);
    const chance = alive * Math.max(0, 1 - below) * loyal;
    if (chance < TAIL) break;
    beyond.push(chance);
    logMass += Math.log(((shape + n) / (n + 1)) * share);
    loyal *= (b + x + n) / (a + b + x + n);
  }
  return Float64Array.from(beyond);
}
