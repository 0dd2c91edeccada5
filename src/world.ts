import type { Company } from './company.ts';
import { minorAt, type RateTable } from './money-rates.ts';
import { type Norms, normsFor } from './norms.ts';
import { goneBy } from './presence.ts';
import type { EntityKind, FactBase, FactKind, FactOf } from './records.ts';
import { DAY, type Instant } from './time.ts';
import { firstAfter, isTold, type Timelines, timelinesOf } from './timelines.ts';

/** All facts about one entity, whatever their times; each list in order of (at, knownAt, id). */
export type History = { readonly [K in FactKind]?: readonly FactOf<K>[] };

/** Kinds of which a history may hold facts, those that it reads when they are first looked at too (`for .. in` sees them, `Object.keys` does not). */
export function kindsIn(history: History): FactKind[] {
  const kinds: FactKind[] = [];
  for (const kind in history) kinds.push(kind as FactKind);
  return kinds;
}

/** Numbers that were worked out of all facts of a source, and are kept as long as the facts are those. */
export interface WorkedOut {
  get(key: string): readonly number[] | undefined;
  set(key: string, values: readonly number[]): void;
}

/** Where facts are kept; a world is a cut of it. `store.ts` is one, `memorySource` another. */
export interface FactSource {
  readonly company: Company;
  /** Dated exchange rates; `noRates` where the company records none. */
  readonly rates: RateTable;
  /** The source whose norms count, where this one only lays a few entities over it; absent = itself. */
  readonly population?: FactSource;
  /** Absent where nothing outlives the process. */
  readonly workedOut?: WorkedOut;
  /** Where facts are left out that only an entity's own features read: the source with all that features of these read. */
  whole?(of: EntityKind, ids: readonly string[]): FactSource;
  ids(of: EntityKind): readonly string[];
  history(of: EntityKind, id: string): History | undefined;
}

/** What was known of one entity at `asOf`. The only thing that a feature is handed. */
export interface Past {
  readonly of: EntityKind;
  readonly id: string;
  readonly asOf: Instant;
  readonly company: Company;
  /** Population statistics from the newest weekly cut at or before `asOf`. */
  readonly norms: Norms;
  /** Facts with `at <= asOf` and `knownAt <= asOf`, oldest first. Lists are shared by all who ask: never change one. */
  all<K extends FactKind>(kind: K): readonly FactOf<K>[];
  /** Those of the last `days` days: `at > asOf - days`. */
  within<K extends FactKind>(kind: K, days: number): readonly FactOf<K>[];
  last<K extends FactKind>(kind: K): FactOf<K> | undefined;
  /** Known but not yet due: `at > asOf` and `knownAt <= asOf`. */
  planned<K extends FactKind>(kind: K): readonly FactOf<K>[];
  /** Those of `all(kind)` that are told of an account by the contact they name and nothing else. */
  viaContact<K extends FactKind>(kind: K): readonly FactOf<K>[];
  /** Known changes of one mutable field, oldest first: those of `all('change')` that are of the field. */
  changes(field: string): readonly FactOf<'change'>[];
  /** The newest known value of a mutable field (column name of the header, e.g. `expected_close_date`). */
  value(field: string): string | number | undefined;
  /** The deal's account, or the entity itself where it is an account. */
  readonly account: Past | undefined;
  /** Who owns it, as known then. */
  readonly owner: Past | undefined;
  /** The lead that a deal came from, or the entity itself where it is a lead. */
  readonly lead: Past | undefined;
  /** A product of which anything is known by `asOf`. */
  product(id: string): Past | undefined;
  /** An amount in minor units of the base currency, at the newest rate known at `asOf`; NaN without a rate. */
  baseMinor(minor: number, currency: string | null): number;
  /** What was worked out of it for several features: theirs alone, see `features/shared.ts`. */
  readonly kept?: unknown[];
}

/** What became of an entity after `asOf`: for labels only. */
export interface Future {
  readonly id: string;
  readonly asOf: Instant;
  /** The end of what is known of it: of one that a complete export no longer had, that export. */
  readonly until: Instant;
  /** Facts with `asOf < at <= until` or learned in between (`asOf < knownAt <= until`). */
  all<K extends FactKind>(kind: K): readonly FactOf<K>[];
  last<K extends FactKind>(kind: K): FactOf<K> | undefined;
}

/** The business at an instant. */
export interface World {
  readonly asOf: Instant;
  readonly company: Company;
  readonly norms: Norms;
  /** Entities of whom something is known by `asOf`; of what is read on demand (`kindsIn`) nobody asks. */
  ids(of: EntityKind): readonly string[];
  past(of: EntityKind, id: string): Past;
  /** An amount in minor units of the base currency, at the newest rate known at `asOf`; NaN without a rate. */
  baseMinor(minor: number, currency: string | null): number;
}

const EMPTY: readonly never[] = [];

/**
 * The business as known at `asOf`: the only way to look at facts.
 * Cost: nothing until asked; a past is made once and cuts its own entity's facts once a kind.
 */
export function world(source: FactSource, asOf: Instant): World {
  return new CutWorld(source, asOf);
}

class CutWorld implements World {
  readonly asOf: Instant;
  readonly source: FactSource;
  readonly #pasts = new Map<EntityKind, Map<string, Cut>>();
  #norms: Norms | undefined;

  constructor(source: FactSource, asOf: Instant) {
    this.source = source;
    this.asOf = asOf;
  }

