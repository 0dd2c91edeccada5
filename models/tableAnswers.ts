import { z } from 'zod';
import { type Frame, rowsOf } from '../src/frame.ts';
import { calendar } from '../src/time.ts';
import { calibrated } from './calibrate/choose.ts';
import { vennAbers } from './calibrate/vennAbers.ts';
import { hazardModel } from './hazardModel.ts';
import { hazards, incidence, timeQuantiles } from './hazards.ts';
import type { HazardState } from './parts.ts';

const map = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('temperature'), scale: z.number() }),
  z.object({ kind: z.literal('platt'), a: z.number(), b: z.number() }),
  z.object({ kind: z.literal('beta'), a: z.number(), b: z.number(), c: z.number() }),
  z.object({ kind: z.literal('isotonic'), x: z.array(z.number()).readonly(), y: z.array(z.number()).readonly() }),
]);

/** What a table's model tells, and what is needed besides its hazards to tell it. Plain JSON: it travels in the artifact. */
export const tableTarget = z.discriminatedUnion('task', [
  z.object({
    task: z.literal('binary'),
    /** Value of the target whose probability is said. */
    positive: z.string(),
    /** Where calibration was earned. */
    map: map.nullable(),
    /** Scores of rows unseen and what became of them, for the Venn-Abers interval; empty = none is said. */
    seen: z.object({ score: z.array(z.number()), rows: z.array(z.number()), mean: z.array(z.number()) }),
  }),
  /** `levels[0]` is the most frequent: the others are causes, it is what stays. */
  z.object({ task: z.literal('class'), levels: z.array(z.string()).min(1) }),
  z.object({ task: z.literal('duration'), causes: z.array(z.string()).min(1) }),
  z.object({
    task: z.literal('amount'),
    /** By value bin, the mean of the training values in it. */
    means: z.array(z.number()).min(1),
    /** By value bin, quantiles of its values at 0, 1/4, 1/2, 3/4, 1. */
    inside: z.array(z.array(z.number()).length(5)).min(1),
    /** Levels at which p10 and p90 are read, so that 80 % of unseen values were between them. */
    levels: z.tuple([z.number(), z.number()]),
  }),
]);
export type TableTarget = z.infer<typeof tableTarget>;
export type TargetOf<T extends TableTarget['task']> = Extract<TableTarget, { task: T }>;

/** Answers by task, one entry a row. */
export type TableAnswers =
  | {
      readonly task: 'binary';
      readonly probability: Float64Array;
      /** Venn-Abers interval, widened to hold the probability: how sure the calibration is; NaN where too few rows were held out. */
      readonly low: Float64Array;
      readonly high: Float64Array;
    }
  | {
      readonly task: 'class';
      readonly levels: readonly string[];
      /** rows x levels; a row sums to 1. */
      readonly p: Float64Array;
    }
  | {
      readonly task: 'duration';
      readonly causes: readonly string[];
      readonly times: readonly number[];
      /** Time by which half (a tenth, nine tenths) of such rows have ended by any cause, in the unit of the column. */
      readonly median: Float64Array;
      readonly p10: Float64Array;
      readonly p90: Float64Array;
      /** rows x times */
      readonly survival: Float64Array;
      /** rows x times x causes */
      readonly incidence: Float64Array;
    }
  | {
      readonly task: 'amount';
      readonly mean: Float64Array;
      readonly p10: Float64Array;
      /** Median: the value that is said, between p10 and p90 always. */
      readonly p50: Float64Array;
      readonly p90: Float64Array;
    };

/**
 * What the model of a table says of rows: everything derived from one table of hazards, so that no two answers disagree.
 * @param times for durations, where survival is asked, in the unit of the time column
 * Cost: that of the parts; of amounts and durations some hundred operations a row and bin more.
 */
export function tableAnswers(
  state: HazardState,
  target: TableTarget,
  X: Frame,
  times: readonly number[] = [],
): TableAnswers {
  // biome-ignore format: one signature
  return answersFrom(state, target, hazardModel(state, calendar('UTC', 1, 1)).predict(X), rowsOf(X), times);
}

/** The same from per-bin probabilities, rows x bins x (causes + 1). */
export function answersFrom(
  state: Pick<HazardState, 'edges' | 'causes'>,
  target: TableTarget,
  p: Float64Array,
  rows: number,
  times: readonly number[],
): TableAnswers {
  switch (target.task) {
    case 'binary':
      return binaryAnswers(target, p, rows);
    case 'class':
      return { task: 'class', levels: target.levels, p: target.levels.length > 1 ? p : new Float64Array(rows).fill(1) };
    case 'duration':
      return durationAnswers(state, target, p, times);
    case 'amount':
      return amountAnswers(target, p, rows, state.edges.length - 1);
  }
}

/** Venn-Abers intervals by place among the held-out scores: a step function of the score, worked out once a place and kept with the model. */
const stepsOf = new WeakMap<object, (score: number) => { readonly low: number; readonly high: number }>();

