import type { HazardModel } from './hazardModel.ts';
import { incidenceGradient } from './kernel/incidenceGradient.ts';
import { firstLayer, forwardMember, memberPass, sharedLogits } from './kernel/network.ts';
import { applyLevel, type Level, levelGradient } from './level.ts';
import { isRhythmic, rhythmSlopes } from './rhythm.ts';

/** What is explained, as a log odds: F = log(a / b) with a and b sums of cumulative incidences, or of what is left. */
export interface ScoreFunction {
  /** Horizon in days, at most the last edge. */
  readonly timeDays: number;
  /** Value and derivative in the cumulative incidences F_1 .. F_C at that horizon. */
  logit(F: Float64Array): { readonly value: number; readonly gradient: Float64Array };
}

/** log odds of the positive against the other side by the horizon, given that it ends. */
export function positiveOfEnded(timeDays: number, positive: readonly boolean[]): ScoreFunction {
  return {
    timeDays,
    logit: (F) => {
      let a = 1e-12;
      let b = 1e-12;
      positive.forEach((w, c) => {
        if (w) a += F[c]!;
        else b += F[c]!;
      });
      return { value: Math.log(a / b), gradient: Float64Array.from(positive, (w) => (w ? 1 / a : -1 / b)) };
    },
  };
}

/** log odds of a positive ending by the horizon. */
export function positiveBy(timeDays: number, positive: readonly boolean[]): ScoreFunction {
  return {
    timeDays,
    logit: (F) => {
      let a = 0;
      positive.forEach((w, c) => {
        if (w) a += F[c]!;
      });
      a = Math.min(Math.max(a, 1e-12), 1 - 1e-12);
      return {
        value: Math.log(a / (1 - a)),
        gradient: Float64Array.from(positive, (w) => (w ? 1 / (a * (1 - a)) : 0)),
      };
    },
  };
}

export interface Attribution {
  /** F at the baseline and at the row. */
  readonly base: number;
  readonly total: number;
  /** Per encoded column; their sum with `covariates` is total - base within 1e-3. */
  readonly columns: Float64Array;
  /** Per bin covariate, summed over bins. */
  readonly covariates: Float64Array;
  readonly steps: number;
}

/** A row as the parts of a model read it. */
export interface EncodedRow {
  readonly x: Float32Array;
  readonly q: Float32Array;
}

/** Where a path begins, and the steps it is first walked in: a short way needs fewer. */
export interface PathStart extends EncodedRow {
  readonly steps: number;
}

const TOLERANCE = 1e-3;
const MOST_STEPS = 1024;

/**
 * Integrated gradients (Sundararajan, Taly and Yan, Axiomatic Attribution for Deep Networks, 2017, eq. 1) of a score
 * function, from the mean training row (or another one) to this one, by midpoints; steps are tripled from 32 until the
 * parts sum to F(x) - F(x') within 1e-3. Reproducible: no sampling.
 *
 * The first layer is linear along the path, so it is evaluated at the two ends only and its gradient is averaged before
 * it is carried back to the inputs once. Cost: steps x members x 4 width^2.
 */
export function integratedGradients(
  model: HazardModel,
  x: Float32Array,
  q: Float32Array,
  score: ScoreFunction,
  level?: Level,
  start: PathStart = { x: model.state.meanX, q: model.state.meanQ, steps: 32 },
): Attribution {
  const walk = walker(model, start, { x, q }, score, level, false);
  for (let { steps } = start, before = 0; ; before = steps, steps *= 3) {
    const points: number[] = [];
    // Every third midpoint of three times the steps is one of those walked before.
    for (let s = 0; s < steps; s++) if (before === 0 || s % 3 !== 1) points.push((s + 0.5) / steps);
    const { base, total, slopeX, slopeQ } = walk(points);
    const columns = new Float64Array(slopeX.length);
    for (let j = 0; j < columns.length; j++) columns[j] = (x[j]! - start.x[j]!) * slopeX[j]!;
    const covariates = new Float64Array(q.length / (model.grid.edges.length - 1));
    for (let e = 0; e < q.length; e++) covariates[e % covariates.length]! += (q[e]! - start.q[e]!) * slopeQ[e]!;
    let sum = 0;
    for (const v of columns) sum += v;
    for (const v of covariates) sum += v;
    if (Math.abs(sum - (total - base)) <= TOLERANCE || steps >= MOST_STEPS) {
      return { base, total, columns, covariates, steps };
    }
  }
}

