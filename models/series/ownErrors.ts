import { residualScale } from './fitted.ts';
import type { OriginForecast } from './rollingOrigin.ts';

/**
 * How wide a line's own forecasts missed, by step: the root mean square over its origins. The first step, where no
 * origin reached it, has that of one-step forecasts within the history; a later one that of the step before it and as much
 * again as a step has had till then, as the error of a slope grows.
 */
export function ownErrors(
  past: readonly OriginForecast[],
  y: Float64Array,
  fitted: Float64Array,
  horizon: number,
): Float64Array {
  const errors = new Float64Array(horizon);
  for (let h = 0; h < horizon; h++) {
    const reached = past.filter(({ actual }) => h < actual.length);
    const squares = reached.reduce((sum, { actual, mean }) => sum + (actual[h] - mean[h]) ** 2, 0);
    if (reached.length > 0) errors[h] = Math.sqrt(squares / reached.length);
    else errors[h] = h === 0 ? residualScale(y, fitted) : (errors[h - 1] * (h + 1)) / h;
  }
  return errors;
}
