import { lbfgs } from '../src/optim/lbfgs.ts';
import { nllOfProbabilities, softmaxBins } from './hazards.ts';
import { effectsOn } from './kernel/effects.ts';
import { binLoss } from './linearLoss.ts';
import type { HazardRows } from './networkFit.ts';

/**
 * Additive hazards: z_bc = a_bc + x . (beta_c + t_b tilt_c) + q_b . gamma_c, where t_b in [-1, 1] is the bin's place on a
 * clock of log time (`binClock`). Without tilt an effect is the same soon and late (proportional hazards), which
 * stages are not: a deal in the last stage is won soon or not at all, one in the first not soon but perhaps later.
 */
export interface LinearHazards {
  /** bins x causes */
  readonly intercept: Float64Array;
  /** inputs x causes */
  readonly beta: Float64Array;
  /** inputs x causes: what is added to an effect from the middle of the clock to its end. Empty: nothing. */
  readonly tilt: Float64Array;
  /** covariates x causes */
  readonly gamma: Float64Array;
}

/** What is asked of the effects beside their size. */
export interface LinearShape {
  /** Inputs that tell where a row stands on its way, 1 each (`known` in training/task.ts): shrunk no more than gamma. */
  readonly structure?: Uint8Array | undefined;
  /** Whether effects may change with time; not where there is one bin. */
  readonly tilted?: boolean;
}

export interface LinearFitOptions extends LinearShape {
  /** C as in scikit-learn, per independent unit (deal): larger means less shrinkage. */
  readonly penalty: number;
  /** Independent units behind the rows: landmark rows of one deal repeat each other. */
  readonly units: number;
  /** Coefficients to start from, for a path of penalties. */
  readonly start?: LinearHazards | undefined;
  /** Relative improvement at which to stop; 1e-7 unless only a ranking is needed. */
  readonly tolerance?: number;
}

/** Of a tilt, beside that of its effect. */
const TILT_SHRINK = 4;

/**
 * Where each bin lies between the first and the last, by the log of its middle: -1 to 1. A row shorter than two has none.
 * @param edges bin edges in days
 */
export function binClock(edges: ArrayLike<number>): Float64Array<ArrayBuffer> {
  const logs = Float64Array.from({ length: edges.length - 1 }, (_, b) => Math.log1p((edges[b]! + edges[b + 1]!) / 2));
  const [first, last] = [logs[0]!, logs.at(-1)!];
  return logs.map((v) => (last > first ? (2 * (v - first)) / (last - first) - 1 : 0));
}

/**
 * Ridge-penalised competing-risk regression in discrete time: minimises (|beta|^2 + |tilt|^2) / 2 + min(1, C) |gamma|^2 / 2 +
 * C (units / rows) * sum of row losses by L-BFGS. Bin intercepts carry only a trace of penalty (1e-3, towards -3), so
 * that a bin without events stays finite. On a piecewise-linear encoding it is a generalised additive model.
 *
 * The few gammas say what everyone feels, the end of the quarter first of all, and the few columns of `structure` where a
 * row stands. They are shrunk as by C = 1 (a standard normal prior) however small the C that many features ask for: shrunk
 * with the features, the push all but vanished and wins of the last two weeks of a quarter were understated by 40 to 90 %,
 * and deals of the first stage were said to be won within the quarter up to twice as often as they were. A tilt is shrunk
 * by TILT_SHRINK times its effect: that effects change at all must be earned.
 *
 * The search runs in coordinates where inputs are centred and coefficients scaled by the root of their curvature; the
 * objective is the same, the iterations are a few dozen instead of hundreds.
 * Cost per iteration: 4 rows * inputs * causes operations on the non-zero inputs.
 */
