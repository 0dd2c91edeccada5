import { sameLength } from '../../src/stats/check.ts';
import { certain, type Distribution } from './distribution.ts';
import type { LatticeLaw } from './smoothLaw.ts';

/** Cells of the lattice. */
export const CELLS = 4096;
/** Up to this many deals every possible sum is listed: at most 4,096 of them, and exact. */
const LISTED = 12;
/** Cells at the ends of the law that hold less than this are dropped: together below 1e-10. */
const NEGLIGIBLE = 1e-16;

/**
 * What the amounts alone say about the sum: made once, then used for any probabilities. A loss of money (a negative
 * amount) that happens with probability p is a certain loss with the same gain at 1 - p, so that all steps go up.
 */
export interface Sums {
  /** Deals that move the sum, by size. */
  readonly deal: Int32Array;
  readonly negative: Uint8Array;
  /** |amount| of each of them, in cells: whole cells and the rest. */
  readonly whole: Int32Array;
  readonly rest: Float64Array;
  readonly origin: number;
  readonly step: number;
  readonly cells: number;
  /** Cells that the widest step may take. */
  readonly most: number;
  /** 0 where every amount is a whole number of cells. */
  readonly width: number;
  /** Every sum by the subset that gives it, where there are few deals. */
  readonly listed: Float64Array | undefined;
}

/**
 * Lays the lattice. `span`: how far above the least sum the law is followed; what exceeds it is counted in the last
 * cell. Whole amounts with a common divisor that fits are exact; else an amount is split linearly over two neighbouring
 * cells, which keeps the mean (but for what the last cell holds back) and adds at most a quarter of a squared cell of
 * variance a deal. `smooth`: something that takes any value is added to the deals, so that the lattice covers the whole span.
 */
export function layOut(
  amount: ArrayLike<number>,
  span = Number.POSITIVE_INFINITY,
  { smooth = false, most = CELLS }: { readonly smooth?: boolean; readonly most?: number } = {},
): Sums {
  const moving = Array.from({ length: amount.length }, (_, i) => i).filter((i) => amount[i] !== 0);
  const deal = Int32Array.from(moving.sort((a, b) => Math.abs(amount[a]) - Math.abs(amount[b]) || a - b));
  const negative = Uint8Array.from(deal, (i) => (amount[i] < 0 ? 1 : 0));
  let total = 0;
  let origin = 0;
  let divisor = 0;
  for (const i of deal) {
    total += Math.abs(amount[i]);
    origin += Math.min(0, amount[i]);
    divisor = Number.isSafeInteger(amount[i]) ? gcd(divisor, Math.abs(amount[i])) : Number.NaN;
  }
  const exact = !smooth && total / divisor <= most - 1;
  const reach = exact ? total : smooth ? span : Math.min(total, span);
  const step = exact ? divisor : reach / (most - 1);
  const whole = new Int32Array(deal.length);
  const rest = new Float64Array(deal.length);
  for (const [k, i] of deal.entries()) {
    const cells = Math.abs(amount[i]) / step;
    whole[k] = exact ? Math.round(cells) : Math.min(most, Math.floor(cells));
    rest[k] = exact || whole[k] === most ? 0 : cells - whole[k];
  }
  const listed = !smooth && deal.length <= LISTED ? listSums(amount, deal, origin) : undefined;
  const cells = deal.length === 0 && !smooth ? 1 : Math.round(reach / step) + 1;
  return { deal, negative, whole, rest, origin, step, cells, most, width: exact ? 0 : step, listed };
}

/** Mean and standard deviation of the sum of independent deals, without making its law. */
export function momentsOf(amount: ArrayLike<number>, p: ArrayLike<number>): { mean: number; deviation: number } {
  let mean = 0;
  let variance = 0;
  for (let i = 0; i < amount.length; i++) {
    mean += p[i] * amount[i];
    variance += p[i] * (1 - p[i]) * amount[i] * amount[i];
  }
  return { mean, deviation: Math.sqrt(variance) };
}

/**
 * How far above the least sum anything is worth following: nine standard deviations above the mean, and the largest
 * deal on top, since one rare giant lies many deviations away and must still be seen.
 */
export function reachOf(amount: ArrayLike<number>, mean: number, deviation: number): number {
  let least = 0;
  let largest = 0;
  for (let i = 0; i < amount.length; i++) {
    least += Math.min(0, amount[i]);
    largest = Math.max(largest, Math.abs(amount[i]));
  }
  return mean - least + 9 * deviation + largest;
}

/** Euclid; NaN stays NaN, which compares as "does not fit". */
function gcd(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}

/** Sums by subset: bit k set = the k-th moving deal adds its |amount| to the least sum. */
function listSums(amount: ArrayLike<number>, deal: Int32Array, origin: number): Float64Array {
  const sums = new Float64Array(2 ** deal.length).fill(origin);
  for (const [k, i] of deal.entries()) {
    for (let subset = 0; subset < 2 ** k; subset++) sums[subset + 2 ** k] = sums[subset] + Math.abs(amount[i]);
  }
  return sums;
}

