import type { Subject } from '../../src/subjects/index.ts';
import { outcomesOf } from '../../src/subjects/outcomes.ts';
import type { Instant } from '../../src/time.ts';
import { type FactSource, future, world } from '../../src/world.ts';
import type { Said } from './said.ts';

/** What became of one that something was said of, by the end of what is known. */
export interface Happened {
  /** 1 = ended well, 0 = ended otherwise, NaN = still undecided. */
  readonly ever: number;
  /** 1 = ended well within the horizon, 0 = did not. */
  readonly within: number;
  /** What it brought within the horizon, in minor units of the base currency; 0 where it did not end well by then. */
  readonly broughtMinor: number;
}

/**
 * The truth, as far as it is known at `known`. What a deal brought is the amount it was booked with, at the rates known at
 * the end; where none was booked, what it was worth when it was looked at.
 */
export function happenedTo(
  source: FactSource,
  subject: Subject,
  said: readonly Said[],
  horizonDays: number,
  known: Instant,
): Happened[] {
  const looks = said.map(({ id, at }) => ({ id, asOf: at }));
  const end = world(source, known);
  return outcomesOf(source, subject, looks, known).map(({ timeDays, cause }, i) => {
    const well = cause?.positive === true;
    const within = well && timeDays <= horizonDays;
    return {
      ever: cause ? Number(well) : Number.NaN,
      within: Number(within),
      broughtMinor: within && subject.books ? booked(i) : 0,
    };
  });

  function booked(i: number): number {
    const { id, at, worthMinor } = said[i]!;
    const closed = future(source, subject.of, id, at, known).all('closed')[0];
    const minor = closed?.amountMinor ?? null;
    const base = minor === null ? Number.NaN : end.baseMinor(minor, closed!.currency);
    return Number.isFinite(base) ? base : worthMinor;
  }
}
