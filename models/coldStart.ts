import { betaQuantile } from '../src/stats/betaQuantile.ts';
import type { Prior } from '../src/stats/shrunkRate.ts';
import type { Hazards } from './hazards.ts';
import { incidenceAt } from './hazards.ts';

export { type Prior, shrunkRateAlong, type Tally, WEAK_PRIOR } from '../src/stats/shrunkRate.ts';

/**
 * The band that holds a rate with probability `level`, from quantiles of the beta law of the given mean and weight
 * (the sum of its two parameters). Of a rate shrunk as above it is the Bayesian credible interval. `spread` is further
 * variance, as of candidates that disagree: the law is widened to hold it (moments matched).
 */
export function betaBand(law: Prior, spread = 0, level = 0.8): { readonly lo: number; readonly hi: number } {
  const p = Math.min(Math.max(law.rate, 1e-6), 1 - 1e-6);
  const variance = (p * (1 - p)) / (law.weight + 1) + spread;
  const weight = Math.max((p * (1 - p)) / variance - 1, 1e-2);
  const quantile = (q: number) => betaQuantile(q, p * weight, (1 - p) * weight);
  return { lo: Math.min(quantile((1 - level) / 2), p), hi: Math.max(quantile((1 + level) / 2), p) };
}

/**
 * Hazards whose share of success is `rate`, ending at the same times as the given ones: in every bin the odds of the
 * successful causes among those that end are multiplied by one factor, found by bisection, so that
 * F_won / (F_won + F_lost) over the horizon equals `rate`. What is derived (probability, dates, forecast) stays coherent.
 * With one cause there is nothing to share out: the hazards come back as they are.
 * @param p bins x (causes + 1), index 0 = still open · @param success whether cause c is a success
 */
export function tiltToRate(grid: Hazards, p: Float64Array, success: readonly boolean[], rate: number): Float64Array {
  if (success.every((s) => s) || !success.some((s) => s)) return p.slice();
  const shareAt = (factor: number) => shareOfSuccess(grid, tilted(grid, p, success, factor), success);
  let low = -30;
  let high = 30;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (shareAt(Math.exp(middle)) < rate) low = middle;
    else high = middle;
  }
  return tilted(grid, p, success, Math.exp((low + high) / 2));
}

/** Outcomes up to which an owner's and a team's own record counts in full, and from which on only by what was learned. */
const RECORD_IN_FULL = 50;
const RECORD_GONE = 200;

/**
 * How much the records of owner and team count beside the model, 0 to 1: all while there are too few outcomes to learn
 * from, none once candidates that read these records were chosen by evidence. Between it falls evenly, so that no further
 * outcome moves a probability or a band far.
 */
export const recordTrust = (outcomes: number): number =>
  Math.min(1, Math.max(0, (RECORD_GONE - outcomes) / (RECORD_GONE - RECORD_IN_FULL)));

const logit = (p: number): number => Math.log(p / (1 - p));

/**
 * How far a row's own record moves the log odds of success: trust (logit own - logit company); 0 where nothing is known of
 * either. Bounded by the shrinkage: six of six won under a company at a quarter is at most 1.2.
 */
export function recordLift(own: number, company: number, trust: number): number {
  const lift = trust * (logit(own) - logit(company));
  return Number.isFinite(lift) ? lift : 0;
}

/** Hazards of one row whose odds of success, given an ending, are multiplied by exp(lift); when it ends stays as it was. */
export function liftOdds(grid: Hazards, p: Float64Array, success: readonly boolean[], lift: number): Float64Array {
  const share = shareOfSuccess(grid, p, success);
  if (lift === 0 || !(share > 0 && share < 1)) return p.slice();
  return tiltToRate(grid, p, success, 1 / (1 + Math.exp(-logit(share) - lift)));
}

function tilted({ causes }: Hazards, p: Float64Array, success: readonly boolean[], factor: number): Float64Array {
  const out = p.slice();
  const width = causes + 1;
  for (let cell = 0; cell < p.length; cell += width) {
    let ends = 0;
    let moved = 0;
    for (let c = 0; c < causes; c++) {
      const v = p[cell + c + 1]!;
      ends += v;
      moved += success[c] ? v * factor : v;
    }
    if (!(moved > 0)) continue;
    for (let c = 0; c < causes; c++) out[cell + c + 1] = (p[cell + c + 1]! * (success[c] ? factor : 1) * ends) / moved;
  }
  return out;
}

/** F_success / sum_c F_c over the horizon, of one row of hazards; NaN where nothing ends. */
export function shareOfSuccess(grid: Hazards, p: Float64Array, success: readonly boolean[]): number {
  const F = new Float64Array(grid.causes);
  incidenceAt(grid, p, 0, grid.edges.at(-1)!, F);
  let good = 0;
  let all = 0;
  for (let c = 0; c < grid.causes; c++) {
    all += F[c]!;
    if (success[c]) good += F[c]!;
  }
  return good / all;
}

/**
 * Weights of parts in a mixture p = sum_k w_k p_k that say most of what happened to rows that no part had seen:
 * the maximum of sum_i v_i log sum_k w_k p_ik + sum_k a_k log w_k, over w >= 0 with sum 1. The pseudo outcomes `a` are
 * a Dirichlet law: with few rows the weights stay at a / sum a, with many the evidence decides, and in between they move
 * by little with each further row, since the maximum is unique. Found by EM, which never leaves the simplex.
 * Source: Yao et al. (2018), stacking of predictive distributions; Dempster et al. (1977).
 * @param said by part, the probability it gave to what happened, one a cell · @param weight one a cell
 */
export function stackWeights(
  said: readonly ArrayLike<number>[],
  weight: ArrayLike<number>,
  pseudo: readonly number[],
): Float64Array {
  const parts = said.length;
  const cells = weight.length;
  const total = pseudo.reduce((s, a) => s + a, 0);
  let w = Float64Array.from(pseudo, (a) => a / total);
  for (let step = 0; step < 500; step++) {
    const next = Float64Array.from(pseudo);
    for (let i = 0; i < cells; i++) {
      let mix = 0;
      for (let k = 0; k < parts; k++) mix += w[k]! * said[k]![i]!;
      const share = weight[i]! / Math.max(mix, 1e-300);
      for (let k = 0; k < parts; k++) next[k]! += share * w[k]! * said[k]![i]!;
    }
    const sum = next.reduce((s, v) => s + v, 0);
    let moved = 0;
    for (let k = 0; k < parts; k++) {
      next[k]! /= sum;
      moved = Math.max(moved, Math.abs(next[k]! - w[k]!));
    }
    w = next;
    if (moved < 1e-7) break;
  }
  return w;
}

/**
 * Weights of like parts by how well each said what happened: w_k proportional to exp(sharpness (L_best - L_k)), with L
 * the summed log loss on rows the part had not seen (pseudo Bayesian model averaging, Yao et al. 2018). Smooth in the
 * losses, so that no single row switches from one part to another.
 */
export function averagingWeights(losses: readonly number[], sharpness: number): number[] {
  const best = Math.min(...losses);
  const raw = losses.map((loss) => Math.exp(-sharpness * (loss - best)));
  const sum = raw.reduce((s, v) => s + v, 0);
  return raw.map((v) => v / sum);
}
