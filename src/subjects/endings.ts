import type { Instant } from '../time.ts';
import { type FactSource, future, world } from '../world.ts';
import type { Subject } from './subject.ts';

/** When endings became known by `known`, oldest first. Cost: one look at every history. */
export function endingsKnown(source: FactSource, subject: Subject, known: Instant): Instant[] {
  const ends: Instant[] = [];
  for (const id of source.ids(subject.of)) {
    const born = subject.born(source.history(subject.of, id));
    if (born === undefined || born > known) continue;
    const ending = subject.ending(
      world(source, born).past(subject.of, id),
      future(source, subject.of, id, born, known),
    );
    if (ending && ending.knownAt <= known) ends.push(ending.knownAt);
  }
  return ends.sort((a, b) => a - b);
}
