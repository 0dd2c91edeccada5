import { type FittedSeries, residualScale } from './fitted.ts';

/**
 * Seasonal naive: what the same period of the last season brought; with season 1 (or a history shorter than a season) the
 * last value. The variance of step h grows with the seasons that lie between: floor((h - 1) / season) + 1.
 */
export function seasonalNaive(y: Float64Array, season: number): FittedSeries {
  const n = y.length;
  const lag = n >= season ? season : 1;
  const fitted = Float64Array.from(y, (_, t) => (t < lag ? Number.NaN : y[t - lag]));
  const scale = residualScale(y, fitted);
  return {
    name: lag > 1 ? 'seasonal naive' : 'naive',
    fitted,
    forecast: (horizon) => Float64Array.from({ length: horizon }, (_, h) => y[n - lag + (h % lag)]),
    spread: (horizon) => Float64Array.from({ length: horizon }, (_, h) => scale * Math.sqrt(Math.floor(h / lag) + 1)),
    parameters: {},
  };
}
