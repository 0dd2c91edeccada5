import type { EntityKind, FactKind, FactOf } from '../records.ts';
import { type Instant, lastAtMost, WEEK } from '../time.ts';
import type { FactSource, History, Past, World } from '../world.ts';

/** What one entity added to the norms and adds from now on; undefined = nothing. */
export type Turn<S> = (before: S | undefined, now: S | undefined) => void;

/** What each entity of a kind adds to the norms, kept from cut to cut. */
export interface Ledger<S> {
  /** Goes to a cut, earlier or later, and tells of every entity that adds something else there. */
  turnTo(cut: World, turn: Turn<S>): void;
  /** What all add at the cut gone to. */
  shares(): readonly S[];
}

/** What a share reads: these kinds of fact, and of changes those of these fields. */
export interface Reads {
  readonly kinds: readonly FactKind[];
  readonly fields: readonly string[];
}

/** When each fact that is read began to count (at the later of its two times), and when it was gone; in any order. */
export function grewAt(history: History | undefined, { kinds, fields }: Reads): number[] {
  const times: number[] = [];
  for (const kind of kinds)
    for (const fact of history?.[kind] ?? []) {
      if (kind === 'change' && !fields.includes((fact as FactOf<'change'>).field)) continue;
      times.push(Math.max(fact.at, fact.knownAt));
      if (fact.goneAt !== undefined) times.push(fact.goneAt);
    }
  return times;
}

/**
 * Shares computed again only for entities of which something that they read grew, or was gone, between two cuts.
 * Cost: one pass over what is read when made; then what grew in the weeks between two cuts.
 *
 * @param grewOf when what an entity's share reads grew, in any order
 * @param common the same for what every share reads, ascending
 * @param shareOf a function of the past alone; undefined = nothing to add
 */
export function ledger<S>(
  source: FactSource,
  of: EntityKind,
  grewOf: (id: string) => readonly number[],
  common: Float64Array,
  shareOf: (past: Past) => S | undefined,
): Ledger<S> {
  const ids = source.ids(of);
  const grown = byWeek(ids.map(grewOf));
  const shares: (S | undefined)[] = ids.map(() => undefined);
  let at: Instant = Number.NEGATIVE_INFINITY;
  return {
    turnTo(cut, turn) {
      const [from, to] = [Math.min(at, cut.asOf), Math.max(at, cut.asOf)];
      const touched =
        lastAtMost(common, from) === lastAtMost(common, to) ? grown.between(from, to) : ids.map((_, i) => i);
      at = cut.asOf;
      for (const i of touched) {
        const before = shares[i];
        const now = shareOf(cut.past(of, ids[i]!));
        if (before === undefined && now === undefined) continue;
        shares[i] = now;
        turn(before, now);
      }
    },
    shares: () => shares.filter((share) => share !== undefined),
  };
}

/** Who grew when, in bins of a week: a step from one cut to the next looks at one or two of them. */
function byWeek(times: readonly (readonly number[])[]) {
  const binOf = (time: number) => Math.floor(time / WEEK);
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let n = 0;
  for (const own of times)
    for (const time of own) {
      first = Math.min(first, binOf(time));
      last = Math.max(last, binOf(time));
      n++;
    }
  const bins = n === 0 ? 0 : last - first + 1;
  const start = new Int32Array(bins + 1);
  for (const own of times) for (const time of own) start[binOf(time) - first + 1]!++;
  for (let bin = 0; bin < bins; bin++) start[bin + 1]! += start[bin]!;
  const next = start.slice();
  const when = new Float64Array(n);
  const who = new Int32Array(n);
  times.forEach((own, i) => {
    for (const time of own) {
      const place = next[binOf(time) - first]!++;
      when[place] = time;
      who[place] = i;
    }
  });
  return {
    /** Indices of those who grew after `from` and by `to`, each once. */
    between(from: Instant, to: Instant): Iterable<number> {
      const met = new Set<number>();
      const [low, high] = [Math.max(0, binOf(from) - first), Math.min(bins - 1, binOf(to) - first)];
      for (let place = start[low] ?? n; place < (start[high + 1] ?? 0); place++)
        if (when[place]! > from && when[place]! <= to) met.add(who[place]!);
      return met;
    },
  };
}
