import type { EntityKind, Fact } from '../../src/records.ts';
import type { Instant } from '../../src/time.ts';
import type { FactSource, History } from '../../src/world.ts';

/** The same company as if nothing learned at or after `until` had been recorded, in another order. */
export function knownBefore(source: FactSource, until: Instant): FactSource {
  const cut = (history: History | undefined): History | undefined => {
    const kept = Object.entries(history ?? {}).flatMap(([kind, facts]) => {
      const known = (facts as readonly Fact[]).filter((fact) => fact.knownAt < until);
      return known.length ? [[kind, known] as const] : [];
    });
    return kept.length ? (Object.fromEntries(kept) as History) : undefined;
  };
  const histories = new Map<string, History | undefined>();
  const history = (of: EntityKind, id: string) => {
    const key = `${of} ${id}`;
    if (!histories.has(key)) histories.set(key, cut(source.history(of, id)));
    return histories.get(key);
  };
  const ids = (of: EntityKind) => [...source.ids(of)].filter((id) => history(of, id)).reverse();
  return { company: source.company, rates: source.rates, ids, history };
}
