import { featuresOf } from '../../features/hash.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Subject } from '../../src/subjects/index.ts';
import { DAY, formatInstant, type Instant } from '../../src/time.ts';
import type { FactSource } from '../../src/world.ts';
import type { Profile } from '../profiles.ts';
import { known as knownOf } from '../task.ts';
import { type ColumnsAsk, rivalsOf } from './columns.ts';
import { type Happened, happenedTo } from './happened.ts';
import { type Judgement, judgeAll } from './judge.ts';
import { type Plan, type PlanAsk, planBacktest } from './plan.ts';
import type { Rival } from './rivals.ts';
import { type Said, type Serving, saidAt } from './said.ts';
import { byAge, bySegment, type Slice } from './slices.ts';
import { type Kept, type Progress, TRAINING_WORK, type TrainingThen, thenModels, type Work } from './thenModels.ts'; // biome-ignore format: one import
import { leadingFigure, percent, type Verdict, verdicts } from './verdict.ts';

export interface BacktestOptions extends PlanAsk, ColumnsAsk, Serving {
  /** End of what is known. */
  readonly known: Instant;
  readonly profile: Profile;
  readonly seed: number;
  /** Draws of the bootstrap. */
  readonly draws?: number | undefined;
  readonly kept?: Kept;
  readonly onProgress?: Progress;
}

export interface OriginResult {
  readonly at: Instant;
  readonly version: string;
  readonly open: number;
  /** How many were to end well within the horizon by our probabilities, and by the base rate; and how many did. */
  readonly expected: number;
  readonly expectedBaseRate: number;
  readonly happened: number;
}

/** Something that the figures do not say; `text` in English, `code` and `params` for other languages. */
export interface Limit {
  readonly code: 'sample' | 'size' | 'undecided' | 'lowSkill' | 'noWorth' | 'record' | 'noTrial' | 'cut';
  readonly params: Readonly<Record<string, number | string>>;
  readonly text: string;
}

/** Everything that a report is made of. */
export interface BacktestResult {
  readonly model: string;
  readonly company: string;
  readonly sample: boolean;
  readonly currency: string;
  readonly zone: string;
  readonly plan: Plan;
  readonly profile: string;
  readonly seed: number;
  readonly draws: number;
  readonly subject: Pick<Subject, 'noun' | 'sides'>;
  /** What the segments are: stage, source, industry. */
  readonly segment: string;
  readonly headline: string;
  /** The newest so many months are replayed. */
  readonly months: number;
  readonly verdicts: readonly Verdict[];
  readonly rivals: readonly Pick<Rival, 'name' | 'label' | 'says'>[];
  readonly judgement: Judgement;
  readonly age: readonly Slice[];
  readonly segments: readonly Slice[];
  /** The rival that slices are compared with. */
  readonly sliceRival: string;
  readonly origins: readonly OriginResult[];
  readonly trainings: readonly TrainingThen[];
  readonly limits: readonly Limit[];
  readonly rows: readonly (Said & Happened)[];
}

/** Draws of the bootstrap; of many rows fewer, whose intervals are as steady. */
const drawsOf = (rows: number): number => (rows > 10_000 ? 400 : 1000);
/** What the intervals weigh beside the scoring of an origin, for the time that is left. */
const INTERVAL_WORK = 4;

/**
 * Replays history: at each origin the model as it would have been scores everything that was open from what was known,
 * beside what else one could have gone by; and all are judged by what happened. The same facts, options and backend give
 * the same result.
 *
 * Nothing leaks: a model knows what was known before its retraining, features and rivals what was known at the origin;
 * only `happenedTo` looks further.
 * @throws ForesellError of `planBacktest` and `rivalsOf`; `backtest-none-open` where nothing was open at any origin
 */
export async function backtest(
  source: FactSource,
  subject: Subject,
  options: BacktestOptions,
): Promise<BacktestResult> {
  const { known, profile, seed } = options;
  const { company } = source;
  const progress = options.onProgress ?? (() => {});
  progress('planning', 0);
  const plan = planBacktest(source, subject, known, options);
  const { plain } = knownOf[subject.of];
  const feature = featuresOf(subject.model, company).find(({ name }) => name === plain?.feature);
  const origins = plan.origins.map(({ at }) => at);
  const rivals = rivalsOf(source, subject, origins, feature, options);
  const segmentOf = feature?.type === 'category' ? feature.compute : () => undefined;

  const all = plan.retrainings.length * TRAINING_WORK + plan.origins.length + INTERVAL_WORK;
  const work: Work = { all, done: 0, progress };
  const models = thenModels(source, subject, options, plan.retrainings.length, work);
  const said: Said[] = [];
  for (const [k, origin] of plan.origins.entries()) {
    const { model } = await models.at(origin.trainedUntil);
    const here = saidAt(
      source,
      subject,
      origin.at,
      model,
      rivals,
      plan.horizonDays,
      plan.settleDays,
      segmentOf,
      options,
    );
    said.push(...here);
    work.done++;
    progress(`look ${k + 1} of ${plan.origins.length}: ${here.length} ${subject.noun.open} on ${company.calendar.date(origin.at)}`, work.done / all); // biome-ignore format: one sentence
  }
  if (said.length === 0) {
    throw new ForesellError('backtest-none-open', `no ${subject.noun.one} was open at any of the ${origins.length} looks from ${formatInstant(origins[0]!)}; choose another --from`); // biome-ignore format: one sentence
  }
  const happened = happenedTo(source, subject, said, plan.horizonDays, known);
  const { trainings } = models;
  progress('intervals', work.done / all);
  const draws = options.draws ?? drawsOf(said.length);
  const judgement = judgeAll(said, happened, { draws, seed, money: subject.books });
  const sliceRival = rivals[0]!.name;
  const { settings } = company;
  return {
    model: subject.model,
    company: settings.name,
    sample: settings.sample,
    currency: settings.base_currency,
    zone: settings.time_zone,
    plan,
    profile: profile.name,
    ...{ seed, draws },
    subject: { noun: subject.noun, sides: subject.sides },
    segment: feature?.idea ?? 'segment',
    headline: headlineOf(judgement, rivals, subject, plan),
    months: monthsOf(plan),
    verdicts: verdicts(judgement, rivals, subject),
    rivals: rivals.map(({ name, label, says }) => ({ name, label, says })),
    judgement,
    age: byAge(said, happened, sliceRival, seed),
    segments: bySegment(said, happened, sliceRival, seed),
    sliceRival,
    origins: originsOf(said, happened),
    trainings,
    limits: limitsOf(judgement, trainings, subject, plan, settings.sample),
    rows: said.map((row, i) => ({ ...row, ...happened[i]! })),
  };
}

