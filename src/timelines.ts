import type { FactBase, FactKind, FactOf } from './records.ts';
import { type Instant, lastAtMost } from './time.ts';
import type { History } from './world.ts';

/** Whether a fact is known at `asOf` and not known to be gone. */
export const isTold = ({ knownAt, goneAt }: FactBase, asOf: Instant): boolean =>
  knownAt <= asOf && (goneAt === undefined || goneAt > asOf);

/** As a look sees it: that it will be gone is of its future. */
function asSeen<F extends FactBase>(fact: F): F {
  if (fact.goneAt === undefined) return fact;
  const { goneAt: _, ...seen } = fact;
  return seen as F;
}

/** Index of the first fact with `at > after`, in a list in order of `at`. */
export function firstAfter(facts: readonly FactBase[], after: Instant): number {
  let low = 0;
  let high = facts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (facts[middle]!.at <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When a fact begins to count: at the later of its two times. */
const countsFrom = ({ at, knownAt }: FactBase): Instant => (at > knownAt ? at : knownAt);

/**
 * Facts of one entity and kind in order of (at, knownAt, id), to be cut at any instant.
 *
 * Mostly facts begin to count in their order, and a cut is found by bisection. Where one was learned late, or is gone,
 * `reach[i]` is when all of the facts up to i count (infinite from the first that was ever gone on): the cut is bisected
 * in it, and the few facts behind are looked at. Looks between which nothing was learned are given the same list.
 * Cost: one pass when made; then a bisection, and a copy where the cut is another than the last.
 */
export class Timeline<F extends FactBase> {
  readonly facts: readonly F[];
  /** Undefined: the facts' own times are in order. */
  readonly #reach: Float64Array | undefined;
  /** The newest cut. */
  #head: readonly F[];
  /** Those that were known before they happened. */
  #ahead: readonly F[] | undefined;

  constructor(facts: readonly F[]) {
    this.facts = facts;
    this.#reach = reachOf(facts);
    this.#head = facts;
  }

  /** `at <= asOf` and told at `asOf`. */
  known(asOf: Instant): readonly F[] {
    const { facts } = this;
    const sure = this.#sure(asOf);
    if (this.#reach) {
      let all: F[] | undefined;
      for (let i = sure; i < facts.length; i++) {
        const fact = facts[i]!;
        if (fact.at > asOf) break;
        if (isTold(fact, asOf)) (all ??= facts.slice(0, sure)).push(asSeen(fact));
      }
      if (all) return all;
    }
    if (sure === facts.length) return facts;
    if (this.#head.length !== sure) this.#head = facts.slice(0, sure);
    return this.#head;
  }

  /** The last of `known`. */
  last(asOf: Instant): F | undefined {
    const { facts } = this;
    const sure = this.#sure(asOf);
    if (!this.#reach) return facts[sure - 1];
    let last = facts[sure - 1];
    for (let i = sure; i < facts.length; i++) {
      const fact = facts[i]!;
      if (fact.at > asOf) break;
      if (isTold(fact, asOf)) last = fact;
    }
    return last && asSeen(last);
  }

  /** `at > asOf` and told at `asOf`. */
  planned(asOf: Instant): readonly F[] {
    this.#ahead ??= this.facts.filter(({ at, knownAt }) => knownAt < at);
    let planned: F[] | undefined;
    for (const fact of this.#ahead) if (fact.at > asOf && isTold(fact, asOf)) (planned ??= []).push(asSeen(fact));
    return planned ?? EMPTY;
  }

  /** How many from the beginning count for sure. */
  #sure(asOf: Instant): number {
    const { facts } = this;
    const reach = this.#reach;
    if (reach) return lastAtMost(reach, asOf) + 1;
    let low = 0;
    let high = facts.length;
    if (high === 0 || countsFrom(facts[high - 1]!) <= asOf) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (countsFrom(facts[middle]!) <= asOf) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function reachOf(facts: readonly FactBase[]): Float64Array | undefined {
  let until = Number.NEGATIVE_INFINITY;
  let inOrder = true;
  for (const fact of facts) {
    const from = countsFrom(fact);
    if (from < until || fact.goneAt !== undefined) {
      inOrder = false;
      break;
    }
    until = from;
  }
  if (inOrder) return undefined;
  until = Number.NEGATIVE_INFINITY;
  return Float64Array.from(facts, (fact) => {
    const from = fact.goneAt === undefined ? countsFrom(fact) : Number.POSITIVE_INFINITY;
    return (until = Math.max(until, from));
  });
}

/** Whether a fact is told of an account by the contact it names and nothing else. */
export const isViaContact = (fact: FactBase): boolean => (fact as { readonly viaContact?: true }).viaContact === true;

const EMPTY: readonly never[] = [];
const NONE = new Timeline<never>(EMPTY);

/** The time lines of an entity: of each kind of fact, and of the changes of each field; each made when first asked for. */
export class Timelines {
  readonly #history: History;
  readonly #kinds = new Map<FactKind, Timeline<FactBase>>();
  readonly #viaContact = new Map<FactKind, Timeline<FactBase>>();
  #fields: Map<string, Timeline<FactOf<'change'>>> | undefined;

  constructor(history: History) {
    this.#history = history;
  }

  of<K extends FactKind>(kind: K): Timeline<FactOf<K>> {
    let line = this.#kinds.get(kind) as Timeline<FactOf<K>> | undefined;
    if (!line) {
      const facts = this.#history[kind] as readonly FactOf<K>[] | undefined;
      line = facts ? new Timeline(facts) : NONE;
      this.#kinds.set(kind, line);
    }
    return line;
  }

  /** Of a kind, those that are told of an account by the contact they name and nothing else. */
  viaContact<K extends FactKind>(kind: K): Timeline<FactOf<K>> {
    let line = this.#viaContact.get(kind) as Timeline<FactOf<K>> | undefined;
    if (!line) {
      const facts = (this.#history[kind] ?? EMPTY) as readonly FactOf<K>[];
      const found = facts.filter(isViaContact);
      line = found.length ? new Timeline(found) : NONE;
      this.#viaContact.set(kind, line);
    }
    return line;
  }

  changes(field: string): Timeline<FactOf<'change'>> {
    if (!this.#fields) {
      const lists = new Map<string, FactOf<'change'>[]>();
      for (const change of this.#history.change ?? EMPTY) {
        const list = lists.get(change.field);
        if (list) list.push(change);
        else lists.set(change.field, [change]);
      }
      this.#fields = new Map();
      for (const [name, list] of lists) this.#fields.set(name, new Timeline(list));
    }
    return this.#fields.get(field) ?? NONE;
  }
}

const kept = new WeakMap<History, Timelines>();

/** Made once a history and kept with it: every look at an entity cuts the same lines. */
export function timelinesOf(history: History): Timelines {
  let lines = kept.get(history);
  if (!lines) kept.set(history, (lines = new Timelines(history)));
  return lines;
}
