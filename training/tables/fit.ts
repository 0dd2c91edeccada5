import { COVARIATES } from '../../models/binCovariates.ts';
import { type Prior, shrunkRateAlong, stackWeights, WEAK_PRIOR } from '../../models/coldStart.ts';
import { fitConstantHazards } from '../../models/constantHazards.ts';
import { columnMeans, type Encoder, encode, type Outcomes } from '../../models/encode.ts';
import { type HazardState, hazardModel } from '../../models/hazardModel.ts';
import { type Hazards, hazards, type Placed, place, softmaxBins } from '../../models/hazards.ts';
import { forwardNetwork, prepareNetwork } from '../../models/kernel/network.ts';
import type { LinearHazards } from '../../models/linearHazards.ts';
import type { NetworkShape, NetworkWeights } from '../../models/network.ts';
import {
  fitNetwork,
  type HazardRows,
  type NetworkSettings,
  takeHazardRows,
  takePlaced,
} from '../../models/networkFit.ts';
import type { Frame } from '../../src/frame.ts';
import { rowsOf, takeRows } from '../../src/frame.ts';
import { calendar } from '../../src/time.ts';
import { foldOf } from '../folds.ts';
import { averagedRidges, bothViews, columnsOf, observedCells, takeColumns, type View } from './linearParts.ts';
import { weightsByBin } from './weightsByBin.ts';

/** Rows of a flat table and what became of them. Binary is one bin and one cause: the event in it, or not. */
export interface TableRows {
  readonly X: Frame;
  readonly grid: Hazards;
  readonly placed: Placed;
  /** 1 = success, 0 = not, NaN = not known: what many-valued words are encoded by. */
  readonly success: Float64Array;
}

/** A binary target as hazards: one bin of one day, one cause; a row without the event is seen open through it. */
export function binaryRows(X: Frame, event: Uint8Array): TableRows {
  const grid = hazards([0, 1], 1);
  return {
    X,
    grid,
    placed: place(grid, Float64Array.from(event, (e) => (e ? 1 : 2)), event), // biome-ignore format: one call
    success: Float64Array.from(event),
  };
}

/**
 * Durations as hazards with one cause: `time` in the unit of `edges`, `event` 0 = censored. The unit is called days inside
 * and is whatever the table counts in.
 */
export function durationRows(X: Frame, edges: readonly number[], time: Float64Array, event: Uint8Array): TableRows {
  const grid = hazards(edges, 1);
  return { X, grid, placed: place(grid, time, event), success: Float64Array.from(event) };
}

/** Some of the rows, copied. */
export function takeTableRows(rows: TableRows, index: readonly number[]): TableRows {
  return {
    X: takeRows(rows.X, index),
    grid: rows.grid,
    placed: takePlaced(rows.placed, index),
    success: Float64Array.from(index, (i) => rows.success[i]!),
  };
}

export interface TableFitOptions {
  readonly prior: Prior;
  readonly folds: number;
  readonly penalties: readonly number[];
  readonly views: readonly View[];
  readonly maxBins: number;
  readonly minCount: number;
  readonly sharpness: number;
  /** Pseudo outcomes of the mixture: for the base rate, and for each learner. */
  readonly pseudo: readonly [base: number, learner: number];
  /** From so many rows of the rarer class on the network takes part; its weight is then the evidence's business. */
  readonly networkFrom: number;
  readonly networkFolds: number;
  readonly network: NetworkSettings;
  readonly seed: number;
}

/** One part of the mixture, by itself. */
export interface TablePart {
  readonly name: string;
  readonly state: HazardState;
  /** Its weight in each bin of time. */
  readonly byBin: Float64Array;
}

export interface FittedTable {
  readonly parts: readonly TablePart[];
  /** All parts as one state, for an artifact: of one bin the mixture itself, of several the nearest with one weight a part. */
  readonly state: HazardState;
  /** Weight of each part in the mixture, over all time. */
  readonly weights: Readonly<Record<string, number>>;
  readonly shares: Readonly<Record<string, number>>;
  /** Law of the base rate. */
  readonly base: Prior;
}

export const tableDefaults: TableFitOptions = {
  prior: WEAK_PRIOR,
  folds: 5,
  penalties: [0.003, 0.01, 0.03, 0.1, 0.3, 1],
  views: ['standard', 'piecewise'],
  maxBins: 8,
  minCount: 3,
  sharpness: 0.5,
  pseudo: [1, 1],
  networkFrom: 20,
  networkFolds: 2,
  network: { members: 8, width: 32, dropout: 0.1, learningRate: 4e-3, decay: 3e-4, batch: 64, epochs: 40, patience: 40 }, // biome-ignore format: one row
  seed: 1,
};

