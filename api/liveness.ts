import type { Append, Touched } from '../src/store/appends.ts';
import { liveAsOf } from '../src/store/live.ts';
import type { Store } from '../src/store/store.ts';
import type { Subject, SubjectKind } from '../src/subjects/index.ts';
import type { Instant } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import type { Moment, momentsOf } from './moments.ts';

/** Those whose scores an append may move. */
export type Affected = Readonly<Record<SubjectKind, ReadonlySet<string>>>;

/**
 * As of when each is scored now. For everybody that is the hour (`liveAsOf`), so that the same question has the same
 * answer for a while and what was read once can be kept. For whom a fact came in since, it is the newest instant at which
 * one began to count: its arrival, or later where it lies ahead. So a fact counts as soon as it is in, and nobody else is
 * read again for it.
 */
export function livenessOf(store: Store, moments: ReturnType<typeof momentsOf>, now: () => Instant) {
  let seq = -1;
  let hour: Instant | undefined;
  const touched = new Map<string, Instant[]>();

  const everybody = (): Instant => liveAsOf(store, now());

  function look(): Instant {
    const live = everybody();
    if (hour !== live) {
      // What came before the hour is in it.
      for (const [key, instants] of touched) {
        const left = instants.filter((at) => at > live);
        if (left.length > 0) touched.set(key, left);
        else touched.delete(key);
      }
      hour = live;
    }
    const newest = store.newestAppend();
    if (newest !== seq) {
      for (const append of store.appends(seq < 0 ? { from: live } : { after: seq })) take(append, live);
      seq = newest;
    }
    return live;
  }

  function take(append: Append, live: Instant): void {
    const instants = [append.at, ...append.later].filter((at) => at > live);
    if (instants.length === 0) return;
    for (const [of, ids] of Object.entries(affected(append.touched)))
      for (const id of ids) {
        const known = touched.get(`${of}:${id}`);
        touched.set(`${of}:${id}`, known ? [...known.filter((at) => at > append.at), ...instants] : instants);
      }
  }

  /** A fact affects whom it is about, and the deals of its account. */
  function affected(whom: Touched): Affected {
    const source = store.source();
    const deals = new Set(whom.deal);
    for (const id of whom.account ?? [])
      for (const { dealId } of source.history('account', id)?.deal ?? []) if (dealId) deals.add(dealId);
    return { deal: deals, lead: new Set(whom.lead), account: new Set(whom.account) };
  }

  function asOf(of: SubjectKind, id: string): Instant {
    const live = look();
    const instants = touched.size === 0 ? undefined : touched.get(`${of}:${id}`);
    if (!instants) return live;
    // The clock of a sample stands still; what came in counts at once.
    const clock = Math.max(now(), live);
    return instants.reduce((latest, at) => (at <= clock && at > latest ? at : latest), live);
  }

  return {
    everybody,
    asOf,
    affected,
    /** The latest instant that counts as now; in a sample, whose clock stands still, what is told of later days counts too. */
    clock: (): Instant => Math.max(now(), everybody()),
    /** The records with all that has come in. */
    newest: (): FactSource => store.servingSource(),
    /** The records as they are for one now. */
    moment(of: SubjectKind, id: string): Moment {
      const at = asOf(of, id);
      return at === hour ? moments.at(at) : moments.passing(at);
    },
    /** The ids of a subject for whom something came in since the hour. */
    touched({ of }: Subject): readonly string[] {
      look();
      const prefix = `${of}:`;
      return [...touched.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    },
  };
}
