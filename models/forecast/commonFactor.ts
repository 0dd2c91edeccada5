import { sameLength } from '../../src/stats/check.ts';
import { gaussHermite, type Quadrature } from '../../src/stats/gaussHermite.ts';
import { normalCdf, normalPdf, normalQuantile } from '../../src/stats/normal.ts';
import { type Compound, cumulantsOf, noneOf, panjer } from './compound.ts';
import { accumulate, CELLS, dealSum, emptyLaw, layOut, momentsOf, reachOf, readLaw, workspace } from './dealSum.ts';
import { certain, type Distribution, shifted } from './distribution.ts';
import { convolved, type LatticeLaw, smoothLaw } from './smoothLaw.ts';

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

/** Deals that are not there yet, and what those that will be won bring. They share the luck of the open ones. */
export interface Arrivals extends Compound {
  /** Of one of them to be won in the period, in (0, 1): what luck moves. */
  readonly chance: number;
}

/** So many deals are followed one by one; of more, the small ones together. */
const ONE_BY_ONE = 64;
/** With fewer chances in a thousand of no arrival at all, arrivals too are many small ones. */
const NEVER = 1e-3;

/**
 * The law of the sum of deals that share one luck: the independent law given the luck, averaged over it. The mean is
 * that of independent deals, the spread is not: with many deals a rho of .05 triples it.
 *
 * Up to 64 deals are followed one by one on a lattice; of more, those 64 that could move the sum most, on top of the law of the
 * others, which are many and small: three cumulants (`smoothLaw`), taken by classes of like chance. Arrivals are a
 * compound law (`compound.ts`) whose mean the luck moves; of no more value than they, the answer is exact where the amounts allow.
 *
 * NOTE: 15 Gauss-Hermite nodes suffice while the sum given the luck is wider than the step between nodes. With
 * thousands of deals it is not, and 15 nodes give a staircase; then evenly spaced nodes are taken, as many as needed,
 * over a law that is narrow and so cheap. `rho` in [0, 1); 0 is independence.
 * Cost O(deals) + nodes x cells x 64; 2,000 deals some 20 ms, 100,000 some 50.
 * @param most cells of the lattice: fewer are faster, quantiles are within about a cell
 */
export function commonFactorSum(
  amounts: ArrayLike<number>,
  chances: ArrayLike<number>,
  rho = DEFAULT_RHO,
  arrivals?: Arrivals,
  most = CELLS,
): Distribution {
  sameLength('commonFactorSum', amounts, chances);
  const coming = arrivals && arrivals.mean > 0 ? arrivals : undefined;
  // What cannot happen takes no part: of nothing else there is no lattice to lay.
  const possible = Array.from(chances, (_, i) => i).filter((i) => chances[i] > 0 && amounts[i] !== 0);
  if (possible.length === 0 && !coming) return certain(0);
  const amount = Float64Array.from(possible, (i) => amounts[i]);
  const p = Float64Array.from(possible, (i) => chances[i]);
  if (rho === 0 && !coming && p.length <= ONE_BY_ONE) return dealSum(amount, p);
  const { single, pool } = separate(amount, p);
  const own = Float64Array.from(single, (i) => amount[i]);
  const thresholds = Float64Array.from(single, (i) => normalQuantile(p[i]));
  const given = new Float64Array(single.length);
  // Among many deals that vary more, that nothing may arrive no longer shows: three cumulants serve then too.
  const drowned = coming && pool && cumulantsOf(coming)[1] <= pool.at(rho, 0)[1];
  const many = coming && (drowned || noneOf(coming) < NEVER) ? coming : undefined;
  const few = many ? undefined : coming;
  const smooth = pool !== undefined || coming !== undefined;
  const comingAt = (z: number, of: Arrivals): Arrivals => ({
    ...of,
    mean: (of.mean * givenLuck(normalQuantile(of.chance), rho, z)) / of.chance,
  });
  const condition = (z: number) => {
    for (let k = 0; k < single.length; k++) given[k] = givenLuck(thresholds[k], rho, z);
  };
  const pooledAt = (z: number): Cumulants => {
    const sum: Cumulants = pool ? pool.at(rho, z) : [0, 0, 0];
    const more = many ? cumulantsOf(comingAt(z, many)) : NOTHING;
    return [sum[0] + more[0], sum[1] + more[1], sum[2] + more[2]];
  };
  const rule = nodesFor(rho, (z) => {
    condition(z);
    const { mean, deviation } = momentsOf(own, given);
    const pooled = pooledAt(z);
    const arriving = few ? cumulantsOf(comingAt(z, few)) : NOTHING;
    return {
      mean: mean + pooled[0] + arriving[0],
      deviation: Math.sqrt(deviation ** 2 + pooled[1] + arriving[1]),
      least: pooled[0] - LOWEST * Math.sqrt(pooled[1]),
    };
  });
  const low = pool || many ? Math.max(pool?.least ?? 0, rule.least) : 0;
  const largest = coming ? coming.severity.value.reduce((m, v) => Math.max(m, v), 0) : 0;
  const span = rule.spans.reduce((m, { mean, deviation }) => Math.max(m, reachOf(own, mean - low, deviation)), 0);
  const sums = layOut(own, span + largest, { smooth, most });
  if (sums.deal.length === 0 && !smooth) return certain(0);
  const { nodes, weights } = sums.listed && rho > 0 ? gaussHermite(NODES_LISTED) : rule;
  const work = workspace(sums);
  const mass = emptyLaw(sums);
  const startAt = (z: number): LatticeLaw | undefined => {
    const { step, cells } = sums;
    const [k1, k2, k3] = pooledAt(z);
    const together = pool || many ? smoothLaw(k1, k2, k3, low, step, cells) : undefined;
    const arriving = few ? arrivalsLaw(comingAt(z, few), step, cells) : undefined;
    return together && arriving ? convolved(together, arriving) : (together ?? arriving);
  };
  for (let k = 0; k < nodes.length; k++) {
    condition(nodes[k]);
    accumulate(sums, given, weights[k], work, mass, startAt(nodes[k]));
  }
  return shifted(readLaw(sums, mass), low);
}

