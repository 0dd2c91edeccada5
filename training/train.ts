import { createHash } from 'node:crypto';
import type { Feature } from '../features/feature.ts';
import { dealFeatures, hashFeatures } from '../features/hash.ts';
import { type Artifact, type ArtifactHeader, loadArtifact, writeArtifact } from '../models/artifact.ts';
import { EXPECTED_CLOSE } from '../models/binCovariates.ts';
import type { HazardState } from '../models/hazardModel.ts';
import { hazards, place } from '../models/hazards.ts';
import { ForesellError } from '../src/errors.ts';
import type { Frame } from '../src/frame.ts';
import { calibrationBins } from '../src/stats/calibrationBins.ts';
import { formatInstant, type Instant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import { commonFactor } from './commonFactor.ts';
import { censorAt, type DealData, type DealRows, dealData, takeDealRows } from './dealData.ts';
import { driftScreen } from './driftScreen.ts';
import { answersOf, judge, measure, stagePercentage } from './evaluate.ts';
import { type CandidateName, type FittedCandidates, fitCandidates, type Plan } from './fitCandidates.ts';
import { foldOf } from './folds.ts';
import { challenge, firstVersion, type Verdict } from './gate.ts';
import type { Profile } from './profiles.ts';
import { chosenState, partsOf, type Selection, select } from './select.ts';

export interface TrainOptions {
  /** Nothing known at or after it is looked at. */
  readonly until: Instant;
  readonly profile: Profile;
  readonly seed: number;
  /** The version that serves now, which a new one must beat. */
  readonly champion?: Artifact | undefined;
  readonly onProgress?: (step: string, share?: number) => void;
}

export interface Trained {
  readonly bytes: Uint8Array;
  readonly version: string;
  readonly header: ArtifactHeader;
  /** Why this candidate was chosen. */
  readonly selection: Selection;
  /** Whether it may serve. */
  readonly verdict: Verdict;
}

/** Fewer known outcomes than this are not learned from: the base rate, shrunk, and it says so. */
const FEWEST_OUTCOMES = 50;
/** Of the rarer outcome, for the network to be tried. */
const NETWORK_OUTCOMES = 200;
/** The newest share of deals, never trained on before it has judged. */
const NEWEST = 0.2;
const WITHIN_DAYS = 91;
/** Never screened out: the clock of the hazards themselves. */
const PINNED = new Set(['deal_age_days', EXPECTED_CLOSE]);

/**
 * Trains the deal model on a company's own past.
 *
 * 1. Landmark rows of all deals known before `until`.
 * 2. The newest fifth of the deals is put aside; everything before it, with labels cut at its start, trains the
 *    candidates. Two thirds of the newest (by account) select, the rest judges the chosen one beside its baselines.
 * 3. What was chosen is fitted again on all rows as planned, and written as an artifact.
 *
 * The same facts, profile, seed and backend give the same bytes.
 * @throws ForesellError `no-outcomes` where nothing was ever won or lost
 */
export async function trainDeal(source: FactSource, options: TrainOptions): Promise<Trained> {
  const { company } = source;
  const { profile, seed } = options;
  const progress = options.onProgress ?? (() => {});
  const features = dealFeatures(source.company);
  progress('reading landmarks', 0);
  const everything = dealData(source, features, options.until, (done, total) =>
    progress('reading landmarks', done / total),
  );
  const drifted = driftScreen(everything.X).filter(({ feature }) => !PINNED.has(feature));
  const data = { ...everything, X: withoutColumns(everything.X, new Set(drifted.map(({ feature }) => feature))) };
  const resolved = entityOutcomes(data);
  const known = resolved.won + resolved.lost;
  if (known === 0) {
    throw new ForesellError(
      'no-outcomes',
      `no deal was won or lost before ${formatInstant(options.until)}; import closed deals with closed_at and outcome`,
    );
  }
  const notes = drifted.map(
    ({ feature, distance }) =>
      `${feature} left out: it moved by ${distance.toFixed(2)} within the training window (more than .4)`,
  );
  const learned = known >= FEWEST_OUTCOMES ? await learn(source, data, options, progress) : undefined;
  if (!learned) notes.push(`only ${known} known outcomes; from ${FEWEST_OUTCOMES} on the model learns from them`);
  const selection = learned?.selection ?? baseRateOnly;

  progress('final fit');
  const final = await fitCandidates(
    data,
    data.causes,
    company,
    profile,
    seed,
    partsOf(selection),
    learned?.plan ?? { penalties: {}, epochs: 0, networkSeed: seed },
    (step, epoch) => progress(`final fit: ${step}`, epoch && epoch.epoch / epoch.epochs),
  );
  const state = chosenState(selection, final.states);
  const header = await about(data, features, state, selection, learned, options, resolved, notes);
  const bytes = writeArtifact(header, state);
  const { version, header: full } = loadArtifact(bytes);
  return { bytes, version, header: full, selection, verdict: learned?.verdict ?? firstVersion(options.champion) };
}

interface Learned {
  readonly selection: Selection;
  readonly plan: Plan;
  readonly metrics: ArtifactHeader['metrics'];
  readonly calibration: ArtifactHeader['calibration'];
  readonly rho: number;
  readonly verdict: Verdict;
}

/** Step 2 of `trainDeal`; undefined where the newest part holds too little to choose by. */
async function learn(
  source: FactSource,
  data: DealData,
  options: TrainOptions,
  progress: (step: string, share?: number) => void,
): Promise<Learned | undefined> {
  const { company } = source;
  const { profile, seed } = options;
  const cut = newestFrom(data);
  const before = data.X.ids.flatMap((_, row) => (data.X.asOf[row]! < cut ? [row] : []));
  const train = censorAt(source, takeDealRows(data, before), cut);
  const newest = (judges: boolean) =>
    takeDealRows(
      data,
      data.X.ids.flatMap((_, row) =>
        data.bornAt[row]! >= cut && (foldOf(data.account[row]!, 3, 'newest') === 0) === judges ? [row] : [],
      ),
    );
  const selecting = newest(false);
  const judging = newest(true);
  if (train.X.ids.length === 0 || selecting.X.ids.length === 0 || judging.X.ids.length === 0) return undefined;

  const rarer = entityOutcomes(train);
  const wanted: CandidateName[] = ['baseRate', 'byAge', 'ridge', 'ridgePle'];
  if (Math.min(rarer.won, rarer.lost) >= NETWORK_OUTCOMES) wanted.push('network');
  const fitted = await fitCandidates(train, data.causes, company, profile, seed, wanted, undefined, (step, epoch) =>
    progress(`training ${step}`, epoch && epoch.epoch / epoch.epochs),
  );
  progress('selecting');
  const grid = hazards(company.settings.bins, data.causes.length);
  const placed = place(
    grid,
    selecting.outcomes.map((o) => o.timeDays),
    selecting.outcomes.map((o) => (o.cause ? data.causes.findIndex((c) => c.name === o.cause!.name) + 1 : 0)),
  );
  const selection = select(fitted.states, company, selecting.X, placed, selecting.account);
  const state = chosenState(selection, fitted.states);
  progress('judging on the newest unseen deals');
  return {
    selection,
    plan: fitted.plan,
    ...judged(state, fitted, train, judging, data, company),
    verdict: challenge(options.champion, state, data.causes, company, [selecting, judging]),
    rho: commonFactor(source, dealFeatures(source.company), state, data.causes, cut, options.until),
  };
}

function judged(
  state: HazardState,
  fitted: FittedCandidates,
  train: DealRows,
  test: DealRows,
  data: DealData,
  company: FactSource['company'],
): Pick<Learned, 'metrics' | 'calibration'> {
  const question = judge(test, WITHIN_DAYS);
  const of = (s: HazardState) => answersOf(s, data.causes, company, test, WITHIN_DAYS);
  const served = of(state);
  const ridge = fitted.states.get('ridge');
  const metrics = {
    model: measure(served, question),
    ...(ridge ? { ridge: measure(of(ridge), question) } : {}),
    stagePercentage: measure(stagePercentage(train, test, WITHIN_DAYS), question),
    baseRate: measure(of(fitted.states.get('baseRate')!), question),
    about: { undecidedShare: question.ever.undecidedShare, deals: new Set(test.X.ids).size },
  };
  const p = question.ever.rows.map((row) => served.ever[row]!);
  const calibration = calibrationBins(
    question.ever.event,
    p,
    'mass',
    Math.min(10, Math.max(1, Math.floor(p.length / 30))),
  ).map(({ rows, said, happened }) => ({ n: rows, predicted: said, observed: happened }));
  return { metrics, calibration };
}

const baseRateOnly: Selection = {
  chosen: 'baseRate',
  w: 0,
  lowSkill: true,
  candidates: {},
  reasons: ['too few outcomes to learn from'],
};

function withoutColumns(frame: Frame, left: ReadonlySet<string>): Frame {
  return { ...frame, columns: new Map([...frame.columns].filter(([name]) => !left.has(name))) };
}

/** Start of the newest part: the creation time that leaves a fifth of the deals after it. */
function newestFrom(data: DealData): Instant {
  const born = new Map<string, number>();
  for (const [row, id] of data.X.ids.entries()) born.set(id, data.bornAt[row]!);
  const times = [...born.values()].sort((a, b) => a - b);
  return times[Math.floor(times.length * (1 - NEWEST))]!;
}

/** Deals won and lost, each counted once. */
function entityOutcomes(rows: DealRows): { won: number; lost: number; open: number } {
  const last = new Map<string, 'won' | 'lost' | 'open'>();
  for (const [row, id] of rows.X.ids.entries()) last.set(id, rows.outcomes[row]!.cause?.outcome ?? 'open');
  const count = { won: 0, lost: 0, open: 0 };
  for (const outcome of last.values()) count[outcome]++;
  return count;
}

async function about(
  data: DealData,
  features: readonly Feature[],
  state: HazardState,
  selection: Selection,
  learned: Learned | undefined,
  options: TrainOptions,
  outcomes: { won: number; lost: number; open: number },
  notes: string[],
): Promise<Parameters<typeof writeArtifact>[0]> {
  const used = new Set(state.encoder.sources);
  const backend = state.network ? (await (await import('../models/tf.ts')).tensorflow()).backend : 'none';
  return {
    model: 'deal',
    task: 'duration',
    features: features
      .filter((f) => used.has(f.name) || f.name === 'expected_close_in_days')
      .map(({ name, type }) => ({ name, type })),
    featuresHash: hashFeatures(features),
    causes: data.causes.map(({ name, outcome }) => ({ name, outcome })),
    chosen:
      selection.chosen === 'average' ? `average of network (${selection.w}) and additive ridge` : selection.chosen,
    lowSkill: selection.lowSkill,
    insufficientData: outcomes.won + outcomes.lost < FEWEST_OUTCOMES,
    trained: {
      from: data.bornAt.reduce((first, at) => Math.min(first, at)),
      to: data.until,
      rows: data.X.ids.length,
      entities: new Set(data.X.ids).size,
      outcomes,
      seed: options.seed,
      profile: options.profile.name,
      backend,
      dataHash: hashData(data),
    },
    candidates: selection.candidates,
    metrics: learned?.metrics ?? {},
    calibration: learned?.calibration ?? [],
    rho: learned?.rho ?? 0.03,
    usual: usualOf(data.X),
    notes: [...notes, ...selection.reasons],
  };
}

/** Median of each number, most frequent level of each category. */
function usualOf(frame: Frame): Record<string, number | string | null> {
  const usual: Record<string, number | string | null> = {};
  for (const [name, column] of frame.columns) {
    if (column.type === 'number') {
      const sorted = column.values.filter((v) => !Number.isNaN(v)).sort();
      usual[name] = sorted.length ? sorted[Math.floor((sorted.length - 1) / 2)]! : null;
    } else {
      const counts = new Array<number>(column.levels.length).fill(0);
      for (const code of column.codes) if (code >= 0) counts[code]!++;
      const most = counts.indexOf(Math.max(...counts));
      usual[name] = counts.length && counts[most]! > 0 ? column.levels[most]! : null;
    }
  }
  return usual;
}

/** SHA-256 of everything that is learned from: rows, features, labels. */
function hashData(data: DealData): string {
  const hash = createHash('sha256');
  hash.update(data.X.ids.join('\n')).update(data.X.asOf);
  for (const [name, column] of data.X.columns) {
    hash.update(name);
    if (column.type === 'number') hash.update(column.values);
    else hash.update(column.codes).update(column.levels.join('\n'));
  }
  for (const { timeDays, cause } of data.outcomes) hash.update(`${timeDays}|${cause?.name ?? ''}\n`);
  return hash.digest('hex');
}
