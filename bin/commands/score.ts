import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import type { Engine, Refusal, Score } from '../../api/engine.ts';
import type { Language } from '../../api/reasons.ts';
import { ForesellError } from '../../src/errors.ts';
import { formatMinor } from '../../src/money.ts';
import { codeVersion } from '../../src/store/codeVersion.ts';
import type { Store } from '../../src/store/store.ts';
import { type Subject, subjectOf } from '../../src/subjects/index.ts';
import { formatInstant } from '../../src/time.ts';
import { readBy } from '../checkOutputs.ts';
import { asOfIn, type Common, progressOf, table, wholeNumber, withCommon } from '../common.ts';
import { writerFor } from '../out.ts';
import { type Json, outItem } from '../score/item.ts';
import { withStore } from '../store.ts';

interface Options extends Common {
  readonly model: string;
  readonly ids?: string;
  readonly all: boolean;
  readonly out?: string;
  readonly reasons: number;
  readonly language: string;
  readonly threads?: number;
}

/** From so many activities on, `--all --out` is worked on by a thread a core: below, starting them takes longer. */
const MANY_ACTIVITIES = 200_000;
const CHUNK = 50;
const SHOWN = 20;

/** `foresell score`: how likely deals are won, leads convert and customers leave, when, and why. */
export function scoreCommand(): Command {
  const command = new Command('score')
    .summary('score deals, leads or customers, with reasons')
    .description(
      'Scores open deals (the chance of winning), open leads (of converting) or current customers (churn: of leaving):\n' +
        'how likely, by when, and what speaks for and against it.\n' +
        'Scores as of now are kept, so that lists and trends know them; scores of the past are only printed.',
    )
    .option('--model <name>', 'which model: deal, lead, churn or one of your own labels', 'deal')
    .option('--ids <a,b>', 'these')
    .option('--all', 'everything open', false)
    .option('--out <file>', 'where to: .csv, .xlsx, .ndjson or .parquet')
    .option('--reasons <n>', 'reasons for and against, at most so many each (0 to 5)', wholeNumber, 5)
    .option('--language <code>', 'language of reasons: en or th', 'en')
    .option(
      '--threads <n>',
      'with --all --out: threads to score in (default: one a core where there are many activities, else none). A run\n' +
        'in threads that was stopped goes on where it was, while records and version are the same',
      wholeNumber,
    )
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell score --model deal --all\n' +
        '  $ foresell score --model deal --ids D-1042,D-1043 --reasons 3\n' +
        '  $ foresell score --model churn --all --out leaving.csv\n' +
        '  $ foresell score --model deal --all --out scores.parquet\n' +
        '  $ foresell score --model deal --all --out scores.parquet --reasons 0 --threads 4\n' +
        '  $ foresell score --model deal --all --as-of 2026-09-30 --json > september.ndjson\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.optsWithGlobals<Options>()));
  return withCommon(command);
}