/** A score function and its slope where one row stands: per encoded column and per cell of the bin covariates. */
export interface Slope {
  readonly value: number;
  readonly slopeX: Float64Array;
  readonly slopeQ: Float64Array;
}

/** dF/dx and dF/dq at a row: what a little more of each input would do to the log odds. Cost: one step of the above. */
export function slopeAt(model: HazardModel, row: EncodedRow, score: ScoreFunction, level?: Level): Slope {
  const { total, slopeX, slopeQ } = walker(model, row, row, score, level, true)([1]);
  return { value: total, slopeX, slopeQ };
}

/** Walks on to further points of a path, and answers the mean slope over all walked so far. */
type Walk = (points: readonly number[]) => Slope & { readonly base: number; readonly total: number };

/**
 * The mean slope over points of the straight path between two rows (0 = from, 1 = to).
 * @param everywhere also of columns in which the two do not differ; else those are 0, and cost nothing
 */
function walker(
  model: HazardModel,
  from: EncodedRow,
  to: EncodedRow,
  score: ScoreFunction,
  level: Level | undefined,
  everywhere: boolean,
): Walk {
  const { x, q } = to;
  const { state, grid, network } = model;
  const { causes } = grid;
  const bins = grid.edges.length - 1;
  const width = causes + 1;
  const cells = bins * width;
  const inputs = state.encoder.width;
  const covariates = q.length / bins;
  const { linear, constant, rhythm } = state;
  if (rhythm && isRhythmic(x, 0, inputs)) {
    const walked: number[] = [];
    return (points) => {
      walked.push(...points);
      const slopes = rhythmSlopes(rhythm, grid, from.x, x, score, walked, level);
      return { value: slopes.total, ...slopes, slopeQ: new Float64Array(q.length) };
    };
  }

  // Ends of the path.
  const scoreAt = (row: Float32Array) => {
    const out = new Float64Array(causes);
    if (linear)
      for (let j = 0; j < inputs; j++)
        for (let c = 0; c < causes; c++) out[c]! += row[j]! * linear.model.beta[j * causes + c]!;
    return out;
  };
  const linear0 = scoreAt(from.x);
  const linear1 = scoreAt(x);
  const hidden = network ? network.shape.members * network.shape.width : 0;
  const first0 = new Float64Array(hidden);
  const first1 = new Float64Array(hidden);
  if (network) {
    firstLayer(network, from.x, first0);
    let differ = 0;
    for (let j = 0; j < inputs; j++) if (x[j] !== from.x[j]) differ++;
    if (differ * 3 > inputs) firstLayer(network, x, first1);
    else {
      // Two rows of one record differ in little: only that is added.
      const { members, width: units } = network.shape;
      first1.set(first0);
      for (let j = 0; j < inputs; j++) {
        const apart = x[j]! - from.x[j]!;
        if (apart === 0) continue;
        for (let m = 0; m < members; m++) {
          const at = (m * inputs + j) * units;
          for (let u = 0; u < units; u++) first1[m * units + u]! += apart * network.wide[at + u]!;
        }
      }
    }
  }

  const first = new Float64Array(hidden);
  const qAt = new Float32Array(q.length);
  const shared = new Float64Array(bins * causes);
  const passes = network ? Array.from({ length: network.shape.members }, () => memberPass(network.shape)) : [];
  const p = new Float64Array(cells);
  const levelled = new Float64Array(cells);
  const pLinear = new Float64Array(cells);
  const dFirst = new Float64Array(hidden);
  const dScore = new Float64Array(causes);
  const dQ = new Float64Array(q.length);
  const dz = new Float64Array(bins * causes);

  /** Probabilities at share `a` of the way; leaves what the backward pass needs in the buffers. */
  const forward = (a: number) => {
    p.fill(0);
    for (let e = 0; e < q.length; e++) qAt[e] = from.q[e]! + a * (q[e]! - from.q[e]!);
    if (constant) for (let e = 0; e < cells; e++) p[e]! += constant.weight * constant.p[e]!;
    if (linear) {
      sharedLogits(linear.model.gamma, qAt, bins, causes, shared);
      for (let b = 0; b < bins; b++) {
        let sum = 1;
        for (let c = 0; c < causes; c++) {
          const z =
            linear.model.intercept[b * causes + c]! +
            linear0[c]! +
            a * (linear1[c]! - linear0[c]!) +
            shared[b * causes + c]!;
          sum += pLinear[b * width + c + 1] = Math.exp(Math.min(z, 500));
        }
        pLinear[b * width] = 1;
        for (let c = 0; c < width; c++) p[b * width + c]! += linear.weight * (pLinear[b * width + c]! /= sum);
      }
    }
    if (network) {
      const { members } = network.shape;
      for (let u = 0; u < hidden; u++) first[u] = first0[u]! + a * (first1[u]! - first0[u]!);
      sharedLogits(network.weights.gamma, qAt, bins, causes, shared);
      for (let m = 0; m < members; m++) {
        forwardMember(network, m, first, shared, passes[m]!);
        for (let e = 0; e < cells; e++) p[e]! += (state.network!.weight / members) * passes[m]!.p[e]!;
      }
    }
    levelled.set(p);
    if (level) applyLevel(levelled, causes, level);
    const { F, dF } = incidenceGradient(grid, levelled, score.timeDays);
    return { dF, ...score.logit(F) };
  };

  /** d score / d logits of one part's softmax, times its weight. */
  const intoLogits = (part: Float64Array, dU: Float64Array, weight: number) => {
    for (let b = 0; b < bins; b++) {
      let mean = 0;
      for (let j = 0; j < causes; j++) mean += dU[b * causes + j]! * part[b * width + j + 1]!;
      for (let c = 0; c < causes; c++)
        dz[b * causes + c] = weight * part[b * width + c + 1]! * (dU[b * causes + c]! - mean);
    }
  };
  const intoCovariates = (gamma: ArrayLike<number>) => {
    for (let b = 0; b < bins; b++)
      for (let k = 0; k < covariates; k++)
        for (let c = 0; c < causes; c++) dQ[b * covariates + k]! += dz[b * causes + c]! * gamma[k * causes + c]!;
  };

  const backward = (dF: Float64Array, gradient: Float64Array) => {
    const dU = new Float64Array(bins * causes);
    for (let c = 0; c < causes; c++)
      for (let e = 0; e < dU.length; e++) dU[e]! += gradient[c]! * dF[c * dU.length + e]!;
    if (level) levelGradient(p, causes, level, dU);
    if (linear) {
      intoLogits(pLinear, dU, linear.weight);
      intoCovariates(linear.model.gamma);
      for (let b = 0; b < bins; b++) for (let c = 0; c < causes; c++) dScore[c]! += dz[b * causes + c]!;
    }
    if (network) {
      const { members, width: units } = network.shape;
      const { head, w2 } = network.weights;
      const outputs = bins * causes;
      const d2 = new Float64Array(units);
      for (let m = 0; m < members; m++) {
        const pass = passes[m]!;
        intoLogits(pass.p, dU, state.network!.weight / members);
        intoCovariates(network.weights.gamma);
        for (let v = 0; v < units; v++) {
          d2[v] = 0;
          if (pass.h2[v]! <= 0) continue;
          const at = (m * units + v) * outputs;
          for (let o = 0; o < outputs; o++) d2[v]! += head[at + o]! * dz[o]!;
        }
        for (let u = 0; u < units; u++) {
          if (pass.h1[u]! <= 0) continue;
          let sum = 0;
          for (let v = 0; v < units; v++) sum += w2[u * units + v]! * d2[v]!;
          dFirst[m * units + u]! += sum;
        }
      }
    }
  };

  const base = forward(0).value;
  const total = forward(1).value;
  let steps = 0;
  return (points) => {
    for (const point of points) {
      const { dF, gradient } = forward(point);
      backward(dF, gradient);
    }
    steps += points.length;
    const slopeX = new Float64Array(inputs);
    for (let j = 0; j < inputs; j++) {
      if (!everywhere && x[j] === from.x[j]) continue;
      let slope = 0;
      if (linear) for (let c = 0; c < causes; c++) slope += linear.model.beta[j * causes + c]! * dScore[c]!;
      if (network) {
        const { members, width: units } = network.shape;
        for (let m = 0; m < members; m++) {
          const start = (m * inputs + j) * units;
          for (let u = 0; u < units; u++) slope += network.wide[start + u]! * dFirst[m * units + u]!;
        }
      }
      slopeX[j] = slope / steps;
    }
    return { value: total, base, total, slopeX, slopeQ: dQ.map((v) => v / steps) };
  };
}
