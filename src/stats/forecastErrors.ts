import { sameLength } from './check.ts';

// Errors of point forecasts. `actual` and `forecast` are in the same unit, one value a period.

/** Sum over rows of `term(actual, forecast)`. */
function total(actual: ArrayLike<number>, forecast: ArrayLike<number>, term: (a: number, f: number) => number): number {
  sameLength('forecast errors', actual, forecast);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += term(actual[i], forecast[i]);
  return sum;
}

/** Mean absolute error. */
export const mae = (actual: ArrayLike<number>, forecast: ArrayLike<number>): number =>
  total(actual, forecast, (a, f) => Math.abs(a - f)) / actual.length;

/** Root of the mean squared error. */
export const rmse = (actual: ArrayLike<number>, forecast: ArrayLike<number>): number =>
  Math.sqrt(total(actual, forecast, (a, f) => (a - f) ** 2) / actual.length);

/** Weighted absolute percentage error, a share: sum |a - f| / sum |a|. */
export const wape = (actual: ArrayLike<number>, forecast: ArrayLike<number>): number =>
  total(actual, forecast, (a, f) => Math.abs(a - f)) / total(actual, actual, (a) => Math.abs(a));

/** Bias, a share of the actual sum: sum (f - a) / sum a; above 0 = said too much. */
export const bias = (actual: ArrayLike<number>, forecast: ArrayLike<number>): number =>
  total(actual, forecast, (a, f) => f - a) / total(actual, actual, (a) => a);

/**
 * Symmetric percentage error in percent, 0 to 200: mean 200 |a - f| / (|a| + |f|), as in the M3 competition. A period
 * in which both are 0 counts 0.
 */
export const smape = (actual: ArrayLike<number>, forecast: ArrayLike<number>): number =>
  total(actual, forecast, (a, f) => (a === f ? 0 : (200 * Math.abs(a - f)) / (Math.abs(a) + Math.abs(f)))) /
  actual.length;

/**
 * Mean absolute scaled error: MAE over the in-sample MAE of the seasonal naive forecast of lag `season`. Below 1 beats
 * it. Source: Hyndman and Koehler (2006). NaN or Infinity where the history is too short or constant.
 */
export function mase(
  actual: ArrayLike<number>,
  forecast: ArrayLike<number>,
  history: ArrayLike<number>,
  season = 1,
): number {
  let naive = 0;
  for (let i = season; i < history.length; i++) naive += Math.abs(history[i] - history[i - season]);
  return mae(actual, forecast) / (naive / (history.length - season));
}