async function run(options: Options): Promise<void> {
  if ((options.ids === undefined) === !options.all) {
    throw new ForesellError('score-whom', 'give either --ids a,b or --all', { path: '--ids' });
  }
  if (options.reasons > 5) throw new ForesellError('reasons-range', '--reasons takes 0 to 5', { path: '--reasons' });
  if (options.language !== 'en' && options.language !== 'th') {
    throw new ForesellError('language-unknown', '--language takes en or th', { path: '--language' });
  }
  if (options.threads !== undefined && (!options.all || options.out === undefined))
    throw new ForesellError('option-unused', '--threads is of --all with --out FILE; leave it out, or add both', { path: '--threads' }); // biome-ignore format: one error
  const language: Language = options.language;
  const write = options.out === undefined ? undefined : writerFor(options.out, readBy(options));
  const progress = progressOf(options);
  const { openEngine } = await import('../../api/open.ts');
  const { isRefusal } = await import('../../api/engine.ts');
  const { scoreJson } = await import('../../api/present.ts');
  await withStore(options, async (store) => {
    const engine = openEngine({ db: store, now: Date.now });
    const asOf = engine.asOf(asOfIn(options, store.company().settings.time_zone));
    const unsure = 'note: insufficient data: a band around the usual rate, not a judgement of each one';
    const told = (n: number, version: string, sample: boolean) =>
      `${n} scored as of ${formatInstant(asOf)} by version ${version.slice(0, 12)}${sample ? ' (sample company)' : ''}`;
    const version = store.served(options.model);
    const threads = threadsFor(options, store);
    if (threads > 0 && version !== undefined) {
      const { scoreInThreads } = await import('../scoreThreads.ts');
      const { model, db, reasons } = options;
      const rows = await scoreInThreads({ out: options.out!, threads, step: progress.step, db, model, version, asOf, reasons, language, records: [store.lastImportAt(), store.newestAppend(), store.company().settings, codeVersion().hash] }); // biome-ignore format: one call
      progress.line(told(rows.length, version, engine.sample));
      if (rows.some(({ confidence }) => confidence === 'insufficient data')) progress.line(unsure);
      progress.line(`wrote ${options.out}`);
      return;
    }
    const pinned = engine.pin(options.model, asOf);
    const ids = options.all ? engine.openIds(options.model, asOf) : options.ids!.split(',').map((id) => id.trim());
    const items: (Score | Refusal)[] = [];
    for (let from = 0; from < ids.length; from += CHUNK) {
      items.push(...pinned.scoreIds(ids.slice(from, from + CHUNK), { reasons: options.reasons, curve: false }));
      progress.step(`scored ${items.length} of ${ids.length}`);
    }
    const scores = items.filter((item): item is Score => !isRefusal(item));
    const refused = items.filter(isRefusal);
    for (const { id, error } of refused) process.stderr.write(`${id ?? ''}: ${error.message}\n`);
    progress.line(told(scores.length, pinned.version, engine.sample));
    if (scores.some((score) => score.confidence === 'insufficient data')) progress.line(unsure);
    const out = scores.map((score) => outItem(score, scoreJson(score, engine, language)));
    if (write) {
      await write(out);
      progress.line(`wrote ${options.out}`);
    }
    if (options.json) {
      for (const item of items) {
        const line = isRefusal(item)
          ? { id: item.id, error: { code: item.error.code, detail: item.error.message } }
          : scoreJson(item, engine, language);
        process.stdout.write(`${JSON.stringify(line)}\n`);
      }
    } else if (!write && (scores.length > 0 || ids.length === 0))
      process.stdout.write(
        `${printed(subjectOf(options.model, store.company()), scores, engine, language, scoreJson)}\n`,
      );
    if (refused.length > 0) {
      throw new ForesellError(
        'ids-refused',
        `${refused.length} of ${ids.length} ids got no score; the lines above say why`,
      );
    }
  });
}

/** How many threads; 0 = none. A company's own code may read what threads leave out. */
function threadsFor({ all, out, json, threads }: Options, store: Store): number {
  const { own } = store.company();
  if (!all || out === undefined || json || own.features.length + own.subjects.length > 0) return 0;
  return threads ?? (store.count('activity') < MANY_ACTIVITIES ? 0 : availableParallelism());
}

/** The likeliest first; the rest is in the file or in --json. */
function printed(
  { noun, sides }: Subject,
  scores: readonly Score[],
  engine: Engine,
  language: Language,
  scoreJson: (score: Score, engine: Engine, language: Language) => Json,
): string {
  if (scores.length === 0) return `no ${noun.open} to score`;
  const best = [...scores].sort((a, b) => b.probability - a.probability || (a.id < b.id ? -1 : 1)).slice(0, SHOWN);
  const percent = (p: number) => `${Math.round(p * 100)} %`;
  const unsure = (score: Score) => score.confidence === 'insufficient data';
  const rows = best.map((score) => [
    score.id,
    unsure(score) ? `${percent(score.interval.low)} to ${percent(score.interval.high)}` : percent(score.probability),
    score.insufficientData ? '-' : score.grade,
    percent(score.byPeriodEnd),
    score.closeDate?.p50 ?? '-',
    score.amount ? `${formatMinor(score.amount.minor, score.amount.currency)} ${score.amount.currency}` : '-',
    scoreJson(score, engine, language)
      .reasons.slice(0, 2)
      .map((reason) => `${reason.contribution > 0 ? '+' : '-'} ${reason.text}`)
      .join('; ') || (unsure(score) ? 'insufficient data' : ''),
  ]);
  const { withinDays, period } = best[0]!;
  const chance = withinDays === null ? sides.positive : `${sides.positive} in ${withinDays} days`;
  const head = [noun.one, chance, 'grade', `by end of ${period.label}`, `when, if ${sides.positive}`, 'amount', 'why'];
  const more =
    scores.length > best.length ? `\n… and ${scores.length - best.length} more (--json or --out FILE has all)` : '';
  return table([head, ...rows]) + more;
}
