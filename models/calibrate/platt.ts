import { logit, sigmoid } from './logit.ts';
import { reliability } from './reliability.ts';

/** p' = sigmoid(a logit p + b). */
export interface Platt {
  readonly kind: 'platt';
  readonly a: number;
  readonly b: number;
}

/**
 * Platt scaling on the logit, by maximum likelihood without the smoothed targets of Platt (1999): the same fit as
 * logistic recalibration.
 */
export function fitPlatt(event: ArrayLike<number>, p: ArrayLike<number>): Platt {
  const { slope, intercept } = reliability(event, p);
  return { kind: 'platt', a: slope, b: intercept };
}

export const applyPlatt = (map: Platt, p: number): number => sigmoid(map.a * logit(p) + map.b);
