import { ForesellError } from '../src/errors.ts';
import { DAY, type Instant } from '../src/time.ts';
import { type FactSource, future } from '../src/world.ts';

/** A way for a deal to end; `outcome` says on whose side it counts. */
export interface Cause {
  readonly name: string;
  readonly outcome: 'won' | 'lost';
}

export interface DealOutcome {
  /** Days from the look to the close, or to the end of what is known. */
  readonly timeDays: number;
  /** Undefined = still open at the end of what is known. */
  readonly cause: Cause | undefined;
  readonly knownAt: Instant;
}

/**
 * What became of an open deal after the look, as known at `until` and no later: the first close that happened or was
 * learned after the look. A close learned after `until` does not exist yet.
 */
export function dealOutcome(source: FactSource, id: string, asOf: Instant, until: Instant): DealOutcome {
  const closes = future(source, 'deal', id, asOf, until).all('closed');
  // A close that was put right later is told again with the same time: the newest that is known counts.
  const closed = closes.findLast(({ at }) => at === closes[0]!.at);
  if (!closed?.outcome) {
    return { timeDays: Math.max(until - asOf, 0) / DAY, cause: undefined, knownAt: Number.POSITIVE_INFINITY };
  }
  return {
    timeDays: Math.max(closed.at - asOf, 0) / DAY,
    cause: { name: closed.cause ?? closed.outcome, outcome: closed.outcome },
    knownAt: closed.knownAt,
  };
}

/**
 * The causes met, wins first, then by name; a company that has met only one side still has both.
 * @throws ForesellError `cause-two-sided` where one name is on won and on lost deals
 */
export function causesOf(outcomes: readonly DealOutcome[]): Cause[] {
  const met = new Map<string, Cause>();
  for (const { cause } of outcomes) {
    if (!cause) continue;
    const other = met.get(cause.name);
    if (other && other.outcome !== cause.outcome) {
      throw new ForesellError(
        'cause-two-sided',
        `cause "${cause.name}" is on won deals and on lost ones; a cause belongs to one outcome: rename one of the two, or leave the column "cause" out`,
      );
    }
    met.set(cause.name, cause);
  }
  for (const outcome of ['won', 'lost'] as const) {
    if (![...met.values()].some((cause) => cause.outcome === outcome)) met.set(outcome, { name: outcome, outcome });
  }
  const rank = (cause: Cause) => (cause.outcome === 'won' ? 0 : 1);
  return [...met.values()].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}
