import { binCovariates } from '../models/binCovariates.ts';
import { fitConstantHazards } from '../models/constantHazards.ts';
import { columnMeans, type Encoder, encode, type Outcomes } from '../models/encode.ts';
import { fitEncoder } from '../models/fitEncoder.ts';
import { type HazardState, meanCovariates } from '../models/hazardModel.ts';
import { hazards } from '../models/hazards.ts';
import { fitLinearHazards, shareOfEffects } from '../models/linearHazards.ts';
import type { EpochReport, HazardRows, NetworkSettings } from '../models/networkFit.ts';
import { fitNetwork, type NetworkFit, takeHazardRows } from '../models/networkFit.ts';
import type { Frame } from '../src/frame.ts';
import { foldOf, groupedFolds } from './folds.ts';
import { type Hands, ownHands } from './hands.ts';
import type { LandmarkRows } from './landmarkRows.ts';
import { searched } from './networkSearch.ts';
import type { Profile } from './profiles.ts';
import { type HazardTask, placedOn } from './task.ts';

/** From the simplest to the richest; a later one must earn its place. Those halved are the ridges with half of each effect but those of time and stage. */
export type CandidateName = 'baseRate' | 'byAge' | Ridge | Halved | 'network';
export type Ridge = 'ridge' | 'ridgePle';
export type Halved = `${Ridge}Halved`;
export const halvedOf = (name: Ridge): Halved => `${name}Halved`;

/** All but the network: cheap enough to be fitted again and again. */
export const SIMPLE: readonly CandidateName[] = ['baseRate', 'byAge', 'ridge', 'ridgePle', 'ridgeHalved', 'ridgePleHalved']; // biome-ignore format: one list

/** What a search found, so that the same can be fitted again on more rows without searching. */
export interface Plan {
  readonly penalties: Readonly<Partial<Record<CandidateName, number>>>;
  readonly epochs: number;
  readonly networkSeed: number;
  /** Settings that a search found; absent = those of the profile. */
  readonly network?: NetworkSettings;
}

export interface FittedCandidates {
  readonly states: ReadonlyMap<CandidateName, HazardState>;
  readonly plan: Plan;
}

export type Progress = (step: string, detail: EpochReport | undefined) => void;

/** Of the actuarial candidate, hazards by age and nothing else: cheap, and hazards by age may break off sharply. */
const AGE_BINS = 16;

/**
 * Fits the wanted candidates on rows. Without a plan it searches: the ridge's penalty by grouped folds, the network's
 * epochs by a random seventh of the accounts, which also judge a search of its settings where the profile asks for one, the
 * better of the profile's seeds. With one it fits all rows as planned.
 * @param hands who fits; while another thread is at the ridges, the network trains here
 */
