import { aalenJohansen } from './aalenJohansen.ts';

/** A right-continuous step function: `before` until the first time, then `values[i]` from `times[i]` on. */
export interface Step {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly before: number;
}

/** The value at t; with `left`, just before t. Cost O(log n). */
export function stepAt(step: Step, t: number, left = false): number {
  let low = 0;
  let high = step.times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (left ? step.times[middle] < t : step.times[middle] <= t) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? step.before : step.values[low - 1];
}

/**
 * Kaplan-Meier estimate of S(t) = product over times u <= t of 1 - d_u / r_u, at each distinct observed time. `event`
 * 1 = it happened, 0 = censored; a row censored at u is still at risk at u. Cost O(n log n).
 */
export function kaplanMeier(timeDays: ArrayLike<number>, event: ArrayLike<number>): Step {
  const { times, open } = aalenJohansen(timeDays, event, 1);
  return { times, values: open, before: 1 };
}
