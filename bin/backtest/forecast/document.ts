import { voices } from '../../../models/forecast/blend.ts';
import { type LedgerFigures, ways } from '../../../models/forecast/ledger.ts';
import { formatMinor } from '../../../src/money.ts';
import { formatInstant } from '../../../src/time.ts';
import type { ForecastBacktest } from '../../../training/backtest/forecast.ts';
import { table } from '../../common.ts';
import type { OutItem } from '../../out.ts';
import type { BacktestDocument } from '../files.ts';
import { forecastReport, type NameOf, weightsIn } from './report.ts';
import { words } from './words.ts';

/** @param nameOf what a person, a team or another group is called */
export function forecastDocument(
  result: ForecastBacktest,
  nameOf: (kind: string, id: string) => string,
): BacktestDocument {
  const { looks, trainings, judgement, known, possible, ...about } = result;
  const named: NameOf = (kind, id) => (id === null ? null : nameOf(kind, id));
  return {
    json: {
      model: 'forecast',
      headline: words('en', result.of).headline(result),
      ...about,
      from: formatInstant(looks[0]!.at),
      to: formatInstant(looks.at(-1)!.at),
      known: formatInstant(known),
      possible: { from: formatInstant(possible.from), to: formatInstant(possible.to) },
      judgement: {
        ...judgement,
        owners: judgement.owners.map((one) => ({ ...one, name: named('owner', one.owner) })),
        groups: judgement.groups.map((one) => ({ ...one, name: named(one.by, one.group) })),
      },
      looks: looks.map(({ calls, groupCalls: _, at, period, ...look }) => ({ at: formatInstant(at), period: period.label, ...look, openDeals: calls.length })), // biome-ignore format: a row
      trainings: trainings.map((training) => ({ ...training, until: formatInstant(training.until) })),
      limits: words('en', result.of).limits(result),
    },
    html: (language) => forecastReport(result, named, language),
    rows: () => rowsOf(result),
    printed: () => printedOf(result, named),
  };
}

/** A row a look: what each way said, and what the quarter brought, in major units. */
function rowsOf({ looks, currency }: ForecastBacktest): OutItem[] {
  const money = (minor: number | null) => (minor === null ? null : formatMinor(minor, currency));
  return looks.map((look) => {
    const { at, period, said } = look;
    const cells = {
      period: period.label,
      weeks_left: look.weeksLeft,
      version: look.version.slice(0, 12),
      currency,
      booked: money(look.bookedMinor),
      expected: money(said.foresell),
      p10: money(look.p10Minor),
      p50: money(look.p50Minor),
      p90: money(look.p90Minor),
      same_stage_and_week: money(said.usual),
      stage_percentage: money(said.stageRate),
      categories: money(said.categories),
      brought: money(look.actualMinor),
    };
    return { id: period.label, asOf: at, cells, json: { asOf: formatInstant(at), ...cells } };
  });
}

/** For a terminal: the sentence, each way by horizon, people's calls, the limits. */
function printedOf(result: ForecastBacktest, named: NameOf): string {
  const w = words('en', result.of);
  const { judgement, currency } = result;
  const share = (value: number | null) => (value === null ? '-' : `${(100 * value).toFixed(0)} %`);
  const row = (figures: LedgerFigures) => [
    w.way[figures.way],
    share(figures.wape),
    share(figures.bias),
    share(figures.pinball10),
    share(figures.pinball50),
    share(figures.pinball90),
    share(figures.coverage80),
  ];
  const head = ['', 'WAPE', 'bias', 'pinball 10', '50', '90', '80 % band held'];
  const parts = [...(judgement.horizons.length > 1 ? judgement.horizons : []).map((of) => ({ name: w.weeks(of), of })), { name: w.all, of: judgement }]; // biome-ignore format: a list
  const money = (minor: number | null) =>
    minor === null ? '-' : Number(formatMinor(minor, currency)).toLocaleString('en', { maximumFractionDigits: 0 });
  return [
    w.headline(result),
    '',
    ...parts.flatMap(({ name, of }) => [
      `${name}: ${w.of(of.looks, of.periods)}`,
      table([head, ...ways.flatMap((way) => of.figures.filter((figures) => figures.way === way).map(row))]),
      '',
    ]),
    `people's calls of their own open deals, means a look, ${currency}`,
    table([
      ['', 'deals', 'called', 'came', 'came less called (99 % interval)', 'Foresell expected', 'says'],
      ...judgement.owners.map((owner) => [
        named('owner', owner.owner) ?? 'nobody',
        owner.deals,
        money(owner.calledMinor),
        money(owner.cameMinor),
        `${money(owner.gap.minor)} (${money(owner.gap.lowMinor)} to ${money(owner.gap.highMinor)})`,
        money(owner.expectedMinor),
        w.verdict[owner.verdict],
      ]),
    ]),
    '',
    ...(judgement.groups.length > 0
      ? [
          w.groupsTitle,
          table([
            ['', '', 'looks', 'off by', 'bias', 'Foresell off by', 'bias'],
            ...judgement.groups.map((one) => [
              named(one.by, one.group) ?? w.whole,
              w.groupKind[one.kind],
              one.looks,
              share(one.wape),
              share(one.bias),
              share(one.modelWape),
              share(one.modelBias),
            ]),
          ]),
          '',
        ]
      : []),
    w.blendTitle,
    table([
      ['', 'weights', 'blend off by', 'Foresell', 'reps', 'managers', 'says'],
      ...judgement.blend.map((one) => [
        w.weeks(one),
        weightsIn(one, w) || '-',
        share(one.wape),
        ...voices.map((voice) => share(one.voiceWape[voice] ?? null)),
        w.blendSays(one),
      ]),
    ]),
    '',
    ...w.limits(result).map((limit) => `- ${limit}`),
    '',
  ].join('\n');
}
