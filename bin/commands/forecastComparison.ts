import { Command } from 'commander';
import type { Compared, Comparison, GroupComparison } from '../../api/comparison.ts';
import { formatMinor } from '../../src/money.ts';
import { formatInstant } from '../../src/time.ts';
import { readBy } from '../checkOutputs.ts';
import { progressOf, table, withCommon } from '../common.ts';
import { type OutItem, writerFor } from '../out.ts';
import { withStore } from '../store.ts';
import { type ForecastOptions, withGrouping, withPeriod } from './forecastOptions.ts';

/** `foresell forecast comparison`: how a period stands beside its quota and other periods. */
export function comparisonCommand(): Command {
  const command = withGrouping(withPeriod(new Command('comparison')))
    .summary('how a period stands beside its quota, the period before and a year before')
    .description(
      'Attainment, pace (attainment / share of the period that has passed), coverage (open deals that are due / what the quota\n' +
        'still lacks), velocity (money a day), win rate, cycle time and average size. Of the other periods, what had ended by the\n' +
        'same day of them; --json and --out tell the whole of them too.',
    )
    .option('--out <file>', 'where to: .csv, .xlsx, .ndjson or .parquet')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell forecast comparison\n' +
        '  $ foresell forecast comparison --period 2026 --by team\n' +
        '  $ foresell forecast comparison --by owner --as-of 2026-11-01 --out attainment.csv\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.opts<ForecastOptions>()));
  return withCommon(command);
}

async function run(options: ForecastOptions): Promise<void> {
  const write = options.out === undefined ? undefined : writerFor(options.out, readBy(options));
  const progress = progressOf(options);
  const { openEngine } = await import('../../api/open.ts');
  const { forecastAsk } = await import('../../api/routes/forecastQuery.ts');
  const { comparisonJson } = await import('../../api/comparisonAnswer.ts');
  await withStore(options, async (store) => {
    const engine = openEngine({ db: store, now: Date.now });
    const answer = engine.comparison(forecastAsk(engine, options, '--'));
    const { period, previous, yearBefore, elapsed } = answer;
    progress.line(
      `${period.label} as of ${formatInstant(answer.asOf)}${engine.sample ? ' (sample company)' : ''}: ${Math.round(100 * elapsed)} % of it has passed; beside ${previous.label} and ${yearBefore.label} by the same day`,
    );
    if (write) {
      await write([...answer.groups, answer.total].map((group) => outItem(group, answer)));
      progress.line(`wrote ${options.out}`);
    }
    if (options.json) process.stdout.write(`${JSON.stringify(comparisonJson(answer, engine, options.by))}\n`);
    else if (!write) process.stdout.write(`${printed(answer)}\n`);
  });
}

const nameOf = (group: GroupComparison): string => group.name ?? (group.kind === 'all' ? 'all' : 'nobody');
const percent = (of: number | null) => (of === null ? '-' : `${Math.round(100 * of)} %`);
const rounded = (of: number | null, digits = 0) => (of === null ? '-' : of.toFixed(digits));

function printed(answer: Comparison): string {
  const money = (minor: number | null) =>
    minor === null
      ? '-'
      : Number(formatMinor(minor, answer.currency)).toLocaleString('en', { maximumFractionDigits: 0 });
  const byThen = (other: Compared | null) => (other === null ? '-' : money(other.byThen.bookedMinor));
  const head = [answer.currency, 'booked', 'quota', 'attained', 'pace', 'expected', 'coverage', answer.previous.label, answer.yearBefore.label, 'win rate', 'cycle days', 'average win', 'a day']; // biome-ignore format: a row
  const row = (group: GroupComparison) => [
    nameOf(group),
    money(group.now.bookedMinor),
    money(group.quotaMinor),
    percent(group.attainment),
    rounded(group.pace, 2),
    money(group.expectedMinor),
    rounded(group.coverage, 1),
    byThen(group.previous),
    byThen(group.yearBefore),
    percent(group.now.winRate),
    rounded(group.now.cycleDays),
    money(group.now.averageMinor),
    money(group.velocityMinor),
  ];
  const above =
    answer.topDownMinor === null
      ? ''
      : `\nby past bookings alone, without a look at the open deals: ${money(answer.topDownMinor)}`;
  return table([head, ...answer.groups.map(row), row(answer.total)]) + above;
}

function outItem(group: GroupComparison, { asOf, period, currency }: Comparison): OutItem {
  const money = (minor: number | null) => (minor === null ? null : formatMinor(minor, currency));
  const other = (name: string, of: Compared | null) => ({
    [`${name}_booked_by_then`]: money(of?.byThen.bookedMinor ?? null),
    [`${name}_booked`]: money(of?.whole.bookedMinor ?? null),
    [`${name}_win_rate`]: of?.whole.winRate ?? null,
    [`${name}_cycle_days`]: of?.whole.cycleDays ?? null,
    [`${name}_average_win`]: money(of?.whole.averageMinor ?? null),
  });
  const cells = {
    name: nameOf(group),
    parent_id: group.parentId,
    period: period.label,
    currency,
    booked: money(group.now.bookedMinor),
    quota: money(group.quotaMinor),
    attainment: group.attainment,
    pace: group.pace,
    expected: money(group.expectedMinor),
    expected_attainment: group.expectedAttainment,
    probability_of_quota: group.quotaProbability,
    open_deals: group.openDeals,
    due: money(group.dueMinor),
    coverage: group.coverage,
    velocity_a_day: money(group.velocityMinor),
    won_deals: group.now.wonDeals,
    lost_deals: group.now.lostDeals,
    win_rate: group.now.winRate,
    cycle_days: group.now.cycleDays,
    average_win: money(group.now.averageMinor),
    ...other('previous', group.previous),
    ...other('year_before', group.yearBefore),
  };
  return { id: group.id ?? group.kind, asOf, cells, json: { id: group.id, ...cells } };
}
