import { quantileSorted } from 'simple-statistics';
import { type ContractNorms, type ContractShare, contractNorms, contractShareOf } from './norms/contracts.ts';
import { type LeadNorms, type LeadShare, leadNorms, leadShareOf } from './norms/leads.ts';
import { grewAt, type Ledger, ledger, type Reads } from './norms/ledger.ts';
import { Multiset } from './norms/multiset.ts';
import { similarKeys } from './norms/similar.ts';
import { dealState } from './subjects/deal.ts';
import { DAY, type Instant } from './time.ts';
import type { FactSource, Past, World } from './world.ts';

/** Won, lost and still open. */
export interface Tally {
  readonly won: number;
  readonly lost: number;
  readonly open: number;
}

/** A band of discount ratios among won deals: 1 - unit price / list price. */
export interface Band {
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  /** Quote lines behind it. */
  readonly n: number;
}

/**
 * What was usual in the population, from facts known by `cut` (the newest week start at or before the as-of time).
 * Being a function of `world(cut)`, it is as point-in-time as everything else.
 */
export interface Norms {
  readonly cut: Instant;
  /** When the first deal was created; NaN before any. */
  readonly since: Instant;
  readonly all: Tally;
  readonly owner: ReadonlyMap<string, Tally>;
  /** Of deals closed in the 90 days before the cut, by owner. */
  readonly owner90d: ReadonlyMap<string, Tally>;
  /** Of the owners who are in the team at the cut. */
  readonly team: ReadonlyMap<string, Tally>;
  /** By product family, then with size, then with industry: the keys of `similarKeys`. */
  readonly similar: ReadonlyMap<string, Tally>;
  /** Deals that ever were in the stage, by what became of them. */
  readonly stage: ReadonlyMap<string, Tally>;
  /** Median days of a finished stay in the stage, whatever ended it. */
  readonly stageDays: ReadonlyMap<string, number>;
  /** Median days from creation to the win, and to the loss; NaN before the first. */
  readonly wonDays: number;
  readonly lostDays: number;
  /** By product family; the empty name = all. Shrunk to `all` by n/(n + 20). */
  readonly discount: ReadonlyMap<string, Band>;
  /** Median booked amount / quoted list price of won deals, by product id; the empty name = all. */
  readonly priceRatio: ReadonlyMap<string, number>;
  /** Median booked amount of won deals, minor units of the base currency at the rates known by the cut; NaN before the first. */
  readonly wonAmountMinor: number;
  /** What became of leads, and of contracts; computed when first asked for. */
  readonly leads: LeadNorms;
  readonly contracts: ContractNorms;
}

const SHRINK = 20;
/** What one deal adds to the norms. A function of its past alone, so that it is kept once nothing more can change it. */
export interface DealShare {
  readonly created: Instant;
  readonly state: 'open' | 'won' | 'lost';
  readonly ownerId: string | undefined;
  /** When it closed; NaN while open. */
  readonly closedAt: Instant;
  readonly similar: readonly string[];
  /** Stages it ever was in. */
  readonly stages: readonly string[];
  readonly stays: readonly { readonly stage: string; readonly days: number }[];
  /** Days from creation to the close; NaN while open. */
  readonly days: number;
  readonly booked: { readonly minor: number; readonly currency: string | null } | undefined;
  readonly discounts: readonly { readonly family: string | undefined; readonly ratio: number }[];
  /** Booked amount / quoted list price, with the products quoted; only of won deals. */
  readonly ratio: { readonly value: number; readonly products: readonly string[] } | undefined;
}