  get company(): Company {
    return this.source.company;
  }

  get norms(): Norms {
    const population = this.source.population ?? this.source;
    return (this.#norms ??= normsFor(population, this.asOf, (cut) => world(population, cut)));
  }

  ids(of: EntityKind): readonly string[] {
    return this.source.ids(of).filter((id) => isKnown(this.source.history(of, id), this.asOf));
  }

  past(of: EntityKind, id: string): Past {
    let pasts = this.#pasts.get(of);
    if (!pasts) this.#pasts.set(of, (pasts = new Map()));
    let past = pasts.get(id);
    if (!past) pasts.set(id, (past = new Cut(this, of, id)));
    return past;
  }

  baseMinor(minor: number, currency: string | null): number {
    const base = this.company.settings.base_currency;
    return minorAt(this.source.rates, minor, currency ?? base, base, this.asOf);
  }
}

function isKnown(history: History | undefined, asOf: Instant): boolean {
  if (!history) return false;
  for (const kind in history) {
    // What is read when it is looked at tells nothing of anybody who is not there yet by a record of their own, and comes last.
    if (!Object.hasOwn(history, kind)) return false;
    for (const fact of history[kind as FactKind]!) {
      if (fact.at > asOf) break; // lists are in order of `at`
      if (isTold(fact, asOf)) return true;
    }
  }
  return false;
}

const NOWHERE: Timelines = timelinesOf({});

/** One entity's past: its time lines cut at `asOf`, each kind cut once and kept. */
class Cut implements Past {
  readonly of: EntityKind;
  readonly id: string;
  readonly asOf: Instant;
  readonly kept: unknown[] = [];
  readonly #world: CutWorld;
  readonly #lines: Timelines;
  readonly #seen = new Map<FactKind, readonly FactBase[]>();
  /** Null = not asked yet. */
  #account: Past | null | undefined = null;
  #owner: Past | null | undefined = null;
  #lead: Past | null | undefined = null;

  constructor(world: CutWorld, of: EntityKind, id: string) {
    const history = world.source.history(of, id);
    this.#world = world;
    this.#lines = history ? timelinesOf(history) : NOWHERE;
    this.of = of;
    this.id = id;
    this.asOf = world.asOf;
  }

  get company(): Company {
    return this.#world.company;
  }

  get norms(): Norms {
    return this.#world.norms;
  }

  all<K extends FactKind>(kind: K): readonly FactOf<K>[] {
    let seen = this.#seen.get(kind) as readonly FactOf<K>[] | undefined;
    if (!seen) this.#seen.set(kind, (seen = this.#lines.of(kind).known(this.asOf)));
    return seen;
  }

  within<K extends FactKind>(kind: K, days: number): readonly FactOf<K>[] {
    const seen = this.all(kind);
    const first = firstAfter(seen, this.asOf - days * DAY);
    return first === 0 ? seen : seen.slice(first);
  }

  last<K extends FactKind>(kind: K): FactOf<K> | undefined {
    return this.#lines.of(kind).last(this.asOf);
  }

  planned<K extends FactKind>(kind: K): readonly FactOf<K>[] {
    return this.#lines.of(kind).planned(this.asOf);
  }

  viaContact<K extends FactKind>(kind: K): readonly FactOf<K>[] {
    return this.#lines.viaContact(kind).known(this.asOf);
  }

  changes(field: string): readonly FactOf<'change'>[] {
    return this.#lines.changes(field).known(this.asOf);
  }

  value(field: string): string | number | undefined {
    return this.#lines.changes(field).last(this.asOf)?.value ?? undefined;
  }

  get account(): Past | undefined {
    if (this.#account === null) {
      const id = this.of === 'deal' ? this.last('deal')?.accountId : undefined;
      this.#account = this.of === 'account' ? this : id ? this.#world.past('account', id) : undefined;
    }
    return this.#account;
  }

  get owner(): Past | undefined {
    if (this.#owner === null) {
      const id = this.value('owner_id');
      this.#owner = typeof id === 'string' ? this.#world.past('user', id) : undefined;
    }
    return this.#owner;
  }

  get lead(): Past | undefined {
    if (this.#lead === null) {
      const id = this.of === 'deal' ? this.last('deal')?.leadId : undefined;
      this.#lead = this.of === 'lead' ? this : id ? this.#world.past('lead', id) : undefined;
    }
    return this.#lead;
  }

  product(id: string): Past | undefined {
    return isKnown(this.#world.source.history('product', id), this.asOf) ? this.#world.past('product', id) : undefined;
  }

  baseMinor(minor: number, currency: string | null): number {
    return this.#world.baseMinor(minor, currency);
  }
}

/** What happened, or was learned, after `asOf` and by `until`. For labels only: nothing in `features` may import it. */
export function future(source: FactSource, of: EntityKind, id: string, asOf: Instant, until: Instant): Future {
  const history = source.history(of, id) ?? {};
  const all = <K extends FactKind>(kind: K): readonly FactOf<K>[] =>
    ((history[kind] ?? EMPTY) as readonly FactOf<K>[]).filter(
      (fact) => fact.at <= until && isTold(fact, until) && (fact.at > asOf || fact.knownAt > asOf),
    );
  const ends = Math.max(goneBy(history, of, until) ?? until, asOf);
  return { id, asOf, until: ends, all, last: (kind) => all(kind).at(-1) };
}