export async function fitCandidates(
  rows: LandmarkRows,
  task: HazardTask,
  profile: Profile,
  seed: number,
  wanted: readonly CandidateName[],
  plan: Plan | undefined,
  onProgress: Progress = () => {},
  hands: Hands = ownHands,
): Promise<FittedCandidates> {
  const { causes, edges, age } = task;
  const grid = hazards(edges, causes.length);
  const placed = placedOn(task, rows.outcomes);
  const outcomes: Outcomes = {
    entity: rows.X.ids,
    success: Float64Array.from(rows.outcomes, (o) => (o.cause ? Number(o.cause.positive) : Number.NaN)),
    knownAt: Float64Array.from(rows.outcomes, (o) => o.knownAt),
  };
  const units = new Set(rows.X.ids).size;
  const q = binCovariates(rows.X, edges, task.calendar);
  const noCovariates = new Float32Array(q.length);
  const base = { rows: rows.X.ids.length, grid, placed };
  const encoded = (frame: Frame, encoder: Encoder, covariates: Float32Array): HazardRows => ({
    ...base,
    inputs: encoder.width,
    x: encode(encoder, frame, outcomes, hands.shared),
    q: covariates,
  });
  const state = (encoder: Encoder, data: HazardRows): HazardState => ({
    edges,
    causes: causes.length,
    encoder,
    meanX: columnMeans(data.x, encoder.width),
    meanQ: meanCovariates(data.q, edges.length - 1),
  });
  const penalties: Partial<Record<CandidateName, number>> = { ...plan?.penalties };
  const states = new Map<CandidateName, HazardState>();
  /** Ridges that another thread may be at while the network trains. */
  const fitting: Promise<void>[] = [];

  const standing = new Set([age, ...task.structure]);
  const wants = (name: Ridge) => wanted.includes(name) || wanted.includes(halvedOf(name));
  const linear = (name: 'byAge' | Ridge, encoder: Encoder, data: HazardRows) => {
    onProgress(name, undefined);
    const structure = Uint8Array.from(encoder.source, (source) => Number(standing.has(encoder.sources[source]!)));
    // What skill is measured against stays as plain as it can be: rates by age alone, shrunk like anything else.
    const shape = name === 'byAge' ? {} : { structure, tilted: true };
    const kept = sampleByAccount(rows.account, profile.ridgeFitRows);
    const part = kept.length < data.rows ? takeHazardRows(data, kept, hands.shared) : data;
    const penalty = penalties[name] ?? {
      folds: penaltyFolds(
        kept.map((row) => rows.account[row]!),
        data.rows,
        profile,
      ),
    };
    const learned = state(encoder, data);
    const fit = hands.ridge({ data: part, shape, units: (units * part.rows) / data.rows, penalty }).then((found) => {
      penalties[name] = found.penalty;
      const { model } = found;
      states.set(name, { ...learned, linear: { weight: 1, model } });
      if (name !== 'byAge')
        states.set(halvedOf(name), { ...learned, linear: { weight: 1, model: shareOfEffects(model, 0.5, learned.meanX, edges, structure) } }); // biome-ignore format: one call
    });
    fit.catch(() => {}); // told where all are waited for
    fitting.push(fit);
  };

  if (wanted.includes('baseRate')) {
    const empty = fitEncoder({ ...rows.X, columns: new Map() }, outcomes, { numbers: 'standard', units, maxBins: 3 });
    const data = encoded(rows.X, empty, noCovariates);
    states.set('baseRate', { ...state(empty, data), constant: { weight: 1, p: fitConstantHazards(grid, placed) } });
  }
  if (wanted.includes('byAge') && rows.X.columns.has(age)) {
    const onlyAge: Frame = { ...rows.X, columns: new Map([[age, rows.X.columns.get(age)!]]) };
    const encoder = fitEncoder(onlyAge, outcomes, { numbers: 'piecewise', units, maxBins: AGE_BINS });
    linear('byAge', encoder, encoded(onlyAge, encoder, noCovariates));
  }
  if (wants('ridge')) {
    const encoder = fitEncoder(rows.X, outcomes, { numbers: 'standard', units, maxBins: profile.maxBins });
    linear('ridge', encoder, encoded(rows.X, encoder, q));
  }
  let epochs = plan?.epochs ?? 0;
  let networkSeed = plan?.networkSeed ?? seed;
  let found = plan?.network;
  if (wants('ridgePle') || wanted.includes('network')) {
    const encoder = fitEncoder(rows.X, outcomes, { numbers: 'piecewise', units, maxBins: profile.maxBins });
    const data = encoded(rows.X, encoder, q);
    if (wants('ridgePle')) linear('ridgePle', encoder, data);
    if (wanted.includes('network')) {
      const fit = await network(data, encoder, rows.account, profile, seed, plan, onProgress, hands);
      epochs = fit.best.epochs;
      networkSeed = fit.seed;
      found = fit.found;
      const { shape, weights } = fit.best;
      states.set('network', { ...state(encoder, data), network: { weight: 1, shape, weights } });
    }
  }
  await Promise.all(fitting);
  const inOrder = wanted.flatMap((name) => (states.has(name) ? [[name, states.get(name)!] as const] : []));
  return { states: new Map(inOrder), plan: { penalties, epochs, networkSeed, ...(found ? { network: found } : {}) } };
}

