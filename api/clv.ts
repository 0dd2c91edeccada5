import { createHash } from 'node:crypto';
import {
  type ClvAsk,
  type ClvEstimate,
  type ClvModel,
  type Customer,
  type CustomerHistory,
  customerOf,
  estimateClv,
  fitClv,
  type LawKind,
  type Purchase,
  type Rfm,
  type RfmCuts,
  rfmCuts,
  rfmOf,
  type Segment,
  segmentOf,
} from '../models/clv/index.ts';
import { ForesellError } from '../src/errors.ts';
import { minorAt } from '../src/money-rates.ts';
import type { Store } from '../src/store/store.ts';
import { DAY, formatInstant, type Instant } from '../src/time.ts';
import { type FactSource, type Past, world } from '../src/world.ts';

/** What an account is expected to bring, as known at an instant. Money in minor units of the base currency. */
export interface AccountValue extends ClvEstimate {
  readonly asOf: Instant;
  readonly currency: string;
  readonly orders: number;
  readonly firstOrderAt: Instant;
  readonly lastOrderAt: Instant;
  readonly rfm: Rfm;
  readonly segment: Segment;
  readonly model: ClvModel;
  /** Hash of the fitted parameters. */
  readonly version: string;
  /** Of the week whose accounts the parameters were learned from. */
  readonly learnedAt: Instant;
}

/** What the numbers are computed from; another reading of orders would be another hash. */
export const CLV_FEATURES = createHash('sha256')
  .update(
    'account orders by local day; value = sum of quantity * unit price, base currency at the order; x, t_x, T in days',
  )
  .digest('hex')
  .slice(0, 12);

/** The laws learned from all accounts at the beginning of a week, and what single accounts are set beside. */
interface Fitted {
  readonly at: Instant;
  readonly model: ClvModel;
  readonly version: string;
  readonly cuts: RfmCuts;
  /** Mean expected profit of an account for what was asked. */
  meanProfit(ask: ClvAsk): number;
}

const WEEKS_KEPT = 4;
const ASKS_KEPT = 8;

/**
 * The value of a store's accounts. Parameters are learned from all accounts as known at the beginning of the week that
 * holds the instant and kept until the records change; the account itself is judged as known at the instant.
 *
 * Cost: the first answer of a week reads all orders and fits (a second or three for 20,000 accounts); the next ones read one
 * account's orders.
 */
export function accountValues(store: Store) {
  const kept = new WeakMap<FactSource, Map<string, Fitted>>();

  function fitted(source: FactSource, asOf: Instant, law: LawKind | 'auto'): Fitted {
    const week = source.company.calendar.startOfWeek(asOf);
    let weeks = kept.get(source);
    if (!weeks) kept.set(source, (weeks = new Map()));
    const key = `${law} ${week}`;
    let known = weeks.get(key);
    if (!known) {
      const oldest = weeks.keys().next().value;
      if (weeks.size >= WEEKS_KEPT && oldest !== undefined) weeks.delete(oldest);
      weeks.set(key, (known = fitAt(source, week, law)));
    }
    return known;
  }

  function estimated(source: FactSource, past: Past, ask: ClvAsk, law: LawKind | 'auto'): AccountValue | undefined {
    const { asOf } = past;
    const customer = customerAt(source, past);
    if (!customer) return undefined;
    const fit = fitted(source, asOf, law);
    const said = estimateClv(fit.model, customer, ask);
    const orders = past.all('order');
    return {
      ...said,
      asOf,
      currency: source.company.settings.base_currency,
      orders: orders.length,
      firstOrderAt: orders[0]!.at,
      lastOrderAt: orders.at(-1)!.at,
      rfm: rfmOf(fit.cuts, rfmValues(customer)),
      segment: segmentOf(said.expectedValue, fit.meanProfit(ask)),
      model: fit.model,
      version: fit.version,
      learnedAt: fit.at,
    };
  }

  return {
    /** One account by canonical or bare id. Throws where it is unknown, ambiguous or has never ordered. */
    one(id: string, asOf: Instant, ask: ClvAsk): AccountValue {
      const source = store.servingSource();
      const found = store.resolveId('account', id);
      if (found.length > 1) {
        throw new ForesellError(
          'account-ambiguous',
          `account "${id}" is in several sources; ask for one of ${found.slice(0, 5).join(', ')}`,
          { status: 409, path: 'id' },
        );
      }
      if (found.length === 0)
        throw new ForesellError('account-unknown', `no account "${id}"`, { status: 404, path: 'id' });
      const value = estimated(source, world(source, asOf).past('account', found[0]!), ask, 'auto');
      if (value) return value;
      throw new ForesellError(
        'account-no-orders',
        `account "${id}" has no orders known by ${formatInstant(asOf)}; its value is learned from orders`,
        { status: 409, path: 'id' },
      );
    },
    /** Every account that has ordered by then, in order of ids. */
    all(asOf: Instant, ask: ClvAsk, law: LawKind | 'auto'): readonly AccountValue[] {
      const source = store.servingSource();
      const then = world(source, asOf);
      return [...then.ids('account')]
        .sort()
        .flatMap((id) => estimated(source, then.past('account', id), ask, law) ?? []);
    },
  };
}

