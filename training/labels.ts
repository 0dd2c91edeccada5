import { ForesellError } from '../src/errors.ts';
import type { Cause, Subject } from '../src/subjects/index.ts';
import { DAY, type Instant } from '../src/time.ts';
import { type FactSource, future, world } from '../src/world.ts';
import type { Landmark } from './landmarks.ts';

export type { Cause } from '../src/subjects/index.ts';

/** What became of a row after its look. */
export interface Outcome {
  /** Days from the look to the ending, or to the end of what is known. */
  readonly timeDays: number;
  /** Undefined = still open at the end of what is known. */
  readonly cause: Cause | undefined;
  readonly knownAt: Instant;
}

/** What became of each after its look, as known at `until` and no later: an ending learned after that does not exist yet. */
export function outcomesOf(
  source: FactSource,
  subject: Subject,
  looks: readonly Landmark[],
  until: Instant,
): Outcome[] {
  return looks.map(({ id, asOf }) => {
    const past = world(source, asOf).past(subject.of, id);
    const after = future(source, subject.of, id, asOf, until);
    const ending = subject.ending(past, after);
    if (!ending) {
      return { timeDays: Math.max(after.until - asOf, 0) / DAY, cause: undefined, knownAt: Number.POSITIVE_INFINITY };
    }
    return { timeDays: Math.max(ending.at - asOf, 0) / DAY, cause: ending.cause, knownAt: ending.knownAt };
  });
}

/**
 * The causes met, positive ones first, then by name; where only one side was met, the other has its usual cause.
 * @throws ForesellError `cause-two-sided` where one name is on both sides
 */
export function causesOf(subject: Subject, outcomes: readonly Outcome[]): Cause[] {
  const met = new Map<string, Cause>();
  for (const { cause } of outcomes) {
    if (!cause) continue;
    const other = met.get(cause.name);
    if (other && other.positive !== cause.positive) {
      const { positive, negative } = subject.sides;
      throw new ForesellError(
        'cause-two-sided',
        `cause "${cause.name}" is on ${positive} ${subject.noun.many} and on ${negative} ones; a cause belongs to one outcome: rename one of the two, or leave the column "cause" out`,
      );
    }
    met.set(cause.name, cause);
  }
  for (const positive of [true, false]) {
    if ([...met.values()].some((cause) => cause.positive === positive)) continue;
    const usual = subject.causes.find((cause) => cause.positive === positive)!;
    met.set(usual.name, usual);
  }
  const rank = (cause: Cause) => (cause.positive ? 0 : 1);
  return [...met.values()].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}