/** Numbers that one pass works on: kept between passes, so that a mixture allocates once. */
export interface Workspace {
  readonly mass: Float64Array;
}

/** The front half stays zero, so that the inner loop may look back past cell 0 without asking. */
export const workspace = (sums: Sums): Workspace => ({
  mass: new Float64Array(sums.listed ? sums.listed.length : 2 * sums.cells + sums.most + 2),
});

/**
 * Adds the law of the sum for independent deals that happen with probability p[i], times `weight`, to `into` (by subset
 * where sums are listed, else by cell). f <- (1 - p) f + p shift(f, a), one deal after the other by size, only over the
 * cells that hold anything. Cost O(deals x cells held): about 20 standard deviations of the sum wide.
 * @param start what the deals come on top of; absent = nothing
 */
export function accumulate(
  sums: Sums,
  p: ArrayLike<number>,
  weight: number,
  work: Workspace,
  into: Float64Array,
  start?: LatticeLaw,
): void {
  const { deal, negative, listed } = sums;
  const f = work.mass;
  if (listed) {
    f[0] = weight;
    for (let k = 0; k < deal.length; k++) {
      const up = negative[k] ? 1 - p[deal[k]] : p[deal[k]];
      for (let subset = 0; subset < 2 ** k; subset++) {
        f[subset + 2 ** k] = f[subset] * up;
        f[subset] *= 1 - up;
      }
    }
    for (let subset = 0; subset < listed.length; subset++) into[subset] += f[subset];
    return;
  }
  const front = sums.cells + sums.most + 2 - 1;
  const last = front + sums.cells - 1;
  f.fill(0);
  if (start) f.set(start.mass, front);
  else f[front] = 1;
  let low = front + (start?.low ?? 0);
  let high = front + (start?.high ?? 0);
  for (let k = 0; k < deal.length; k++) {
    const up = negative[k] ? 1 - p[deal[k]] : p[deal[k]];
    if (up <= 0) continue;
    const shift = sums.whole[k];
    const far = up * sums.rest[k];
    const near = up - far;
    const stay = 1 - up;
    let beyond = 0;
    for (let i = Math.max(low, last - shift); i <= high; i++) {
      if (i + shift > last) beyond += near * f[i];
      beyond += far * f[i];
    }
    const top = Math.min(last, high + shift + (far > 0 ? 1 : 0));
    for (let j = top; j >= low; j--) f[j] = stay * f[j] + near * f[j - shift] + far * f[j - shift - 1];
    f[last] += beyond;
    high = beyond > 0 ? last : top;
    while (low < high && f[low] < NEGLIGIBLE) f[low++] = 0;
    while (high > low && f[high] < NEGLIGIBLE) f[high--] = 0;
  }
  for (let i = low; i <= high; i++) into[i - front] += weight * f[i];
}

/** Reads an accumulated law: equal sums together, in order, mass summing to 1. */
export function readLaw(sums: Sums, mass: Float64Array): Distribution {
  const { listed, origin, step, width } = sums;
  let total = 0;
  for (const value of mass) total += value;
  if (!listed) {
    return { values: mass.map((_, i) => origin + i * step), mass: mass.map((value) => value / total), width };
  }
  const values: number[] = [];
  const masses: number[] = [];
  for (const subset of [...listed.keys()].sort((a, b) => listed[a] - listed[b])) {
    if (values.length > 0 && values[values.length - 1] === listed[subset]) {
      masses[masses.length - 1] += mass[subset] / total;
    } else {
      values.push(listed[subset]);
      masses.push(mass[subset] / total);
    }
  }
  return { values: Float64Array.from(values), mass: Float64Array.from(masses), width: 0 };
}

/** Room for the accumulated law. */
export const emptyLaw = (sums: Sums): Float64Array => new Float64Array(sums.listed ? sums.listed.length : sums.cells);

/**
 * The law of the sum of independent deals, each `amount[i]` (any sign, any unit) with probability p[i] and else 0.
 * Exact for up to 12 deals and wherever the amounts share a divisor that fits 4,096 cells; else quantiles are within about
 * a cell. The real sum is wider than this: deals of one quarter share its luck, see `commonFactorSum`.
 */
export function dealSum(amount: ArrayLike<number>, p: ArrayLike<number>): Distribution {
  sameLength('dealSum', amount, p);
  const { mean, deviation } = momentsOf(amount, p);
  const sums = layOut(amount, reachOf(amount, mean, deviation));
  if (sums.deal.length === 0) return certain(0);
  const mass = emptyLaw(sums);
  accumulate(sums, p, 1, workspace(sums), mass);
  return readLaw(sums, mass);
}
