import type { Calendar, Instant } from '../src/time.ts';
import { pushWindows } from './binCovariates.ts';
import { binAt } from './hazards.ts';

/**
 * Where inside a bin its hazard lies. A bin is read evenly in time; but where the end of a quarter falls inside it, the
 * wins it holds come before that end, not after, and a forecast by the quarter's end cuts the bin just there. So a day t
 * is read at the clock
 *
 *     clock(t) = e_b + (e_b+1 - e_b) W(t) / W(e_b+1),   W(t) = integral from e_b to t of exp(strength)^[in the last two weeks of a quarter]
 *
 * Bin edges stay where they are, and clock grows with t: whatever is read from hazards at clock(t) instead of t still
 * sums to 1, still only grows, and says the same at every edge. Beyond the last edge the clock is t itself.
 * Cost: a few operations a quarter within the horizon.
 */
export interface WithinBin {
  clock(asOf: Instant, days: number): number;
  /** The day that the clock shows: the inverse. */
  day(asOf: Instant, clock: number): number;
}

/** @param strength log of how much more happens in the last two weeks of a quarter: the covariate's gamma */
export function withinBin(edges: Float64Array, strength: number, calendar: Calendar): WithinBin {
  const last = edges.at(-1)!;
  const more = Math.expm1(strength);
  // Rows that are scored together mostly have one as-of.
  let asked = { asOf: Number.NaN, windows: pushWindows(0, 0, calendar) };
  const windowsAt = (asOf: Instant) => {
    if (asked.asOf !== asOf) asked = { asOf, windows: pushWindows(asOf, last, calendar) };
    return asked.windows;
  };
  const clock = (asOf: Instant, days: number): number => {
    if (!(days > 0) || days >= last || more === 0) return days;
    const b = binAt(edges, days);
    const from = edges[b]!;
    const to = edges[b + 1]!;
    let upTo = days - from;
    let whole = to - from;
    for (const window of windowsAt(asOf)) {
      upTo += more * overlap(from, days, window.from, window.to);
      whole += more * overlap(from, to, window.from, window.to);
    }
    return from + ((to - from) * upTo) / whole;
  };
  return {
    clock,
    day: (asOf, shown) => {
      if (!(shown > 0) || shown >= last || more === 0) return shown;
      const b = binAt(edges, shown);
      const from = edges[b]!;
      const to = edges[b + 1]!;
      const windows = windowsAt(asOf);
      let whole = to - from;
      for (const window of windows) whole += more * overlap(from, to, window.from, window.to);
      // Weight to be walked through, day by day of weight 1 or, inside a window, 1 + more.
      let left = ((shown - from) / (to - from)) * whole;
      let at = from;
      for (const window of windows) {
        const before = Math.min(window.from, to) - at;
        if (before > 0) {
          if (left <= before) return at + left;
          left -= before;
          at += before;
        }
        const inside = Math.min(window.to, to) - at;
        if (inside <= 0) continue;
        if (left <= inside * (1 + more)) return at + left / (1 + more);
        left -= inside * (1 + more);
        at += inside;
      }
      return Math.min(at + left, to);
    },
  };
}

const overlap = (a: number, b: number, c: number, d: number): number => Math.max(0, Math.min(b, d) - Math.max(a, c));
