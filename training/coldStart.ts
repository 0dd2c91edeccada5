import { COVARIATES } from '../models/binCovariates.ts';
import {
  type Prior,
  shareOfSuccess,
  shrunkRateAlong,
  stackWeights,
  tiltToRate,
  WEAK_PRIOR,
} from '../models/coldStart.ts';
import { fitConstantHazards } from '../models/constantHazards.ts';
import { columnMeans, encode, type Outcomes } from '../models/encode.ts';
import { fitEncoder } from '../models/fitEncoder.ts';
import type { HazardState } from '../models/hazardModel.ts';
import { hazards, nllOfProbabilities, place, softmaxBins } from '../models/hazards.ts';
import { type HazardRows, takePlaced } from '../models/networkFit.ts';
import { rowsOf } from '../src/frame.ts';
import { normalCdf } from '../src/stats/normal.ts';
import { pairedDifference } from '../src/stats/pairedDifference.ts';
import { foldOf, groupedFolds } from './folds.ts';
import { type LandmarkRows, takeLandmarkRows } from './landmarkRows.ts';
import { whichLoss } from './question.ts';
import type { Chosen } from './select.ts';
import { averagedRidges, columnsOf, observedCells } from './tables/linearParts.ts';
import type { HazardTask } from './task.ts';

const FOLDS = 4;
const PENALTIES = [0.01, 0.1];
const SHARPNESS = 0.5;
const PSEUDO = [1, 1];
const MAX_BINS = 8;
const MIN_COUNT = 3;
/** The learner is trusted half where it beats the base rate by so many standard errors, as `select.ts` asks of a candidate. */
const SKILL_ERRORS = 1.64;
/** Standard errors over which the trust grows, so that no single row gives or takes it. */
const SOFTNESS = 0.5;
/** Less of a learner than this is none: no row is moved by chance. */
const LEAST_WEIGHT = 0.05;
/** Most looks the ridges read; beyond, whole accounts are left out by a hash of their name. */
const MOST_ROWS = 2500;

export interface ColdStart {
  readonly state: HazardState;
  /** The company's share of success, drawn to the prior, and the outcomes it stands on. */
  readonly law: Prior;
  /** Weight of the learner beside the base rate, 0 to 1. */
  readonly learner: number;
}

/**
 * What serves while outcomes are few: the company's hazards, tilted so that their share of success is drawn to the prior,
 * mixed with ridges by as much as these say better what became of rows they had not seen. From the first outcome on it is
 * one and the same mixture, so no further outcome moves a probability far: the learner never takes over at a size.
 * It must say better both when and which way a deal ended, by more than chance; how much more sets its weight, smoothly.
 * Numbers are read as they are, not cut into pieces: below 200 outcomes the pieces gain little and cost most.
 *
 * The many looks at one deal count as one: losses and weights are those of whom the rows are about. The learner is that of
 * `tables/fit.ts`, where it was measured, without its pieces and its network. Cost: a second for 120 deals.
 */