/** About `most` of so many rows, whole accounts at a time, the same ones each time; fewer are among more. */
function sampleByAccount(account: readonly string[], most: number, of = account.length): number[] {
  const share = Math.min(1, most / Math.max(of, 1)) * 1000;
  return account.flatMap((group, row) => (foldOf(group, 1000, 'ridge-sample') < share ? [row] : []));
}

/** Rows to fit on and rows to judge a penalty by: grouped folds of a bounded number of the rows. @param of rows in all */
function penaltyFolds(account: readonly string[], of: number, profile: Profile): (readonly [Int32Array, Int32Array])[] {
  const kept = sampleByAccount(account, profile.ridgeRows, of);
  const parts = Math.max(profile.ridgeFolds, 4);
  const groups = kept.map((row) => account[row]!);
  const folds = groupedFolds(groups, parts, 'ridge-folds').map((fold) => fold.map((i) => kept[i]!));
  return folds.slice(0, profile.ridgeFolds).flatMap((held, k) => {
    const train = folds.flatMap((fold, j) => (j === k ? [] : fold));
    return held.length && train.length ? [[Int32Array.from(train), Int32Array.from(held)] as const] : [];
  });
}

const NO_INPUTS = new Float32Array(0);

async function network(
  data: HazardRows,
  encoder: Encoder,
  account: readonly string[],
  profile: Profile,
  seed: number,
  plan: Plan | undefined,
  onProgress: Progress,
  hands: Hands,
): Promise<{ best: NetworkFit; seed: number; found?: NetworkSettings }> {
  const report = (detail: EpochReport) => onProgress('network', detail);
  const startOf = (rows: HazardRows) => fitLinearHazards({ ...rows, inputs: 0, x: NO_INPUTS }, { penalty: 1, units: rows.rows }); // biome-ignore format: one call
  if (plan) {
    const settings = { ...(plan.network ?? profile.network), epochs: plan.epochs };
    return {
      best: await fitNetwork(data, undefined, encoder.source, settings, plan.networkSeed, report, startOf(data)),
      seed: plan.networkSeed,
      ...(plan.network ? { found: plan.network } : {}),
    };
  }
  const [stop = [], ...rest] = groupedFolds(account, 7, 'early-stop');
  const train = takeHazardRows(data, rest.flat(), hands.shared);
  const held = takeHazardRows(data, stop, hands.shared);
  const start = startOf(train);
  const { source } = encoder;
  const { searchLeft } = profile;
  if (searchLeft) onProgress('network settings', undefined);
  const search =
    searchLeft && searchLeft() > 0 && train.rows > 0 && held.rows > 0
      ? await searched(data, source, { train: Int32Array.from(rest.flat()), held: Int32Array.from(stop) }, undefined, profile.network, seed, searchLeft, start) // biome-ignore format: one call
      : undefined;
  const settings = search?.settings ?? profile.network;
  // Other seeds meanwhile, where somebody is there for them.
  const meanwhile = Array.from({ length: profile.seeds }, (_, k) =>
    k === 0 ? undefined : hands.network({ train, held, source, settings, seed: seed + k, start }),
  );
  for (const fit of meanwhile) fit?.catch(() => {}); // told where it is waited for
  let best: { best: NetworkFit; seed: number } | undefined;
  for (let k = 0; k < profile.seeds; k++) {
    const fit = await (meanwhile[k] ?? fitNetwork(train, held, source, settings, seed + k, report, start));
    if (!best || Math.min(...fit.history) < Math.min(...best.best.history)) best = { best: fit, seed: seed + k };
  }
  return { ...best!, ...(search && search.tried > 0 ? { found: settings } : {}) };
}

/** One network's weight w and the 1 - w of a ridge behind the same encoder. */
export function averageState(network: HazardState, ridge: HazardState, w: number): HazardState {
  if (w === 1) return network;
  return {
    ...network,
    network: { ...network.network!, weight: w },
    linear: { ...ridge.linear!, weight: 1 - w },
  };
}
