import { autocorrelation } from '../../src/stats/autocorrelation.ts';

/** Normal quantile of a two-sided test at 90 %. */
const Z90 = 1.6448536269514722;

/**
 * Whether a series repeats every `season` periods: |r_m| beyond 1.645 standard errors sqrt((1 + 2 sum_{k<m} r_k^2) / n),
 * the 90 % test of the Theta method. False for constant series and those of two seasons or fewer.
 * Source: Assimakopoulos and Nikolopoulos (2000), section 3.
 */
export function isSeasonal(y: ArrayLike<number>, season: number): boolean {
  if (season < 2 || y.length <= 2 * season) return false;
  const r = autocorrelation(y, season);
  let squares = 0;
  for (let k = 0; k < season - 1; k++) squares += r[k] ** 2;
  return Math.abs(r[season - 1]) / Math.sqrt((1 + 2 * squares) / y.length) > Z90;
}

/** How the season enters: added to the level, or multiplied with it. */
export type SeasonalForm = 'additive' | 'multiplicative';

/**
 * Classical decomposition: the trend is a centred moving average over one season (of an even one, two half-weighted ends),
 * an index the mean over the seasons of what is left, centred on 0 (additive) or scaled to mean 1 (multiplicative).
 * `indices[i]` belongs to the periods t with t mod season = i. Needs two whole seasons.
 * Source: as R's `decompose`.
 */
export function seasonalIndices(y: ArrayLike<number>, season: number, form: SeasonalForm): Float64Array {
  const n = y.length;
  const half = Math.floor(season / 2);
  const even = season % 2 === 0;
  const sums = new Float64Array(season);
  const counts = new Float64Array(season);
  for (let t = half; t + half < n; t++) {
    let trend = 0;
    for (let k = t - half; k <= t + half; k++) trend += even && (k === t - half || k === t + half) ? y[k] / 2 : y[k];
    trend /= season;
    const left = form === 'additive' ? y[t] - trend : y[t] / trend;
    if (!Number.isFinite(left)) continue;
    sums[t % season] += left;
    counts[t % season]++;
  }
  const neutral = form === 'additive' ? 0 : 1;
  const indices = sums.map((sum, i) => (counts[i] > 0 ? sum / counts[i] : neutral));
  const mean = indices.reduce((sum, v) => sum + v, 0) / season;
  return indices.map((v) => (form === 'additive' ? v - mean : v / mean));
}

/** An index below this divides too much: the season is then an added one. */
const LEAST_INDEX = 0.01;

/** A series without its season, and the way back. */
export interface Deseasonalised {
  readonly plain: Float64Array;
  readonly seasonal: boolean;
  /** Puts the season on values that begin at period `from`. */
  restore(values: Float64Array, from: number): Float64Array;
}

/**
 * Takes out a season where the 90 % test finds one: divided by classical indices where all values are above 0 and no index
 * is below .01, else subtracted.
 */
export function deseasonalised(y: Float64Array, season: number): Deseasonalised {
  if (!isSeasonal(y, season)) return { plain: y, seasonal: false, restore: (values) => values };
  let form: SeasonalForm = y.every((v) => v > 0) ? 'multiplicative' : 'additive';
  let indices = seasonalIndices(y, season, form);
  if (form === 'multiplicative' && indices.some((v) => v < LEAST_INDEX)) {
    form = 'additive';
    indices = seasonalIndices(y, season, form);
  }
  const times = form === 'multiplicative';
  return {
    plain: y.map((v, t) => (times ? v / indices[t % season] : v - indices[t % season])),
    seasonal: true,
    restore: (values, from) =>
      values.map((v, i) => (times ? v * indices[(from + i) % season] : v + indices[(from + i) % season])),
  };
}
