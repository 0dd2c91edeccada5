import { DAY, type Instant } from '../time.ts';
import { type FactSource, future, world } from '../world.ts';
import type { Landmark } from './landmarks.ts';
import type { Cause, Subject } from './subject.ts';

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
