import type { SeriesMethod } from './fitted.ts';

/** A forecast made at an origin within the history, beside what came. Arrays have one value a step, at most the horizon. */
export interface OriginForecast {
  /** Periods known when it was made. */
  readonly known: number;
  readonly actual: Float64Array;
  readonly mean: Float64Array;
  readonly spread: Float64Array;
  /** Its forecasts of the periods that were known, each from those before it. */
  readonly fitted: Float64Array;
}

export interface RollingAsk {
  readonly season: number;
  readonly horizon: number;
  /** How many origins at most. */
  readonly origins: number;
  readonly method: SeriesMethod;
}

/** Least periods that a forecast within the history may stand on. */
export const leastKnown = (season: number): number => Math.max(5, season + 2);

/**
 * Origins within a history of n periods, newest first: the newest leaves a whole horizon after it, the others lie a third of
 * the horizon apart. Where a history is too short for that, the origins after its least part, with what steps they have.
 */
export function originsOf(n: number, { season, horizon, origins }: Omit<RollingAsk, 'method'>): readonly number[] {
  const step = Math.max(1, Math.ceil(horizon / 3));
  const least = leastKnown(season);
  const newest = Math.max(n - horizon, Math.min(least, n - 1));
  const found: number[] = [];
  for (let at = newest; found.length < origins && at >= least; at -= step) found.push(at);
  return found;
}

/** What the method would have said at each origin, from the periods before it alone. Cost: one fit an origin. */
export function rollingOrigin(y: Float64Array, ask: RollingAsk): readonly OriginForecast[] {
  return originsOf(y.length, ask).map((known) => {
    const steps = Math.min(ask.horizon, y.length - known);
    const fit = ask.method(y.slice(0, known), ask.season);
    return {
      known,
      actual: y.slice(known, known + steps),
      mean: fit.forecast(steps),
      spread: fit.spread(steps),
      fitted: fit.fitted,
    };
  });
}