export function fitLinearHazards(data: HazardRows, options: LinearFitOptions): LinearHazards {
  const { rows, inputs, q, grid, placed } = data;
  const { penalty, units, start, tolerance = 1e-7 } = options;
  const { causes } = grid;
  const bins = grid.edges.length - 1;
  const covariates = q.length / (rows * bins);
  // How strongly an effect counts in each bin: alike in all, and by the clock.
  const clocks = [new Float64Array(bins).fill(1)];
  if (options.tilted && bins > 1) clocks.push(binClock(grid.edges));
  // Effects of one input lie side by side: clock by clock, cause by cause.
  const effects = effectsOn(data.x, rows, inputs, clocks.length * causes);
  const { mean, variance, stride: terms, score } = effects;
  const effectsAt = bins * causes;
  const gammaAt = effectsAt + inputs * terms;
  const total = gammaAt + covariates * causes;

  // Everything is divided by penalty * units: tolerances then mean the same at every size.
  const shrink = 1 / (penalty * units);
  const shrinkWeak = Math.min(1, penalty) * shrink;
  const events = placed.cause.reduce((n, cause) => n + (cause > 0 ? 1 : 0), 0) / rows;
  const trace = new Float64Array(total).fill(shrinkWeak).fill(1e-3 * shrink, 0, effectsAt);
  const scale = new Float64Array(total).fill(1 / Math.sqrt(events / causes / bins + shrink * 1e-3));
  clocks.forEach((clock, k) => {
    const usual = clock.reduce((s, v) => s + v * v, 0) / bins;
    for (let j = 0; j < inputs; j++) {
      const own = (options.structure?.[j] ? shrinkWeak : shrink) * (k === 0 ? 1 : TILT_SHRINK);
      const from = effectsAt + j * terms + k * causes;
      trace.fill(own, from, from + causes);
      scale.fill(1 / Math.sqrt((variance[j]! * events * usual) / causes + own), from, from + causes);
    }
  });
  scale.fill(1 / Math.sqrt(events / causes / 4 + shrinkWeak), gammaAt);
  const centre = (w: number) => (w < effectsAt ? -3 : 0);

  const theta = new Float64Array(total);
  if (start) {
    const from = [start.beta, start.tilt].slice(0, clocks.length);
    theta.set(start.intercept);
    shiftIntercepts(theta, from, clocks, mean, causes, 1);
    from.forEach((effect, k) => {
      for (let j = 0; j * causes < effect.length; j++)
        theta.set(effect.subarray(j * causes, (j + 1) * causes), effectsAt + j * terms + k * causes);
    });
    theta.set(start.gamma, gammaAt);
  } else theta.fill(-3, 0, effectsAt);
  for (let i = 0; i < total; i++) theta[i]! /= scale[i]!;

  const w = new Float64Array(total);
  const clock = Float64Array.from(clocks.flatMap((own) => [...own]));
  const seen = { rows, grid, placed, q, covariates, clock, stride: terms };
  const { offset } = effects;

  const minimum = lbfgs(
    (at, gradient) => {
      for (let i = 0; i < total; i++) w[i] = at[i]! * scale[i]!;
      offset.fill(0);
      for (let j = 0; j < inputs; j++)
        for (let t = 0; t < terms; t++) offset[t]! -= mean[j]! * w[effectsAt + j * terms + t]!;
      effects.w.set(w.subarray(effectsAt, gammaAt));
      effects.scores();
      gradient.fill(0);
      const value = binLoss(seen, score, w.subarray(0, effectsAt), w.subarray(gammaAt), gradient.subarray(0, effectsAt), gradient.subarray(gammaAt)); // biome-ignore format: one call
      let penalised = value / rows;
      offset.fill(0);
      for (let i = 0; i < rows; i++) for (let t = 0; t < terms; t++) offset[t]! += score[i * terms + t]!;
      effects.scatter();
      gradient.set(effects.gradient, effectsAt);
      for (let j = 0; j < inputs; j++)
        for (let t = 0; t < terms; t++) gradient[effectsAt + j * terms + t]! -= mean[j]! * offset[t]!;
      for (let i = 0; i < total; i++) {
        const away = w[i]! - centre(i);
        gradient[i] = (gradient[i]! / rows + trace[i]! * away) * scale[i]!;
        penalised += 0.5 * trace[i]! * away * away;
      }
      return penalised;
    },
    theta,
    { maxIterations: 200, gradientTolerance: 1e-7, valueTolerance: tolerance },
  ).x.map((v, i) => v * scale[i]!);
  const effectBy = (_: unknown, k: number) => {
    const place = (i: number) => effectsAt + Math.floor(i / causes) * terms + k * causes + (i % causes);
    return Float64Array.from({ length: inputs * causes }, (_, i) => minimum[place(i)]!);
  };
  const fitted = clocks.map(effectBy);
  const intercept = minimum.slice(0, effectsAt);
  shiftIntercepts(intercept, fitted, clocks, mean, causes, -1);
  return { intercept, beta: fitted[0]!, tilt: fitted[1] ?? new Float64Array(0), gamma: minimum.slice(gammaAt) };
}

/** Adds `sign` times what the mean row's effects are in each bin: intercepts of raw inputs to those of centred ones (1), and back (-1). */
function shiftIntercepts(
  intercept: Float64Array,
  effects: readonly Float64Array[],
  clocks: readonly Float64Array[],
  mean: Float64Array,
  causes: number,
  sign: 1 | -1,
): void {
  effects.forEach((effect, k) => {
    if (effect.length === 0) return;
    for (let c = 0; c < causes; c++) {
      let shift = 0;
      for (let j = 0; j < mean.length; j++) shift += mean[j]! * effect[j * causes + c]!;
      for (let b = 0; b < clocks[k]!.length; b++) intercept[b * causes + c]! += sign * clocks[k]![b]! * shift;
    }
  });
}

