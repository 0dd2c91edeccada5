import { auc } from '../../src/stats/auc.ts';
import { logLoss, logLossOf } from '../../src/stats/logLoss.ts';
import { type PairedDifference, pairedDifference } from '../../src/stats/pairedDifference.ts';

export interface Gains<Method extends string> {
  /** Log loss of the best constant there is: the share of the judged rows themselves. */
  readonly base: number;
  /** By how much each method is below it. */
  readonly gain: Readonly<Record<Method, number>>;
  readonly auc: Readonly<Record<Method, number>>;
}

/**
 * What each method gains in log loss over the base rate. The base rate is that of the judged rows, which no method knew:
 * a constant that was off would be a gift to all of them and bring their ratios near 1.
 */
export function gains<Method extends string>(
  event: ArrayLike<number>,
  said: Readonly<Record<Method, ArrayLike<number>>>,
): Gains<Method> {
  let happened = 0;
  for (let i = 0; i < event.length; i++) happened += event[i]!;
  const base = logLoss(event, new Float64Array(event.length).fill(happened / event.length));
  const each = (of: (p: ArrayLike<number>) => number) =>
    Object.fromEntries(Object.entries<ArrayLike<number>>(said).map(([name, p]) => [name, of(p)])) as Record<
      Method,
      number
    >;
  return { base, gain: each((p) => base - logLoss(event, p)), auc: each((p) => auc(event, p)) };
}

/** Mean log loss of `a` minus that of `b`, row by row; rows of one group move together. */
export function lossDifference(
  event: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  groups: readonly string[],
): PairedDifference {
  const losses = (p: ArrayLike<number>) =>
    Float64Array.from({ length: event.length }, (_, i) => logLossOf(event[i]!, p[i]!));
  return pairedDifference(losses(a), losses(b), groups);
}