function fitAt(source: FactSource, at: Instant, law: LawKind | 'auto'): Fitted {
  const then = world(source, at);
  const histories = then
    .ids('account')
    .map((id): CustomerHistory => ({ id, purchases: purchasesOf(source, then.past('account', id)) }));
  const { of, ...model } = fitClv(histories, { until: dayOf(source, at), law });
  const means = new Map<string, number>();
  const parameters = JSON.stringify([model.law.kind, model.law.parameters, model.value]);
  return {
    at,
    model,
    version: createHash('sha256').update(parameters).digest('hex').slice(0, 12),
    cuts: rfmCuts(of.map(rfmValues)),
    meanProfit(ask) {
      const key = JSON.stringify([ask.horizonDays, ask.margin, ask.discount]);
      let mean = means.get(key);
      if (mean === undefined) {
        mean = of.reduce((sum, customer) => sum + estimateClv(model, customer, ask).expectedValue, 0) / of.length;
        if (means.size >= ASKS_KEPT) means.clear();
        means.set(key, mean);
      }
      return mean;
    },
  };
}

const customerAt = (source: FactSource, past: Past): Customer | undefined =>
  customerOf(past.id, purchasesOf(source, past), dayOf(source, past.asOf));

const rfmValues = ({ x, tx, T, spent }: Customer) => ({ sinceDays: T - tx, purchases: x + 1, spent });

/** The local day that holds an instant, as a number of days. */
const dayOf = (source: FactSource, at: Instant): number => Date.parse(source.company.calendar.date(at)) / DAY;

/**
 * An account's orders as purchases: the sum of the lines at the rate of the order's day, or where none was known then at
 * the newest. An order that comes to less than nothing is a return and counts as no purchase. One of unknown value (no
 * lines, no rate at all) counts with the account's usual value, 0 where that is unknown too.
 */
function purchasesOf(source: FactSource, past: Past): Purchase[] {
  const base = source.company.settings.base_currency;
  const totals = new Map<string, number>();
  const orders = past.all('order');
  const at = new Map(orders.map((order) => [order.orderId, order.at]));
  for (const { orderId, quantity, unitPriceMinor, currency } of past.all('orderLine')) {
    const when = at.get(orderId);
    if (when === undefined || unitPriceMinor === null) continue;
    const minor = (quantity ?? 1) * unitPriceMinor;
    const then = minorAt(source.rates, minor, currency, base, when);
    const worth = Number.isNaN(then) ? past.baseMinor(minor, currency) : then;
    totals.set(orderId, (totals.get(orderId) ?? 0) + worth); // NaN, unknown, stays so
  }
  const known = [...totals.values()].filter((total) => total >= 0);
  const usual = known.length ? known.reduce((sum, total) => sum + total, 0) / known.length : 0;
  return orders.flatMap((order) => {
    const total = totals.get(order.orderId) ?? Number.NaN;
    return total < 0 ? [] : [{ day: dayOf(source, order.at), value: Number.isNaN(total) ? usual : total }];
  });
}
