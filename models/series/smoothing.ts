import { ForesellError } from '../../src/errors.ts';
import { fitEts } from './etsFit.ts';
import type { EtsShape } from './etsKernel.ts';
import type { FittedSeries } from './fitted.ts';

// The classical methods by name. Each is the recursion of an ETS shape with additive errors, so that smoothing parameters
// and initial states are those of the least sum of squared one-step errors, as R's `ses`, `holt` and `hw` choose them.

/** Simple exponential smoothing: a level without slope or season. */
export const ses = (y: Float64Array): FittedSeries => smoothed('simple', y, 1, { trend: 'N', seasonal: 'N' });

/** Holt: a level and a straight slope. */
export const holt = (y: Float64Array): FittedSeries => smoothed('Holt', y, 1, { trend: 'A', seasonal: 'N' });

/** Holt with a slope that dies away by phi a period (Gardner and McKenzie 1985). */
export const damped = (y: Float64Array): FittedSeries => smoothed('damped', y, 1, { trend: 'Ad', seasonal: 'N' });

/** Holt-Winters with an added season. Needs two rounds of it; else Holt. */
export const holtWintersAdditive = (y: Float64Array, season: number): FittedSeries =>
  smoothed('Holt-Winters, additive', y, season, { trend: 'A', seasonal: 'A' });

/**
 * Holt-Winters with a multiplied season. Needs two rounds of it; else Holt.
 * @throws ForesellError `series-not-positive`
 */
export function holtWintersMultiplicative(y: Float64Array, season: number): FittedSeries {
  const low = y.find((v) => !(v > 0));
  if (low !== undefined)
    throw new ForesellError(
      'series-not-positive',
      `a multiplied season needs values above 0; got ${low}; take the additive form, or auto`,
    );
  return smoothed('Holt-Winters, multiplicative', y, season, { trend: 'A', seasonal: 'M' });
}

function smoothed(name: string, y: Float64Array, season: number, shape: Omit<EtsShape, 'error'>): FittedSeries {
  const asked: EtsShape = season > 1 && y.length >= 2 * season ? { error: 'A', ...shape } : { error: 'A', trend: shape.trend, seasonal: 'N' }; // biome-ignore format: one choice
  const fit = fitEts(y, season, asked) ?? fitEts(y, 1, { ...asked, seasonal: 'N' })!;
  return { ...fit, name };
}
