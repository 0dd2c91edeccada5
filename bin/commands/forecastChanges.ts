import { Command } from 'commander';
import { changeCauses } from '../../models/forecast/bridge.ts';
import { formatMinor } from '../../src/money.ts';
import { formatInstant } from '../../src/time.ts';
import { readBy } from '../checkOutputs.ts';
import { progressOf, table, withCommon } from '../common.ts';
import { type OutItem, writerFor } from '../out.ts';
import { withStore } from '../store.ts';
import { type ForecastOptions, withGrouping } from './forecastOptions.ts';

/** `foresell forecast changes`: why the number moved. */
export function changesCommand(): Command {
  const command = withGrouping(new Command('changes'))
    .summary('why the forecast of a period changed between two days')
    .description(
      'Both forecasts are made anew from what was known then; the change is split exactly by cause, by group and by deal.',
    )
    .requiredOption('--from <time>', 'the earlier look')
    .option('--to <time>', 'the later look (default: now)')
    .option('--period <label>', '2026, 2026-Q4, 2026-11 or 2026-W47 (default: the fiscal quarter of the later look)')
    .option('--out <file>', 'the deals that changed: .csv, .xlsx, .ndjson or .parquet')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell forecast changes --from 2026-11-14\n' +
        '  $ foresell forecast changes --from 2026-10-01 --to 2026-11-01 --by team --out changes.csv\n',
    )
    .action(async (_options: unknown, self: Command) => runChanges(self.opts<ForecastOptions>()));
  return withCommon(command);
}

async function runChanges(options: ForecastOptions): Promise<void> {
  const write = options.out === undefined ? undefined : writerFor(options.out, readBy(options));
  const progress = progressOf(options);
  const { openEngine } = await import('../../api/open.ts');
  const { instantOf } = await import('../../api/route.ts');
  const { partsIn } = await import('../../api/routes/forecastQuery.ts');
  const { changesJson } = await import('../../api/forecastChangesAnswer.ts');
  await withStore(options, async (store) => {
    const engine = openEngine({ db: store, now: Date.now });
    const to = engine.asOf(instantOf(engine, options.to, '--to'));
    const from = engine.asOf(instantOf(engine, options.from, '--from'));
    const period = engine.period(options.period === undefined ? {} : { label: options.period }, to);
    const { by, currency } = options;
    const parts = partsIn(options.parts, '--parts');
    const ask = { from, to, period, by, ...(currency ? { currency } : {}), ...(parts ? { parts } : {}) };
    const answer = engine.forecastChanges(ask);
    progress.line(`${period.label}, from ${formatInstant(from)} to ${formatInstant(to)}${engine.sample ? ' (sample company)' : ''}`); // biome-ignore format: one line
    const plain = (minor: number) => formatMinor(minor, answer.currency);
    if (write) {
      await write(
        answer.deals.map(({ id, beforeMinor, afterMinor, causes }): OutItem => {
          const split = Object.fromEntries(changeCauses.map((cause) => [cause, plain(causes[cause] ?? 0)]));
          const cells = { before: plain(beforeMinor), after: plain(afterMinor), ...split };
          return { id, asOf: to, cells, json: { id, ...cells } };
        }),
      );
      progress.line(`wrote ${options.out}`);
    }
    if (options.json) {
      process.stdout.write(`${JSON.stringify(changesJson(answer, engine, by, 1000))}\n`);
    } else if (!write) {
      const money = (minor: number) => Number(plain(minor)).toLocaleString('en', { maximumFractionDigits: 0 });
      const groups = [...answer.groups, answer.total];
      const seen = changeCauses.filter((cause) => groups.some((group) => group.causes[cause]));
      const head = [answer.currency, 'before', ...seen, 'after'];
      const rows = groups.map((group) => [
        group.name ?? (group.kind === 'all' ? 'all' : 'nobody'),
        money(group.beforeMinor),
        ...seen.map((cause) => money(group.causes[cause] ?? 0)),
        money(group.afterMinor),
      ]);
      process.stdout.write(`${table([head, ...rows])}\n`);
    }
  });
}
