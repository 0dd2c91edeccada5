import { ets } from './ets.ts';
import type { FittedSeries } from './fitted.ts';
import { theta } from './theta.ts';

/** The plain average of Theta and ETS, period by period; the shape of its spread is that of ETS. */
export function average(y: Float64Array, season: number): FittedSeries {
  const [one, other] = [theta(y, season), ets(y, season)];
  const mean = (a: Float64Array, b: Float64Array) => a.map((v, i) => (v + b[i]) / 2);
  return {
    name: `mean of ${one.name} and ${other.name}`,
    fitted: mean(one.fitted, other.fitted),
    forecast: (horizon) => mean(one.forecast(horizon), other.forecast(horizon)),
    spread: (horizon) => other.spread(horizon),
    parameters: other.parameters,
  };
}
