import type { FactKind, FactOf } from '../records.ts';
import type { Instant } from '../time.ts';

/** A subscription by the facts given: what it was in turn, and when it ends or was cancelled (Infinity: not in sight). */
export interface Subscription {
  readonly id: string;
  readonly start: Instant;
  readonly end: Instant;
  /** When that end became known. */
  readonly endKnownAt: Instant;
  /** In order of time. */
  readonly versions: readonly {
    readonly at: Instant;
    readonly knownAt: Instant;
    readonly endsAt: Instant | null;
    /** A month's amount in minor units; null = not known. */
    readonly monthly: number | null;
  }[];
}

/** Something that changed while a customer was covered: a subscription began, was changed, or ended. */
export interface Turn {
  readonly at: Instant;
  /** When it shows whether something follows: an end is settled after the grace. */
  readonly settledAt: Instant;
  readonly knownAt: Instant;
  /** What is paid a month once it has settled. */
  readonly pays: number;
  /** Up to when the customer was bound just before, and is from then on. */
  readonly boundBefore: Instant;
  readonly boundTo: Instant;
}

/** Unbroken subscription around an instant; gaps of no more than the grace do not break it. */
export interface Cover {
  /** Infinity where no end is in sight. */
  readonly end: Instant;
  readonly endKnownAt: Instant;
  /** A month's amount at the instant; where an amount is missing or currencies differ, the number of subscriptions. */
  readonly pays: number;
  /** After the instant and before the end, in order of time. */
  readonly turns: readonly Turn[];
}

/** Months that an amount is for, by the word of its interval; 1 where the word is not known. */
export const monthsOf = (interval: string | null): number => MONTHS[interval?.toLowerCase() ?? ''] ?? 1;
const MONTHS: Readonly<Record<string, number>> = { month: 1, monthly: 1, quarter: 3, quarterly: 3, year: 12, yearly: 12, annual: 12, annually: 12 }; // biome-ignore format: a table

/** Subscriptions from their terms and cancellations. Of versions with one time the last known counts. */
export function subscriptionsOf(facts: {
  all<K extends FactKind>(kind: K): readonly FactOf<K>[];
}): readonly Subscription[] {
  const cancelled = new Map<string, { readonly at: Instant; readonly knownAt: Instant }>();
  for (const fact of facts.all('subscriptionCancelled')) {
    const known = cancelled.get(fact.subscriptionId);
    if (!known || fact.at < known.at) cancelled.set(fact.subscriptionId, fact);
  }
  const terms = new Map<string, FactOf<'subscriptionTerm'>[]>();
  for (const term of facts.all('subscriptionTerm')) {
    const list = terms.get(term.subscriptionId);
    if (list) list.push(term);
    else terms.set(term.subscriptionId, [term]);
  }
  return [...terms].map(([id, list]): Subscription => {
    list.sort((a, b) => a.at - b.at || a.knownAt - b.knownAt);
    const last = list.at(-1)!;
    const cancel = cancelled.get(id);
    const ends = last.endsAt ?? Number.POSITIVE_INFINITY;
    const byCancel = cancel !== undefined && cancel.at < ends;
    return {
      id,
      start: list[0]!.at,
      end: byCancel ? cancel.at : ends,
      endKnownAt: byCancel ? cancel.knownAt : last.knownAt,
      versions: list.map(({ at, knownAt, endsAt, amountMinor, interval }) => ({
        at,
        knownAt,
        endsAt,
        monthly: amountMinor === null ? null : amountMinor / monthsOf(interval),
      })),
    };
  });
}

/** The cover around `asOf` by these subscriptions. Empty (`end` = asOf) where none is in force then. */
export function coverOf(subscriptions: readonly Subscription[], asOf: Instant, grace: number): Cover {
  const sorted = [...subscriptions].sort((a, b) => a.start - b.start);
  let end = asOf;
  let endKnownAt = asOf;
  const within: Subscription[] = [];
  for (const subscription of sorted) {
    if (subscription.end <= asOf) continue;
    if (subscription.start > (end === asOf ? asOf : end + grace)) continue;
    within.push(subscription);
    if (subscription.end > end) ({ end, endKnownAt } = subscription);
  }
  const priced = within.every((s) => s.versions.every((v) => v.monthly !== null));
  const versionAt = (s: Subscription, at: Instant) => s.versions.findLast((version) => version.at <= at);
  const inForce = (at: Instant) => within.filter((s) => s.start <= at && s.end > at);
  const pays = (at: Instant) => {
    const force = inForce(at);
    return priced ? force.reduce((sum, s) => sum + (versionAt(s, at)?.monthly ?? 0), 0) : force.length;
  };
  /** Up to when promises made by then reach; an open end promises nothing. */
  const bound = (at: Instant) =>
    within.filter((s) => s.start <= at).reduce((reach, s) => Math.max(reach, versionAt(s, at)?.endsAt ?? 0), 0);
  const times = new Map<Instant, { settledAt: Instant; knownAt: Instant }>();
  const turn = (at: Instant, settledAt: Instant, knownAt: Instant) => {
    if (at <= asOf || at >= end) return;
    const known = times.get(at);
    times.set(at, {
      settledAt: Math.max(settledAt, known?.settledAt ?? 0),
      knownAt: Math.max(knownAt, known?.knownAt ?? 0),
    });
  };
  for (const s of within) {
    for (const version of s.versions) turn(version.at, version.at, version.knownAt);
    if (Number.isFinite(s.end)) turn(s.end, s.end + grace, s.endKnownAt);
  }
  const turns = [...times]
    .sort(([a], [b]) => a - b)
    .map(
      ([at, { settledAt, knownAt }]): Turn => ({
        at,
        settledAt,
        knownAt,
        pays: pays(settledAt),
        boundBefore: bound(at - 1),
        boundTo: bound(at),
      }),
    );
  return { end, endKnownAt, pays: pays(asOf), turns };
}
