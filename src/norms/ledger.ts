import type { EntityKind, FactKind } from '../records.ts';
import { lastAtMost } from '../time.ts';
import type { FactSource, History, Past, World } from '../world.ts';

/** What each entity of a kind adds to the norms, kept from cut to cut. */
export interface Ledger<S> {
  /** The shares of all entities of which anything is known at the cut. */
  at(cut: World): readonly S[];
}

/** When each fact of these kinds began to count (at the later of its two times), and when it was gone, ascending. */
export function grewAt(history: History | undefined, kinds: readonly FactKind[]): Float64Array {
  const times: number[] = [];
  for (const kind of kinds)
    for (const { at, knownAt, goneAt } of history?.[kind] ?? []) {
      times.push(Math.max(at, knownAt));
      if (goneAt !== undefined) times.push(goneAt);
    }
  return Float64Array.from(times).sort();
}

/**
 * Shares computed again only for entities of which a cut sees more, or fewer, facts than the last one that was asked for.
 *
 * @param grewOf when what an entity's share reads grew, ascending
 * @param common the same for what every share reads
 * @param shareOf a function of the past alone; undefined = nothing to add
 */
export function ledger<S>(
  source: FactSource,
  of: EntityKind,
  grewOf: (id: string) => Float64Array,
  common: Float64Array,
  shareOf: (past: Past) => S | undefined,
): Ledger<S> {
  const entities = source.ids(of).map((id) => {
    const history = source.history(of, id);
    const first = grewAt(history, Object.keys(history ?? {}) as FactKind[])[0] ?? Number.POSITIVE_INFINITY;
    return { id, first, grew: grewOf(id) };
  });
  const shares = new Map<string, { readonly facts: number; readonly shared: number; readonly share: S | undefined }>();
  return {
    at: (cut) => {
      const shared = lastAtMost(common, cut.asOf);
      const out: S[] = [];
      for (const { id, first, grew } of entities) {
        if (first > cut.asOf) continue;
        const facts = lastAtMost(grew, cut.asOf);
        let last = shares.get(id);
        if (last?.facts !== facts || last.shared !== shared) {
          last = { facts, shared, share: shareOf(cut.past(of, id)) };
          shares.set(id, last);
        }
        if (last.share !== undefined) out.push(last.share);
      }
      return out;
    },
  };
}
