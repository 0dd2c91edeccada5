import type { Random } from '../../src/random.ts';
import { type Calendar, calendar, DAY, type Instant, parseInstant, WEEK } from '../../src/time.ts';
import { ARRIVAL, COMPANY, END, HAZARD, HORIZON_WEEKS, WEEKS } from './constants.ts';

const HOUR = 3_600_000;

/** The weeks of a simulated history: week w runs from `start + w WEEK`; the records end where week `weeks` begins. */
export interface Clock {
  readonly calendar: Calendar;
  readonly start: Instant;
  readonly end: Instant;
  readonly weeks: number;
  /** Start of a week. */
  at(week: number): Instant;
  /** Week number with fraction. */
  week(at: Instant): number;
  /** Share of the week inside the last two weeks of its fiscal quarter. */
  readonly quarterEnd: Float64Array;
  /** Log-odds by time of year, both causes. */
  readonly season: Float64Array;
  /** Relative number of new deals. */
  readonly arrival: Float64Array;
  /** Day number, from the start, of the last day of the month that holds the week's first day. */
  readonly monthEnd: Int32Array;
}

/** The weeks up to `end` (a local Monday), and tables by week as far as the truth looks ahead. Asia/Bangkok has no summer time. */
export function clockUntil(end: string = END, weeks: number = WEEKS): Clock {
  const days = calendar(COMPANY.time_zone, COMPANY.fiscal_year_start, COMPANY.week_start);
  const until = days.startOfWeek(parseInstant(end, COMPANY.time_zone) as number);
  const start = until - weeks * WEEK;
  const n = weeks + HORIZON_WEEKS + 1;
  const quarterEnd = new Float64Array(n);
  const season = new Float64Array(n);
  const arrival = new Float64Array(n);
  const monthEnd = new Int32Array(n);
  for (let w = 0; w < n; w++) {
    const at = start + w * WEEK;
    for (let d = 0; d < 7; d++) {
      const day = at + d * DAY;
      if (days.quarter(day).to - day <= 14 * DAY) quarterEnd[w]! += 1 / 7;
    }
    const date = days.date(at + 3 * DAY);
    const quiet = isQuiet(date);
    season[w] = HAZARD.season.amplitude * waveOf(date, HAZARD.season.peakMonth) + (quiet ? HAZARD.season.holiday : 0);
    arrival[w] =
      (1 + ARRIVAL.yearlyGrowth) ** (w / 52) *
      (1 + ARRIVAL.amplitude * waveOf(date, ARRIVAL.peakMonth)) *
      (quiet ? ARRIVAL.holiday : 1);
    monthEnd[w] = Math.round((days.period(days.date(at).slice(0, 7)).to - start) / DAY) - 1;
  }
  return {
    calendar: days,
    start,
    end: until,
    weeks,
    at: (week) => start + week * WEEK,
    week: (at) => (at - start) / WEEK,
    quarterEnd,
    season,
    arrival,
    monthEnd,
  };
}

/** A yearly cosine, 1 in the middle of the peak month. */
export function waveOf(date: string, peakMonth: number): number {
  const month = Number(date.slice(5, 7)) + Number(date.slice(8, 10)) / 31;
  return Math.cos((2 * Math.PI * (month - peakMonth - 0.5)) / 12);
}

/** Weeks (by their Thursday) of New Year and Songkran. */
function isQuiet(date: string): boolean {
  const day = date.slice(5);
  return day >= '12-28' || day <= '01-03' || (day >= '04-11' && day <= '04-17');
}

/** A working moment of the week: Monday to Friday alike, 08:30 to 18:00, whole seconds. */
export function workingTime(clock: Clock, week: number, draw: Random): Instant {
  const seconds = Math.floor((8.5 + 9.5 * draw.uniform()) * 3600);
  return clock.at(week) + draw.below(5) * DAY + seconds * 1000;
}

/** As `workingTime`, now and then of an evening or at the weekend. */
export function contactTime(clock: Clock, week: number, afterHours: number, draw: Random): Instant {
  if (draw.uniform() >= afterHours) return workingTime(clock, week, draw);
  return clock.at(week) + draw.below(7) * DAY + Math.floor((18 + 4 * draw.uniform()) * 3600) * 1000;
}

/** The next working moment at or after `at`: nights and weekends move to 08:30 and some minutes. */
export function nextWorking(clock: Clock, at: Instant, draw: Random): Instant {
  const day = clock.calendar.startOfDay(at);
  const hour = (at - day) / HOUR;
  const weekday = clock.calendar.weekday(at);
  if (weekday <= 5 && hour >= 8.5 && hour < 18) return Math.floor(at / 1000) * 1000;
  const wait = weekday <= 5 && hour < 8.5 ? 0 : weekday >= 5 ? 8 - weekday : 1;
  return day + wait * DAY + Math.floor((8.5 + 1.5 * draw.uniform()) * 3600) * 1000;
}

/** Share of a week's closes that fall before `at`: closes are spread evenly over Monday to Friday, and `at` is a local midnight. */
export function shareClosedBy(clock: Clock, at: Instant): number {
  const days = Math.round(((((at - clock.start) % WEEK) + WEEK) % WEEK) / DAY);
  return Math.min(5, days) / 5;
}
