import type { Comparison } from '../../api/comparison.ts';
import type { Engine } from '../../api/engine.ts';
import type { Forecast, ForecastAsk } from '../../api/forecast.ts';
import type { ForecastChanges } from '../../api/forecastChanges.ts';
import { ForesellError } from '../../src/errors.ts';
import { type Instant, WEEK } from '../../src/time.ts';

/** What was expected of the period on one day, by what was known then. */
export interface Look {
  readonly at: Instant;
  readonly bookedMinor: number;
  readonly expectedMinor: number;
  readonly p10Minor: number;
  readonly p90Minor: number;
}

/** What is booked by a day of the period: known, or within bands. */
export interface Reach {
  readonly at: Instant;
  readonly expectedMinor: number;
  readonly bands: Forecast['total']['bands'];
}

/** Everything that the report of a period shows. */
export interface QuarterContent {
  readonly company: string;
  readonly sample: boolean;
  readonly zone: string;
  readonly forecast: Forecast;
  readonly comparison: Comparison;
  /** By the ends of the weeks to come; none of a period that is over. */
  readonly fan: readonly Reach[];
  /** Oldest first; the last is the look itself. */
  readonly looks: readonly Look[];
  /** Since the first of the looks; undefined where there is only one. */
  readonly changes: ForecastChanges | undefined;
  readonly names: ReadonlyMap<string, string>;
}

/** Days that are looked back on, at most. */
const LOOKS = 9;
/** Steps of the fan, at most. */
const STEPS = 13;
/** Deals that are listed, at most. */
export const DEALS = 15;

/**
 * What a period will bring as of a day, and how it came to that: forecasts of the same period at earlier days, each made anew from
 * what was known then. Cost: one forecast a look (the features of every open deal) and one roll-up a step ahead.
 * @param progress told each look
 */
export function quarterContent(
  engine: Engine,
  zone: string,
  ask: ForecastAsk,
  progress: (text: string) => void = () => {},
): QuarterContent {
  // biome-ignore format: one signature
  const { period, asOf } = ask;
  if (asOf < period.from) {
    throw new ForesellError('period-invalid', `${period.label} has not begun; a report is of a period that has (its forecast: foresell forecast --period ${period.label})`, { path: '--period' }); // biome-ignore format: one sentence
  }
  const end = Math.min(asOf, period.to);
  const forecast = engine.forecast(ask);
  const times = looksBack(period.from, end);
  const looks = times.map((at, i): Look => {
    progress(`look ${i + 1} of ${times.length}`);
    const { total } = at === asOf ? forecast : engine.forecast({ ...ask, by: 'all', asOf: at });
    return { at, bookedMinor: total.closedMinor, expectedMinor: total.expectedMinor, p10Minor: total.p10Minor, p90Minor: total.p90Minor }; // biome-ignore format: a row
  });
  const first = times[0]!;
  const deals = forecast.deals.slice(0, DEALS);
  return {
    company: engine.company.name,
    sample: engine.sample,
    zone,
    forecast,
    comparison: engine.comparison({ ...ask, by: ask.by === 'all' ? 'team' : ask.by }),
    fan: asOf >= period.to ? [] : stepsAhead(asOf, period.to).map((at): Reach => {
      const { total } = at === period.to ? forecast : engine.forecast({ ...ask, by: 'all', period: { ...period, to: at } }); // biome-ignore format: one choice
      return { at, expectedMinor: total.expectedMinor, bands: total.bands };
    }),
    looks,
    changes: first < asOf ? engine.forecastChanges({ ...ask, by: 'all', from: first, to: asOf }) : undefined,
    names: engine.dealNames([...deals, ...(forecast.toClose ?? [])].map(({ id }) => id)),
  }; // biome-ignore format: a record
}

/** The look itself and whole weeks before it, as far as the period reaches back. */
function looksBack(from: Instant, end: Instant): Instant[] {
  const weeks = Math.floor((end - from) / WEEK);
  const every = Math.max(1, Math.ceil(weeks / (LOOKS - 1)));
  const looks = [end];
  for (let back = every; back <= weeks; back += every) looks.unshift(end - back * WEEK);
  return looks;
}

/** Ends of the weeks ahead, evenly fewer where they are many; the last is the period's end. */
function stepsAhead(asOf: Instant, to: Instant): Instant[] {
  const weeks = Math.ceil((to - asOf) / WEEK);
  const every = Math.max(1, Math.ceil(weeks / STEPS));
  const steps: Instant[] = [];
  for (let ahead = every; ahead < weeks; ahead += every) steps.push(asOf + ahead * WEEK);
  return [...steps, to];
}