/**
 * Fits the learner to a flat table: a mixture of the base rate (shrunk to the prior), ridges averaged over views and
 * penalties, and from some rows on the network; the weights by `stackWeights` on rows that no part had seen, over time
 * stretch by stretch (`weightsByBin`): `tableHazards` says what the whole mixture says. There is no
 * size at which the learner takes over: with few rows the mixture stays near the base rate and leaves it as the evidence
 * grows.
 *
 * Cost: some tenths of a second for 200 rows, a few seconds for 1,000. The same rows, options and backend give the same
 * state.
 */
export async function fitTable(rows: TableRows, given: Partial<TableFitOptions> = {}): Promise<FittedTable> {
  const options = { ...tableDefaults, ...given };
  const { X, grid, placed, success } = rows;
  const n = rowsOf(X);
  const fold = Int32Array.from(X.ids, (id) => foldOf(id, options.folds, 'table'));
  const folds = Array.from({ length: options.folds }, (_, k) => [...fold.keys()].filter((row) => fold[row] === k));
  const outcomes: Outcomes = { entity: X.ids, success, knownAt: new Float64Array(n), fold };
  const encoder = bothViews(X, outcomes, { units: n, maxBins: options.maxBins, minCount: options.minCount });
  const bins = grid.edges.length - 1;
  const data: HazardRows = {
    rows: n,
    inputs: encoder.width,
    x: encode(encoder, X, outcomes),
    q: new Float32Array(n * bins * COVARIATES),
    grid,
    placed,
  };
  const all = [...fold.keys()];
  const constantOf = (index: readonly number[]) => constantPart(rows, index, options.prior);
  const { p: constant, law } = constantOf(all);
  const cells = bins * (grid.causes + 1);
  const unseenConstant = new Float64Array(n * cells);
  for (const held of folds) {
    const out = new Set(held);
    const { p } = constantOf(all.filter((row) => !out.has(row)));
    for (const row of held) unseenConstant.set(p, row * cells);
  }
  const { said: saidConstant, weight, bin } = observedCells(grid, placed, unseenConstant);
  const said = [saidConstant];
  const alone: HazardState = {
    edges: [...grid.edges],
    causes: grid.causes,
    encoder,
    meanX: columnMeans(data.x, encoder.width),
    meanQ: new Float32Array(bins * COVARIATES),
  };
  const states: { name: string; part: Pick<HazardState, 'constant' | 'linear' | 'network'> }[] = [
    { name: 'constant', part: { constant: { weight: 1, p: constant } } },
  ];

  const views = Object.fromEntries(options.views.map((view) => [view, columnsOf(encoder, view)]));
  const events = placed.cause.reduce((s, c) => s + (c > 0 ? 1 : 0), 0);
  const learns = encoder.width > 0 && events > 0 && events < n;
  const shares: Record<string, number> = {};
  // Over time the views differ in what they know when; of one bin they are like parts, averaged as one.
  const ridges = bins === 1 ? [['linear', views] as const] : options.views.map((view) => [`linear ${view}`, { [view]: views[view]! }] as const); // biome-ignore format: one choice
  if (learns)
    for (const [name, of] of ridges) {
      const linear = averagedRidges(data, of, folds, options.penalties, options.sharpness);
      Object.assign(shares, linear.shares);
      said.push(observedCells(grid, placed, softmaxBins(grid, linear.unseen)).said);
      states.push({ name, part: { linear: { weight: 1, model: linear.model } } });
    }
  const rarer = Math.min(events, n - events);
  if (learns && rarer >= options.networkFrom) {
    const { shape, weights, unseen } = await networkPart(data, encoder, views, options);
    said.push(observedCells(grid, placed, unseen).said);
    states.push({ name: 'network', part: { network: { weight: 1, shape, weights } } });
  }
  const pseudo = said.map((_, k) => (k === 0 ? options.pseudo[0] : options.pseudo[1]));
  const w = stackWeights(said, weight, pseudo);
  const byBin = weightsByBin(grid, placed, said, weight, bin, w);
  const parts = states.map(({ name, part }, k) => ({ name, state: { ...alone, ...part }, byBin: byBin[k]! }));
  const weights = Object.fromEntries(parts.map(({ name }, k) => [name, w[k]!]));
  return { parts, state: merged(alone, parts, w), weights, shares, base: law };
}

/** Parts as one state, each at its weight over all time; ridges on several views averaged in log odds. */
function merged(alone: HazardState, parts: readonly TablePart[], weights: Float64Array): HazardState {
  const state: { -readonly [K in keyof HazardState]: HazardState[K] } = { ...alone };
  parts.forEach(({ state: { constant, linear, network } }, k) => {
    const weight = weights[k]!;
    if (constant) state.constant = { ...constant, weight };
    if (network) state.network = { ...network, weight };
    if (!linear) return;
    const before = state.linear;
    const sum = weight + (before?.weight ?? 0);
    const averaged = (of: (model: LinearHazards) => Float64Array) =>
      of(linear.model).map((v, i) => (before ? (weight * v + before.weight * of(before.model)[i]!) / sum : v));
    const model = { intercept: averaged((m) => m.intercept), beta: averaged((m) => m.beta), gamma: averaged((m) => m.gamma) }; // biome-ignore format: one row
    state.linear = { weight: sum, model };
  });
  return state;
}

