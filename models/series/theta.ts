import { fitEts } from './etsFit.ts';
import { type FittedSeries, residualScale } from './fitted.ts';
import { deseasonalised } from './seasonality.ts';

/**
 * The Theta method: the season is taken out where the 90 % test finds one; what is left is forecast by simple exponential
 * smoothing with half the slope b of its least-squares line as drift,
 *   l_n + (b / 2) (h - 1 + (1 - (1 - alpha)^n) / alpha),
 * which equals the mean of the theta lines 0 and 2; the season is put back.
 * Source: Assimakopoulos and Nikolopoulos (2000); Hyndman and Billah (2003), equation 8; as R's `thetaf`.
 */
export function theta(y: Float64Array, season: number): FittedSeries {
  const n = y.length;
  const { plain, seasonal, restore } = deseasonalised(y, season);
  const fit = fitEts(plain, 1, { error: 'A', trend: 'N', seasonal: 'N' })!;
  const { alpha } = fit.smoothing;
  const drift = slopeOf(plain) / 2;
  const level = fit.forecast(1)[0];
  const fitted = restore(
    // The drift as it stood at each period: (1 - (1 - alpha)^t) / alpha of it, t periods known.
    fit.fitted.map((v, t) => v + (drift * (1 - (1 - alpha) ** t)) / alpha),
    0,
  );
  const scale = residualScale(y, fitted);
  return {
    name: seasonal ? 'Theta, seasonal' : 'Theta',
    fitted,
    forecast: (horizon) =>
      restore(
        Float64Array.from({ length: horizon }, (_, h) => level + drift * (h + (1 - (1 - alpha) ** n) / alpha)),
        n,
      ),
    spread: (horizon) => Float64Array.from({ length: horizon }, (_, h) => scale * Math.sqrt(1 + h * alpha * alpha)),
    parameters: { alpha, drift },
  };
}

/** Slope of the least-squares line through a series. */
function slopeOf(y: Float64Array): number {
  const n = y.length;
  const middle = (n - 1) / 2;
  let [products, squares] = [0, 0];
  for (let t = 0; t < n; t++) {
    products += (t - middle) * y[t];
    squares += (t - middle) ** 2;
  }
  return squares === 0 ? 0 : products / squares;
}
