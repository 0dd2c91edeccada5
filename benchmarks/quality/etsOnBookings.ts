import { ets } from '../../models/series/ets.ts';
import { dealState } from '../../src/subjects/deal.ts';
import { type Period, WEEK } from '../../src/time.ts';
import type { World } from '../../src/world.ts';

/** How bookings are laid out as a series: blocks of so many weeks, and after how many blocks the season comes again. */
export interface Blocks {
  readonly weeks: number;
  readonly season: number;
}
/** Quarters of 13 weeks, so that the push before their end is a season. */
export const byWeek: Blocks = { weeks: 1, season: 13 };

/** What was won by the look, and what each brought in minor units of the base currency. */
export interface Won {
  readonly at: number;
  readonly minor: number;
}

/** Everything won that was known by then. */
export function wonBy(then: World): Won[] {
  return then.ids('deal').flatMap((id) => {
    const past = then.past('deal', id);
    const close = past.last('closed');
    if (!close || dealState(past) !== 'won') return [];
    const minor = past.baseMinor(close.amountMinor ?? 0, close.currency);
    return Number.isFinite(minor) ? [{ at: close.at, minor }] : [];
  });
}

/**
 * A period by its bookings alone: what is booked so far + what ETS (its shape by AICc) says of the blocks that are left, counted back from the look so that
 * every one is whole; of the last the share that lies in the period. Below nothing is not booked.
 */
export function etsOnBookings(
  won: readonly Won[],
  asOf: number,
  bookedMinor: number,
  period: Period,
  blocks = byWeek,
): number {
  const length = blocks.weeks * WEEK;
  const past = won.filter(({ at }) => at < asOf);
  if (past.length === 0) return bookedMinor;
  const first = Math.min(...past.map(({ at }) => at));
  // The oldest block may hold less than a whole one's past.
  const count = Math.max(1, Math.floor((asOf - first) / length));
  const y = new Float64Array(count);
  for (const { at, minor } of past) {
    const back = Math.floor((asOf - at - 1) / length);
    if (back < count) y[count - 1 - back]! += minor;
  }
  const left = Math.max(0, period.to - asOf) / length;
  const ahead = ets(y, blocks.season).forecast(Math.ceil(left));
  let total = bookedMinor;
  for (let k = 0; k < ahead.length; k++) total += Math.min(1, left - k) * Math.max(0, ahead[k]!);
  return total;
}
