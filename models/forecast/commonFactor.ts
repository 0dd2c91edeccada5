import { sameLength } from '../../src/stats/check.ts';
import { gaussHermite, type Quadrature } from '../../src/stats/gaussHermite.ts';
import { normalCdf, normalPdf, normalQuantile } from '../../src/stats/normal.ts';
import { accumulate, dealSum, emptyLaw, layOut, momentsOf, reachOf, readLaw, workspace } from './dealSum.ts';
import { certain, type Distribution } from './distribution.ts';

/** Used where no past says otherwise: a mild shared luck. */
export const DEFAULT_RHO = 0.03;
const MAX_RHO = 0.3;

/** Nodes for the shared luck; more where the deals are so many that the sum given the luck is narrow. */
const NODES = 15;
const NODES_LISTED = 31;
const MOST_NODES = 401;
/** Two neighbouring nodes may lie this many standard deviations of the sum (given the luck) apart. */
const APART = 2;
/** Luck beyond this many standard deviations (three in 100,000) does not widen the lattice. */
const LUCK = 4;

/**
 * The chance of a deal given the quarter's luck z: Phi((Phi^-1(p) - sqrt(rho) z) / sqrt(1 - rho)). Its mean over z is p;
 * a high z is bad luck. Source: Vasicek (2002), the one-factor Gaussian model.
 */
export const givenLuck = (threshold: number, rho: number, z: number): number =>
  normalCdf((threshold - Math.sqrt(rho) * z) / Math.sqrt(1 - rho));

/**
 * The law of the sum of deals that share one luck: the independent law given the luck, averaged over it. The mean is
 * that of independent deals, the spread is not: with many deals a rho of .05 triples it.
 *
 * NOTE: 15 Gauss-Hermite nodes suffice while the sum given the luck is wider than the step between nodes. With
 * thousands of deals it is not, and 15 nodes give a staircase; then evenly spaced nodes are taken, as many as needed,
 * over a law that is narrow and so cheap. `rho` in [0, 1); 0 is independence.
 */
export function commonFactorSum(amount: ArrayLike<number>, p: ArrayLike<number>, rho = DEFAULT_RHO): Distribution {
  sameLength('commonFactorSum', amount, p);
  if (rho === 0) return dealSum(amount, p);
  const n = p.length;
  const thresholds = Float64Array.from(p, normalQuantile);
  const given = new Float64Array(n);
  const condition = (z: number) => {
    for (let i = 0; i < n; i++) given[i] = givenLuck(thresholds[i], rho, z);
  };
  const rule = nodesFor(amount, condition, given);
  const sums = layOut(amount, rule.span);
  if (sums.deal.length === 0) return certain(0);
  const { nodes, weights } = sums.listed ? gaussHermite(NODES_LISTED) : rule;
  const work = workspace(sums);
  const mass = emptyLaw(sums);
  for (let k = 0; k < nodes.length; k++) {
    condition(nodes[k]);
    accumulate(sums, given, weights[k], work, mass);
  }
  return readLaw(sums, mass);
}

/** Nodes close enough together, and how far above the least sum the law reaches. */
function nodesFor(
  amount: ArrayLike<number>,
  condition: (z: number) => void,
  given: Float64Array,
): Quadrature & { readonly span: number } {
  const few = gaussHermite(NODES);
  let span = 0;
  let apart = 0;
  let before: { mean: number; deviation: number } | undefined;
  for (const z of [-LUCK, ...few.nodes.filter((node) => Math.abs(node) < LUCK), LUCK]) {
    condition(z);
    const { mean, deviation } = momentsOf(amount, given);
    span = Math.max(span, reachOf(amount, mean, deviation));
    if (before && deviation + before.deviation > 0 && Math.abs(z) < LUCK) {
      apart = Math.max(apart, (2 * Math.abs(mean - before.mean)) / (deviation + before.deviation));
    }
    before = { mean, deviation };
  }
  if (apart <= APART) return { ...few, span };
  const middle = few.nodes[(NODES + 1) / 2] - few.nodes[(NODES - 1) / 2];
  return { ...evenNodes((middle * APART) / apart), span };
}

/** The trapezoid rule for the standard normal law; its error falls faster than any power of the spacing. */
function evenNodes(spacing: number): Quadrature {
  const reach = 5.5;
  const count = Math.min(MOST_NODES, 2 * Math.ceil(reach / spacing) + 1);
  const nodes = Float64Array.from({ length: count }, (_, k) => -reach + (2 * reach * k) / (count - 1));
  const weights = nodes.map(normalPdf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { nodes, weights: weights.map((weight) => weight / total) };
}

/** What was said of the open deals on one past day, and what came of it. */
export interface PastSnapshot {
  readonly amount: ArrayLike<number>;
  readonly p: ArrayLike<number>;
  /** 1 = won within the period said. */
  readonly won: ArrayLike<number>;
}

/**
 * How much luck the deals share, from past snapshots of periods that do not overlap:
 * rho = sum_s [(sum (y - p) a)^2 - sum p (1 - p) a^2] / sum_s (sum a phi(Phi^-1(p)))^2,
 * the spread of the misses beyond independence over what a unit of shared luck would move. Held within [0, .3]; .03
 * without any snapshot that could tell. A few snapshots say little: pool teams and quarters before trusting it.
 */
export function estimateRho(snapshots: readonly PastSnapshot[]): number {
  let beyond = 0;
  let moved = 0;
  for (const { amount, p, won } of snapshots) {
    sameLength('estimateRho', amount, p, won);
    let miss = 0;
    let own = 0;
    let reach = 0;
    for (let i = 0; i < p.length; i++) {
      miss += (won[i] - p[i]) * amount[i];
      own += p[i] * (1 - p[i]) * amount[i] ** 2;
      if (p[i] > 0 && p[i] < 1) reach += amount[i] * normalPdf(normalQuantile(p[i]));
    }
    beyond += miss * miss - own;
    moved += reach * reach;
  }
  return moved > 0 ? Math.min(MAX_RHO, Math.max(0, beyond / moved)) : DEFAULT_RHO;
}
