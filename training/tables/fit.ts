import { COVARIATES } from '../../models/binCovariates.ts';
import { type Prior, stackWeights } from '../../models/coldStart.ts';
import { columnMeans, encode, type Outcomes } from '../../models/encode.ts';
import { type HazardState, hazardModel } from '../../models/hazardModel.ts';
import { binsOf, nllOfProbabilities } from '../../models/hazards.ts';
import { type HazardRows, takePlaced } from '../../models/networkFit.ts';
import type { Part } from '../../models/parts.ts';
import type { TableTarget } from '../../models/tableAnswers.ts';
import type { Frame } from '../../src/frame.ts';
import { rowsOf } from '../../src/frame.ts';
import { calendar } from '../../src/time.ts';
import { type Drifted, driftScreen } from '../driftScreen.ts';
import { foldOf } from '../folds.ts';
import { baseRate } from './basePart.ts';
import type { Split } from './committee.ts';
import { curveWeights } from './curveWeights.ts';
import { earned } from './earned.ts';
import type { Group } from './groups.ts';
import { largeParts } from './largeParts.ts';
import { bothViews, observedCells } from './linearParts.ts';
import { foldSplits, pickRows, rowsToHold, splitsOf } from './plan.ts';
import { drawnRows, piecesOf } from './room.ts';
import { type TableFitOptions, tableDefaults } from './settings.ts';
import { smallParts } from './smallParts.ts';
import { type TableRows, takeTableRows } from './tasks.ts';
import { weightsByBin } from './weightsByBin.ts';

export { type TableFitOptions, tableDefaults, tableProfiles } from './settings.ts';
export { binaryRows, durationRows, type TableRows, takeTableRows } from './tasks.ts';

export interface FittedTable {
  /** All parts with their weights in each bin: what an artifact holds. */
  readonly state: HazardState;
  /** The target with what was measured for it: calibration where earned, held-out scores, levels of quantiles. */
  readonly target: TableTarget;
  /** Mean weight of each learner in the mixture. */
  readonly weights: Readonly<Record<string, number>>;
  /** Of the ridges: share of each view and penalty, where they were averaged. */
  readonly shares: Readonly<Record<string, number>>;
  /** Law of the base rate. */
  readonly base: Prior;
  /** Mean log loss of rows not seen: of the mixture, of the base rate and of each learner. */
  readonly losses: Readonly<Record<string, number>>;
  /** Rows that were not seen by what spoke of them, and what the mixture, and the base rate, said: rows x bins x (causes + 1). */
  readonly unseen: { readonly rows: Int32Array; readonly p: Float64Array; readonly base: Float64Array };
  /** Columns left out because they moved within the training window; only in time order. */
  readonly drifted: readonly Drifted[];
  /** Rows that were learned from; fewer than given where the machine could not hold them all. */
  readonly rowsUsed: number;
  readonly seconds: Readonly<Record<string, number>>;
}

/**
 * Fits the learner to a flat table, any task: a mixture of the base rate (shrunk to the prior), ridges and networks, the
 * weights by `stackWeights` on rows that no part had seen, over time stretch by stretch (`weightsByBin`). There is no size
 * at which the learner takes over: with few rows the mixture stays near the base rate and leaves it as the evidence grows.
 *
 * With few rows (`options.large.from`) ridges averaged over penalties, boosted trees and a small network; with many a ridge a view, boosted
 * trees, and networks where they add something. With an order the newest part judges, and columns that tell the date are
 * left out.
 *
 * Cost: a second or two for 300 rows, five to ten for 1,000, a minute or two for 10,000. The same rows, options
 * and backend give the same state.
 */
