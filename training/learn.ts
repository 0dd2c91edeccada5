import { featuresOf } from '../features/hash.ts';
import type { ArtifactHeader } from '../models/artifact.ts';
import type { HazardState } from '../models/hazardModel.ts';
import { withRhythm } from '../models/withRhythm.ts';
import { calibrationBins } from '../src/stats/calibrationBins.ts';
import type { Subject } from '../src/subjects/index.ts';
import { DAY, type Instant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import { coldStart, fewOutcomes } from './coldStart.ts';
import { commonFactor } from './commonFactor.ts';
import { crossFit } from './crossFit.ts';
import { endingsOf, FEWEST_OUTCOMES } from './endings.ts';
import { type Answers, answersOf, judge, measure, percentageBy } from './evaluate.ts';
import type { Judgement } from './evidence.ts';
import {
  type CandidateName,
  type FittedCandidates,
  fitCandidates,
  type Plan,
  type Progress,
  SIMPLE,
} from './fitCandidates.ts';
import { foldOf } from './folds.ts';
import { challenge, type Verdict } from './gate.ts';
import { censorAt, type LandmarkRows, type TrainingRows, takeLandmarkRows } from './landmarkRows.ts';
import { judgesOf } from './question.ts';
import { byContract, chooseRhythm, fitRhythm, type RhythmChoice } from './rhythm.ts';
import type { OnProgress } from './runRecord.ts';
import { chosenState, type Selection, select } from './select.ts';
import { type HazardTask, judgedDays, known as knownColumns } from './task.ts';
import type { TrainOptions } from './trainOptions.ts';

/** Of the rarer outcome, for the network to be tried. */
const NETWORK_OUTCOMES = 200;
/** From so many of the newest on they select alone; fewer are joined by what was said of older ones, unseen. */
const ENOUGH_TO_SELECT = 2000;
/** The newest share of deals, leads or customers, never trained on before it has judged. */
const NEWEST = 0.2;

/** What was found on everything but the newest part, and how it did there. */
export interface Learned {
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

/**
 * Puts the newest fifth aside, fits the candidates on everything before it with labels cut at its start, and selects and judges on
 * that fifth (step 2 of `trainModel`); undefined where the newest part holds too little to choose by.
 */
export async function learn(
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
  const wanted: CandidateName[] = [...SIMPLE];
  if (Math.min(rarer.positive, rarer.negative) >= NETWORK_OUTCOMES) wanted.push('network');
  const told: Progress = (step, epoch) => progress(`training ${step}`, epoch && epoch.epoch / epoch.epochs, epoch);
  const fitted = await fitCandidates(train, task, profile, seed, wanted, undefined, told, options.hands);
  progress('selecting');
  const selects = judgesOf(task, selecting);
  const older =
    new Set(selecting.X.ids).size < ENOUGH_TO_SELECT
      ? await crossFit(train, task, profile, seed, SIMPLE, fitted.plan, options.hands)
      : undefined;
  const everybody = select(fitted.states, task, selecting.X, selects, older);
  const law = fitRhythm(source, subject, task, cut);
  const served = chosenState(everybody, fitted.states);
  const unseen =
    law && new Set(selecting.X.ids).size < ENOUGH_TO_SELECT
      ? { rows: train, without: (ids: ReadonlySet<string>) => fitRhythm(source, subject, task, cut, ids) }
      : undefined;
  const rhythm = law && chooseRhythm(law, served, fitted.states.get('baseRate')!, task, selecting, unseen);
  const bound = rhythm?.chosen
    ? await learnBound(task, train, selecting, searchedOnce(options, fitted.plan), progress)
    : undefined;
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
    plan: { ...(bound?.fitted ?? fitted).plan, ...(fitted.plan.network ? { network: fitted.plan.network } : {}) },
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
  const wanted: CandidateName[] = enough ? [...SIMPLE] : ['baseRate'];
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
      ? await crossFit(rows, task, profile, seed, SIMPLE, fitted.plan, hands)
      : undefined;
  return { selection: select(fitted.states, task, test.X, judgesOf(task, test), older), fitted };
}

/** What a search found counts for every network of the training, so that a run is told by one set of settings. */
function searchedOnce(options: TrainOptions, { network }: Plan): TrainOptions {
  const { searchLeft: _, ...profile } = options.profile;
  return { ...options, profile: { ...profile, ...(network ? { network } : {}) } };
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

/** Where there is too little to choose by. */
export const baseRateOnly: Selection = {
  chosen: 'baseRate',
  w: 0,
  partner: 'ridgePle',
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
