import { sameLength } from './check.ts';

/**
 * Mean negative log likelihood of a probability forecast, in nats: -mean(y ln p + (1 - y) ln(1 - p)). Probabilities
 * are held within [1e-15, 1 - 1e-15], so that one certain mistake costs 34.5 rather than infinity. NaN without rows.
 */
export function logLoss(event: ArrayLike<number>, p: ArrayLike<number>): number {
  sameLength('logLoss', event, p);
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += logLossOf(event[i], p[i]);
  return sum / p.length;
}

/** The loss of one row. */
export function logLossOf(event: number, p: number): number {
  const held = Math.min(1 - 1e-15, Math.max(1e-15, p));
  return event === 1 ? -Math.log(held) : -Math.log1p(-held);
}
