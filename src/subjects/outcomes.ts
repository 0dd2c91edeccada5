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
  /** Days from the look up to which it is known what became of it, however it ended: who judges by a horizon asks for so many. */
  readonly followedDays: number;
}

/**
 * What became of each after its look, as known at `until` and no later: an ending learned after that does not exist yet,
 * nor one that could be known only because it is not another (`Subject.settledBy`).
 */
export function outcomesOf(
  source: FactSource,
  subject: Subject,
  looks: readonly Landmark[],
  until: Instant,
): Outcome[] {
  return looks.map(({ id, asOf }) => {
    const past = world(source, asOf).past(subject.of, id);
    const after = future(source, subject.of, id, asOf, until);
    const settled = subject.settledBy?.(past, after.until) ?? after.until;
    const followedDays = Math.max(settled - asOf, 0) / DAY;
    const ending = subject.ending(past, after);
    if (!ending || ending.at > settled) {
      return { timeDays: followedDays, cause: undefined, knownAt: Number.POSITIVE_INFINITY, followedDays };
    }
    return {
      timeDays: Math.max(ending.at - asOf, 0) / DAY,
      cause: ending.cause,
      knownAt: ending.knownAt,
      followedDays,
    };
  });
}
