import { type Period, WEEK } from '../../src/time.ts';
import type { SeriesMethod } from '../series/fitted.ts';

/** What was won: when, and what it brought in minor units. */
export interface Booking {
  readonly at: number;
  readonly minor: number;
}

/** Quarters of 13 weeks, so that the push before their end is a season. */
const SEASON = 13;

/**
 * A period seen from above, by its bookings alone: what is booked so far + what a method says of the weeks to come that lie in it, of the first and last their
 * share. Weeks are counted back from the look, so that every one is whole. Below nothing is not booked. Knows nothing of the open deals.
 * @param past what was won; that at `asOf` and later is not looked at · cost: one fit
 */
export function topDown(
  past: readonly Booking[],
  asOf: number,
  bookedMinor: number,
  period: Pick<Period, 'from' | 'to'>,
  method: SeriesMethod,
): number {
  const y = weeksOf(past, asOf);
  if (y.length === 0 || period.to <= asOf) return bookedMinor;
  const ahead = method(y, SEASON).forecast(Math.ceil((period.to - asOf) / WEEK));
  let total = bookedMinor;
  for (let k = 0; k < ahead.length; k++) {
    const [from, to] = [Math.max(period.from, asOf + k * WEEK), Math.min(period.to, asOf + (k + 1) * WEEK)];
    total += (Math.max(0, to - from) / WEEK) * Math.max(0, ahead[k]!);
  }
  return total;
}

/** Sums of whole weeks before the look, oldest first; none where nothing was won. */
export function weeksOf(bookings: readonly Booking[], asOf: number): Float64Array {
  const past = bookings.filter(({ at }) => at < asOf);
  if (past.length === 0) return new Float64Array(0);
  const first = past.reduce((least, { at }) => Math.min(least, at), asOf);
  // The oldest week may hold less than a whole one's past.
  const y = new Float64Array(Math.max(1, Math.floor((asOf - first) / WEEK)));
  for (const { at, minor } of past) {
    const back = Math.floor((asOf - at - 1) / WEEK);
    if (back < y.length) y[y.length - 1 - back]! += minor;
  }
  return y;
}
