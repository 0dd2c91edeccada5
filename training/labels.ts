import { ForesellError } from '../src/errors.ts';
import type { Cause, Subject } from '../src/subjects/index.ts';
import type { Outcome } from '../src/subjects/outcomes.ts';

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
