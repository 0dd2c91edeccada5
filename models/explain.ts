import { type Frame, takeRows } from '../src/frame.ts';
import { pathSlopes } from './compiled/reasons.ts';
import type { HazardModel } from './hazardModel.ts';
import { incidenceGradient } from './kernel/incidenceGradient.ts';
import { applyLevel, type Level, levelGradient } from './level.ts';
import { constantPath, linearPath, networkPath } from './pathParts.ts';
import { isRhythmic, rhythmSlopes } from './rhythm.ts';
import { treesPath } from './treesPath.ts';

/** What is explained, as a log odds: F = log(a / b) with a and b sums of cumulative incidences, or of what is left. */
export interface ScoreFunction {
  /** Horizon in days, at most the last edge. */
  readonly timeDays: number;
  /** Value and derivative in the cumulative incidences F_1 .. F_C at that horizon. */
  logit(F: Float64Array): { readonly value: number; readonly gradient: Float64Array };
}

/** Any number that is said of a row, as a function of its probabilities by bin. */
export interface LawFunction {
  /**
   * Value and derivative in the free probabilities u_bc (c >= 1), bins x causes.
   * @param p one row, bins x (causes + 1)
   */
  of(p: Float64Array): { readonly value: number; readonly gradient: Float64Array };
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

/** A row of a frame, and its bin covariates where they are other than those of its date. */
export interface AskedRow {
  readonly frame: Frame;
  readonly row: number;
  readonly q?: Float32Array;
}

/** What each feature of a row adds to a log odds. */
export interface RowReasons {
  readonly base: number;
  readonly total: number;
  /** By code of the encoder; their sum with `covariates` is total - base within 1e-3. */
  readonly codes: Float64Array;
  readonly covariates: Float64Array;
}

/** A row as the plain parts of a model read it. */
export interface EncodedRow {
  readonly x: Float32Array;
  readonly q: Float32Array;
}

/** Where a path begins, and the steps it is first walked in: a short way needs fewer. */
export interface PathStart extends EncodedRow {
  readonly steps: number;
}

const TOLERANCE = 1e-3;
/** First points of a path: a network's slopes change little along it, and where they do the sum tells. */
const FIRST_STEPS = 4;
/** Of the way between two rows of one record, on plain arrays. */
const SHORT_STEPS = 4;

/**
 * Why a row has its score: integrated gradients from the mean training row, or from another row, on the compiled form.
 * Rows that a law of purchases reads, functions of the whole law, models with trees, and machines without WebAssembly SIMD, take the plain way (`integratedGradients`).
 * Cost: about 0.2 ms.
 */
export function reasonsOf(
  model: HazardModel,
  asked: AskedRow,
  score: ScoreFunction | LawFunction,
  level?: Level,
  from?: AskedRow,
): RowReasons {
  const { compiled, state, grid } = model;
  const covariates = ({ frame, row, q }: AskedRow) => q ?? model.covariates(frame, row);
  if (compiled && !compiled.trees && 'logit' in score && !model.isRhythmic(asked.frame, asked.row)) {
    if (from) compiled.read(from.frame, from.row, 0);
    compiled.read(asked.frame, asked.row, from ? 1 : 0);
    const start = from ? covariates(from) : state.meanQ;
    // The sum along the way and the sum over features differ by roundings of float32.
    const walk = { steps: FIRST_STEPS, tolerance: 0.98 * TOLERANCE };
    return pathSlopes(compiled, grid, from ? 2 : 1, start, covariates(asked), score, level, walk);
  }
  const encoded = (one: AskedRow) => ({ ...model.rows(takeRows(one.frame, [one.row])), q: covariates(one) });
  const { x, q } = encoded(asked);
  const start = from && { ...encoded(from), steps: SHORT_STEPS };
  const found = integratedGradients(model, x, q, score, level, start);
  const codes = new Float64Array(state.encoder.codes.length);
  found.columns.forEach((value, j) => {
    codes[state.encoder.source[j]!]! += value;
  });
  return { ...found, codes };
}
const MOST_STEPS = 1024;

/**
 * Integrated gradients (Sundararajan, Taly and Yan, Axiomatic Attribution for Deep Networks, 2017, eq. 1) of a score
 * function, from the mean training row (or another one) to this one, by midpoints; steps are tripled from 32 until the
 * parts sum to F(x) - F(x') within 1e-3. Reproducible: no sampling. On plain arrays: what the compiled form is held to.
 *
 * Trees do not slope, they jump: what each jump on the way changes goes to the column whose cut is passed (`treesPath.ts`).
 *
 * The first layer is linear along the path, so it is evaluated at the two ends only and its gradient is averaged before
 * it is carried back to the inputs once. Cost: steps x members x 4 width^2.
 */
export function integratedGradients(
  model: HazardModel,
  x: Float32Array,
  q: Float32Array,
  score: ScoreFunction | LawFunction,
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

/** A function of incidences at a horizon as one of probabilities by bin. */
const byIncidence = (grid: HazardModel['grid'], { timeDays, logit }: ScoreFunction): LawFunction => ({
  of: (p) => {
    const { F, dF } = incidenceGradient(grid, p, timeDays);
    const { value, gradient } = logit(F);
    const dU = new Float64Array(dF.length / gradient.length);
    for (const [c, slope] of gradient.entries())
      for (let e = 0; e < dU.length; e++) dU[e]! += slope * dF[c * dU.length + e]!;
    return { value, gradient: dU };
  },
});

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
  score: ScoreFunction | LawFunction,
  level: Level | undefined,
  everywhere: boolean,
): Walk {
  const { x, q } = to;
  const { state, grid } = model;
  const { causes } = grid;
  const bins = grid.edges.length - 1;
  const inputs = state.encoder.width;
  const { rhythm } = state;
  if (rhythm && 'logit' in score && isRhythmic(x, 0, inputs)) {
    const walked: number[] = [];
    return (points) => {
      walked.push(...points);
      const slopes = rhythmSlopes(rhythm, grid, from.x, x, score, walked, level);
      return { value: slopes.total, ...slopes, slopeQ: new Float64Array(q.length) };
    };
  }

  const sizes = { bins, causes, inputs, covariates: q.length / bins };
  const parts = model.parts.map(({ part, network }) => {
    if (part.kind === 'network') return networkPath(part, network!, sizes, from.x, x);
    if (part.kind === 'trees') return treesPath(part, sizes, from.x, x);
    return part.kind === 'linear' ? linearPath(part, sizes, model.grid, from.x, x) : constantPath(part, sizes);
  });
  const law = 'of' in score ? score : byIncidence(grid, score);
  const qAt = new Float32Array(q.length);
  const p = new Float64Array(bins * (causes + 1));
  const levelled = new Float64Array(p.length);
  const dQ = new Float64Array(q.length);

  /** Probabilities at share `a` of the way; the parts keep what the backward pass needs. */
  const forward = (a: number) => {
    p.fill(0);
    for (let e = 0; e < q.length; e++) qAt[e] = from.q[e]! + a * (q[e]! - from.q[e]!);
    for (const part of parts) part.forward(a, qAt, p);
    levelled.set(p);
    if (level) applyLevel(levelled, causes, level);
    return law.of(levelled);
  };

  const backward = (dU: Float64Array) => {
    if (level) levelGradient(p, causes, level, dU);
    for (const part of parts) part.backward(dU, dQ);
  };

  const base = forward(0).value;
  const total = forward(1).value;
  let steps = 0;
  return (points) => {
    for (const point of points) {
      backward(forward(point).gradient);
    }
    steps += points.length;
    const slopeX = new Float64Array(inputs);
    for (let j = 0; j < inputs; j++) {
      if (!everywhere && x[j] === from.x[j]) continue;
      let slope = 0;
      for (const part of parts) slope += part.slope(j);
      slopeX[j] = slope / steps;
    }
    return { value: total, base, total, slopeX, slopeQ: dQ.map((v) => v / steps) };
  };
}