export function dealShareOf(past: Past): DealShare | undefined {
  const state = dealState(past);
  if (state === 'absent') return undefined;
  const ownerId = past.value('owner_id');
  const closed = state === 'open' ? undefined : past.last('closed');
  const stages = past.changes('stage').filter((change) => change.value !== null);
  const stays: { stage: string; days: number }[] = [];
  stages.forEach((change, i) => {
    const end = stages[i + 1]?.at ?? closed?.at ?? change.at;
    if (end > change.at) stays.push({ stage: String(change.value), days: (end - change.at) / DAY });
  });
  const created = past.last('deal')!.at;
  const share = {
    created,
    state,
    ownerId: typeof ownerId === 'string' ? ownerId : undefined,
    closedAt: closed?.at ?? Number.NaN,
    similar: similarKeys(past),
    stages: [...new Set(stages.map((change) => String(change.value)))],
    stays,
    days: closed ? (closed.at - created) / DAY : Number.NaN,
  };
  if (state !== 'won' || !closed) return { ...share, booked: undefined, discounts: [], ratio: undefined };

  const lines = past.all('quoteLine');
  const discounts: { family: string | undefined; ratio: number }[] = [];
  let list = 0;
  for (const line of lines) {
    if (!line.listPriceMinor) continue;
    list += line.listPriceMinor * (line.quantity ?? 1);
    if (line.unitPriceMinor === null) continue;
    const family = line.productId ? past.product(line.productId)?.last('product')?.family : undefined;
    discounts.push({ family: family ?? undefined, ratio: 1 - line.unitPriceMinor / line.listPriceMinor });
  }
  const products = [...new Set(lines.map((line) => line.productId))].filter((id) => id !== null);
  return {
    ...share,
    booked: closed.amountMinor ? { minor: closed.amountMinor, currency: closed.currency } : undefined,
    discounts,
    ratio: list > 0 && closed.amountMinor ? { value: closed.amountMinor / list, products } : undefined,
  };
}

/** Shares added up, from which the norms of a cut are read; shares come and go from one cut to another. */
class DealTally {
  readonly #created = new Multiset();
  readonly #all = { won: 0, lost: 0, open: 0 };
  readonly #owner = new Map<string, Counting>();
  readonly #similar = new Map<string, Counting>();
  readonly #stage = new Map<string, Counting>();
  /** Those that closed, by when. */
  readonly #closed = new Map<Instant, Set<DealShare>>();
  readonly #stays = new Map<string, Multiset>();
  readonly #wonDays = new Multiset();
  readonly #lostDays = new Multiset();
  /** By currency. */
  readonly #booked = new Map<string | null, Multiset>();
  readonly #discounts = new Map<string, Multiset>([['', new Multiset()]]);
  readonly #ratios = new Map<string, Multiset>([['', new Multiset()]]);

  turn(before: DealShare | undefined, now: DealShare | undefined): void {
    if (before) this.#count(before, -1);
    if (now) this.#count(now, 1);
  }

