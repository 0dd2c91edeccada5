import { convertMinor } from '../src/money.ts';
import { dealState } from '../src/norms.ts';
import type { Store } from '../src/store/store.ts';
import { DAY, type Instant, type Period } from '../src/time.ts';
import { type FactSource, type Past, type World, world } from '../src/world.ts';
import { amountOf } from './grade.ts';
import type { DealPrediction, OpenModel, Parts } from './ports.ts';
import { quotasOf } from './quotas.ts';

export type By = 'all' | 'team' | 'owner';

export interface ForecastAsk {
  readonly period: Period;
  readonly by: By;
  readonly asOf: Instant;
}

/** Bookings of a period, in minor units of the base currency. */
export interface GroupForecast {
  readonly id: string;
  readonly name: string;
  readonly closedMinor: number;
  /** Closed so far plus the expected value of the open deals. */
  readonly expectedMinor: number;
  readonly p10Minor: number;
  readonly p50Minor: number;
  readonly p90Minor: number;
  readonly closedDeals: number;
  readonly openDeals: number;
  readonly quotaMinor: number | null;
  readonly probabilityOfQuota: number | null;
}

/** A deal that the amounts leave out. */
export interface Apart {
  readonly id: string;
  readonly why: 'no amount' | 'no rate';
  readonly currency: string | null;
}

export interface Forecast {
  readonly asOf: Instant;
  readonly period: Period;
  readonly by: By;
  readonly currency: string;
  readonly version: string;
  readonly lowSkill: boolean;
  readonly total: GroupForecast;
  /** Largest expected first; closed and expected add up to the total exactly. */
  readonly groups: readonly GroupForecast[];
  readonly apart: readonly Apart[];
  /** What each open deal adds to the expected value, largest first. */
  readonly deals: readonly { readonly id: string; readonly probability: number; readonly amountMinor: number }[];
}

interface Part {
  closedMinor: number;
  closedDeals: number;
  readonly p: number[];
  readonly amounts: number[];
}

const NOBODY = '';

/**
 * Closed so far plus the exact distribution of what is open: each open deal is won within the period with the model's
 * probability, all moved by one common factor. Amounts are converted to the base currency, booked ones at the rate of
 * their day, open ones at that of `asOf`. Deals not yet created are not in it.
 */
