import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { ForesellError } from '../../src/errors.ts';
import type { FittedSeries, SeriesMethod } from './fitted.ts';

/** What a column was found to do. */
export interface Effect {
  readonly name: string;
  /** In the unit of the series a unit of the column, or of its logarithm where all values are above 0. */
  readonly effect: number;
  readonly standardError: number;
  /** False where it is within 2 standard errors of 0, or never changed: then it is left out of the forecast. */
  readonly used: boolean;
}

export interface Regressor {
  readonly name: string;
  /** A value a period, from the first of the history to the last of the forecast. */
  readonly values: Float64Array;
}

/** Standard errors that an effect must have to be told from chance. */
const CLEAR = 2;
/** Rounds in which effects and the autocorrelation of what is left are found in turn. */
const ROUNDS = 4;
const MOST_AUTOCORRELATION = 0.98;

/**
 * Effects of columns that are known ahead (promotions, holidays, prices) on a series, by regression with first-order
 * autocorrelated errors (Prais and Winsten 1954): on a line, the indices of the season (up to 24 periods) and the columns.
 * Of a series of values above 0 its logarithm is explained, so that effects are in proportion. What is closer to 0 than two
 * standard errors counts as 0. Cost O(n p^2).
 */
export function regressorEffects(y: Float64Array, season: number, regressors: readonly Regressor[]): readonly Effect[] {
  const n = y.length;
  const log = y.every((v) => v > 0);
  const m = season > 1 && season <= 24 && n >= 2 * season ? season : 1;
  const varies = regressors.map(({ values }) => values.subarray(0, n).some((v) => v !== values[0]));
  const columns: ((t: number) => number)[] = [
    ...regressors
      .filter((_, j) => varies[j])
      .map(
        ({ values }) =>
          (t: number) =>
            values[t],
      ),
    () => 1,
    (t) => t / n,
    ...Array.from({ length: m - 1 }, (_, i) => (t: number) => (t % m === i ? 1 : 0)),
  ];
  const found = n > columns.length + 1 ? fitted(n, (t) => (log ? Math.log(y[t]) : y[t]), columns) : undefined;
  let at = 0;
  return regressors.map(({ name }, j) => {
    if (!varies[j] || !found) return { name, effect: 0, standardError: Number.POSITIVE_INFINITY, used: false };
    const [effect, standardError] = [found.coefficients[at], found.errors[at++]];
    return { name, effect, standardError, used: Math.abs(effect) > CLEAR * standardError };
  });
}

/** Least squares with AR(1) errors; undefined where columns repeat each other. */
function fitted(n: number, target: (t: number) => number, columns: readonly ((t: number) => number)[]) {
  const p = columns.length;
  let rho = 0;
  let coefficients = new Float64Array(p);
  let errors = new Float64Array(p);
  for (let round = 0; round < ROUNDS; round++) {
    // The first period stays, scaled to the variance of the others.
    const row = (of: (t: number) => number, t: number) =>
      t === 0 ? of(0) * Math.sqrt(1 - rho * rho) : of(t) - rho * of(t - 1);
    const [products, right] = [Matrix.zeros(p, p), Matrix.zeros(p, 1)];
    for (let t = 0; t < n; t++) {
      const x = columns.map((of) => row(of, t));
      const v = row(target, t);
      for (let i = 0; i < p; i++) {
        right.set(i, 0, right.get(i, 0) + x[i]! * v);
        for (let j = 0; j < p; j++) products.set(i, j, products.get(i, j) + x[i]! * x[j]!);
      }
    }
    const ridge = 1e-9 * Math.max(1e-300, products.trace() / p);
    for (let i = 0; i < p; i++) products.set(i, i, products.get(i, i) + ridge);
    const root = new CholeskyDecomposition(products);
    if (!root.isPositiveDefinite()) return undefined;
    coefficients = Float64Array.from(root.solve(right).to1DArray());
    const left = Float64Array.from({ length: n }, (_, t) => target(t) - columns.reduce((sum, of, i) => sum + coefficients[i] * of(t), 0)); // biome-ignore format: one sum
    let [squares, lagged, whole] = [0, 0, 0];
    for (let t = 0; t < n; t++) {
      whole += left[t] ** 2;
      if (t > 0) lagged += left[t] * left[t - 1];
      squares += t === 0 ? (1 - rho * rho) * left[0] ** 2 : (left[t] - rho * left[t - 1]) ** 2;
    }
    const inverse = root.solve(Matrix.eye(p));
    errors = Float64Array.from({ length: p }, (_, i) => Math.sqrt((squares / (n - p)) * inverse.get(i, i)));
    rho = whole > 0 ? Math.max(0, Math.min(MOST_AUTOCORRELATION, lagged / whole)) : 0;
  }
  return { coefficients, errors };
}

/**
 * A method that forecasts a series without the effects of its columns, and puts those of the coming periods back. Columns
 * have to go on as far as is asked. The effects are found anew at every origin, from the periods before it.
 * @throws ForesellError `regressor-short`
 */
export function withRegressors(method: SeriesMethod, regressors: readonly Regressor[]): SeriesMethod {
  if (regressors.length === 0) return method;
  return (y, season): FittedSeries => {
    const n = y.length;
    const log = y.every((v) => v > 0);
    const effects = regressorEffects(y, season, regressors);
    const used = effects.flatMap((of, j) => (of.used ? [[of.effect, regressors[j].values] as const] : []));
    const sum = (t: number) => used.reduce((total, [effect, values]) => total + effect * values[t], 0);
    const apply = (v: number, t: number, sign: 1 | -1) => (log ? v * Math.exp(sign * sum(t)) : v + sign * sum(t));
    const fit = method(
      y.map((v, t) => apply(v, t, -1)),
      season,
    );
    const need = (horizon: number) => {
      const short = regressors.find(({ values }) => values.length < n + horizon || values.subarray(n, n + horizon).some(Number.isNaN)); // biome-ignore format: one search
      if (short)
        throw new ForesellError('regressor-short', `${short.name} is not known for each of the next ${horizon} periods; add rows with its values and an empty y`); // biome-ignore format: one sentence
    };
    return {
      name: used.length === 0 ? fit.name : `${fit.name} with ${effects.filter((e) => e.used).map((e) => e.name).join(', ')}`, // biome-ignore format: one name
      fitted: fit.fitted.map((v, t) => apply(v, t, 1)),
      forecast: (horizon) => {
        need(horizon);
        return fit.forecast(horizon).map((v, h) => apply(v, n + h, 1));
      },
      spread: (horizon) => fit.spread(horizon).map((v, h) => (log ? v * Math.exp(sum(n + h)) : v)),
      parameters: { ...fit.parameters, ...Object.fromEntries(effects.map((e) => [e.name, e.used ? e.effect : 0])) },
    };
  };
}