type Cumulants = readonly [number, number, number];
const NOTHING: Cumulants = [0, 0, 0];
/** The lattice begins this many deviations below the least luck's mean, where not at what is certain. */
const LOWEST = 9;

/** Amounts fall between two cells, which keeps their mean. */
function arrivalsLaw(arrivals: Arrivals, step: number, cells: number): LatticeLaw {
  const { value, mass } = arrivals.severity;
  const cell: number[] = [];
  const share: number[] = [];
  for (let k = 0; k < value.length; k++) {
    const at = value[k] / step;
    const whole = Math.floor(at);
    cell.push(whole, whole + 1);
    share.push(mass[k] * (1 - (at - whole)), mass[k] * (at - whole));
  }
  const law = panjer(arrivals, cell, share, cells);
  let high = cells - 1;
  while (high > 0 && law[high] === 0) high--;
  return { mass: law, low: 0, high };
}

/** Many small deals, by classes of chance: a class moves with the luck as one of its deals does. */
interface Pool {
  /** What they bring at the least. */
  readonly least: number;
  at(rho: number, z: number): Cumulants;
}
const CLASSES_A_UNIT = 32;
const WIDEST = 8;

/** Deals followed one by one, in the order given, and the pool of the others. */
function separate(
  amount: ArrayLike<number>,
  p: ArrayLike<number>,
): { readonly single: readonly number[]; readonly pool: Pool | undefined } {
  const all = Array.from({ length: p.length }, (_, i) => i);
  if (p.length <= ONE_BY_ONE) return { single: all, pool: undefined };
  const moves = Float64Array.from(all, (i) => amount[i] * amount[i] * p[i] * (1 - p[i]));
  const bar = Float64Array.from(moves).sort()[p.length - ONE_BY_ONE];
  const single: number[] = [];
  const count = 2 * WIDEST * CLASSES_A_UNIT + 1;
  const threshold = new Float64Array(count);
  const size = new Float64Array(count);
  const sums = [new Float64Array(count), new Float64Array(count), new Float64Array(count)] as const;
  let certainly = 0;
  let least = 0;
  for (const i of all) {
    const a = amount[i];
    if (a === 0 || p[i] === 0) continue;
    if (p[i] === 1) {
      certainly += a;
      least += a;
    } else if (moves[i] >= bar && single.length < ONE_BY_ONE) single.push(i);
    else {
      const t = normalQuantile(p[i]);
      const c = Math.round((Math.max(-WIDEST, Math.min(WIDEST, t)) + WIDEST) * CLASSES_A_UNIT);
      threshold[c] += Math.abs(a) * t;
      size[c] += Math.abs(a);
      sums[0][c] += a;
      sums[1][c] += a * a;
      sums[2][c] += a * a * a;
      least += Math.min(0, a);
    }
  }
  const held = all.length ? [...size.keys()].filter((c) => size[c] > 0) : [];
  const means = held.map((c) => threshold[c] / size[c]);
  const at = (rho: number, z: number): Cumulants => {
    let [k1, k2, k3] = [certainly, 0, 0];
    for (let k = 0; k < held.length; k++) {
      const q = givenLuck(means[k], rho, z);
      const spread = q * (1 - q);
      k1 += sums[0][held[k]] * q;
      k2 += sums[1][held[k]] * spread;
      k3 += sums[2][held[k]] * spread * (1 - 2 * q);
    }
    return [k1, k2, k3];
  };
  return { single, pool: { least, at } };
}

interface Moments {
  readonly mean: number;
  readonly deviation: number;
  /** Of what is taken together, the least worth following. */
  readonly least: number;
}

/** Nodes close enough together, the moments at some of them, and the least that is worth following. */
function nodesFor(
  rho: number,
  momentsAt: (z: number) => Moments,
): Quadrature & { readonly spans: readonly Moments[]; readonly least: number } {
  const few = gaussHermite(NODES);
  const spans: Moments[] = [];
  let apart = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const z of rho === 0 ? [0] : [-LUCK, ...few.nodes.filter((node) => Math.abs(node) < LUCK), LUCK]) {
    const now = momentsAt(z);
    const before = spans.at(-1);
    if (before && now.deviation + before.deviation > 0 && Math.abs(z) < LUCK) {
      apart = Math.max(apart, (2 * Math.abs(now.mean - before.mean)) / (now.deviation + before.deviation));
    }
    least = Math.min(least, now.least);
    spans.push(now);
  }
  if (rho === 0) return { nodes: Float64Array.of(0), weights: Float64Array.of(1), spans, least };
  if (apart <= APART) return { ...few, spans, least };
  const middle = few.nodes[(NODES + 1) / 2] - few.nodes[(NODES - 1) / 2];
  return { ...evenNodes((middle * APART) / apart), spans, least };
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
