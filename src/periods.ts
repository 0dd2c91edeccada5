import { ForesellError } from './errors.ts';
import { type Calendar, DAY, type Instant, type Period, parseInstant, WEEK } from './time.ts';

/** Kinds of period that a company counts by; quarters and years are fiscal. */
export const periodKinds = ['week', 'month', 'quarter', 'year'] as const;
export type PeriodKind = (typeof periodKinds)[number];

/** The period of a kind that holds an instant, by its name. */
export function periodAt(calendar: Calendar, kind: PeriodKind, at: Instant): Period {
  if (kind === 'quarter') return calendar.quarter(at);
  if (kind === 'year') return calendar.period(calendar.quarter(at).label.slice(0, 4));
  if (kind === 'month') return calendar.period(calendar.date(at).slice(0, 7));
  const from = calendar.startOfWeek(at);
  // Week 1 holds 4 January: a week is of the year in which its fourth day lies. Noon, since clocks may be moved within it.
  const year = +calendar.date(from + 3.5 * DAY).slice(0, 4);
  return calendar.period(
    labelled(year, 'W', Math.round((from - calendar.period(labelled(year, 'W', 1)).from) / WEEK) + 1),
  );
}

const NAMED = /^(\d{4})(?:-(Q|W)?(\d{1,2}))?$/;

/**
 * The period of the same kind just before: of `2026-Q1` it is `2025-Q4`, of `2026-W01` the last week of 2025; of any two
 * days as many days before them.
 */
export function periodBefore(calendar: Calendar, period: Period): Period {
  const named = NAMED.exec(period.label);
  if (named) {
    const [, year, kind, number] = named;
    if (number !== undefined && +number > 1) return calendar.period(labelled(+year!, kind, +number - 1));
    const before = priorYear(+year!, period, 'period');
    if (number === undefined) return calendar.period(labelled(before));
    return kind === 'W' ? weekOf(calendar, before, 53) : calendar.period(labelled(before, kind, kind === 'Q' ? 4 : 12)); // biome-ignore format: one choice
  }
  // Local days, not hours: clocks may have been moved in between.
  const days = Math.max(1, Math.round((period.to - period.from) / DAY));
  const earlier = (at: Instant) => calendar.startOfDay(calendar.startOfDay(at) - days * DAY + DAY / 2) + sinceMidnight(calendar, at); // biome-ignore format: one sum
  return between(calendar, earlier(period.from), period.from);
}

/** The same period a year before: `2026-Q4` and `2025-Q4`; a week 53 and the last week of a year that has 52; the same dates, and 28 February for the 29th. */
export function yearBefore(calendar: Calendar, period: Period): Period {
  const named = NAMED.exec(period.label);
  if (named) {
    const [, year, kind, number] = named;
    const before = priorYear(+year!, period, 'period');
    if (kind === 'W') return weekOf(calendar, before, +number!);
    return calendar.period(labelled(before, kind, number === undefined ? undefined : +number));
  }
  const earlier = (at: Instant): Instant => {
    const [year, month, day] = calendar.date(at).split('-');
    const before = priorYear(+year!, period, 'from');
    const date = (of: string) => parseInstant(`${before}-${month}-${of}`, calendar.zone);
    return (date(day!) ?? date('28')!) + sinceMidnight(calendar, at);
  };
  return between(calendar, earlier(period.from), earlier(period.to));
}

/** @throws ForesellError of the period that was asked for, where the year before is one that no time of ours lies in */
function priorYear(year: number, { label }: Period, path: string): number {
  if (year > 1000) return year - 1;
  throw new ForesellError('period-unknown', `period "${label}": expected one with a year before it to compare with, and years begin at 1000; ask for a later one`, { path }); // biome-ignore format: one sentence
}

const labelled = (year: number, kind = '', number?: number): string => {
  const y = String(year).padStart(4, '0');
  return number === undefined ? y : `${y}-${kind}${kind === 'Q' ? number : String(number).padStart(2, '0')}`;
};

/** A week of a year, or its last one where it has not so many. */
function weekOf(calendar: Calendar, year: number, week: number): Period {
  const last = calendar.period(labelled(year, 'W', 52));
  if (week <= 52) return calendar.period(labelled(year, 'W', week));
  const next = calendar.period(labelled(year + 1, 'W', 1));
  return last.to === next.from ? last : calendar.period(labelled(year, 'W', 53));
}

const sinceMidnight = (calendar: Calendar, at: Instant): number => at - calendar.startOfDay(at);
const between = (calendar: Calendar, from: Instant, to: Instant): Period => ({ from, to, label: `${calendar.date(from)}/${calendar.date(to)}` }); // biome-ignore format: a row