/** Per-bin probabilities of rows, with each part at its weight of the time: rows x bins x (causes + 1). */
export function tableHazards({ parts }: FittedTable, X: Frame): Float64Array {
  const models = parts.map(({ state }) => hazardModel(state, calendar('UTC', 1, 1)));
  const width = parts[0]!.state.causes + 1;
  const bins = parts[0]!.byBin.length;
  const out = new Float64Array(rowsOf(X) * bins * width);
  models.forEach((model, k) => {
    const p = model.predict(X);
    const { byBin } = parts[k]!;
    for (let e = 0; e < out.length; e++) out[e]! += byBin[Math.floor(e / width) % bins]! * p[e]!;
  });
  return out;
}

/**
 * The network on the piecewise view, for a fixed number of epochs: with few rows a held-out part to stop by is too small
 * to say when. Its inputs are spread to the encoder's columns afterwards (weight 0 for those it does not read).
 */
async function networkPart(
  data: HazardRows,
  encoder: Encoder,
  views: Readonly<Partial<Record<View, readonly number[]>>>,
  options: TableFitOptions,
): Promise<{ shape: NetworkShape; weights: NetworkWeights; unseen: Float64Array }> {
  const columns = views.piecewise ?? views.standard!;
  const part = takeColumns(data, columns);
  const source = renumbered(columns.map((column) => encoder.source[column]!));
  const cells = (data.grid.edges.length - 1) * (data.grid.causes + 1);
  const unseen = new Float64Array(data.rows * cells);
  const folds = Array.from({ length: options.networkFolds }, (): number[] => []);
  for (let row = 0; row < data.rows; row++) folds[row % options.networkFolds]!.push(row);
  for (const held of folds) {
    const out = new Set(held);
    const train = takeHazardRows(part, Array.from({ length: data.rows }, (_, i) => i).filter((row) => !out.has(row))); // biome-ignore format: one call
    const fit = await fitNetwork(train, undefined, source, settingsFor(train.rows, options.network), options.seed);
    const test = takeHazardRows(part, held);
    const p = new Float64Array(held.length * cells);
    forwardNetwork(prepareNetwork(fit.shape, fit.weights), test.x, test.q, 1, p);
    for (const [i, row] of held.entries()) unseen.set(p.subarray(i * cells, (i + 1) * cells), row * cells);
  }
  const { shape, weights } = await fitNetwork(
    part,
    undefined,
    source,
    settingsFor(part.rows, options.network),
    options.seed,
  );
  const wide: NetworkShape = { ...shape, inputs: data.inputs };
  const w1 = new Float32Array(data.inputs * shape.width);
  const scale = new Float32Array(shape.members * data.inputs);
  columns.forEach((column, j) => {
    w1.set(weights.w1.subarray(j * shape.width, (j + 1) * shape.width), column * shape.width);
    for (let m = 0; m < shape.members; m++) scale[m * data.inputs + column] = weights.scale[m * shape.inputs + j]!;
  });
  return { shape: wide, weights: { ...weights, w1, scale }, unseen };
}

/** With more rows larger batches, not more steps: some 600 steps are enough, and 1,000 rows or 10,000 take the same time. */
const settingsFor = (rows: number, network: NetworkSettings): NetworkSettings => ({
  ...network,
  batch: Math.max(network.batch, Math.min(512, Math.floor(rows / 16))),
});

/** Numbers from 0 without gaps, in order. */
function renumbered(values: readonly number[]): number[] {
  const seen = new Map<number, number>();
  return values.map((value) => {
    if (!seen.has(value)) seen.set(value, seen.size);
    return seen.get(value)!;
  });
}

/** The base rate: shrunk by the prior where there is one bin and one cause, else hazards by time. */
function constantPart(rows: TableRows, index: readonly number[], prior: Prior): { p: Float64Array; law: Prior } {
  const { grid, placed, success } = rows;
  const won = index.reduce((s, row) => s + (success[row] === 1 ? 1 : 0), 0);
  const n = index.reduce((s, row) => s + (Number.isNaN(success[row]!) ? 0 : 1), 0);
  const law = shrunkRateAlong([{ won, n }], prior);
  if (grid.edges.length === 2 && grid.causes === 1) return { p: Float64Array.of(1 - law.rate, law.rate), law };
  return { p: fitConstantHazards(grid, takePlaced(placed, index)), law };
}

/** Probability of the event of every row, of a binary table. */
export function probabilities(state: HazardState, X: Frame): Float64Array {
  const p = hazardModel(state, calendar('UTC', 1, 1)).predict(X);
  return Float64Array.from({ length: rowsOf(X) }, (_, row) => p[row * 2 + 1]!);
}
