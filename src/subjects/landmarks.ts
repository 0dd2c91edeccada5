import { DAY, type Instant } from '../time.ts';
import { type FactSource, world } from '../world.ts';
import type { Subject } from './subject.ts';

/** A look at somebody while it was open. */
export interface Landmark {
  readonly id: string;
  readonly asOf: Instant;
}

/**
 * When somebody is looked at to learn from (`subject.looks`, from the settings): so many days after it became known, when
 * a turn became known, and every so many days; only while it was open as known then, and before `until`. Weight 1 each.
 * What already tells the ending is not looked at, nor is one whose creation was never recorded.
 */
export function landmarks(source: FactSource, subject: Subject, id: string, until: Instant): Landmark[] {
  const { days, onTurns, everyDays } = subject.looks(source.company);
  const history = source.history(subject.of, id);
  const span = subject.span(history, until);
  if (!span) return [];
  const { from, to } = span;

  const looks = new Set<Instant>();
  const look = (at: Instant) => {
    if (at >= from && at < to) looks.add(Math.round(at));
  };
  for (const after of days) look(from + after * DAY);
  if (everyDays) for (let at = from + everyDays * DAY; at < to; at += everyDays * DAY) look(at);
  if (onTurns) for (const at of subject.turns(history, until)) look(at);
  return [...looks]
    .sort((a, b) => a - b)
    .filter((asOf) => subject.undecided(world(source, asOf).past(subject.of, id)))
    .map((asOf) => ({ id, asOf }));
}
