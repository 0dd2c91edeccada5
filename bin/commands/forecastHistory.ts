import { Command } from 'commander';
import { formatMinor } from '../../src/money.ts';
import type { ForecastSaid } from '../../src/store/forecastsSaid.ts';
import { readBy } from '../checkOutputs.ts';
import { type Common, progressOf, table, withCommon } from '../common.ts';
import { type OutItem, writerFor } from '../out.ts';
import { withStore } from '../store.ts';

interface Options extends Common {
  readonly period?: string;
  readonly keep?: true;
  readonly out?: string;
}

/** `foresell forecast history`: what was said of a period, day by day. */
export function historyCommand(): Command {
  const command = new Command('history')
    .summary('forecasts of a period as they were said, day by day')
    .description(
      'One row a day and period, with the version that said it. The server keeps them while it runs; --keep does it now, for\n' +
        'those who run a command a day instead. Of the fiscal quarter, the one after it, the month and the fiscal year; the\n' +
        'first word of a day stands, and nothing is ever taken away.',
    )
    .option('--period <label>', '2026, 2026-Q4 or 2026-11 (default: the current fiscal quarter)')
    .option('--keep', 'first keep what is said today, where that is not done')
    .option('--out <file>', 'where to: .csv, .xlsx, .ndjson or .parquet')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell forecast history\n' +
        '  $ foresell forecast history --keep --quiet\n' +
        '  $ foresell forecast history --period 2026-Q4 --out said.csv\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.opts<Options>()));
  return withCommon(command);
}

async function run(options: Options): Promise<void> {
  const write = options.out === undefined ? undefined : writerFor(options.out, readBy(options));
  const progress = progressOf(options);
  const { openEngine } = await import('../../api/open.ts');
  const { forecastHistoryJson } = await import('../../api/routes/forecastHistory.ts');
  await withStore(options, async (store) => {
    const engine = openEngine({ db: store, now: Date.now });
    if (options.keep) {
      const kept = engine.keepForecasts();
      progress.line(kept > 0 ? `kept ${kept} forecasts of today` : 'today’s forecasts were kept already');
    }
    const period = engine.period(options.period === undefined ? {} : { label: options.period }, engine.liveAsOf());
    const rows = store.forecastsSaid(period);
    if (rows.length === 0) progress.line(`none was kept of ${period.label}: --keep, or run the server`);
    if (write) {
      await write(rows.map(outItem));
      progress.line(`wrote ${options.out}`);
    }
    if (options.json) process.stdout.write(`${JSON.stringify(forecastHistoryJson(engine, period, rows))}\n`);
    else if (!write && rows.length > 0) process.stdout.write(`${printed(rows)}\n`);
  });
}

function printed(rows: readonly ForecastSaid[]): string {
  const currency = rows[0]!.currency;
  const money = (minor: number | null) =>
    minor === null ? '-' : Number(formatMinor(minor, currency)).toLocaleString('en', { maximumFractionDigits: 0 });
  const head = [currency, 'booked', 'expected', 'p10', 'p50', 'p90', 'quota', 'reached', 'open deals', 'version'];
  return table([
    head,
    ...rows.map((row) => [
      row.day,
      money(row.bookedMinor),
      money(row.expectedMinor),
      money(row.p10Minor),
      money(row.p50Minor),
      money(row.p90Minor),
      money(row.quotaMinor),
      row.quotaProbability === null ? '-' : `${Math.round(100 * row.quotaProbability)} %`,
      row.openDeals,
      row.version.slice(0, 12),
    ]),
  ]);
}

function outItem(row: ForecastSaid): OutItem {
  const money = (minor: number | null) => (minor === null ? null : formatMinor(minor, row.currency));
  const cells = {
    ...{ day: row.day, period: row.period, version: row.version, currency: row.currency },
    ...{ booked: money(row.bookedMinor), expected: money(row.expectedMinor) },
    ...{ p10: money(row.p10Minor), p50: money(row.p50Minor), p90: money(row.p90Minor) },
    ...{ quota: money(row.quotaMinor), probability_of_quota: row.quotaProbability, open_deals: row.openDeals },
  };
  return { id: row.period, asOf: row.at, cells, json: cells };
}
