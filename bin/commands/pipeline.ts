import { Command, Option } from 'commander';
import type { StoriedInspection } from '../../api/inspection/inspector.ts';
import type { Language } from '../../api/reasons.ts';
import { formatMinor } from '../../src/money.ts';
import { formatInstant, WEEK } from '../../src/time.ts';
import { readBy } from '../checkOutputs.ts';
import { asOfIn, type Common, progressOf, table, time, withCommon } from '../common.ts';
import { type OutItem, writerFor } from '../out.ts';
import { withStore } from '../store.ts';

interface Options extends Common {
  readonly since?: string;
  readonly period?: string;
  readonly currency?: string;
  readonly language: Language;
  readonly out?: string;
}

/** Rows shown on a terminal; files and JSON hold all. */
const SHOWN = 15;

/** `foresell pipeline`: what moved, and what open deals show that won ones mostly did not. */
export function pipelineCommand(): Command {
  const command = new Command('pipeline')
    .summary('what moved, and which open deals put the quarter at risk')
    .description(
      'Looks the pipeline through: what moved between two days, and of every open deal what deals that were won mostly did\n' +
        'not show: stalled or slipping at its stage, overdue, a default month-end date, no next step, one contact alone, a\n' +
        'record that says otherwise than the stage. Each with its evidence and what the forecast would lose by it, most\n' +
        'money at stake first. Thresholds are learned from your own won deals, stage by stage.',
    )
    .option('--since <time>', 'the earlier look (default: a week before)', time)
    .option('--period <label>', '2026, 2026-Q4, 2026-11 or 2026-W47 (default: the current fiscal quarter)')
    .option('--currency <code>', 'of the amounts, at dated rates (default: the base currency)')
    .addOption(new Option('--language <language>', 'of the words').choices(['en', 'th']).default('en'))
    .option('--out <file>', 'a row a finding: .csv, .xlsx, .ndjson or .parquet')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell pipeline\n' +
        '  $ foresell pipeline --since 2026-11-01 --out risks.csv --language th\n' +
        '  $ foresell pipeline --period 2026-Q4 --as-of 2026-11-01 --json > pipeline.json\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.optsWithGlobals<Options>()));
  return withCommon(command);
}

async function run(options: Options): Promise<void> {
  const write = options.out === undefined ? undefined : writerFor(options.out, readBy(options));
  const progress = progressOf(options);
  const { openEngine } = await import('../../api/open.ts');
  const { instantOf } = await import('../../api/route.ts');
  const { inspectionJson } = await import('../../api/inspectionAnswer.ts');
  const words = await import('../../api/inspection/words.ts');
  await withStore(options, async (store) => {
    const engine = openEngine({ db: store, now: Date.now });
    const asOf = engine.asOf(asOfIn(options, store.company().settings.time_zone));
    const since = instantOf(engine, options.since, '--since') ?? asOf - WEEK;
    const period = engine.period(options.period === undefined ? {} : { label: options.period }, asOf);
    const storied = engine.inspect({
      since,
      asOf,
      period,
      ...(options.currency ? { currency: options.currency } : {}),
    });
    const { inspection } = storied;
    progress.line(
      `${period.label} as of ${formatInstant(asOf)}, moves since ${formatInstant(since)}, by version ${inspection.version.slice(0, 12)}${engine.sample ? ' (sample company)' : ''}`,
    );
    const { language: lang } = options;
    if (write) {
      await write(outItems(storied, (finding) => words.findingText(finding, lang)));
      progress.line(`wrote ${options.out}`);
    }
    if (options.json) process.stdout.write(`${JSON.stringify(inspectionJson(storied, engine, lang))}\n`);
    else if (!write) {
      const ids = [...inspection.deals, ...inspection.moves].map(({ id }) => id);
      process.stdout.write(`${printed(storied, engine.dealNames(ids), words, lang)}\n`);
      for (const note of inspectionJson(storied, engine, lang, 1).notes) progress.line(`note: ${note}`);
    }
  });
}

type Words = typeof import('../../api/inspection/words.ts');

function outItems(
  { inspection }: StoriedInspection,
  textOf: (finding: StoriedInspection['inspection']['deals'][number]['findings'][number]) => string,
): OutItem[] {
  const { currency, asOf } = inspection;
  const money = (minor: number) => formatMinor(minor, currency);
  return inspection.deals.flatMap((deal) =>
    deal.findings.map((finding): OutItem => {
      const cells = {
        check: finding.check,
        level: finding.level,
        owner_id: deal.ownerId,
        stage: deal.stage,
        currency,
        amount: money(deal.amountMinor),
        chance: deal.chance,
        expected: money(deal.expectedMinor),
        edit: finding.edit,
        change: money(finding.changeMinor),
        text: textOf(finding),
      };
      return { id: deal.id, asOf, cells, json: { id: deal.id, ...cells, evidence: finding.evidence } };
    }),
  );
}

function printed(
  { inspection }: StoriedInspection,
  names: ReadonlyMap<string, string>,
  { checkName, concentrationText, findingText, moveName }: Words,
  lang: Language,
): string {
  const { total, moves, deals, concentration, openDeals } = inspection;
  const money = (minor: number) => Number(formatMinor(minor, inspection.currency)).toLocaleString('en', { maximumFractionDigits: 0 }); // biome-ignore format: one call
  const kinds = new Map<string, { deals: number; minor: number }>();
  for (const { kinds: of, beforeMinor, afterMinor } of moves)
    for (const kind of of) {
      const sum = kinds.get(moveName(kind, lang)) ?? { deals: 0, minor: 0 };
      kinds.set(moveName(kind, lang), { deals: sum.deals + 1, minor: sum.minor + afterMinor - beforeMinor });
    }
  const moved = [...kinds].sort(([, a], [, b]) => b.deals - a.deals).map(([kind, { deals: n, minor }]) => [kind, n, money(minor)]); // biome-ignore format: one chain
  const rows = deals
    .slice(0, SHOWN)
    .flatMap(({ id, stage, expectedMinor, findings }) =>
      findings.map((finding, i) => [
        i === 0 ? (names.get(id) ?? id) : '',
        i === 0 ? (stage ?? '-') : '',
        i === 0 ? money(expectedMinor) : '',
        money(finding.changeMinor),
        checkName(finding.check, lang),
        findingText(finding, lang),
      ]),
    );
  return [
    `expected ${money(total.beforeMinor)} then, ${money(total.afterMinor)} now (${inspection.currency})`,
    '',
    ...(moved.length > 0 ? [table([['moved', 'deals', 'change'], ...moved]), ''] : []),
    ...(rows.length > 0 ? [table([['deal', 'stage', 'expected', 'would change', 'shows', 'why'], ...rows])] : ['no open deal shows anything']), // biome-ignore format: a choice
    ...(deals.length > SHOWN ? [`and ${deals.length - SHOWN} more deals: --json or --out FILE has all`] : []),
    ...(concentration ? ['', concentrationText(concentration, openDeals, lang)] : []),
  ].join('\n');
}
