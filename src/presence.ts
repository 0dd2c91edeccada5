import type { EntityKind, Fact, FactBase } from './records.ts';
import type { Instant } from './time.ts';
import type { History } from './world.ts';

/** A stretch of the company's knowledge during which something was held to be so. */
export interface Presence {
  readonly from: Instant;
  /** Undefined = still. */
  readonly to: Instant | undefined;
}

/**
 * Stretches between news of its going and of its coming back; before the first news it was there.
 * @param news in any order; of several at one instant the last counts
 */
export function presences(news: readonly { readonly knownAt: Instant; readonly isThere: boolean }[]): Presence[] {
  const out: Presence[] = [];
  let from: Instant | undefined = Number.NEGATIVE_INFINITY;
  for (const { knownAt, isThere } of [...news].sort((a, b) => a.knownAt - b.knownAt)) {
    if (isThere) from ??= knownAt;
    else if (from !== undefined) {
      if (knownAt > from) out.push({ from, to: knownAt });
      from = undefined;
    }
  }
  if (from !== undefined) out.push({ from, to: undefined });
  return out;
}

/**
 * Facts as they were known over time: each is told for as long as it was held to be so, and told again, known from then,
 * where it came back. A look before the going sees what was seen then; nothing is lost.
 */
export function asPresent<T extends { readonly fact: Fact }>(
  told: readonly T[],
  stretches: readonly Presence[],
): readonly T[] {
  if (stretches.length === 1 && stretches[0]!.to === undefined) return told;
  return told.flatMap((one) =>
    stretches.flatMap(({ from, to }): T[] => {
      const { fact } = one;
      const knownAt = Math.max(fact.knownAt, from);
      const goneAt = Math.min(fact.goneAt ?? Number.POSITIVE_INFINITY, to ?? Number.POSITIVE_INFINITY);
      if (goneAt <= knownAt) return [];
      const { goneAt: _, ...plain } = fact;
      const again = knownAt === fact.knownAt ? fact.id : `${fact.id}:back:${knownAt}`;
      const ends = Number.isFinite(goneAt) ? { goneAt } : {};
      return [{ ...one, fact: { ...plain, id: again, knownAt, ...ends } as Fact }];
    }),
  );
}

/**
 * When the entity itself was found to be gone, as known by `until`; undefined while it is there. Nothing is known of what
 * became of it after that.
 */
export function goneBy(history: History | undefined, of: EntityKind, until: Instant): Instant | undefined {
  if (of === 'user' || of === 'product') return undefined;
  let newest: FactBase | undefined;
  for (const told of history?.[of] ?? [])
    if (told.knownAt <= until && (newest === undefined || told.knownAt >= newest.knownAt)) newest = told;
  return newest?.goneAt !== undefined && newest.goneAt <= until ? newest.goneAt : undefined;
}
