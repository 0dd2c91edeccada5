import type { Feature } from '../../features/feature.ts';
import { snapshotOf } from '../../features/snapshot.ts';
import type { Company } from '../../src/company.ts';
import type { Frame } from '../../src/frame.ts';
import { minorAt } from '../../src/money-rates.ts';
import type { Norms } from '../../src/norms.ts';
import type { EntityKind, FactBase, FactKind, FactOf } from '../../src/records.ts';
import { DAY, type Instant } from '../../src/time.ts';
import type { FactSource, History, Past, World } from '../../src/world.ts';
import { normsOf } from './norms.ts';

/**
 * The business at an instant, said the obvious way: every question filters an entity's facts from the beginning, and
 * nothing is kept between instants but the norms of a week. What `src/world.ts` must equal bit by bit, and is timed against.
 */
export function plainWorld(source: FactSource, asOf: Instant): World {
  return new CutWorld(source, asOf);
}

/** Features of each row by the plain world. */
export const plainSnapshot = (
  source: FactSource,
  set: readonly Feature[],
  rows: readonly { readonly id: string; readonly asOf: Instant }[],
  of: EntityKind = 'deal',
): Frame => snapshotOf((asOf) => plainWorld(source, asOf), set, rows, of);

const EMPTY: readonly never[] = [];
const weeks = new WeakMap<FactSource, Map<Instant, Norms>>();

/** Norms of the week, computed afresh from the world at its start. */
function plainNorms(source: FactSource, asOf: Instant): Norms {
  let kept = weeks.get(source);
  if (!kept) weeks.set(source, (kept = new Map()));
  const cut = source.company.calendar.startOfWeek(asOf);
  let norms = kept.get(cut);
  if (!norms) kept.set(cut, (norms = normsOf(plainWorld(source, cut))));
  return norms;
}

class CutWorld implements World {
  readonly asOf: Instant;
  readonly source: FactSource;
  readonly #pasts = new Map<string, Past>();
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
    return (this.#norms ??= plainNorms(population, this.asOf));
  }

  ids(of: EntityKind): readonly string[] {
    return this.source.ids(of).filter((id) => isKnown(this.source.history(of, id), this.asOf));
  }

  past(of: EntityKind, id: string): Past {
    const key = `${of}:${id}`;
    let past = this.#pasts.get(key);
    if (!past) this.#pasts.set(key, (past = new Cut(this, of, id)));
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
    for (const fact of history[kind as FactKind]!) {
      if (fact.at > asOf) break; // lists are in order of `at`
      if (isTold(fact, asOf)) return true;
    }
  }
  return false;
}

/** One entity's past: its history cut at `asOf`, each kind cut once and kept. */
class Cut implements Past {
  readonly of: EntityKind;
  readonly id: string;
  readonly asOf: Instant;
  readonly #world: CutWorld;
  readonly #history: History;
  readonly #seen = new Map<FactKind, unknown>();
  #values: Map<string, string | number | null> | undefined;

  constructor(world: CutWorld, of: EntityKind, id: string) {
    this.#world = world;
    this.#history = world.source.history(of, id) ?? {};
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
    if (!seen) {
      seen = cut((this.#history[kind] ?? EMPTY) as readonly FactOf<K>[], this.asOf);
      this.#seen.set(kind, seen);
    }
    return seen;
  }

  within<K extends FactKind>(kind: K, days: number): readonly FactOf<K>[] {
    const from = this.asOf - days * DAY;
    const seen = this.all(kind);
    let start = seen.length;
    while (start > 0 && seen[start - 1]!.at > from) start--;
    return seen.slice(start);
  }

  last<K extends FactKind>(kind: K): FactOf<K> | undefined {
    return this.all(kind).at(-1);
  }

  planned<K extends FactKind>(kind: K): readonly FactOf<K>[] {
    const facts = (this.#history[kind] ?? EMPTY) as readonly FactOf<K>[];
    return facts.filter((fact) => fact.at > this.asOf && isTold(fact, this.asOf)).map(asSeen);
  }

  value(field: string): string | number | undefined {
    if (!this.#values) {
      this.#values = new Map();
      for (const change of this.all('change')) this.#values.set(change.field, change.value);
    }
    return this.#values.get(field) ?? undefined;
  }

  viaContact<K extends FactKind>(kind: K): readonly FactOf<K>[] {
    return this.all(kind).filter((fact) => (fact as { readonly viaContact?: true }).viaContact === true);
  }

  changes(field: string): readonly FactOf<'change'>[] {
    return this.all('change').filter((change) => change.field === field);
  }

  get account(): Past | undefined {
    if (this.of === 'account') return this;
    const id = this.of === 'deal' ? this.last('deal')?.accountId : undefined;
    return id ? this.#world.past('account', id) : undefined;
  }

  get owner(): Past | undefined {
    const id = this.value('owner_id');
    return typeof id === 'string' ? this.#world.past('user', id) : undefined;
  }

  get lead(): Past | undefined {
    if (this.of === 'lead') return this;
    const id = this.of === 'deal' ? this.last('deal')?.leadId : undefined;
    return id ? this.#world.past('lead', id) : undefined;
  }

  product(id: string): Past | undefined {
    return isKnown(this.#world.source.history('product', id), this.asOf) ? this.#world.past('product', id) : undefined;
  }

  baseMinor(minor: number, currency: string | null): number {
    return this.#world.baseMinor(minor, currency);
  }
}

/** Whether a fact is known at `asOf` and not known to be gone. */
const isTold = ({ knownAt, goneAt }: FactBase, asOf: Instant): boolean =>
  knownAt <= asOf && (goneAt === undefined || goneAt > asOf);

/** As a look sees it: that it will be gone is of its future. */
function asSeen<F extends FactBase>(fact: F): F {
  if (fact.goneAt === undefined) return fact;
  const { goneAt: _, ...seen } = fact;
  return seen as F;
}

/** The facts known by `asOf` of a list in order of `at`. */
function cut<F extends FactBase>(facts: readonly F[], asOf: Instant) {
  const seen: F[] = [];
  for (const fact of facts) {
    if (fact.at > asOf) break;
    if (isTold(fact, asOf)) seen.push(asSeen(fact));
  }
  return seen;
}