  #count(share: DealShare, one: 1 | -1): void {
    const { state, ownerId, closedAt } = share;
    const put = (set: Multiset, value: number) => (one === 1 ? set.add(value) : set.remove(value));
    put(this.#created, share.created);
    this.#all[state] += one;
    if (ownerId !== undefined) {
      count(this.#owner, ownerId, state, one);
      if (!Number.isNaN(closedAt)) {
        const there = entry(this.#closed, closedAt, () => new Set<DealShare>());
        if (one === 1) there.add(share);
        else if (there.delete(share) && there.size === 0) this.#closed.delete(closedAt);
      }
    }
    for (const key of share.similar) count(this.#similar, key, state, one);
    for (const name of share.stages) count(this.#stage, name, state, one);
    for (const { stage, days } of share.stays) put(entry(this.#stays, stage, newMultiset), days);
    if (state === 'won') put(this.#wonDays, share.days);
    if (state === 'lost') put(this.#lostDays, share.days);
    if (share.booked) put(entry(this.#booked, share.booked.currency, newMultiset), share.booked.minor);
    for (const { family, ratio } of share.discounts) {
      put(this.#discounts.get('')!, ratio);
      if (family) put(entry(this.#discounts, family, newMultiset), ratio);
    }
    if (share.ratio)
      for (const name of ['', ...share.ratio.products]) put(entry(this.#ratios, name, newMultiset), share.ratio.value);
  }

  norms(world: World, leads: () => LeadNorms, contracts: () => ContractNorms): Norms {
    const owner90d = new Map<string, Counting>();
    for (const [closedAt, shares] of this.#closed)
      if (closedAt > world.asOf - 90 * DAY)
        for (const { ownerId, state } of shares) count(owner90d, ownerId!, state, 1);
    const team = new Map<string, Counting>();
    for (const [id, { won, lost, open }] of this.#owner) {
      const name = world.past('user', id).value('team_id');
      if (typeof name !== 'string') continue;
      const all = entry(team, name, newCounting);
      all.won += won;
      all.lost += lost;
      all.open += open;
    }
    const everywhere = shrunkBand(this.#discounts.get('')!.values(), undefined);
    let leadsKept: LeadNorms | undefined;
    let contractsKept: ContractNorms | undefined;
    return {
      cut: world.asOf,
      get leads() {
        return (leadsKept ??= leads());
      },
      get contracts() {
        return (contractsKept ??= contracts());
      },
      since: this.#created.values()[0] ?? Number.NaN,
      all: { ...this.#all },
      owner: copied(this.#owner),
      owner90d,
      team,
      similar: copied(this.#similar),
      stage: copied(this.#stage),
      stageDays: medians(this.#stays),
      wonDays: median(this.#wonDays.values()),
      lostDays: median(this.#lostDays.values()),
      discount: new Map(
        [...this.#discounts].flatMap(([name, set]): [string, Band][] =>
          name === ''
            ? [['', everywhere]]
            : set.values().length > 0
              ? [[name, shrunkBand(set.values(), everywhere)]]
              : [],
        ),
      ),
      priceRatio: medians(this.#ratios, ''),
      wonAmountMinor: median(this.#amounts(world)),
    };
  }

  /** What was booked, in the base currency at the rates known at the cut; ascending. */
  #amounts(world: World): Float64Array {
    const lists = [...this.#booked].map(([currency, set]) =>
      set
        .values()
        .map((minor) => world.baseMinor(minor, currency))
        .filter((amount) => !Number.isNaN(amount)),
    );
    if (lists.length === 1) return lists[0]!; // a rate keeps their order
    const all = new Float64Array(lists.reduce((n, list) => n + list.length, 0));
    let from = 0;
    for (const list of lists) {
      all.set(list, from);
      from += list.length;
    }
    return all.sort();
  }
}

type Counting = { won: number; lost: number; open: number };
const newCounting = (): Counting => ({ won: 0, lost: 0, open: 0 });
const newMultiset = (): Multiset => new Multiset();

function entry<K, T>(map: Map<K, T>, key: K, make: () => T): T {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = make()));
  return found;
}

function count(map: Map<string, Counting>, name: string, state: keyof Counting, one: 1 | -1): void {
  const counting = entry(map, name, newCounting);
  counting[state] += one;
  if (one < 0 && counting.won + counting.lost + counting.open === 0) map.delete(name);
}

const copied = (map: ReadonlyMap<string, Counting>): Map<string, Counting> =>
  new Map([...map].map(([name, counting]) => [name, { ...counting }]));

const quantile = (sorted: Float64Array, p: number): number =>
  sorted.length ? quantileSorted(sorted as unknown as number[], p) : Number.NaN;
const median = (sorted: Float64Array): number => quantile(sorted, 0.5);
/** Of each that has any; `always` = the name that is there without any, too. */
const medians = (sets: ReadonlyMap<string, Multiset>, always?: string): Map<string, number> =>
  new Map(
    [...sets].flatMap(([name, set]) =>
      set.values().length > 0 || name === always ? [[name, median(set.values())]] : [],
    ),
  );

/** Middle half of a family's discounts (ascending), drawn to that of all. */
export function shrunkBand(sorted: ArrayLike<number>, parent: Band | undefined): Band {
  const n = sorted.length;
  const at = (p: number) => (n ? quantileSorted(sorted as number[], p) : Number.NaN);
  const own = { p25: at(0.25), p50: at(0.5), p75: at(0.75) };
  if (!parent || parent.n === 0) return { ...own, n };
  const w = n / (n + SHRINK);
  const mix = (a: number, b: number) => (n ? w * a + (1 - w) * b : b);
  return { p25: mix(own.p25, parent.p25), p50: mix(own.p50, parent.p50), p75: mix(own.p75, parent.p75), n };
}

/** What is kept of a source between cuts. */
interface Kept {
  readonly norms: Map<Instant, Norms>;
  readonly deals: Ledger<DealShare>;
  readonly tally: DealTally;
  leads?: Ledger<LeadShare>;
  contracts?: Ledger<ContractShare>;
}
const kept = new WeakMap<FactSource, Kept>();

const DEAL: Reads = { kinds: ['deal', 'closed', 'reopened', 'change', 'quoteLine'], fields: ['owner_id', 'stage', 'amount'] }; // biome-ignore format: one row
const LEAD: Reads = {
  kinds: ['lead', 'leadClosed', 'converted', 'reopened', 'change'],
  fields: ['owner_id', 'status'],
};
const CONTRACT: Reads = { kinds: ['account', 'subscriptionTerm', 'subscriptionCancelled'], fields: [] };
const INDUSTRY: Reads = { kinds: ['account'], fields: [] };
const FAMILY: Reads = { kinds: ['product'], fields: [] };

function keptOf(source: FactSource): Kept {
  let entry = kept.get(source);
  if (!entry) {
    const families = Float64Array.from(source.ids('product').flatMap((id) => grewAt(source.history('product', id), FAMILY))).sort(); // biome-ignore format: one look
    const grew = (id: string) => {
      const history = source.history('deal', id);
      const accounts = new Set(history?.deal?.map((deal) => deal.accountId));
      const times = grewAt(history, DEAL);
      for (const account of accounts) if (account) times.push(...grewAt(source.history('account', account), INDUSTRY));
      return times;
    };
    const deals = ledger(source, 'deal', grew, families, dealShareOf);
    kept.set(source, (entry = { norms: new Map(), deals, tally: new DealTally() }));
  }
  return entry;
}

/** Says what is usual at the norms' cut, of a source that does not hold all facts. */
export function heldNorms(source: FactSource, norms: Norms): void {
  held.set(source, norms);
}
const held = new WeakMap<FactSource, Norms>();

/**
 * The norms that a look at `asOf` may see: those of the newest week start at or before it, computed once a source and
 * week. Equal to the norms of all shares at `world(cut)` added up afresh; the share of a record of which the cut knows
 * nothing new is not computed again. Cost: what is new since the cut before, and a pass over the sorted lists.
 */
export function normsFor(source: FactSource, asOf: Instant, worldAt: (cut: Instant) => World): Norms {
  const cut = source.company.calendar.startOfWeek(asOf);
  const told = held.get(source);
  if (told?.cut === cut) return told;
  const keep = keptOf(source);
  const known = keep.norms.get(cut);
  if (known) return known;
  const then = worldAt(cut);
  const none = new Float64Array(0);
  const simple = <S>(of: 'lead' | 'account', reads: Reads, shareOf: (past: Past) => S | undefined) =>
    ledger(source, of, (id) => grewAt(source.history(of, id), reads), none, shareOf);
  // Worlds of their own: one that is kept until somebody asks would keep its pasts in memory.
  const sharesAt = <S>(ledger: Ledger<S>) => {
    ledger.turnTo(worldAt(cut), () => {});
    return ledger.shares();
  };
  keep.deals.turnTo(then, (before, now) => keep.tally.turn(before, now));
  const norms = keep.tally.norms(
    then,
    () => leadNorms(sharesAt((keep.leads ??= simple('lead', LEAD, leadShareOf))), cut),
    () => contractNorms(sharesAt((keep.contracts ??= simple('account', CONTRACT, contractShareOf))), cut),
  );
  keep.norms.set(cut, norms);
  return norms;
}
