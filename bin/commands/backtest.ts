import { Command, InvalidArgumentError, Option } from 'commander';
import { ForesellError } from '../../src/errors.ts';
import { type PeriodKind, periodKinds } from '../../src/periods.ts';
import type { Store } from '../../src/store/store.ts';
import { subjectOf } from '../../src/subjects/index.ts';
import type { Instant } from '../../src/time.ts';
import type { PlanAsk } from '../../training/backtest/plan.ts';
import type { Kept, Progress } from '../../training/backtest/thenModels.ts';
import type { Profile } from '../../training/profiles.ts';
import { documentOf } from '../backtest/document.ts';
import { type BacktestDocument, keptBeside, left, outOf } from '../backtest/files.ts';
import { forecastDocument } from '../backtest/forecast/document.ts';
import { readBy } from '../checkOutputs.ts';
import { type Common, instantIn, progressOf, time, withCommon } from '../common.ts';
import { standAt, withStore } from '../store.ts';

interface Options extends Common {
  readonly model: string;
  readonly from?: string;
  readonly to?: string;
  /** Days. */
  readonly every: number;
  /** Days. */
  readonly retrain: number;
  readonly of?: PeriodKind;
  readonly incumbent?: string;
  readonly rep?: string;
  readonly profile: 'fast' | 'default' | 'best';
  readonly draws?: number;
  readonly out: readonly string[];
  readonly language: 'en' | 'th';
}

/** `foresell backtest`: what would have been said then, beside what else one could have gone by, against what happened. */
export function backtestCommand(): Command {
  const command = new Command('backtest')
    .summary('replay the past: what would have been said against what happened')
    .description(
      'Goes back to moments of your own past. At each, the model as it would have been then scores everything that was\n' +
        'open, from what was known then; months later the records say what happened. Beside it stand what else you could\n' +
        'have gone by: the percentage of the stage, what your reps said, another program’s score, the base rate. Every\n' +
        'figure has a 95 % interval, by drawing whole accounts.\n' +
        '--model forecast replays the forecast of the fiscal quarter (--of: or week, month, year) instead: beside it the\n' +
        'usual rules, what the period brought, and each person’s own calls by forecast_category and expected_close_date. It\n' +
        'learns how to blend model and people, and keeps that in the database: it stands beside forecasts of such periods,\n' +
        'used where it beat each of them beyond chance.\n' +
        'By default the last 52 weeks, less the days within which the newest look must have been decided. A stopped run\n' +
        'goes on with the trainings that it had finished.',
    )
    .option('--model <name>', 'which model: deal, lead, churn or one of your own labels; or forecast', 'deal')
    .option('--from <time>', 'first look', time)
    .option('--to <time>', 'last look', time)
    .option('--every <days>', 'days between looks', days, 28)
    .option('--retrain <days>', 'days after which the model is trained anew', days, 84)
    .addOption(
      new Option('--of <kind>', 'with --model forecast: which period at each look (default: quarter)').choices([
        ...periodKinds,
      ]),
    )
    .option('--incumbent <kind.column>', 'a score of another program, recorded with its history, as deal.score')
    .option(
      '--rep <kind.column>',
      'what the reps said: a percentage or a category (default for deals: deal.probability, else deal.forecast_category)',
    )
    .addOption(
      new Option('--profile <name>', 'how much work each training is: fast, default or best')
        .choices(['fast', 'default', 'best'])
        .default('fast'),
    )
    .option('--draws <n>', 'draws of the bootstrap (default: 1000; 400 beyond 10,000 looks)', draws)
    .option(
      '--out <file>',
      'where to: .html is the report, .json all figures, .csv, .xlsx, .ndjson or .parquet a row a look; may be given several times',
      (file: string, files: readonly string[]) => [...files, file],
      [],
    )
    .addOption(new Option('--language <language>', 'of the report').choices(['en', 'th']).default('en'))
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell backtest --out report.html\n' +
        '  $ foresell backtest --model deal --from 2025-10-01 --to 2026-06-30 --every 28d --out report.html --out looks.csv\n' +
        '  $ foresell backtest --incumbent deal.einstein_score --rep deal.probability --out report.html --language th\n' +
        '  $ foresell backtest --model forecast --every 14d --out accuracy.html\n' +
        '  $ foresell backtest --model churn --retrain 168d --json > churn.json\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.optsWithGlobals<Options>()));
  return withCommon(command);
}

