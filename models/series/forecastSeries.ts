import { ForesellError } from '../../src/errors.ts';
import { isRounding, type ScorePool, scorePool, scoreQuantile } from './conformal.ts';
import { demandPattern } from './demandPattern.ts';
import type { FittedSeries, SeriesMethod } from './fitted.ts';
import { type MethodName, methodNames, seriesMethods } from './methods.ts';
import { ownErrors } from './ownErrors.ts';
import { type OriginForecast, rollingOrigin } from './rollingOrigin.ts';

/** What is asked of one series or of many. */
export interface SeriesAsk {
  /** Periods after which the pattern repeats: 7 of days, 12 of months; 1 = none. */
  readonly season: number;
  /** Periods ahead. */
  readonly horizon: number;
  readonly method: MethodName;
  /** Origins within each history from which intervals learn; 0 = the normal law. */
  readonly origins: number;
}

/** Central intervals that are told, in percent. */
export const LEVELS = [80, 95] as const;
export type Level = (typeof LEVELS)[number];

/** Lower and upper ends, a value a step. */
export interface Interval {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** The forecast of one series. All arrays have `horizon` values, in its unit. */
export interface SeriesForecast {
  readonly method: string;
  readonly mean: Float64Array;
  readonly intervals: Readonly<Record<Level, Interval>>;
  /** The method's own standard error of each step (`FittedSeries.spread`), before intervals were scaled by past errors. */
  readonly spread: Float64Array;
  readonly fitted: Float64Array;
  readonly parameters: Readonly<Record<string, number>>;
}

/** A series with its own form of the method, such as one with regressors; absent = that of the ask. */
export interface SeriesInput {
  readonly y: Float64Array;
  readonly method?: SeriesMethod;
}

/** Periods ahead at most. */
export const MOST_STEPS = 1_000;
/** Values beyond this overflow when they are squared and summed. */
const LARGEST = 1e100;

/**
 * Forecasts many series of one frequency: the method on each, then intervals from what the method would have said at origins
 * within the histories. Scores of like series (steady or sparse) are pooled, so that short ones get a band too. Histories
 * without a negative value have none in their forecast either; a constant one is said without width.
 * @param onSeries told after each series
 * @throws ForesellError `series-empty`, `series-value`, `horizon-invalid`, `season-invalid`, `method-unknown`
 */
export function forecastSeriesSet(
  inputs: readonly SeriesInput[],
  ask: SeriesAsk,
  onSeries: (done: number) => void = () => {},
): readonly SeriesForecast[] {
  return bandedSet(fitSet(inputs, ask, onSeries));
}

/** A series with what its method says of it now and said of it then. */
export interface FittedSet {
  readonly y: Float64Array;
  readonly fit: FittedSeries;
  readonly mean: Float64Array;
  readonly spread: Float64Array;
  readonly past: readonly OriginForecast[];
  readonly steady: boolean;
}

/** The method on each series: now, and at the origins within its history. */
export function fitSet(
  inputs: readonly SeriesInput[],
  ask: SeriesAsk,
  onSeries: (done: number) => void = () => {},
): readonly FittedSet[] {
  checkAsk(ask);
  return inputs.map(({ y, method = seriesMethods[ask.method] }, i) => {
    checkValues(y, i);
    const past = rollingOrigin(y, { ...ask, method });
    const fit = method(y, ask.season);
    onSeries(i + 1);
    const [mean, spread] = [fit.forecast(ask.horizon), fit.spread(ask.horizon)];
    return { y, fit, mean, spread, past, steady: demandPattern(y, ask.season) === 'steady' };
  });
}

/** Intervals for all of them. */
export function bandedSet(fits: readonly FittedSet[]): readonly SeriesForecast[] {
  const pools = new Map(
    [true, false].map((steady) => [steady, scorePool(fits.filter((f) => f.steady === steady).flatMap((f) => f.past))]),
  );
  return fits.map((of) => banded(of, pools.get(of.steady)!));
}

/** The forecast of one series by itself. As `forecastSeriesSet`; the defaults are season 1, `auto` and 12 origins. */
export const forecastSeries = (
  y: ArrayLike<number>,
  ask: Partial<SeriesAsk> & Pick<SeriesAsk, 'horizon'>,
): SeriesForecast =>
  forecastSeriesSet([{ y: Float64Array.from(y) }], { season: 1, method: 'auto', origins: 12, ...ask })[0];

function banded({ y, fit, mean: said, spread, past }: FittedSet, pool: ScorePool): SeriesForecast {
  const least = y.some((v) => v < 0) ? Number.NEGATIVE_INFINITY : 0;
  const mean = said.map((v) => Math.max(least, v));
  const own = scorePool(past);
  // An exact fit leaves a spread of rounding noise, though its mean may miss: then what the line missed by is its width.
  const missed = ownErrors(past, y, fit.fitted, mean.length);
  const last = Math.abs(y[y.length - 1]);
  const width = spread.map((v, h) => (isRounding(v, Math.abs(said[h]) + last) ? missed[h] : v));
  const end = (level: number) => mean.map((v, h) => Math.max(least, v + width[h] * scoreQuantile(level, h, pool, own)));
  const around = ({ low, high }: Interval, inner?: Interval): Interval => ({
    low: low.map((v, h) => Math.min(v, inner ? inner.low[h] : mean[h])),
    high: high.map((v, h) => Math.max(v, inner ? inner.high[h] : mean[h])),
  });
  const inner = around({ low: end(0.1), high: end(0.9) });
  const outer = around({ low: end(0.025), high: end(0.975) }, inner);
  return { method: fit.name, mean, spread, fitted: fit.fitted, parameters: fit.parameters, intervals: { 80: inner, 95: outer } }; // biome-ignore format: one answer
}

export function checkAsk({ season, horizon, method, origins }: SeriesAsk): void {
  const whole = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!whole(horizon, 1, MOST_STEPS))
    throw new ForesellError('horizon-invalid', `horizon ${horizon}: expected a whole number from 1 to ${MOST_STEPS}`);
  if (!whole(season, 1, 1_000))
    throw new ForesellError('season-invalid', `season ${season}: expected a whole number of periods from 1 to 1000`);
  if (!whole(origins, 0, 1_000))
    throw new ForesellError('origins-invalid', `origins ${origins}: expected a whole number from 0 to 1000`);
  if (!(method in seriesMethods))
    throw new ForesellError('method-unknown', `no method "${method}"; there is ${methodNames.join(', ')}`);
}

function checkValues(y: Float64Array, i: number): void {
  if (y.length === 0) throw new ForesellError('series-empty', `series ${i + 1} has no value; expected one a period`);
  const at = y.findIndex((v) => !(Math.abs(v) <= LARGEST));
  if (at >= 0)
    throw new ForesellError('series-value', `series ${i + 1}, period ${at + 1}: ${y[at]}; expected a finite number`);
}
