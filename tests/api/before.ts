import type { Instant } from '../../src/time.ts';
import type { FactSource, History } from '../../src/world.ts';

/** A source as it was when nothing after `at` was known. */
export function before(source: FactSource, at: Instant): FactSource {
  const cut = (history: History | undefined) =>
    history &&
    (Object.fromEntries(
      Object.entries(history).map(([kind, facts]) => [kind, facts.filter((fact) => fact.knownAt <= at)]),
    ) as History);
  return { ...source, ids: (of) => source.ids(of), history: (of, id) => cut(source.history(of, id)) };
}
