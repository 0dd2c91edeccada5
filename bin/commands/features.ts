import { Command, InvalidArgumentError } from 'commander';
import { featuresOf } from '../../features/hash.ts';
import { type Look, snapshot } from '../../features/index.ts';
import { ForesellError } from '../../src/errors.ts';
import { type Frame, type FrameColumn, withColumns } from '../../src/frame.ts';
import { frameToArrow } from '../../src/frame-io/arrow.ts';
import { frameToCsv } from '../../src/frame-io/csv.ts';
import { frameToParquet } from '../../src/frame-io/parquet.ts';
import type { Store } from '../../src/store/store.ts';
import { type Subject, subjectOf } from '../../src/subjects/index.ts';
import { DAY, formatInstant, type Instant } from '../../src/time.ts';
import { type FactSource, world } from '../../src/world.ts';
import { checkOutputs, readBy } from '../checkOutputs.ts';
import { type Common, instantIn, progressOf, time, withCommon } from '../common.ts';
import { writeWhole } from '../outFile.ts';
import { notAhead, standAt, withStore } from '../store.ts';

/** What became of each row, as columns to stand beside the features where the future is known. */
export type Labels = (
  source: FactSource,
  subject: Subject,
  rows: readonly Look[],
  until: Instant,
) => Iterable<readonly [string, FrameColumn]>;

interface Options extends Common {
  readonly model: string;
  readonly out: string;
  readonly from?: string;
  readonly to?: string;
  /** Days. */
  readonly every?: number;
}

/** `foresell features`: the frame that a model sees. */
export function featuresCommand(labels?: Labels): Command {
  const command = new Command('features')
    .summary('write the frame that a model sees')
    .description(
      'Writes the frame that a model sees: a row for each deal (lead, customer) open at\n' +
        'each instant, a column for each feature.\n' +
        'Every value is what was known at its row’s own instant. Missing cells are empty; money is in minor units of\n' +
        'the base currency. label_outcome and label_days say what became of each by the newest thing known.',
    )
    .requiredOption('--model <name>', 'whose features: deal, lead, churn or one of your own labels')
    .requiredOption('--out <file>', 'where to: .csv, .parquet or .arrow')
    .option('--from <time>', 'first instant of a series of looks', time)
    .option('--to <time>', 'last instant of the series', time)
    .option('--every <days>', 'step of the series (default: 7)', days)
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell features --model deal --out deals.csv\n' +
        '  $ foresell features --model churn --out customers.csv\n' +
        '  $ foresell features --model deal --as-of 2026-09-30 --out deals.parquet\n' +
        '  $ foresell features --model deal --from 2026-01-01 --to 2026-09-30 --every 7d --out deals.arrow\n',
    )
    .action((_options: unknown, self: Command) => run(self.optsWithGlobals<Options>(), labels));
  return withCommon(command);
}

async function run(options: Options, labels: Labels | undefined): Promise<void> {
  const write = writerOf(options.out);
  checkOutputs({ '--out': options.out }, readBy(options));
  const progress = progressOf(options);
  await withStore(options, async (store) => {
    const source = store.loadedSource();
    const subject = subjectOf(options.model, source.company);
    const set = featuresOf(options.model, source.company);
    const instants = series(options, store) ?? [standAt(options, store)];
    const rows = instants.flatMap((asOf) => openAt(source, subject, asOf));
    progress.line(
      `${rows.length} rows at ${instants.length === 1 ? '1 instant' : `${instants.length} instants`}, ${set.length} features`,
    );
    const until = store.newestKnownAt() ?? Math.max(...instants);
    const frame = snapshot(source, set, rows, subject.of);
    const told = labels ? withColumns(frame, labels(source, subject, rows, until)) : frame;
    writeWhole(options.out, await write(told));
    if (!options.json) return progress.line(`wrote ${options.out}`);
    const [from, to] = [instants[0]!, instants.at(-1)!].map(formatInstant);
    const columns = set.map(({ name, type, unit, says, idea }) => ({ name, type, unit, says, idea }));
    process.stdout.write(`${JSON.stringify({ file: options.out, rows: rows.length, from, to, columns })}\n`);
  });
}

function days(text: string): number {
  const value = Number(text.replace(/d$/, ''));
  if (!(value > 0)) throw new InvalidArgumentError('expected a number of days, as 7d.');
  return value;
}

/** Days between looks of a series. */
const WEEKLY = 7;

/** The instants of `--from`, `--to` and `--every`; undefined where none was asked for. */
function series({ asOf, ...asked }: Options, store: Store): Instant[] | undefined {
  const { every } = asked;
  const zone = store.company().settings.time_zone;
  const from = instantIn(asked.from, zone);
  const to = instantIn(asked.to, zone);
  if (from === undefined && to === undefined && every === undefined) return undefined;
  if (from === undefined || to === undefined || asOf !== undefined)
    throw new ForesellError('features-when', 'give either --as-of, or both --from and --to, which --every goes with', {
      path: '--from',
    });
  if (to < from) {
    const got = `--to ${formatInstant(to)} is before --from ${formatInstant(from)}`;
    throw new ForesellError('features-when', `${got}; swap them`, { path: '--to' });
  }
  notAhead(to, '--to', store);
  const step = (every ?? WEEKLY) * DAY;
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}

/** Those open at an instant, in order of their ids. */
function openAt(source: FactSource, { of, state }: Subject, asOf: Instant): Look[] {
  const now = world(source, asOf);
  const open = now.ids(of).filter((id) => state(now.past(of, id)).is === 'open');
  return open.sort().map((id) => ({ id, asOf }));
}

type Write = (frame: Frame) => Iterable<string | Uint8Array> | Promise<Iterable<string | Uint8Array>>;
const formats: Readonly<Record<string, Write>> = {
  '.csv': frameToCsv,
  '.parquet': (frame) => [frameToParquet(frame)],
  '.arrow': async (frame) => [await frameToArrow(frame)],
};

function writerOf(file: string): Write {
  const ending = Object.keys(formats).find((name) => file.toLowerCase().endsWith(name));
  if (ending) return formats[ending]!;
  const known = Object.keys(formats).join(', ');
  throw new ForesellError('format-unknown', `--out ${file}: the ending must be one of ${known}`, { path: '--out' });
}
