import { isRounding } from './conformal.ts';
import { ets } from './ets.ts';
import type { FittedSeries } from './fitted.ts';
import { theta } from './theta.ts';

/** Half the distance between the methods is the spread where it is more than so many spreads of ETS. */
const FAR = 10;

/**
 * The plain average of Theta and ETS, period by period; the shape of its spread is that of ETS. Where ETS fits all but exactly,
 * as a straight line in whole cents, Theta stands far off with half the slope: the average misses by half of what is between
 * them. A spread of mere rounding is left for what it is, so that intervals know an exact fit (`isRounding`).
 */
export function average(y: Float64Array, season: number): FittedSeries {
  const [one, other] = [theta(y, season), ets(y, season)];
  const mean = (a: Float64Array, b: Float64Array) => a.map((v, i) => (v + b[i]) / 2);
  return {
    name: `mean of ${one.name} and ${other.name}`,
    fitted: mean(one.fitted, other.fitted),
    forecast: (horizon) => mean(one.forecast(horizon), other.forecast(horizon)),
    spread: (horizon) => {
      const [a, b] = [one.forecast(horizon), other.forecast(horizon)];
      return other.spread(horizon).map((v, h) => {
        const half = Math.abs(a[h] - b[h]) / 2;
        return half > FAR * v && !isRounding(v, Math.abs(a[h]) + Math.abs(b[h])) ? half : v;
      });
    },
    parameters: other.parameters,
  };
}