async function run(options: Options): Promise<void> {
  // Found before any work is done, so that a wrong ending does not cost minutes.
  const writers = options.out.map((file, i) => {
    const others = options.out.slice(0, i).map((other, n) => [`--out (number ${n + 1})`, other]);
    return outOf(file, { ...readBy(options), ...Object.fromEntries(others) }, options.language);
  });
  if (options.model === 'forecast') refuseColumns(options);
  else if (options.of !== undefined) refuseOf();
  const started = Date.now();
  const progress = progressOf(options);
  await withStore(options, async (store) => {
    const { profiles } = await import('../../training/profiles.ts');
    const zone = store.company().settings.time_zone;
    const known = options.asOf === undefined ? (store.newestKnownAt() ?? standAt(options, store)) : standAt(options, store); // biome-ignore format: one choice
    // Forecasts are made by the model of deals.
    const forecasts = options.model === 'forecast';
    const kept = keptBeside(store, { ...options, model: forecasts ? 'deal' : options.model }, known);
    const document = await (forecasts ? replayForecast : replayModel)(store, options, {
      ...{ known, profile: profiles[options.profile], seed: options.seed, draws: options.draws },
      ...{ from: instantIn(options.from, zone), to: instantIn(options.to, zone) },
      ...{ everyDays: options.every, retrainDays: options.retrain, kept },
      onProgress: (text, share, line) => {
        const said = `${String(Math.round(100 * share)).padStart(3)} %  ${text}${left(started, share)}`;
        if (line) progress.line(said);
        else progress.step(said);
      },
    });
    for (const [i, write] of writers.entries()) {
      await write(document);
      progress.line(`wrote ${options.out[i]}`);
    }
    kept.clear();
    progress.line(`done in ${((Date.now() - started) / 1000).toFixed(0)} s`);
    if (options.json) process.stdout.write(`${JSON.stringify(document.json)}\n`);
    else process.stdout.write(document.printed());
  });
}

/** What both kinds of replay are asked. */
interface ReplayAsk extends PlanAsk {
  readonly known: Instant;
  readonly profile: Profile;
  readonly seed: number;
  readonly draws: number | undefined;
  readonly kept: Kept;
  readonly onProgress: Progress;
}

async function replayModel(store: Store, options: Options, ask: ReplayAsk): Promise<BacktestDocument> {
  const [{ backtest }, { levelAt }, { amountOf }] = await Promise.all([
    import('../../training/backtest/backtest.ts'),
    import('../../api/level.ts'),
    import('../../api/grade.ts'),
  ]);
  const subject = subjectOf(options.model, store.company());
  const result = await backtest(store.loadedSource(), subject, {
    ...ask,
    ...{ incumbent: options.incumbent, rep: options.rep },
    levelAt: subject.books ? levelAt : undefined,
    worth: subject.books
      ? (past) => {
          const amount = amountOf(past);
          return amount ? past.baseMinor(amount.minor, amount.currency) : Number.NaN;
        }
      : undefined,
  });
  return documentOf(result);
}

async function replayForecast(store: Store, { of }: Options, ask: ReplayAsk): Promise<BacktestDocument> {
  const [{ backtestForecast }, { ledgerOf }, { peopleOf }, { keepBlend }] = await Promise.all([
    import('../../training/backtest/forecast.ts'),
    import('../../api/forecastLedger.ts'),
    import('../../api/pipeline.ts'),
    import('../../api/blend.ts'),
  ]);
  const source = store.loadedSource();
  const people = peopleOf(store);
  const result = await backtestForecast(source, {
    ...ask,
    of,
    lookAt: ledgerOf(source, people, ask.known, store.adjustments, of),
  });
  keepBlend(store, Date.now(), result.of, result.judgement.blend);
  return forecastDocument(result, people.name);
}

function refuseColumns({ incumbent, rep }: Options): void {
  if (incumbent === undefined && rep === undefined) return;
  const flag = incumbent === undefined ? '--rep' : '--incumbent';
  throw new ForesellError(
    'option-unused',
    `${flag} is of models, not of forecasts: people's calls are read from forecast_category and expected_close_date; leave it out`,
    { path: flag },
  );
}

function refuseOf(): void {
  throw new ForesellError('option-unused', '--of is of forecasts, not of models; leave it out, or add --model forecast', { path: '--of' }); // biome-ignore format: one sentence
}

function days(text: string): number {
  const value = Number(text.replace(/d$/, ''));
  if (!(value >= 1 && value <= 3660)) throw new InvalidArgumentError('expected a number of days, as 28d.');
  return value;
}

function draws(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 100 || value > 100_000)
    throw new InvalidArgumentError('expected a whole number from 100 to 100000.');
  return value;
}