/**
 * The model with a share of each effect but those of `structure`: a row then differs from the mean row by so much less in who it is, and the mean
 * row has what it had. Effects that were fitted best to rows of their own time say too much of later ones.
 * @param mean mean inputs · @param edges bin edges in days
 * Source: Copas, "Regression, prediction and shrinkage", Journal of the Royal Statistical Society B 45 (1983): one factor for all effects.
 */
export function shareOfEffects(
  model: LinearHazards,
  share: number,
  mean: ArrayLike<number>,
  edges: ArrayLike<number>,
  structure: Uint8Array,
): LinearHazards {
  const [beta, tilt, intercept] = [model.beta.slice(), model.tilt.slice(), model.intercept.slice()];
  const clock = binClock(edges);
  const causes = intercept.length / clock.length;
  for (let e = 0; e < beta.length; e++) {
    const j = Math.floor(e / causes);
    if (structure[j]) continue;
    beta[e]! *= share;
    if (tilt.length > 0) tilt[e]! *= share;
    const lost = (1 - share) * mean[j]!;
    for (let b = 0; b < clock.length; b++)
      intercept[b * causes + (e % causes)]! += lost * (model.beta[e]! + clock[b]! * (model.tilt[e] ?? 0));
  }
  return { ...model, beta, tilt, intercept };
}

/** z_bc of every row without the bin covariates: rows x bins x causes. */
export function linearLogits(
  model: LinearHazards,
  { rows, inputs, x, grid }: Pick<HazardRows, 'rows' | 'inputs' | 'x' | 'grid'>,
): Float64Array {
  const { causes } = grid;
  const bins = grid.edges.length - 1;
  const clock = binClock(grid.edges);
  const tilted = model.tilt.length > 0;
  const logits = new Float64Array(rows * bins * causes);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < causes; c++) {
      let score = 0;
      let change = 0;
      for (let j = 0; j < inputs; j++) score += x[i * inputs + j]! * model.beta[j * causes + c]!;
      if (tilted) for (let j = 0; j < inputs; j++) change += x[i * inputs + j]! * model.tilt[j * causes + c]!;
      for (let b = 0; b < bins; b++)
        logits[(i * bins + b) * causes + c] = model.intercept[b * causes + c]! + score + clock[b]! * change;
    }
  }
  return logits;
}

/** Per-bin probabilities: rows x bins x (causes + 1). */
export function predictLinearHazards(model: LinearHazards, data: Omit<HazardRows, 'placed'>): Float64Array {
  const { rows, q, grid } = data;
  const { causes } = grid;
  const logits = linearLogits(model, data);
  const cells = rows * (grid.edges.length - 1);
  const covariates = q.length / Math.max(cells, 1);
  for (let cell = 0; cell < cells; cell++)
    for (let k = 0; k < covariates; k++)
      for (let c = 0; c < causes; c++)
        logits[cell * causes + c]! += q[cell * covariates + k]! * model.gamma[k * causes + c]!;
  return softmaxBins(grid, logits);
}

/** Below the usual .003 to 1 for companies whose records say next to nothing. */
export const PENALTIES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1] as const;

/**
 * Chooses the penalty by log loss over given folds, warm-starting each from the stronger one before it.
 * @param folds pairs of training and held-out rows; groups (accounts) never on both sides
 * @param unitsPerRow independent units a row, at most 1
 */
export function tunePenalty(
  folds: readonly (readonly [HazardRows, HazardRows])[],
  unitsPerRow: number,
  options: LinearShape = {},
): { penalty: number; losses: number[] } {
  const losses = new Array<number>(PENALTIES.length).fill(0);
  for (const [train, held] of folds) {
    let fit: LinearHazards | undefined;
    PENALTIES.forEach((penalty, i) => {
      fit = fitLinearHazards(train, {
        ...options,
        penalty,
        units: unitsPerRow * train.rows,
        start: fit,
        tolerance: 1e-5,
      });
      const nll = nllOfProbabilities(held.grid, predictLinearHazards(fit, held), held.placed);
      losses[i]! += nll.reduce((s, v) => s + v, 0) / held.rows / folds.length;
    });
  }
  let best = 0;
  losses.forEach((loss, i) => {
    if (loss < losses[best]!) best = i;
  });
  return { penalty: PENALTIES[best]!, losses };
}
