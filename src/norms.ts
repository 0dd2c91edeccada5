import { quantileSorted } from 'simple-statistics';
import type { Instant } from './time.ts';
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
  readonly all: Tally;
  readonly owner: ReadonlyMap<string, Tally>;
  /** Deals that ever were in the stage, by what became of them. */
  readonly stage: ReadonlyMap<string, Tally>;
  /** Median days of a finished stay in the stage. */
  readonly stageDays: ReadonlyMap<string, number>;
  /** Median days from creation to the win, and to the loss; NaN before the first. */
  readonly wonDays: number;
  readonly lostDays: number;
  /** By product family; the empty name = all. Shrunk to `all` by n/(n + 20). */
  readonly discount: ReadonlyMap<string, Band>;
  /** Median booked amount / quoted list price of won deals, by product id; the empty name = all. */
  readonly priceRatio: ReadonlyMap<string, number>;
  /** Median booked amount (minor units of the base currency as recorded) of won deals; NaN before the first. */
  readonly wonAmountMinor: number;
}

const SHRINK = 20;
const median = (values: number[]): number =>
  values.length
    ? quantileSorted(
        values.sort((a, b) => a - b),
        0.5,
      )
    : Number.NaN;

/** What a deal is at its as-of time. A reopened deal is open again. */
export function dealState(past: Past): 'open' | 'won' | 'lost' | 'absent' {
  if (!past.last('deal')) return 'absent';
  const closed = past.last('closed');
  if (!closed) return 'open';
  const reopened = past.last('reopened');
  if (reopened && reopened.at > closed.at) return 'open';
  return closed.outcome === 'won' ? 'won' : 'lost';
}

/** Computes the norms of a world. Cost: one look at every deal's past. */
export function normsOf(world: World): Norms {
  const all = { won: 0, lost: 0, open: 0 };
  const owner = new Map<string, { won: number; lost: number; open: number }>();
  const stage = new Map<string, { won: number; lost: number; open: number }>();
  const stays = new Map<string, number[]>();
  const wonDays: number[] = [];
  const lostDays: number[] = [];
  const wonAmounts: number[] = [];
  const discounts = new Map<string, number[]>([['', []]]);
  const ratios = new Map<string, number[]>([['', []]]);

  for (const id of world.ids('deal')) {
    const past = world.past('deal', id);
    const state = dealState(past);
    if (state === 'absent') continue;
    all[state]++;
    const ownerId = past.value('owner_id');
    if (typeof ownerId === 'string') tally(owner, ownerId)[state]++;

    const stages = past.all('change').filter((change) => change.field === 'stage' && change.value !== null);
    for (const name of new Set(stages.map((change) => String(change.value)))) tally(stage, name)[state]++;
    stages.forEach((change, i) => {
      const next = stages[i + 1];
      if (next) push(stays, String(change.value), (next.at - change.at) / 86_400_000);
    });

    if (state === 'open') continue;
    const closed = past.last('closed')!;
    const days = (closed.at - past.last('deal')!.at) / 86_400_000;
    (state === 'won' ? wonDays : lostDays).push(days);
    if (state === 'lost') continue;
    if (closed.amountMinor) wonAmounts.push(closed.amountMinor);
    const lines = past.all('quoteLine');
    let list = 0;
    for (const line of lines) {
      if (!line.listPriceMinor) continue;
      list += line.listPriceMinor * (line.quantity ?? 1);
      if (line.unitPriceMinor === null) continue;
      const ratio = 1 - line.unitPriceMinor / line.listPriceMinor;
      discounts.get('')!.push(ratio);
      const family = line.productId ? past.product(line.productId)?.last('product')?.family : undefined;
      if (family) push(discounts, family, ratio);
    }
    if (list > 0 && closed.amountMinor) {
      ratios.get('')!.push(closed.amountMinor / list);
      for (const product of new Set(lines.map((line) => line.productId)))
        if (product) push(ratios, product, closed.amountMinor / list);
    }
  }
  const everywhere = band(discounts.get('')!, undefined);
  return {
    cut: world.asOf,
    all,
    owner,
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

function band(values: number[], parent: Band | undefined): Band {
  const n = values.length;
  const sorted = values.sort((a, b) => a - b);
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

// One computation a source and week, shared by every past that reads it.
const kept = new WeakMap<FactSource, Map<Instant, Norms>>();

/** The norms that a look at `asOf` may see. */
export function normsFor(source: FactSource, asOf: Instant, worldAt: (cut: Instant) => World): Norms {
  const cut = source.company.calendar.startOfWeek(asOf);
  let cuts = kept.get(source);
  if (!cuts) kept.set(source, (cuts = new Map()));
  let norms = cuts.get(cut);
  if (!norms) cuts.set(cut, (norms = normsOf(worldAt(cut))));
  return norms;
}
