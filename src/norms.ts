import { quantileSorted } from 'simple-statistics';
import { type ContractNorms, type ContractShare, contractNorms, contractShareOf } from './norms/contracts.ts';
import { type LeadNorms, type LeadShare, leadNorms, leadShareOf } from './norms/leads.ts';
import { grewAt, type Ledger, ledger } from './norms/ledger.ts';
import { similarKeys } from './norms/similar.ts';
import type { FactKind } from './records.ts';
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
/** Ascending, as numbers; a typed array sorts several times faster than a list. */
const ascending = (values: readonly number[]): number[] => Array.from(Float64Array.from(values).sort());
const median = (values: readonly number[]): number =>
  values.length ? quantileSorted(ascending(values), 0.5) : Number.NaN;

/** What one deal adds to the norms. A function of its past alone, so that it is kept once nothing more can change it. */
interface Share {
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

function shareOf(past: Past): Share | undefined {
  const state = dealState(past);
  if (state === 'absent') return undefined;
  const ownerId = past.value('owner_id');
  const closed = state === 'open' ? undefined : past.last('closed');
  const stages = past.all('change').filter((change) => change.field === 'stage' && change.value !== null);
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

/** Norms of the shares; their order does not matter. */
function merge(
  world: World,
  shares: Iterable<Share>,
  leadShares: () => readonly LeadShare[],
  contractShares: () => readonly ContractShare[],
): Norms {
  let since = Number.POSITIVE_INFINITY;
  const all = { won: 0, lost: 0, open: 0 };
  const owner = new Map<string, { won: number; lost: number; open: number }>();
  const owner90d = new Map<string, { won: number; lost: number; open: number }>();
  const team = new Map<string, { won: number; lost: number; open: number }>();
  const similar = new Map<string, { won: number; lost: number; open: number }>();
  const stage = new Map<string, { won: number; lost: number; open: number }>();
  const stays = new Map<string, number[]>();
  const wonDays: number[] = [];
  const lostDays: number[] = [];
  const wonAmounts: number[] = [];
  const discounts = new Map<string, number[]>([['', []]]);
  const ratios = new Map<string, number[]>([['', []]]);
  for (const share of shares) {
    since = Math.min(since, share.created);
    all[share.state]++;
    if (share.ownerId !== undefined) {
      tally(owner, share.ownerId)[share.state]++;
      if (share.closedAt > world.asOf - 90 * DAY) tally(owner90d, share.ownerId)[share.state]++;
    }
    for (const key of share.similar) tally(similar, key)[share.state]++;
    for (const name of share.stages) tally(stage, name)[share.state]++;
    for (const stay of share.stays) push(stays, stay.stage, stay.days);
    if (share.state === 'won') wonDays.push(share.days);
    if (share.state === 'lost') lostDays.push(share.days);
    if (share.booked) {
      const amount = world.baseMinor(share.booked.minor, share.booked.currency);
      if (!Number.isNaN(amount)) wonAmounts.push(amount);
    }
    for (const { family, ratio } of share.discounts) {
      push(discounts, '', ratio);
      if (family) push(discounts, family, ratio);
    }
    if (share.ratio) for (const name of ['', ...share.ratio.products]) push(ratios, name, share.ratio.value);
  }
  for (const [id, { won, lost, open }] of owner) {
    const name = world.past('user', id).value('team_id');
    if (typeof name !== 'string') continue;
    const all = tally(team, name);
    all.won += won;
    all.lost += lost;
    all.open += open;
  }
  const everywhere = band(discounts.get('')!, undefined);
  let leads: LeadNorms | undefined;
  let contracts: ContractNorms | undefined;
  return {
    cut: world.asOf,
    get leads() {
      return (leads ??= leadNorms(leadShares(), world.asOf));
    },
    get contracts() {
      return (contracts ??= contractNorms(contractShares(), world.asOf));
    },
    since: Number.isFinite(since) ? since : Number.NaN,
    all,
    owner,
    owner90d,
    team,
    similar,
    stage,
    stageDays: new Map([...stays].map(([name, days]) => [name, median(days)])),
    wonDays: median(wonDays),
    lostDays: median(lostDays),
    discount: new Map(
      [...discounts].map(([name, values]) => [name, name === '' ? everywhere : band(values, everywhere)]),
    ),
    priceRatio: new Map([...ratios].map(([name, values]) => [name, median(values)])),
    wonAmountMinor: median(wonAmounts),
  };
}

/** Computes the norms of a world afresh. Cost: one look at the past of every deal, and of every lead and account when asked. */
export function normsOf(world: World): Norms {
  const each = <S>(of: 'deal' | 'lead' | 'account', shareOf: (past: Past) => S | undefined): S[] =>
    world.ids(of).flatMap((id) => shareOf(world.past(of, id)) ?? []);
  return merge(
    world,
    each('deal', shareOf),
    () => each('lead', leadShareOf),
    () => each('account', contractShareOf),
  );
}

function band(values: readonly number[], parent: Band | undefined): Band {
  const n = values.length;
  const sorted = ascending(values);
  const at = (p: number) => (n ? quantileSorted(sorted, p) : Number.NaN);
  const own = { p25: at(0.25), p50: at(0.5), p75: at(0.75) };
  if (!parent || parent.n === 0) return { ...own, n };
  const w = n / (n + SHRINK);
  const mix = (a: number, b: number) => (n ? w * a + (1 - w) * b : b);
  return { p25: mix(own.p25, parent.p25), p50: mix(own.p50, parent.p50), p75: mix(own.p75, parent.p75), n };
}

function tally(map: Map<string, { won: number; lost: number; open: number }>, name: string) {
  let entry = map.get(name);
  if (!entry) map.set(name, (entry = { won: 0, lost: 0, open: 0 }));
  return entry;
}

function push(map: Map<string, number[]>, name: string, value: number): void {
  const values = map.get(name);
  if (values) values.push(value);
  else map.set(name, [value]);
}

/** What is kept of a source between cuts. */
interface Kept {
  readonly norms: Map<Instant, Norms>;
  readonly deals: Ledger<Share>;
  leads?: Ledger<LeadShare>;
  contracts?: Ledger<ContractShare>;
}
const kept = new WeakMap<FactSource, Kept>();

const DEAL_KINDS: readonly FactKind[] = ['deal', 'closed', 'reopened', 'change', 'quoteLine'];

function keptOf(source: FactSource): Kept {
  let entry = kept.get(source);
  if (!entry) {
    const products = source.ids('product').map((id) => grewAt(source.history('product', id), ['product']));
    const families = Float64Array.from(products.flatMap((times) => [...times])).sort();
    const industry = (id: string) => {
      const accounts = new Set(source.history('deal', id)?.deal?.map((deal) => deal.accountId));
      return [...accounts].map((account) => account && source.history('account', account));
    };
    const grew = (id: string) => {
      const times = [grewAt(source.history('deal', id), DEAL_KINDS)];
      for (const history of industry(id)) if (history) times.push(grewAt(history, ['account']));
      return times.length === 1 ? times[0]! : Float64Array.from(times.flatMap((part) => [...part])).sort();
    };
    kept.set(source, (entry = { norms: new Map(), deals: ledger(source, 'deal', grew, families, shareOf) }));
  }
  return entry;
}

/**
 * The norms that a look at `asOf` may see: those of the newest week start at or before it, computed once a source and
 * week. Equal to `normsOf(world(cut))`; the share of a record of which the cut knows nothing new is not computed again.
 */
export function normsFor(source: FactSource, asOf: Instant, worldAt: (cut: Instant) => World): Norms {
  const cut = source.company.calendar.startOfWeek(asOf);
  const keep = keptOf(source);
  const known = keep.norms.get(cut);
  if (known) return known;
  const then = worldAt(cut);
  const simple = <S>(of: 'lead' | 'account', kinds: readonly FactKind[], shareOf: (past: Past) => S | undefined) =>
    ledger(source, of, (id) => grewAt(source.history(of, id), kinds), new Float64Array(0), shareOf);
  // A world of their own: the one above would be kept in memory until somebody asks.
  const norms = merge(
    then,
    keep.deals.at(then),
    () =>
      (keep.leads ??= simple('lead', ['lead', 'leadClosed', 'converted', 'reopened', 'change'], leadShareOf)).at(
        worldAt(cut),
      ),
    () => (keep.contracts ??= simple('account', ['account', 'subscriptionTerm', 'subscriptionCancelled'], contractShareOf)).at(worldAt(cut)), // biome-ignore format: one look
  );
  keep.norms.set(cut, norms);
  return norms;
}
