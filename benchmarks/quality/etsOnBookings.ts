import { type Booking, topDown } from '../../models/forecast/topDown.ts';
import { ets } from '../../models/series/ets.ts';
import { dealState } from '../../src/subjects/deal.ts';
import type { Period } from '../../src/time.ts';
import type { World } from '../../src/world.ts';

/** Everything won that was known by then, in the base currency. */
export function wonBy(then: World): Booking[] {
  return then.ids('deal').flatMap((id) => {
    const past = then.past('deal', id);
    const close = past.last('closed');
    if (!close || dealState(past) !== 'won') return [];
    const minor = past.baseMinor(close.amountMinor ?? 0, close.currency);
    return Number.isFinite(minor) ? [{ at: close.at, minor }] : [];
  });
}

/** A period by its bookings alone, as ETS (its shape by AICc) continues them. */
export const etsOnBookings = (won: readonly Booking[], asOf: number, bookedMinor: number, period: Period): number =>
  topDown(won, asOf, bookedMinor, period, ets);
