import { logit } from './logit.ts';
import { newtonLogistic } from './newton.ts';

/** Whether what is said happens: slope 1 and intercept 0 where it does. */
export interface Reliability {
  /** Below 1: too sure of itself; above 1: too timid. */
  readonly slope: number;
  readonly slopeError: number;
  /** Below 0: says too much (at logit 0); above 0: too little. */
  readonly intercept: number;
  readonly interceptError: number;
  /** Mean log loss after the recalibration. */
  readonly nll: number;
}

/**
 * Logistic recalibration: logit P(y = 1) = intercept + slope logit p, both fitted at once by Newton, with the standard
 * errors of the observed information. Source: Cox (1958); Steyerberg (2009), section 15.2.
 */
export function reliability(event: ArrayLike<number>, p: ArrayLike<number>): Reliability {
  const x = new Float64Array(2 * p.length);
  for (let i = 0; i < p.length; i++) {
    x[2 * i] = logit(p[i]);
    x[2 * i + 1] = 1;
  }
  const { coefficients, errors, nll } = newtonLogistic(x, 2, event);
  return {
    slope: coefficients[0],
    slopeError: errors[0],
    intercept: coefficients[1],
    interceptError: errors[1],
    nll,
  };
}

/** Whether slope or intercept is off by more than `limit` standard errors. */
export const isOff = (r: Reliability, limit = 2): boolean =>
  Math.abs(r.slope - 1) > limit * r.slopeError || Math.abs(r.intercept) > limit * r.interceptError;
