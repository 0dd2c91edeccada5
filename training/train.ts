import { createHash } from 'node:crypto';
import type { Feature } from '../features/feature.ts';
import { featuresOf, hashFeatures } from '../features/hash.ts';
import { hasRecord } from '../features/record.ts';
import { type Artifact, type ArtifactHeader, loadArtifact, writeArtifact } from '../models/artifact.ts';
import { expectedEndIn } from '../models/binCovariates.ts';
import { recordTrust } from '../models/coldStart.ts';
import type { HazardState } from '../models/hazardModel.ts';
import { trainedBy } from '../models/networkFit.ts';
import { rhythmFeatures } from '../models/rhythm.ts';
import { withRhythm } from '../models/withRhythm.ts';
import { ForesellError } from '../src/errors.ts';
import { calibrationBins } from '../src/stats/calibrationBins.ts';
import type { Subject } from '../src/subjects/index.ts';
import { DAY, formatInstant, type Instant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import { coldStart, fewOutcomes } from './coldStart.ts';
import { commonFactor } from './commonFactor.ts';
import { crossFit } from './crossFit.ts';
import { type Answers, answersOf, judge, measure, percentageBy } from './evaluate.ts';
import { type Evidence, effectsOf, type Judgement, judgedRows } from './evidence.ts';
import { type CandidateName, type FittedCandidates, fitCandidates, type Plan, type Progress } from './fitCandidates.ts';
import { foldOf } from './folds.ts';
import { challenge, firstVersion, type Verdict } from './gate.ts';
import type { Hands } from './hands.ts';
import { censorAt, type LandmarkRows, type TrainingRows, takeLandmarkRows, trainingRows } from './landmarkRows.ts';
import { leakRecords } from './leakRecords.ts';
import type { LeakFinding } from './leakScreen.ts';
import type { Profile } from './profiles.ts';
import { judgesOf } from './question.ts';
import { referenceOf } from './reference.ts';
import { byContract, chooseRhythm, fitRhythm, type RhythmChoice } from './rhythm.ts';
import type { OnProgress } from './runRecord.ts';
import { screened } from './screens.ts';
import { chosenState, partsOf, type Selection, select } from './select.ts';
import { type HazardTask, judgedDays, known as knownColumns, taskOf } from './task.ts';
import { usualOf } from './usual.ts';

export interface TrainOptions {
  /** Nothing known at or after it is looked at. */
  readonly until: Instant;
  readonly profile: Profile;
  readonly seed: number;
  /** The version that serves now, which a new one must beat. */
  readonly champion?: Artifact | undefined;
  readonly onProgress?: OnProgress;
  /** Who fits the candidates; absent = this thread. The bits are the same. */
  readonly hands?: Hands | undefined;
}

export interface Trained {
  readonly bytes: Uint8Array;
  readonly version: string;
  readonly header: ArtifactHeader;
  /** Why this candidate was chosen. */
  readonly selection: Selection;
  /** Whether it may serve. */
  readonly verdict: Verdict;
  /** What a report is drawn from, but for the learning curves; made when asked for (some seconds). */
  evidence(): Omit<Evidence, 'curves'>;
}

/** Fewer known outcomes than this are not learned from: the base rate, shrunk, and it says so. */
const FEWEST_OUTCOMES = 50;
/** Of the rarer outcome, for the network to be tried. */
const NETWORK_OUTCOMES = 200;
/** From so many of the newest on they select alone; fewer are joined by what was said of older ones, unseen. */
const ENOUGH_TO_SELECT = 500;
/** The newest share of deals, leads or customers, never trained on before it has judged. */
const NEWEST = 0.2;

/**
 * Trains a model on a company's own past.
 *
 * 1. Landmark rows of all that the subject is about and that was known before `until`.
 * 2. The newest fifth of them is put aside; everything before it, with labels cut at its start, trains the
 *    candidates. Two thirds of the newest (by account) select, of a small company together with the older ones by
 *    cross-fitting; the rest judges the chosen one beside its baselines.
 * 3. What was chosen is fitted again on all rows as planned, and written as an artifact.
 *
 * The same facts, profile, seed and backend give the same bytes.
 * @throws ForesellError `no-outcomes` where nothing ever ended
 */
export async function trainModel(source: FactSource, subject: Subject, options: TrainOptions): Promise<Trained> {
  const { company } = source;
  const { profile, seed } = options;
  const progress = options.onProgress ?? (() => {});
  const features = featuresOf(subject.model, company);
  progress('reading landmarks', 0);
  const everything = trainingRows(source, subject, features, options.until, (done, total) =>
    progress('reading landmarks', done / total),
  );
  const task = taskOf(subject, company, everything.causes);
  // Never screened out: the clocks of the hazards themselves.
  const clocks = new Set([task.age, expectedEndIn(everything.X.columns.keys()), ...(subject.rhythm ? rhythmFeatures : [])]); // biome-ignore format: one set
  const { data, leaks, drifted, notes: screens } = screened(company, subject, everything, clocks);
  const resolved = endingsOf(data, subject.recurs);
  const known = resolved.positive + resolved.negative;
  if (known === 0) {
    throw new ForesellError(
      'no-outcomes',
      `no ${subject.noun.one} ${subject.sides.positive} or ${subject.sides.negative} before ${formatInstant(options.until)}; import ${subject.needs}`,
    );
  }
  const notes = [...screens, ...leakRecords(source, subject, everything).map(({ says }) => says)];
  const learned = known >= FEWEST_OUTCOMES ? await learn(source, subject, task, data, options, progress) : undefined;
  if (!learned) notes.push(`only ${known} known outcomes; from ${FEWEST_OUTCOMES} on the model learns from them`);
  const selection = learned?.selection ?? baseRateOnly;

  const planned = async () => {
    const rhythm = learned?.rhythm?.chosen ? fitRhythm(source, subject, task, options.until) : undefined;
    const { bound, rhythmic } = byContract(data);
    const final = await fitCandidates(
      rhythm && bound.X.ids.length > 0 ? bound : data,
      task,
      profile,
      seed,
      partsOf(selection),
      learned?.plan ?? { penalties: {}, epochs: 0, networkSeed: seed },
      (step, epoch) => progress(`final fit: ${step}`, epoch && epoch.epoch / epoch.epochs, epoch),
      options.hands,
    );
    const state = chosenState(selection, final.states);
    return rhythm ? withRhythm(state, rhythm, rhythmic.X) : state;
  };
  progress('final fit');
  const cold = fewOutcomes(known, learned?.rhythm?.chosen ? 'ridge' : selection.chosen) ? coldStart(data, task, subject.prior(company)) : undefined; // biome-ignore format: one choice
  if (cold) notes.push(`few outcomes: the base rate ${cold.law.rate.toFixed(3)}, drawn to what is believed before any, mixed with ${cold.learner.toFixed(2)} of a ridge`); // biome-ignore format: one note
  const state = cold?.state ?? (await planned());
  // The learner reads the owner's record itself.
  const record = cold && hasRecord(subject.model) ? recordTrust(known) * (1 - cold.learner) : 0;
  if (record > 0) notes.push(`few outcomes: the records of owners and teams count for ${record.toFixed(2)}`);
  progress('describing the version');
  const header = await about(subject, task, data, features, state, selection, learned, options, resolved, leaks, notes);
  const bytes = writeArtifact(record > 0 ? { ...header, record } : header, state);
  const artifact = loadArtifact(bytes);
  return {
    bytes,
    version: artifact.version,
    header: artifact.header,
    selection,
    verdict: learned?.verdict ?? firstVersion(options.champion),
    evidence: () => ({
      format: 1,
      judged: learned ? judgedRows(source, subject.of, learned.judging, learned.judgement) : null,
      effects: effectsOf(artifact, company, data.X),
      drifted,
    }),
  };
}

interface Learned {
  readonly selection: Selection;
  /** Of customers without contract: the law of purchases beside the hazards. */
  readonly rhythm: RhythmChoice | undefined;
  readonly plan: Plan;
  readonly metrics: ArtifactHeader['metrics'];
  readonly calibration: ArtifactHeader['calibration'];
  readonly rho: number | undefined;
  readonly verdict: Verdict;
  /** The rows that judged, and what was said of them. */
  readonly judging: LandmarkRows;
  readonly judgement: Judgement;
}

/** Step 2 of `trainModel`; undefined where the newest part holds too little to choose by. */
async function learn(
  source: FactSource,
  subject: Subject,
  task: HazardTask,
  data: TrainingRows,
  options: TrainOptions,
  progress: OnProgress,
): Promise<Learned | undefined> {
  const { profile, seed } = options;
  const cut = newestFrom(data, subject, task);
  const before = data.X.ids.flatMap((_, row) => (data.X.asOf[row]! < cut ? [row] : []));
  const train = censorAt(source, subject, takeLandmarkRows(data, before), cut);
  const newestAt = (row: number) => (subject.recurs ? data.X.asOf[row]! : data.bornAt[row]!);
  const newest = takeLandmarkRows(
    data,
    data.X.ids.flatMap((_, row) => (newestAt(row) >= cut ? [row] : [])),
  );
  const judges = (account: string) => foldOf(account, 3, 'newest') === 0;
  const part = (judging: boolean) =>
    takeLandmarkRows(
      newest,
      newest.account.flatMap((account, row) => (judges(account) === judging ? [row] : [])),
    );
  const selecting = part(false);
  const judging = part(true);
  if (train.X.ids.length === 0 || selecting.X.ids.length === 0 || judging.X.ids.length === 0) return undefined;

  const rarer = endingsOf(train, subject.recurs);
  const wanted: CandidateName[] = ['baseRate', 'byAge', 'ridge', 'ridgePle'];
  if (Math.min(rarer.positive, rarer.negative) >= NETWORK_OUTCOMES) wanted.push('network');
  const told: Progress = (step, epoch) => progress(`training ${step}`, epoch && epoch.epoch / epoch.epochs, epoch);
  const fitted = await fitCandidates(train, task, profile, seed, wanted, undefined, told, options.hands);
  progress('selecting');
  const selects = judgesOf(task, selecting);
  const older =
    new Set(selecting.X.ids).size < ENOUGH_TO_SELECT
      ? await crossFit(train, task, profile, seed, ['baseRate', 'byAge', 'ridge', 'ridgePle'], fitted.plan)
      : undefined;
  const everybody = select(fitted.states, task, selecting.X, selects, older);
  const law = fitRhythm(source, subject, task, cut);
  const served = chosenState(everybody, fitted.states);
  const unseen =
    law && new Set(selecting.X.ids).size < ENOUGH_TO_SELECT
      ? { rows: train, without: (ids: ReadonlySet<string>) => fitRhythm(source, subject, task, cut, ids) }
      : undefined;
  const rhythm = law && chooseRhythm(law, served, fitted.states.get('baseRate')!, task, selecting, unseen);
  const bound = rhythm?.chosen ? await learnBound(task, train, selecting, options, progress) : undefined;
  const selection = bound?.selection ?? everybody;
  const { positive, negative } = endingsOf(data, subject.recurs);
  const state = fewOutcomes(positive + negative, rhythm?.chosen ? 'ridge' : selection.chosen)
    ? coldStart(train, task, subject.prior(source.company)).state
    : law && bound
      ? withRhythm(chosenState(selection, bound.fitted.states), law, byContract(train).rhythmic.X)
      : served;
  progress(`judging on the newest unseen ${subject.noun.many}`);
  return {
    selection,
    rhythm,
    plan: (bound?.fitted ?? fitted).plan,
    ...judged(subject, task, state, fitted, train, judging),
    judging,
    verdict: challenge(options.champion, state, task, { rows: newest, judges }, source.company.settings.pinned),
    rho: subject.books
      ? commonFactor(source, subject, featuresOf(subject.model, source.company), state, task, cut, options.until)
      : undefined,
  };
}

/**
 * Hazards of the customers with contract alone, where a law of purchases serves the others. Without enough of their
 * outcomes the base rate stands in for them: of everybody, where there is no contract at all.
 */
async function learnBound(
  task: HazardTask,
  train: LandmarkRows,
  selecting: LandmarkRows,
  { profile, seed, hands }: TrainOptions,
  progress: OnProgress,
): Promise<{ readonly selection: Selection; readonly fitted: FittedCandidates }> {
  const rows = byContract(train).bound;
  const test = byContract(selecting).bound;
  const { positive, negative } = endingsOf(rows, true);
  const enough = positive + negative >= FEWEST_OUTCOMES && test.X.ids.length > 0;
  const wanted: CandidateName[] = enough ? ['baseRate', 'byAge', 'ridge', 'ridgePle'] : ['baseRate'];
  if (enough && Math.min(positive, negative) >= NETWORK_OUTCOMES) wanted.push('network');
  const fitted = await fitCandidates(
    rows.X.ids.length > 0 ? rows : train,
    task,
    profile,
    seed,
    wanted,
    undefined,
    (step, epoch) => progress(`training ${step} with contract`, epoch && epoch.epoch / epoch.epochs, epoch),
    hands,
  );
  if (!enough)
    return { selection: { ...baseRateOnly, reasons: ['too few endings with contract to learn from'] }, fitted };
  const older =
    new Set(test.X.ids).size < ENOUGH_TO_SELECT
      ? await crossFit(rows, task, profile, seed, ['baseRate', 'byAge', 'ridge', 'ridgePle'], fitted.plan)
      : undefined;
  return { selection: select(fitted.states, task, test.X, judgesOf(task, test), older), fitted };
}

function judged(
  subject: Subject,
  task: HazardTask,
  state: HazardState,
  fitted: FittedCandidates,
  train: LandmarkRows,
  test: LandmarkRows,
): Pick<Learned, 'metrics' | 'calibration' | 'judgement'> {
  const days = judgedDays(task.withinDays);
  const question = judge(test, days);
  const of = (s: HazardState) => answersOf(s, task, test, days);
  const served = of(state);
  const ridge = fitted.states.get('ridge');
  const { plain } = knownColumns[subject.of];
  const answers: Readonly<Record<string, Answers>> = {
    model: served,
    ...(ridge ? { ridge: of(ridge) } : {}),
    ...(plain ? { [plain.name]: percentageBy(plain.feature, train, test, days) } : {}),
    baseRate: of(fitted.states.get('baseRate')!),
  };
  const metrics = {
    ...Object.fromEntries(Object.entries(answers).map(([name, said]) => [name, measure(said, question)])),
    about: { undecidedShare: question.ever.undecidedShare, [subject.noun.many]: new Set(test.X.ids).size },
  };
  // The reliability is of the number that is called the probability.
  const asked = task.withinDays === null ? 'ever' : 'within';
  const p = question[asked].rows.map((row) => served[asked][row]!);
  const calibration = calibrationBins(
    question[asked].event,
    p,
    'mass',
    Math.min(10, Math.max(1, Math.floor(p.length / 30))),
  ).map(({ rows, said, happened }) => ({ n: rows, predicted: said, observed: happened }));
  const said = new Map(Object.entries(answers).map(([name, by]) => [name, by[asked]]));
  return { metrics, calibration, judgement: { withinDays: task.withinDays, ...question[asked], said } };
}

const baseRateOnly: Selection = {
  chosen: 'baseRate',
  w: 0,
  lowSkill: true,
  candidates: {},
  reasons: ['too few outcomes to learn from'],
};

/**
 * Start of the newest part: the creation time that leaves a fifth of them after it. Where endings recur, the time that
 * leaves a fifth of the looks after it, and a horizon and a half, so that what was said can be judged.
 */
function newestFrom(data: TrainingRows, subject: Subject, { withinDays }: HazardTask): Instant {
  if (subject.recurs) {
    const looks = data.X.asOf.slice().sort();
    const fifth = looks[Math.floor(looks.length * (1 - NEWEST))] ?? data.until;
    return Math.min(fifth, data.until - 1.5 * (withinDays ?? 0) * DAY);
  }
  const born = new Map<string, number>();
  for (const [row, id] of data.X.ids.entries()) born.set(id, data.bornAt[row]!);
  const times = [...born.values()].sort((a, b) => a - b);
  return times[Math.floor(times.length * (1 - NEWEST))]!;
}

/** How many ended on each side, each ending counted once; open, by their last look. */
interface SideCounts {
  readonly positive: number;
  readonly negative: number;
  readonly open: number;
}

function endingsOf(rows: LandmarkRows, recurs: boolean): SideCounts {
  const last = new Map<string, keyof SideCounts>();
  for (const [row, id] of rows.X.ids.entries()) {
    const { cause, timeDays } = rows.outcomes[row]!;
    // Looks before one ending tell it each; of what recurs, each ending is one.
    const ending = recurs && cause ? `${id} ${Math.round(rows.X.asOf[row]! + timeDays * DAY)}` : id;
    last.set(ending, cause ? (cause.positive ? 'positive' : 'negative') : 'open');
  }
  const count = { positive: 0, negative: 0, open: 0 };
  for (const outcome of last.values()) count[outcome]++;
  return count;
}

async function about(
  subject: Subject,
  task: HazardTask,
  data: TrainingRows,
  features: readonly Feature[],
  state: HazardState,
  selection: Selection,
  learned: Learned | undefined,
  options: TrainOptions,
  outcomes: SideCounts,
  leaks: readonly LeakFinding[],
  notes: string[],
): Promise<Parameters<typeof writeArtifact>[0]> {
  const used = new Set(state.encoder.sources);
  const expectedEnd = expectedEndIn(data.X.columns.keys());
  const { sides } = subject;
  const backend = state.network ? await trainedBy(options.profile.network) : 'none';
  return {
    model: subject.model,
    task: 'duration',
    features: features
      .filter((f) => used.has(f.name) || f.name === expectedEnd)
      .map(({ name, type }) => ({ name, type })),
    featuresHash: hashFeatures(features),
    causes: task.causes.map(({ name, positive }) => ({ name, positive })),
    withinDays: task.withinDays,
    chosen: chosenWords(selection, state),
    lowSkill: selection.lowSkill && !state.rhythm,
    insufficientData: outcomes.positive + outcomes.negative < FEWEST_OUTCOMES,
    trained: {
      from: data.bornAt.reduce((first, at) => Math.min(first, at)),
      to: data.until,
      rows: data.X.ids.length,
      entities: new Set(data.X.ids).size,
      outcomes: { [sides.positive]: outcomes.positive, [sides.negative]: outcomes.negative, open: outcomes.open },
      seed: options.seed,
      profile: options.profile.name,
      backend,
      dataHash: hashData(data),
    },
    candidates: { ...selection.candidates, ...(learned?.rhythm && { noContract: { ...learned.rhythm.losses } }) },
    metrics: learned?.metrics ?? {},
    calibration: learned?.calibration ?? [],
    rho: subject.books ? (learned?.rho ?? 0.03) : 0,
    ...usualOf(data.X),
    reference: referenceOf(data, task, state),
    leaks: [...leaks],
    notes: [...notes, ...selection.reasons, ...(learned?.rhythm?.reasons ?? [])],
  };
}

function chosenWords({ chosen, w }: Selection, { rhythm }: HazardState): string {
  const words = chosen === 'average' ? `average of network (${w}) and additive ridge` : chosen;
  return rhythm ? `BG/NBD without contract, ${words} with` : words;
}

/** SHA-256 of everything that is learned from: rows, features, labels. */
function hashData(data: TrainingRows): string {
  const hash = createHash('sha256');
  hash.update(data.X.ids.join('\n')).update(data.X.asOf);
  for (const [name, column] of data.X.columns) {
    hash.update(name);
    if (column.type === 'number') hash.update(plainNaN(column.values));
    else hash.update(column.codes).update(column.levels.join('\n'));
  }
  for (const { timeDays, cause } of data.outcomes) hash.update(`${timeDays}|${cause?.name ?? ''}\n`);
  return hash.digest('hex');
}

/** The same numbers with one bit pattern for "missing": NaN that arithmetic made may carry a sign, by how it was compiled. */
function plainNaN(values: Float64Array): BigUint64Array {
  const bits = new BigUint64Array(values.slice().buffer);
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) bits[i] = 0x7ff8000000000000n;
  return bits;
}