export function forecastOf(
  store: Store,
  source: FactSource,
  model: OpenModel,
  openIds: readonly string[],
  prediction: DealPrediction,
  rollUp: Parts['rollUp'],
  ask: ForecastAsk,
): Forecast {
  const { period, asOf, by } = ask;
  const base = source.company.settings.base_currency;
  const then = world(source, asOf);
  const grouping = groupingOf(store, then, by);
  const parts = new Map<string, Part>();
  const apart: Apart[] = [];
  const deals: { id: string; probability: number; amountMinor: number }[] = [];
  const partOf = (past: Past): Part => {
    const id = grouping.of(past);
    let part = parts.get(id);
    if (!part) parts.set(id, (part = { closedMinor: 0, closedDeals: 0, p: [], amounts: [] }));
    return part;
  };
  const inBase = (id: string, minor: number, currency: string, at: Instant): number | undefined => {
    const rate = source.rates.rateAt(currency, base, at);
    if (rate === undefined) apart.push({ id, why: 'no rate', currency });
    return rate === undefined ? undefined : convertMinor(minor, currency, base, rate);
  };

  for (const id of then.ids('deal')) {
    const past = then.past('deal', id);
    if (dealState(past) !== 'won') continue;
    const closed = past.last('closed')!;
    if (closed.at < period.from || closed.at >= Math.min(period.to, asOf + 1)) continue;
    const amount =
      closed.amountMinor === null ? amountOf(past) : { minor: closed.amountMinor, currency: closed.currency ?? base };
    if (!amount) {
      apart.push({ id, why: 'no amount', currency: null });
      continue;
    }
    const minor = inBase(id, amount.minor, amount.currency, closed.at);
    if (minor === undefined) continue;
    const part = partOf(past);
    part.closedMinor += minor;
    part.closedDeals++;
  }

  const ahead = period.to > asOf;
  const days = (to: Instant) => Math.max(0, (to - asOf) / DAY);
  if (ahead) {
    openIds.forEach((id, row) => {
      const past = then.past('deal', id);
      const amount = amountOf(past);
      if (!amount) {
        apart.push({ id, why: 'no amount', currency: null });
        return;
      }
      const minor = inBase(id, amount.minor, amount.currency, asOf);
      if (minor === undefined) return;
      const probability = prediction.winBy(row, days(period.to)) - prediction.winBy(row, days(period.from));
      const part = partOf(past);
      part.p.push(probability);
      part.amounts.push(minor);
      deals.push({ id, probability, amountMinor: minor });
    });
  }
  deals.sort((a, b) => b.probability * b.amountMinor - a.probability * a.amountMinor || (a.id < b.id ? -1 : 1));

  const quotas = quotasOf(store, grouping.teamOf, period, (minor, currency) => {
    const rate = source.rates.rateAt(currency, base, asOf);
    return rate === undefined ? undefined : convertMinor(minor, currency, base, rate);
  });
  const ids = [...parts.keys()];
  const whole: Part = {
    closedMinor: ids.reduce((sum, id) => sum + parts.get(id)!.closedMinor, 0),
    closedDeals: ids.reduce((sum, id) => sum + parts.get(id)!.closedDeals, 0),
    p: ids.flatMap((id) => parts.get(id)!.p),
    amounts: ids.flatMap((id) => parts.get(id)!.amounts),
  };
  const wholeMinor = Math.round(meanOf(whole));
  const means = largestRemainder(
    ids.map((id) => meanOf(parts.get(id)!)),
    wholeMinor,
  );
  const told = (id: string, name: string, part: Part, mean: number, quota: number | undefined): GroupForecast => {
    const sum = rollUp(Float64Array.from(part.p), Float64Array.from(part.amounts), model.rho);
    const at = (q: number) => part.closedMinor + Math.round(sum.quantile(q));
    return {
      id,
      name,
      closedMinor: part.closedMinor,
      expectedMinor: part.closedMinor + mean,
      p10Minor: at(0.1),
      p50Minor: at(0.5),
      p90Minor: at(0.9),
      closedDeals: part.closedDeals,
      openDeals: part.p.length,
      quotaMinor: quota ?? null,
      probabilityOfQuota: quota === undefined ? null : sum.atLeast(quota - part.closedMinor),
    };
  };
  const total = told('all', 'All', whole, wholeMinor, quotas.all);
  const groups =
    by === 'all'
      ? []
      : ids
          .map((id, i) => told(id, grouping.name(id), parts.get(id)!, means[i]!, quotas[by].get(id)))
          .sort((a, b) => b.expectedMinor - a.expectedMinor || (a.id < b.id ? -1 : 1));
  return {
    asOf,
    period,
    by,
    currency: base,
    version: model.version,
    lowSkill: model.lowSkill,
    total,
    groups,
    apart: apart.sort((a, b) => (a.id < b.id ? -1 : 1)),
    deals,
  };
}

const meanOf = (part: Part): number => part.p.reduce((sum, p, i) => sum + p * part.amounts[i]!, 0);

/** Whole numbers that add up to `total`: each rounded down, the units left over to the largest remainders. */
export function largestRemainder(values: readonly number[], total: number): number[] {
  const floors = values.map(Math.floor);
  const left = total - floors.reduce((sum, value) => sum + value, 0);
  const order = values.map((value, i) => [value - floors[i]!, i] as const).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const sign = Math.sign(left);
  for (let k = 0; k < Math.abs(left) && order.length > 0; k++) floors[order[k % order.length]![1]]! += sign;
  return floors;
}

/** Whose a deal is, and how groups are called. Names are those of today: they are shown, never learned from. */
function groupingOf(store: Store, then: World, by: By) {
  const users = new Map([...store.rows('user')].map((user) => [user.id, user]));
  const teams = new Map([...store.rows('team')].map((team) => [team.id, team.name]));
  const ownerOf = (past: Past): string => {
    const owner = past.value('owner_id');
    return typeof owner === 'string' ? owner : NOBODY;
  };
  const teamOf = (owner: string): string => {
    const known = owner === NOBODY ? undefined : then.past('user', owner).value('team_id');
    return typeof known === 'string' ? known : (users.get(owner)?.teamId ?? NOBODY);
  };
  return {
    teamOf,
    of: (past: Past): string => (by === 'all' ? 'all' : by === 'owner' ? ownerOf(past) : teamOf(ownerOf(past))),
    name: (id: string): string =>
      id === NOBODY ? `no ${by}` : ((by === 'team' ? teams.get(id) : users.get(id)?.name) ?? id),
  };
}
