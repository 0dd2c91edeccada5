import { logit, sigmoid } from './logit.ts';
import { newtonLogistic } from './newton.ts';

/** p' = sigmoid(scale logit p). A scale below 1 draws to one half; temperature = 1 / scale. */
export interface Temperature {
  readonly kind: 'temperature';
  readonly scale: number;
}

/** Fits by maximum likelihood; the order of scores is kept (scale > 0). Source: Guo et al. (2017). */
export function fitTemperature(event: ArrayLike<number>, p: ArrayLike<number>): Temperature {
  const { coefficients } = newtonLogistic(Float64Array.from(p, logit), 1, event);
  return { kind: 'temperature', scale: Math.max(1e-6, coefficients[0]) };
}

export const applyTemperature = (map: Temperature, p: number): number => sigmoid(map.scale * logit(p));