function intervals(seen: TargetOf<'binary'>['seen']) {
  let of = stepsOf.get(seen);
  if (!of) {
    const levels = {
      score: Float64Array.from(seen.score),
      rows: Float64Array.from(seen.rows),
      mean: Float64Array.from(seen.mean),
    };
    const known: { readonly low: number; readonly high: number }[] = [];
    of = (score) => (known[between(levels.score, score)] ??= vennAbers(levels, score));
    stepsOf.set(seen, of);
  }
  return of;
}

function binaryAnswers({ map, seen }: TargetOf<'binary'>, p: Float64Array, rows: number): TableAnswers {
  const probability = Float64Array.from({ length: rows }, (_, row) => p[row * 2 + 1]!);
  const low = new Float64Array(rows).fill(Number.NaN);
  const high = new Float64Array(rows).fill(Number.NaN);
  if (seen.score.length) {
    const interval = intervals(seen);
    for (let row = 0; row < rows; row++) {
      const said = interval(probability[row]!);
      low[row] = said.low;
      high[row] = said.high;
    }
  }
  if (map) for (let row = 0; row < rows; row++) probability[row] = calibrated(map, probability[row]!);
  // The interval is of a step function of the score, beside which the probability itself may lie: it is told how sure the
  // probability is, so it holds it.
  for (let row = 0; row < rows; row++) {
    low[row] = Math.min(low[row]!, probability[row]!);
    high[row] = Math.max(high[row]!, probability[row]!);
  }
  return { task: 'binary', probability, low, high };
}

/** A number that is the same for equal places among ascending scores: 2 i + 1 on the i-th, 2 i before it. */
function between(scores: Float64Array, score: number): number {
  let low = 0;
  let high = scores.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scores[middle]! < score) low = middle + 1;
    else high = middle;
  }
  return 2 * low + (scores[low] === score ? 1 : 0);
}

function durationAnswers(
  { edges, causes }: Pick<HazardState, 'edges' | 'causes'>,
  target: TargetOf<'duration'>,
  p: Float64Array,
  times: readonly number[],
): TableAnswers {
  const grid = hazards(edges, causes);
  const F = incidence(grid, p, times);
  const survival = Float64Array.from({ length: F.length / causes }, (_, at) => {
    let ended = 0;
    for (let c = 0; c < causes; c++) ended += F[at * causes + c]!;
    return Math.max(0, 1 - ended);
  });
  // Of any cause: the ends of a bin taken together.
  const any = new Float64Array((p.length / (causes + 1)) * 2);
  for (let cell = 0; cell * 2 < any.length; cell++) {
    any[cell * 2] = p[cell * (causes + 1)]!;
    any[cell * 2 + 1] = 1 - any[cell * 2]!;
  }
  const at = timeQuantiles(hazards(edges, 1), any, 1, [0.1, 0.5, 0.9]);
  const level = (k: number) => Float64Array.from({ length: at.length / 3 }, (_, row) => at[row * 3 + k]!);
  return { task: 'duration', causes: target.causes, times, survival, incidence: F, p10: level(0), median: level(1), p90: level(2) }; // biome-ignore format: one row
}

/** Chance of each value bin of each row, rows x (hazard bins + 1): to end in it, having passed those before. */
export function valueLaw(p: Float64Array, rows: number, bins: number): Float64Array {
  const law = new Float64Array(rows * (bins + 1));
  for (let row = 0; row < rows; row++) {
    let open = 1;
    for (let b = 0; b < bins; b++) {
      const ends = p[(row * bins + b) * 2 + 1]!;
      law[row * (bins + 1) + b] = open * ends;
      open *= 1 - ends;
    }
    law[row * (bins + 1) + bins] = open;
  }
  return law;
}

function amountAnswers(target: TargetOf<'amount'>, p: Float64Array, rows: number, bins: number): TableAnswers {
  // One value only: the grid still has a bin, in which nothing is known to end.
  const known = target.means.length;
  const law = known === 1 ? new Float64Array(rows).fill(1) : valueLaw(p, rows, bins);
  const mean = new Float64Array(rows);
  const at = (level: number) => Float64Array.from({ length: rows }, (_, row) => valueQuantile(target, law, row, level));
  for (let row = 0; row < rows; row++) for (let b = 0; b < known; b++) mean[row]! += law[row * known + b]! * target.means[b]!; // biome-ignore format: one sum
  const [low, high] = target.levels;
  return { task: 'amount', mean, p10: at(low), p50: at(0.5), p90: at(high) };
}

/** Value at a level of a row's law: the bin in which it lies, and inside it along that bin's own quantiles. */
export function valueQuantile(target: TargetOf<'amount'>, law: Float64Array, row: number, level: number): number {
  const bins = target.means.length;
  let before = 0;
  let b = 0;
  for (; b < bins - 1; b++) {
    const next = before + law[row * bins + b]!;
    if (next >= level) break;
    before = next;
  }
  const mass = law[row * bins + b]!;
  const share = mass > 0 ? Math.min(1, Math.max(0, (level - before) / mass)) : 0.5;
  const inside = target.inside[b]!;
  const step = Math.min(3, Math.floor(share * 4));
  return inside[step]! + (share * 4 - step) * (inside[step + 1]! - inside[step]!);
}
