import { type Calendar, DAY, type Instant } from '../src/time.ts';
import { pushWindows } from './binCovariates.ts';
import type { CalendarEffects } from './forecast/calendarEffects.ts';
import { binAt } from './hazards.ts';

/**
 * What the company's own calendar adds to a model's hazards, given how much the model itself says is won in the last two weeks of a quarter (its
 * strength, a log): effects of what it does not say.
 */
export type Pace = (quarterEnd: number) => CalendarEffects;

/**
 * Hazards in operational time. A bin whose hazard would leave p_0 open after its days leaves p_0^f, all causes alike: f is how many ordinary bins the days up
 * to t are worth,
 *
 *     f_b(t) = integral from e_b to min(t, e_b+1) of w(u) v(u) du / integral over the bin of v(u) du,
 *
 * w the calendar's weight of the local day and v = exp(strength) in the last two weeks of a quarter (else 1), as the model itself spreads the bin (`withinBin.ts`).
 * With w = 1 that is the model's own answer. f grows with t, so that incidence does.
 * Cost: horizon in days, once a look; then a search a question.
 *
 * Source: operational time, Feller, "An introduction to probability theory" II (1971), X.7; a hazard times a calendar's weight, Breslow and Day (1987).
 */
export interface PacedBins {
  /** f of each bin up to a day, the last one maybe in part; beyond the last edge one more, of bins like the last. */
  shares(asOf: Instant, days: number, pace: Pace): Float64Array;
}

const MOST_KEPT = 64;

/** @param strength log of how much more the model says happens in the last two weeks of a quarter */
export function pacedBins(edges: Float64Array, strength: number, calendar: Calendar): PacedBins {
  const last = edges.at(-1)!;
  // Rows that are asked together mostly have one as-of, and few days.
  let asked: { asOf: Instant; pace: Pace; at: Cumulative; known: Map<number, Float64Array> } | undefined;
  const sharesBy = (at: Cumulative, days: number): Float64Array => {
    const upTo = Math.min(Math.max(0, days), last);
    const bins = days > 0 ? binAt(edges, upTo) + 1 : 0;
    const shares = new Float64Array(days > last ? bins + 1 : bins);
    for (let b = 0; b < bins; b++) {
      const [from, to] = [at(edges[b]!), at(edges[b + 1]!)];
      shares[b] = ((upTo < edges[b + 1]! ? at(upTo) : to).paced - from.paced) / (to.even - from.even);
    }
    // Nobody foretells a calendar that far: as the model has it.
    if (days > last) shares[bins] = (days - last) / (last - edges.at(-2)!);
    return shares;
  };
  return {
    shares(asOf, days, pace) {
      if (asked?.asOf !== asOf || asked.pace !== pace) asked = { asOf, pace, at: cumulative(edges, strength, calendar, asOf, pace(strength)), known: new Map() }; // biome-ignore format: one assignment
      const { at, known } = asked;
      let shares = known.get(days);
      if (!shares) {
        if (known.size >= MOST_KEPT) known.clear();
        known.set(days, (shares = sharesBy(at, days)));
      }
      return shares;
    },
  };
}

/** Integrals from the look to a day: of v alone, and of w v. */
type Cumulative = (day: number) => { readonly even: number; readonly paced: number };

function cumulative(
  edges: Float64Array,
  strength: number,
  calendar: Calendar,
  asOf: Instant,
  effects: CalendarEffects,
): Cumulative {
  const last = edges.at(-1)!;
  const windows = pushWindows(asOf, last, calendar);
  const cuts = new Set<number>([0, last]);
  const end = asOf + last * DAY;
  for (let day = calendar.nextDay(asOf); day < end; day = calendar.nextDay(day)) cuts.add((day - asOf) / DAY);
  for (const { from, to } of windows) for (const cut of [from, to]) if (cut > 0 && cut < last) cuts.add(cut);
  const at = Float64Array.from(cuts).sort();
  const pieces = at.length - 1;
  const v = new Float64Array(pieces);
  const w = new Float64Array(pieces);
  const even = new Float64Array(pieces + 1);
  const paced = new Float64Array(pieces + 1);
  for (let i = 0; i < pieces; i++) {
    const middle = (at[i]! + at[i + 1]!) / 2;
    v[i] = windows.some(({ from, to }) => middle > from && middle < to) ? Math.exp(strength) : 1;
    w[i] = effects.weight(calendar.startOfDay(asOf + middle * DAY));
    const days = at[i + 1]! - at[i]!;
    even[i + 1] = even[i]! + v[i]! * days;
    paced[i + 1] = paced[i]! + w[i]! * v[i]! * days;
  }
  return (day) => {
    const i = Math.min(pieces - 1, binAt(at, day));
    const into = (day - at[i]!) * v[i]!;
    return { even: even[i]! + into, paced: paced[i]! + into * w[i]! };
  };
}
