import type { FactKind, FactOf } from '../src/records.ts';
import type { Past } from '../src/world.ts';

/**
 * A past whose lists are frozen copies, for code that is not ours: the lists of a past are shared by every feature and by
 * later looks, so that one sorted in place would change what others see. Ours are held to `readonly` by the compiler, for
 * the engine reads frozen lists four to twenty-five times slower.
 */
export function guardedPast(past: Past): Past {
  const known = kept.get(past);
  if (known) return known;
  const own = <T>(list: readonly T[]): readonly T[] => Object.freeze([...list]);
  const other = (whom: Past | undefined) => whom && guardedPast(whom);
  const guarded: Past = {
    of: past.of,
    id: past.id,
    asOf: past.asOf,
    company: past.company,
    get norms() {
      return past.norms;
    },
    all: (kind) => own(past.all(kind)),
    within: (kind, days) => own(past.within(kind, days)),
    last: <K extends FactKind>(kind: K): FactOf<K> | undefined => past.last(kind),
    planned: (kind) => own(past.planned(kind)),
    viaContact: (kind) => own(past.viaContact(kind)),
    changes: (field) => own(past.changes(field)),
    value: (field) => past.value(field),
    get account() {
      return other(past.account);
    },
    get owner() {
      return other(past.owner);
    },
    get lead() {
      return other(past.lead);
    },
    product: (id) => other(past.product(id)),
    baseMinor: (minor, currency) => past.baseMinor(minor, currency),
  };
  kept.set(past, guarded);
  return guarded;
}
/** One a past, so that what features share of it is worked out once. */
const kept = new WeakMap<Past, Past>();
