import { periodAt } from '../src/periods.ts';
import type { ForecastSaid } from '../src/store/forecastsSaid.ts';
import type { Calendar, Instant, Period } from '../src/time.ts';
import type { Forecast } from './forecast.ts';

/** Periods whose forecast is kept every day: the fiscal quarter, the one after it, the month and the fiscal year. */
export function keptPeriods(calendar: Calendar, asOf: Instant): readonly Period[] {
  const quarter = calendar.quarter(asOf);
  return [quarter, calendar.quarter(quarter.to), periodAt(calendar, 'month', asOf), periodAt(calendar, 'year', asOf)];
}

/** A forecast as it is kept. */
export function saidOf({ asOf, period, version, currency, total }: Forecast, calendar: Calendar): ForecastSaid {
  return {
    day: calendar.date(asOf),
    ...{ from: period.from, to: period.to, period: period.label, at: asOf, version, currency },
    bookedMinor: total.closedMinor,
    expectedMinor: total.expectedMinor,
    ...{ p10Minor: total.p10Minor, p50Minor: total.p50Minor, p90Minor: total.p90Minor },
    ...{ quotaMinor: total.quotaMinor, quotaProbability: total.quotaProbability, openDeals: total.openDeals },
  };
}
