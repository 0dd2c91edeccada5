import type { EntityKind } from '../records.ts';
import type { FactSource } from '../world.ts';
import { byCode } from './source.ts';

type Whom = Map<EntityKind, Set<string>>;

/** A scan that is kept, and in which those whom appends touched since are read anew. */
export interface Renewable {
  /** @param fresh reads anybody as they are now */
  get(fresh: FactSource): FactSource;
  /** From now on whom appends touch is remembered for a scan that is made elsewhere. It is then given, and counts unless other commits came: whether one is there. */
  awaiting(): (scan: FactSource) => boolean;
  touch(of: EntityKind, ids: readonly string[]): void;
  drop(): void;
}

export function renewable(scan: () => FactSource): Renewable {
  let scanned: FactSource | undefined;
  let touched: Whom = new Map();
  let current: FactSource | undefined;
  /** Between `awaiting` and a commit that is no append. */
  let awaited: object | undefined;
  return {
    get(fresh) {
      scanned ??= scan();
      return (current ??= touched.size === 0 ? scanned : renewedSource(scanned, fresh, touched));
    },
    awaiting() {
      const mine = {};
      awaited = mine;
      return (scan) => {
        if (awaited === mine) scanned ??= scan;
        return scanned !== undefined;
      };
    },
    touch(of, ids) {
      if (!scanned && !awaited) return;
      let known = touched.get(of);
      if (!known) touched.set(of, (known = new Set()));
      for (const id of ids) known.add(id);
      current = undefined;
    },
    drop() {
      scanned = undefined;
      awaited = undefined;
      current = undefined;
      touched = new Map();
    },
  };
}

/**
 * A source in which some are read anew, because facts of theirs came since it was read. What is usual of everybody stays
 * what it was below: it is of weeks before. Cost: nothing but the new reading.
 */
function renewedSource(
  below: FactSource,
  fresh: FactSource,
  renewed: ReadonlyMap<EntityKind, ReadonlySet<string>>,
): FactSource {
  const all = new Map<EntityKind, readonly string[]>();
  return {
    company: below.company,
    get rates() {
      return below.rates;
    },
    population: below,
    ids: (of) => {
      const more = renewed.get(of);
      if (!more) return below.ids(of);
      let known = all.get(of);
      if (!known) {
        const there = [...more].filter((id) => fresh.history(of, id) !== undefined);
        all.set(of, (known = [...new Set([...below.ids(of), ...there])].sort(byCode)));
      }
      return known;
    },
    history: (of, id) => (renewed.get(of)?.has(id) ? fresh.history(of, id) : below.history(of, id)),
  };
}
