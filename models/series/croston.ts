import { type FittedSeries, residualScale } from './fitted.ts';

/** Smoothing of demand sizes and of the periods between them; the literature takes .05 to .2. */
const ALPHA = 0.1;

/**
 * Croston's method for sparse demand: sizes and the periods between demands are smoothed apart, z and p; the forecast is
 * z / p a period, the same for every step. Both begin at their first value. 0 without a demand.
 * Source: Croston (1972); as R's `croston`, alpha = .1.
 */
export const croston = (y: Float64Array): FittedSeries => sparse('Croston', y, 1);

/**
 * Croston's method without its upward bias: (1 - alpha / 2) z / p. Source: Syntetos and Boylan (2005), equation 9.
 */
export const sba = (y: Float64Array): FittedSeries => sparse('SBA', y, 1 - ALPHA / 2);

function sparse(name: string, y: Float64Array, correction: number): FittedSeries {
  const fitted = new Float64Array(y.length).fill(Number.NaN);
  let [size, between, since, rate] = [0, 0, 0, 0];
  for (let t = 0; t < y.length; t++) {
    if (between > 0) fitted[t] = rate;
    since++;
    if (y[t] === 0) continue;
    const first = between === 0;
    size = first ? y[t] : size + ALPHA * (y[t] - size);
    between = first ? since : between + ALPHA * (since - between);
    rate = (correction * size) / between;
    since = 0;
  }
  return flat(name, y, fitted, rate, { alpha: ALPHA });
}

/** A method whose forecast is one value for every step. */
export function flat(
  name: string,
  y: Float64Array,
  fitted: Float64Array,
  value: number,
  parameters: Readonly<Record<string, number>>,
): FittedSeries {
  const scale = residualScale(y, fitted);
  return {
    name,
    fitted,
    forecast: (horizon) => new Float64Array(horizon).fill(value),
    spread: (horizon) => new Float64Array(horizon).fill(scale),
    parameters,
  };
}