export function coldStart(given: LandmarkRows, task: HazardTask, prior: Prior = WEAK_PRIOR): ColdStart {
  const share = (MOST_ROWS / Math.max(rowsOf(given.X), 1)) * 1000;
  const kept = given.account.flatMap((group, row) => (foldOf(group, 1000, 'cold-start') < share ? [row] : []));
  const rows = kept.length < rowsOf(given.X) ? takeLandmarkRows(given, kept) : given;
  const { X } = rows;
  const n = rowsOf(X);
  const grid = hazards(task.edges, task.causes.length);
  const causeOf = new Map(task.causes.map((cause, i) => [cause.name, i + 1]));
  const placed = place(
    grid,
    rows.outcomes.map((o) => o.timeDays),
    rows.outcomes.map((o) => (o.cause ? causeOf.get(o.cause.name)! : 0)),
  );
  const outcomes: Outcomes = {
    entity: X.ids,
    success: Float64Array.from(rows.outcomes, (o) => (o.cause ? Number(o.cause.positive) : Number.NaN)),
    knownAt: Float64Array.from(rows.outcomes, (o) => o.knownAt),
  };
  const success = task.causes.map((cause) => cause.positive);
  const units = new Set(X.ids).size;
  const bins = task.edges.length - 1;
  const all = Array.from({ length: n }, (_, row) => row);

  const constantOf = (index: readonly number[]) => {
    const p = fitConstantHazards(grid, takePlaced(placed, index));
    const known = new Set(index.filter((row) => rows.outcomes[row]!.cause).map((row) => X.ids[row]!)).size;
    const share = shareOfSuccess(grid, p, success);
    const law = shrunkRateAlong(Number.isNaN(share) ? [] : [{ won: known * share, n: known }], prior);
    return { p: tiltToRate(grid, p, success, law.rate), law };
  };
  const { p: constant, law } = constantOf(all);
  const folds = groupedFolds(rows.account, FOLDS, 'cold-start');
  const encoder = fitEncoder(X, outcomes, { numbers: 'standard', units, maxBins: MAX_BINS, minCount: MIN_COUNT });
  const data: HazardRows = {
    rows: n,
    inputs: encoder.width,
    x: encode(encoder, X, outcomes),
    q: new Float32Array(n * bins * COVARIATES),
    grid,
    placed,
  };
  const base: HazardState = {
    edges: task.edges,
    causes: task.causes.length,
    encoder,
    meanX: columnMeans(data.x, encoder.width),
    meanQ: new Float32Array(bins * COVARIATES),
    constant: { weight: 1, p: constant },
  };
  const ends = placed.cause.some((cause) => cause > 0);
  const severalFolds = folds.filter((fold) => fold.length > 0).length > 1;
  if (encoder.width === 0 || !ends || !severalFolds) return { state: base, law, learner: 0 };

  const cells = bins * (task.causes.length + 1);
  const unseen = new Float64Array(n * cells);
  for (const held of folds) {
    const out = new Set(held);
    const { p } = constantOf(all.filter((row) => !out.has(row)));
    for (const row of held) unseen.set(p, row * cells);
  }
  const views = { standard: columnsOf(encoder, 'standard') };
  const linear = averagedRidges(data, views, folds, PENALTIES, SHARPNESS, units / n);
  const flat = observedCells(grid, placed, unseen);
  const learnt = observedCells(grid, placed, softmaxBins(grid, linear.unseen));
  const weight = flat.weight.map((w) => (w * units) / n);
  const stacked = stackWeights([flat.said, learnt.said], weight, PSEUDO)[1]!;
  const gain = (of: (p: Float64Array) => Float64Array) => {
    const { mean, standardError } = pairedDifference(of(unseen), of(softmaxBins(grid, linear.unseen)), rows.account);
    return standardError > 0 && Number.isFinite(standardError) ? mean / standardError : 0;
  };
  const errors = Math.min(
    gain((p) => nllOfProbabilities(grid, p, placed)),
    gain((p) => whichLoss(grid, p, placed)),
  );
  const trusted = stacked * normalCdf((errors - SKILL_ERRORS) / SOFTNESS);
  const learner = trusted < LEAST_WEIGHT ? 0 : trusted;
  if (learner === 0) return { state: base, law, learner };
  return {
    state: {
      ...base,
      constant: { weight: 1 - learner, p: constant },
      linear: { weight: learner, model: linear.model },
    },
    law,
    learner,
  };
}

/** From so many outcomes on a candidate that earned it serves alone. */
const FEW = 200;
/** Up to so many the mixture serves where none has. */
const FEW_WITHOUT_SKILL = 1000;

/**
 * Whether the mixture serves. Where a candidate was chosen the mixture leans on the like of it already, and where none was
 * its learner has little weight: in both cases the hand-over moves probabilities by little.
 */
export const fewOutcomes = (known: number, chosen: Chosen): boolean =>
  known < FEW || (known < FEW_WITHOUT_SKILL && (chosen === 'baseRate' || chosen === 'byAge'));
