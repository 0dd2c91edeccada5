import { Command, Option } from 'commander';
import type { Forecast, GroupForecast } from '../../api/forecast.ts';
import type { Language } from '../../api/reasons.ts';
import type { forecastJson as ForecastWriter } from '../../api/routes/forecast.ts';
import { formatMinor } from '../../src/money.ts';
import { formatInstant } from '../../src/time.ts';
import { checkOutputs, checkPage, readBy } from '../checkOutputs.ts';
import { progressOf, table, withCommon } from '../common.ts';
import { type OutItem, writerFor } from '../out.ts';
import { writeWhole } from '../outFile.ts';
import { quarterContent } from '../quarter/content.ts';
import { quarterHtml } from '../quarter/report.ts';
import { withStore } from '../store.ts';
import { adjustmentsCommand } from './forecastAdjustments.ts';
import { changesCommand } from './forecastChanges.ts';
import { comparisonCommand } from './forecastComparison.ts';
import { historyCommand } from './forecastHistory.ts';
import { type ForecastOptions, withGrouping, withPeriod } from './forecastOptions.ts';
import { whatIfCommand } from './forecastWhatIf.ts';

type ForecastJson = ReturnType<typeof ForecastWriter>;
type Called = ForecastJson['total'];

interface Options extends ForecastOptions {
  readonly report?: string;
  readonly language: Language;
}

/** `foresell forecast`: what a period will bring, and how sure that is. */
export function forecastCommand(): Command {
  const command = withGrouping(withPeriod(new Command('forecast')))
    .summary('what the quarter will bring')
    .description(
      'Booked so far plus the distribution of what the open deals and those not yet created bring: expected, p10, p50, p90\n' +
        'and the chance of reaching quota. Closed and expected of the groups add up to the total; quantiles do not.',
    )
    .option('--out <file>', 'where to: .csv, .xlsx, .ndjson or .parquet')
    .option(
      '--report <file>',
      'a page to look at, one file: how the period may go on, what moved the number, attainment',
    )
    .addOption(new Option('--language <code>', 'of the report').choices(['en', 'th']).default('en'))
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell forecast\n' +
        '  $ foresell forecast --period 2026-Q4 --by team\n' +
        '  $ foresell forecast --by team --report quarter.html --language th\n' +
        '  $ foresell forecast --from 2026-10-01 --to 2027-01-01 --as-of 2026-11-01 --json\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.optsWithGlobals<Options>()));
  // All have a --from: what follows the name of a sub-command is the sub-command's.
  command
    .enablePositionalOptions()
    .addCommand(changesCommand())
    .addCommand(comparisonCommand())
    .addCommand(historyCommand())
    .addCommand(whatIfCommand())
    .addCommand(adjustmentsCommand());
  return withCommon(command);
}

async function run(options: Options): Promise<void> {
  checkOutputs({ '--out': options.out, '--report': options.report }, readBy(options));
  checkPage(options.report, '--report');
  const write = options.out === undefined ? undefined : writerFor(options.out, readBy(options));
  const progress = progressOf(options);
  const { openEngine } = await import('../../api/open.ts');
  const { forecastAsk } = await import('../../api/routes/forecastQuery.ts');
  const { forecastJson, saysParts } = await import('../../api/routes/forecast.ts');
  await withStore(options, async (store) => {
    const engine = openEngine({ db: store, now: Date.now });
    const ask = forecastAsk(engine, options, '--');
    const { period, asOf } = ask;
    const forecast = engine.forecast(ask);
    const json = forecastJson(forecast, engine, undefined, engine.blend(ask));
    progress.line(
      `${period.label} as of ${formatInstant(asOf)} by version ${forecast.version.slice(0, 12)}${engine.sample ? ' (sample company)' : ''}`,
    );
    progress.line(saysParts(forecast));
    for (const remark of forecast.remarks) progress.line(`note: ${remark}`);
    if (forecast.lowSkill) progress.line('note: insufficient data: every deal counts with the usual rate');
    if (forecast.hindsight) progress.line('note: this version learned from what happened after that time');
    if (write) {
      await write([
        ...forecast.groups.map((group, i) => outItem(group, json.groups[i]!, forecast)),
        outItem(forecast.total, json.total, forecast),
      ]);
      progress.line(`wrote ${options.out}`);
    }
    if (options.report !== undefined) {
      const content = quarterContent(engine, store.company().settings.time_zone, ask, progress.step);
      writeWhole(options.report, quarterHtml(content, options.language), '--report');
      progress.line(`wrote ${options.report}`);
    }
    if (options.json) process.stdout.write(`${JSON.stringify(json)}\n`);
    else if (!write)
      process.stdout.write(`${printed(forecast)}${saysCalls([...json.groups, json.total])}${saysBlend(json.blend)}\n`);
  });
}

/** The blend of people and model, where one was learned: its number, or why it has none. */
function saysBlend(blend: ForecastJson['blend']): string {
  if (!blend) return '';
  const number = blend.expected ? `expected ${plainMoney(blend.expected.minor, blend.expected.currency)}; ` : '';
  return `\npeople and model together: ${number}${blend.says}`;
}

