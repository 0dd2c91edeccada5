import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { featuresOf, hashFeatures } from '../../features/hash.ts';
import { ForesellError } from '../../src/errors.ts';
import { type RecordKind, records } from '../../src/records.ts';
import type { Store } from '../../src/store/store.ts';
import { subjectOf } from '../../src/subjects/index.ts';
import { formatInstant, type Instant } from '../../src/time.ts';
import type { Kept } from '../../training/backtest/backtest.ts';
import { type BacktestDocument, documentOf, printedOf, rowsOf } from '../backtest/document.ts';
import { type Common, instantIn, packageVersion, progressOf, time, withCommon } from '../common.ts';
import { writerFor } from '../out.ts';
import { standAt, withStore } from '../store.ts';

interface Options extends Common {
  readonly model: string;
  readonly from?: string;
  readonly to?: string;
  /** Days. */
  readonly every: number;
  /** Days. */
  readonly retrain: number;
  readonly incumbent?: string;
  readonly rep?: string;
  readonly profile: 'fast' | 'default' | 'best';
  readonly draws?: number;
  readonly out: readonly string[];
  readonly lang: 'en' | 'th';
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
        'By default the last 52 weeks, less the days within which the newest look must have been decided. A stopped run\n' +
        'goes on with the trainings that it had finished.',
    )
    .option('--model <name>', 'which model: deal, lead, churn or one of your own labels', 'deal')
    .option('--from <time>', 'first look', time)
    .option('--to <time>', 'last look', time)
    .option('--every <days>', 'days between looks', days, 28)
    .option('--retrain <days>', 'days after which the model is trained anew', days, 84)
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
      'where to: .html is the report, .json all figures, .csv, .ndjson or .parquet a row a look; may be given several times',
      (file: string, files: readonly string[]) => [...files, file],
      [],
    )
    .addOption(new Option('--lang <language>', 'of the report').choices(['en', 'th']).default('en'))
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell backtest --out report.html\n' +
        '  $ foresell backtest --model deal --from 2025-10-01 --to 2026-06-30 --every 28d --out report.html --out looks.csv\n' +
        '  $ foresell backtest --incumbent deal.einstein_score --rep deal.probability --out report.html --lang th\n' +
        '  $ foresell backtest --model churn --retrain 168d --json > churn.json\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.optsWithGlobals<Options>()));
  return withCommon(command);
}

async function run(options: Options): Promise<void> {
  // Found before any work is done, so that a wrong ending does not cost minutes.
  const writers = options.out.map((file) => outOf(file, options.lang));
  const started = Date.now();
  const progress = progressOf(options);
  await withStore(options, async (store) => {
    const [{ backtest }, { profiles }, { levelAt }, { amountOf }] = await Promise.all([
      import('../../training/backtest/backtest.ts'),
      import('../../training/profiles.ts'),
      import('../../api/level.ts'),
      import('../../api/grade.ts'),
    ]);
    const company = store.company();
    const subject = subjectOf(options.model, company);
    const zone = company.settings.time_zone;
    const known = options.asOf === undefined ? (store.newestKnownAt() ?? standAt(options, store)) : standAt(options, store); // biome-ignore format: one choice
    const kept = keptBeside(store, options, known);
    const result = await backtest(store.loadedSource(), subject, {
      ...{ known, profile: profiles[options.profile], seed: options.seed, draws: options.draws },
      ...{ from: instantIn(options.from, zone), to: instantIn(options.to, zone) },
      ...{ everyDays: options.every, retrainDays: options.retrain },
      ...{ incumbent: options.incumbent, rep: options.rep, kept },
      levelAt: subject.books ? levelAt : undefined,
      worth: subject.books
        ? (past) => {
            const amount = amountOf(past);
            return amount ? past.baseMinor(amount.minor, amount.currency) : Number.NaN;
          }
        : undefined,
      onProgress: (text, share, line) => {
        const said = `${String(Math.round(100 * share)).padStart(3)} %  ${text}${left(started, share)}`;
        if (line) progress.line(said);
        else progress.step(said);
      },
    });
    const document = documentOf(result);
    writers.forEach((write, i) => {
      write(document);
      progress.line(`wrote ${options.out[i]}`);
    });
    kept.clear();
    progress.line(`done in ${((Date.now() - started) / 1000).toFixed(0)} s`);
    if (options.json) process.stdout.write(`${JSON.stringify(document.json)}\n`);
    else process.stdout.write(printedOf(result));
  });
}

type Write = (document: BacktestDocument) => void;

/** The writer of a file by its ending. */
function outOf(file: string, language: Options['lang']): Write {
  const name = file.toLowerCase();
  if (name.endsWith('.html')) return (document) => whole(file, document.html(language));
  if (name.endsWith('.json')) return (document) => whole(file, `${JSON.stringify(document.json, null, 1)}\n`);
  if (!/\.(csv|ndjson|jsonl|parquet)$/.test(name)) {
    throw new ForesellError(
      'format-unknown',
      `--out ${file}: the ending must be one of .html, .json, .csv, .ndjson, .parquet`,
      { path: '--out' },
    );
  }
  const write = writerFor(file);
  return (document) => write(rowsOf(document.result));
}

/** Beside the file first, so that a stopped run leaves no half one. */
function whole(file: string, text: string): void {
  const part = `${file}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/**
 * Finished trainings in a folder beside the database, until the run is finished. Its name holds all that a training
 * follows from: the records (by what the store counts and knows), settings, features, options and the program's version.
 */
function keptBeside(store: Store, options: Options, known: Instant): Kept & { clear(): void } {
  const { settings, stages } = store.company();
  const counts = (Object.keys(records) as RecordKind[]).map((kind) => store.count(kind));
  const about = {
    ...{ model: options.model, profile: options.profile, seed: options.seed, known, settings, stages, counts },
    features: hashFeatures(featuresOf(options.model, store.company())),
    imported: store.lastImportAt(),
    newest: store.newestKnownAt(),
    version: packageVersion(),
  };
  const key = createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 16);
  const folder = `${store.path}.backtest-${key}`;
  const file = (until: Instant) => join(folder, `${formatInstant(until).replaceAll(':', '')}.model`);
  return {
    get: (until) => (existsSync(file(until)) ? readFileSync(file(until)) : undefined),
    put: (until, bytes) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${file(until)}.part`, bytes);
      renameSync(`${file(until)}.part`, file(until));
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** How long it will still take, by what it took so far. */
function left(started: number, share: number): string {
  const seconds = (Date.now() - started) / 1000;
  if (share < 0.02 || share >= 1 || seconds < 3) return '';
  const rest = (seconds * (1 - share)) / share;
  return rest < 90 ? `  (about ${Math.ceil(rest)} s left)` : `  (about ${Math.ceil(rest / 60)} min left)`;
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
