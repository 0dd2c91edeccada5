import { hash32 } from '../src/random.ts';
import type { Subject } from '../src/subjects/index.ts';
import { type Landmark, landmarks } from '../src/subjects/landmarks.ts';
import { type Outcome, outcomesOf } from '../src/subjects/outcomes.ts';
import { DAY, type Instant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import type { OpenModel } from './ports.ts';

/** Looks since an instant, as training would make them, with what became of each by now. */
export interface Looked {
  readonly looks: readonly Landmark[];
  readonly outcomes: readonly Outcome[];
  /** Whose outcomes are not independent: the account of each. */
  readonly groups: readonly string[];
  readonly until: Instant;
}

/** So many entities tell what there is to tell; of more, every second or third is looked at. */
const MOST_ENTITIES = 3000;

/**
 * Looks at everybody who was open in [from, until), at the moments at which training looks, each knowing what was known
 * then. What a version says of them is what it would have said that day.
 * Cost: one cut of the past a look.
 */
export function lookedAt(source: FactSource, subject: Subject, from: Instant, until: Instant): Looked {
  const ids = source.ids(subject.of).filter((id) => {
    const span = subject.span(source.history(subject.of, id), until);
    return span !== undefined && span.to > from;
  });
  const step = Math.ceil(ids.length / MOST_ENTITIES);
  // By a hash of the name: which are looked at must not depend on the order of import, nor change as more come.
  const some = step <= 1 ? ids : ids.filter((id) => hash32(id) % step === 0);
  const looks = [...some].sort().flatMap((id) =>
    landmarks(source, subject, id, until).filter(({ asOf }) => asOf >= from),
  ); // biome-ignore format: one list
  return {
    looks,
    outcomes: outcomesOf(source, subject, looks, until),
    groups: looks.map(({ id }) => subject.account(source.history(subject.of, id), id)),
    until,
  };
}

/** What a version says of those looks whose outcome can judge its question. */
export interface Answered {
  /** Numbers of these looks. */
  readonly rows: readonly number[];
  readonly event: readonly number[];
  readonly said: Float64Array;
}

/**
 * The question of the probability, asked of looks whose outcome is known: whether it ended positively within the horizon;
 * without one, which way it ended, given that it has ended by now (only what had time to end can be judged).
 */
export function answered(open: OpenModel, source: FactSource, looked: Looked): Answered {
  const { looks, outcomes, until } = looked;
  const { withinDays } = open;
  const rows = outcomes.flatMap(({ cause, followedDays }, row) =>
    (withinDays === null ? cause : followedDays >= withinDays) ? [row] : [],
  );
  const prediction = open.predict(
    open.snapshot(
      source,
      rows.map((row) => looks[row]!),
    ),
  );
  const positive = prediction.causes.map((cause) => cause.positive);
  return {
    rows,
    event: rows.map((row) => {
      const { cause, timeDays } = outcomes[row]!;
      return cause?.positive && (withinDays === null || timeDays <= withinDays) ? 1 : 0;
    }),
    said: Float64Array.from(rows, (row, i) => {
      if (withinDays !== null) return prediction.positiveBy(i, withinDays);
      const days = Math.max((until - looks[row]!.asOf) / DAY, outcomes[row]!.timeDays, 1);
      const F = prediction.endBy(i, days);
      const ended = F.reduce((sum, f) => sum + f, 0);
      return ended > 0 ? F.reduce((sum, f, c) => sum + (positive[c] ? f : 0), 0) / ended : 0.5;
    }),
  };
}