/** What people put beside the number of each group: how much, how far from it, who and why. */
export function saysCalls(groups: readonly Called[]): string {
  const lines = groups.flatMap((group) =>
    (['commit', 'adjustment'] as const).flatMap((kind) => {
      const call = group[kind];
      if (!call) return [];
      const { amount, difference, author, reason } = call;
      const far = difference === null ? '' : `, ${plainMoney(Math.abs(difference.minor), difference.currency)} ${difference.minor < 0 ? 'below' : 'above'} what is expected`; // biome-ignore format: one choice
      return [`\n${group.name}: ${kind} of ${plainMoney(amount.minor, amount.currency)} ${amount.currency}${far} (${author === null ? '' : `${author}: `}${reason})`]; // biome-ignore format: one line
    }),
  );
  return lines.length === 0 ? '' : `\n${lines.join('')}`;
}

const plainMoney = (minor: number, currency: string) =>
  Number(formatMinor(minor, currency)).toLocaleString('en', { maximumFractionDigits: 0 });

function outItem(group: GroupForecast, called: Called, forecast: Forecast): OutItem {
  const money = (minor: number) => formatMinor(minor, forecast.currency);
  // In another currency it would not be one of the column's.
  const call = (of: Called['commit']) => (of === null || of.difference === null ? null : money(of.amount.minor));
  const cells = {
    name: nameOf(group),
    parent_id: group.parentId,
    period: forecast.period.label,
    currency: forecast.currency,
    closed: money(group.closedMinor),
    expected: money(group.expectedMinor),
    open: money(group.openMinor),
    new_business: money(group.newMinor),
    renewals: money(group.renewalMinor),
    p10: money(group.p10Minor),
    p50: money(group.p50Minor),
    p90: money(group.p90Minor),
    ...Object.fromEntries(
      group.bands.flatMap(({ level, lowMinor, highMinor }) => [
        [`lo_${level}`, money(lowMinor)],
        [`hi_${level}`, money(highMinor)],
      ]),
    ),
    quota: group.quotaMinor === null ? null : money(group.quotaMinor),
    probability_of_quota: group.quotaProbability,
    commit: call(called.commit),
    adjustment: call(called.adjustment),
    open_deals: group.openDeals,
    closed_deals: group.closedDeals,
    ...Object.fromEntries(
      forecast.total.categories.flatMap(({ category }) => {
        const own = group.categories.find((one) => one.category === category);
        const name = (category ?? 'no_category').replaceAll(' ', '_');
        return [
          [`due_${name}`, money(own?.dueMinor ?? 0)],
          [`expected_${name}`, money(own?.expectedMinor ?? 0)],
        ];
      }),
    ),
  };
  return { id: group.id ?? group.kind, asOf: forecast.asOf, cells, json: { id: group.id, ...cells } };
}

export function printed(forecast: Forecast): string {
  const money = (minor: number) => plainMoney(minor, forecast.currency);
  // What is expected is the sum of the columns before it.
  const renews = forecast.total.renewalMinor !== 0;
  const row = (group: GroupForecast) => [
    nameOf(group),
    money(group.closedMinor),
    money(group.openMinor),
    money(group.newMinor),
    ...(renews ? [money(group.renewalMinor)] : []),
    money(group.expectedMinor),
    money(group.p10Minor),
    money(group.p50Minor),
    money(group.p90Minor),
    group.quotaMinor === null ? '-' : money(group.quotaMinor),
    group.quotaProbability === null ? '-' : `${Math.round(group.quotaProbability * 100)} %`,
    String(group.openDeals),
  ];
  const head = [
    forecast.currency,
    'closed',
    'open',
    'new',
    ...(renews ? ['renewals'] : []),
    'expected',
    'p10',
    'p50',
    'p90',
    'quota',
    'reached',
    'open deals',
  ];
  const apart = forecast.apart.length
    ? `\n${forecast.apart.length} deals left out: no amount, no exchange rate, or too large to be added up`
    : '';
  const { toClose, openOnly, total } = forecast;
  const close =
    total.quotaMinor === null || total.quotaMinor <= total.expectedMinor
      ? ''
      : toClose === null
        ? '\nnot all open deals together would bring it up to the quota'
        : `\nwinning ${toClose.map(({ id }) => id).join(', ')} would bring it up to the quota`;
  const alone = `\nopen deals alone: expected ${money(openOnly.expectedMinor)}, p10 ${money(openOnly.p10Minor)}, p90 ${money(openOnly.p90Minor)}`;
  return table([head, ...forecast.groups.map(row), row(forecast.total)]) + alone + close + apart + byCategory(forecast);
}

/** What people call the open deals, beside what the model expects of them. */
function byCategory({ total, currency }: Forecast): string {
  if (total.categories.length === 0) return '';
  const money = (minor: number) => plainMoney(minor, currency);
  const rows = total.categories.map(({ category, openDeals, amountMinor, dueMinor, expectedMinor }) => [
    category ?? 'none',
    String(openDeals),
    money(amountMinor),
    money(dueMinor),
    money(expectedMinor),
  ]);
  return `\n\n${table([['called', 'open deals', 'amount', 'due in it', 'expected'], ...rows])}`;
}

const nameOf = (group: GroupForecast): string => group.name ?? (group.kind === 'all' ? 'all' : 'nobody');