export async function fitTable(given: TableRows, some: Partial<TableFitOptions> = {}): Promise<FittedTable> {
  const options = { ...tableDefaults, ...some };
  const started = options.seconds();
  const moved = given.order ? driftScreen({ ...given.X, asOf: given.order }) : [];
  const drifted = moved.filter(({ feature }) => !options.pinned.includes(feature));
  const screened = drifted.length ? { ...given, X: without(given.X, drifted.map(({ feature }) => feature)) } : given; // biome-ignore format: one choice
  const { grid } = given;
  const bins = binsOf(grid);
  const counts = new Float64Array(grid.causes + 1);
  for (const cause of given.placed.cause) counts[cause]! += 1;
  const events = given.placed.cause.length - counts[0]!;
  const rarer = Math.min(events, bins > 1 ? Number.POSITIVE_INFINITY : counts[0]!);
  const isLarge = rowsOf(given.X) >= options.large.from[0] && rarer >= options.large.from[1];
  const pieces = piecesOf(screened.X, options.large.maxBins);
  const drawn = isLarge ? drawnRows(screened.X, options.large.cells, pieces) : undefined;
  const rows = drawn ? takeTableRows(screened, drawn) : screened;
  const { X, placed, success, order } = rows;
  const n = rowsOf(X);
  const fold = Int32Array.from(X.ids, (id) => foldOf(id, options.folds, 'table'));
  const outcomes: Outcomes = order
    ? { entity: X.ids, success, knownAt: order }
    : { entity: X.ids, success, knownAt: new Float64Array(n), fold };
  const timed = order ? { ...X, asOf: order } : X;
  const { maxBins, minCount } = isLarge ? { ...options.large, maxBins: pieces } : options;
  const encoder = bothViews(timed, outcomes, { units: n, maxBins, minCount });
  const data: HazardRows = { rows: n, inputs: encoder.width, x: encode(encoder, timed, outcomes), q: new Float32Array(n * bins * COVARIATES), grid, placed }; // biome-ignore format: one row
  const encoded = options.seconds();

  const splits = isLarge ? splitsOf(X.ids, order, options.large) : foldSplits(fold, options.folds, order);
  const held = rowsToHold(splits);
  const groups: Group[] = [constantGroup(rows, splits, options.prior)];
  let shares: Readonly<Record<string, number>> = {};
  if (encoder.width > 0 && events > 0 && (bins > 1 || events < rowsOf(given.X))) {
    if (isLarge) groups.push(...(await largeParts(data, encoder, splits, order !== undefined, options)));
    else {
      const small = await smallParts(data, encoder, splits, rarer >= options.flexibleFrom, options); // biome-ignore format: one call
      groups.push(...small.groups);
      shares = small.shares;
    }
  }
  const learned = options.seconds();

  const cells = bins * (grid.causes + 1);
  const judged = takePlaced(placed, held);
  const p = groups.map(({ unseen }) => pickRows(unseen, held, cells));
  const observed = p.map((of) => observedCells(grid, judged, of));
  const { weight, bin } = observed[0]!;
  const said = observed.map((of) => of.said);
  const usual = stackWeights(said, weight, groups.map((_, k) => (k === 0 ? options.pseudo[0] : options.pseudo[1]))); // biome-ignore format: one call
  const next = weightsByBin(grid, judged, said, weight, bin, usual);
  const isRidge = groups.map(({ name }) => name.startsWith('linear'));
  const byBin = rows.target.task === 'duration' ? curveWeights(grid, judged, p, isRidge, next) : next;
  const mixed = new Float64Array(held.length * cells);
  p.forEach((of, k) => {
    for (let e = 0; e < mixed.length; e++)
      mixed[e]! += byBin[k]![Math.floor((e % cells) / (grid.causes + 1))]! * of[e]!;
  });
  const lossOf = (of: Float64Array) => nllOfProbabilities(grid, of, judged).reduce((s, v) => s + v, 0) / held.length;
  const state: HazardState = {
    edges: [...grid.edges],
    causes: grid.causes,
    encoder,
    meanX: columnMeans(data.x, encoder.width),
    meanQ: new Float32Array(bins * COVARIATES),
    mixture: mixtureOf(groups, byBin),
  };
  return {
    state,
    target: earned(rows, held, mixed, options.seed),
    weights: Object.fromEntries(groups.map(({ name }, k) => [name, usual[k]!])),
    shares,
    base: baseRate(rows, Int32Array.from({ length: n }, (_, i) => i), options.prior).law, // biome-ignore format: one row
    losses: { mixture: lossOf(mixed), ...Object.fromEntries(groups.map(({ name }, k) => [name, lossOf(p[k]!)])) },
    unseen: { rows: drawn ? held.map((row) => drawn[row]!) : held, p: mixed, base: p[0]! },
    drifted,
    rowsUsed: n,
    seconds: { encode: encoded - started, learn: learned - encoded, judge: options.seconds() - learned },
  };
}

/** Per-bin probabilities of rows by the whole mixture: rows x bins x (causes + 1). */
export const tableHazards = ({ state }: Pick<FittedTable, 'state'>, X: Frame): Float64Array =>
  hazardModel(state, calendar('UTC', 1, 1)).predict(X);

/** Probability of the event of every row, of a binary table. */
export function probabilities(state: HazardState, X: Frame): Float64Array {
  const p = tableHazards({ state }, X);
  return Float64Array.from({ length: rowsOf(X) }, (_, row) => p[row * 2 + 1]!);
}

const without = (X: Frame, names: readonly string[]): Frame => ({
  ...X,
  columns: new Map([...X.columns].filter(([name]) => !names.includes(name))),
});

function constantGroup(rows: TableRows, splits: readonly Split[], prior: Prior): Group {
  const { grid, X } = rows;
  const n = rowsOf(X);
  const cells = binsOf(grid) * (grid.causes + 1);
  const unseen = new Float64Array(n * cells);
  for (const { train, held } of splits) {
    const { p } = baseRate(rows, train, prior);
    for (const row of held) unseen.set(p, row * cells);
  }
  const all = Int32Array.from({ length: n }, (_, i) => i);
  return { name: 'constant', parts: [{ kind: 'constant', p: baseRate(rows, all, prior).p }], unseen };
}

/** Every part at its learner's weight, shared equally among those of one learner. */
function mixtureOf(groups: readonly Group[], byBin: readonly Float64Array[]): Part[] {
  return groups.flatMap(({ name, parts }, k) =>
    parts.map((part, i) => ({
      ...part,
      name: parts.length > 1 ? `${name} ${i + 1}` : name,
      byBin: byBin[k]!.map((w) => w / parts.length),
    })),
  );
}