function originsOf(said: readonly Said[], happened: readonly Happened[]): OriginResult[] {
  const by = new Map<Instant, { -readonly [K in keyof OriginResult]: OriginResult[K] }>();
  said.forEach(({ at, version, ours, rivals }, i) => {
    let entry = by.get(at);
    if (!entry) by.set(at, (entry = { at, version, open: 0, expected: 0, expectedBaseRate: 0, happened: 0 }));
    entry.open++;
    entry.expected += ours.within;
    entry.expectedBaseRate += rivals['baseRate']!.within;
    entry.happened += happened[i]!.within;
  });
  return [...by.values()];
}

const monthsOf = (plan: Plan): number => Math.max(1, Math.round((plan.known - plan.origins[0]!.at) / (30.44 * DAY)));

/** The one sentence that a report leads with. */
function headlineOf(judgement: Judgement, rivals: readonly Rival[], subject: Subject, plan: Plan): string {
  const lead = leadingFigure(judgement);
  const months = monthsOf(plan);
  const of = (method: string) => judgement.figures.within[method]![lead]!.value;
  const ours = of('foresell');
  const { noun, sides } = subject;
  const span = `On your last ${months === 1 ? 'month' : `${months} months`}`;
  if (ours === null) return `${span}, no ${noun.one} ${sides.positive} within ${plan.horizonDays} days of a look, so nothing can be ranked.`; // biome-ignore format: one sentence
  const what = lead === 'money20' ? 'the money you won' : `the ${noun.many} that ${sides.positive}`;
  const others = rivals.flatMap(({ name, label }) => {
    const value = of(name);
    return value === null || name === 'baseRate' ? [] : [`${label} ${percent(value)}`];
  });
  const chance = `chance ${percent(of('baseRate') ?? 0.2)}`;
  return `${span}, Foresell ranked ${percent(ours)} of ${what} in its top fifth; ${[...others, chance].join(', ')}.`;
}

/** What the figures do not say. */
function limitsOf(
  judgement: Judgement,
  trainings: readonly TrainingThen[],
  subject: Subject,
  plan: Plan,
  sample: boolean,
): Limit[] {
  const { noun, sides } = subject;
  const { accounts, entities, undecidedShare: undecided } = judgement;
  const looks = judgement.rows.within;
  const good = Math.round((judgement.figures.within['foresell']!['happened']!.value ?? 0) * looks);
  const low = trainings.filter(({ lowSkill }) => lowSkill).length;
  const unpriced = looks - judgement.worthRows;
  const days = plan.horizonDays;
  const limits: Limit[] = [];
  const add = (code: Limit['code'], params: Limit['params'], text: string) => limits.push({ code, params, text });
  if (sample)
    add('sample', {}, 'This is a made-up sample company. Figures on your own records are the ones that count.');
  add(
    'size',
    { looks, entities, accounts, good, days },
    `${looks.toLocaleString('en')} looks at ${entities.toLocaleString('en')} ${noun.many} of ${accounts.toLocaleString('en')} accounts; ${good.toLocaleString('en')} of the looks were followed by “${sides.positive}” within ${days} days. One that was open at several looks counts at each; the intervals draw whole accounts, so that this makes nothing look surer than it is.`,
  );
  add(
    'undecided',
    { undecided },
    `${percent(undecided)} of the looks are still undecided; “${sides.positive} at all” is judged on the rest, which closed sooner than average.`,
  );
  if (low > 0)
    add(
      'lowSkill',
      { low, models: trainings.length },
      `${low} of ${trainings.length} models knew no more than the base rate when they were trained.`,
    );
  if (subject.books && unpriced > 0)
    add('noWorth', { unpriced }, `${unpriced} looks had no amount that was known then; money is counted without them.`);
  add(
    'record',
    {},
    'The history is as good as its record: where a change was written down later than it happened, without saying so, every method here, ours too, seems to have known it sooner.',
  );
  add(
    'noTrial',
    {},
    'It says how the ranking and the probabilities held, not what would have happened had your people worked by them.',
  );
  for (const note of plan.notes) add('cut', {}, note);
  return limits;
}
