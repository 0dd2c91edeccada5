import { Command, Option } from 'commander';
import type { By, Forecast, GroupForecast } from '../../api/forecast.ts';
import { formatMinor } from '../../src/money.ts';
import { formatInstant } from '../../src/time.ts';
import { asOfIn, type Common, progressOf, table, withCommon } from '../common.ts';
import { type OutItem, writerFor } from '../out.ts';
import { withStore } from '../store.ts';

interface Options extends Common {
  readonly period?: string;
  readonly from?: string;
  readonly to?: string;
  readonly by: By;
  readonly out?: string;
}

/** `foresell forecast`: what a period will bring, and how sure that is. */
export function forecastCommand(): Command {
  const command = new Command('forecast')
    .summary('what the quarter will bring')
    .description(
      'Closed so far plus the distribution of the open deals: expected, p10, p50, p90 and the chance of reaching quota.\n' +
        'Closed and expected of the groups add up to the total; quantiles do not. Deals not yet created are not in it.',
    )
    .addOption(
      new Option('--period <label>', '2026, 2026-Q4 or 2026-11 (default: the current fiscal quarter)').conflicts([
        'from',
        'to',
      ]),
    )
    .option('--from <time>', 'first instant of the period (a bare date: that day where the company is)')
    .option('--to <time>', 'end of the period, not included')
    .addOption(new Option('--by <group>', 'how to group').choices(['all', 'team', 'owner']).default('all'))
    .option('--out <file>', 'where to: .csv, .ndjson or .parquet')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell forecast\n' +
        '  $ foresell forecast --period 2026-Q4 --by team\n' +
        '  $ foresell forecast --from 2026-10-01 --to 2027-01-01 --as-of 2026-11-01 --json\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.optsWithGlobals<Options>()));
  return withCommon(command);
}

async function run(options: Options): Promise<void> {
  const write = options.out === undefined ? undefined : writerFor(options.out);
  const progress = progressOf(options);
  const { openEngine } = await import('../../api/open.ts');
  const { instantOf } = await import('../../api/route.ts');
  const { forecastJson } = await import('../../api/routes/forecast.ts');
  await withStore(options, (store) => {
    const engine = openEngine({ db: store, now: Date.now });
    const asOf = engine.asOf(asOfIn(options, store.company().settings.time_zone));
    const from = instantOf(engine, options.from, '--from');
    const to = instantOf(engine, options.to, '--to');
    const period = engine.period(
      {
        ...(options.period === undefined ? {} : { label: options.period }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      },
      asOf,
    );
    const forecast = engine.forecast({ period, by: options.by, asOf });
    progress.line(
      `${period.label} as of ${formatInstant(asOf)} by version ${forecast.version.slice(0, 12)}${engine.sample ? ' (sample company)' : ''}`,
    );
    for (const remark of forecast.remarks) progress.line(`note: ${remark}`);
    if (forecast.lowSkill) progress.line('note: insufficient data: every deal counts with the usual rate');
    if (forecast.hindsight) progress.line('note: this version learned from what happened after that time');
    if (write) {
      write([...forecast.groups, forecast.total].map((group) => outItem(group, forecast)));
      progress.line(`wrote ${options.out}`);
    }
    if (options.json) process.stdout.write(`${JSON.stringify(forecastJson(forecast, engine))}\n`);
    else if (!write) process.stdout.write(`${printed(forecast)}\n`);
  });
}

function outItem(group: GroupForecast, forecast: Forecast): OutItem {
  const money = (minor: number) => formatMinor(minor, forecast.currency);
  const cells = {
    name: nameOf(group),
    parent_id: group.parentId,
    period: forecast.period.label,
    currency: forecast.currency,
    closed: money(group.closedMinor),
    expected: money(group.expectedMinor),
    p10: money(group.p10Minor),
    p50: money(group.p50Minor),
    p90: money(group.p90Minor),
    quota: group.quotaMinor === null ? null : money(group.quotaMinor),
    probability_of_quota: group.quotaProbability,
    open_deals: group.openDeals,
    closed_deals: group.closedDeals,
  };
  return { id: group.id ?? group.kind, asOf: forecast.asOf, cells, json: { id: group.id, ...cells } };
}

function printed(forecast: Forecast): string {
  const money = (minor: number) =>
    Number(formatMinor(minor, forecast.currency)).toLocaleString('en', { maximumFractionDigits: 0 });
  const row = (group: GroupForecast) => [
    nameOf(group),
    money(group.closedMinor),
    money(group.expectedMinor),
    money(group.p10Minor),
    money(group.p50Minor),
    money(group.p90Minor),
    group.quotaMinor === null ? '-' : money(group.quotaMinor),
    group.quotaProbability === null ? '-' : `${Math.round(group.quotaProbability * 100)} %`,
    String(group.openDeals),
  ];
  const head = [forecast.currency, 'closed', 'expected', 'p10', 'p50', 'p90', 'quota', 'reached', 'open deals'];
  const apart = forecast.apart.length
    ? `\n${forecast.apart.length} deals left out: no amount, no exchange rate, or too large to be added up`
    : '';
  return table([head, ...forecast.groups.map(row), row(forecast.total)]) + apart;
}

const nameOf = (group: GroupForecast): string => group.name ?? (group.kind === 'all' ? 'all' : 'nobody');
