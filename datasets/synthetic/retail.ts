import type { Random } from '../../src/random.ts';
import { DAY, type Instant, WEEK } from '../../src/time.ts';
import { type Account, personName } from './accounts.ts';
import { type Clock, waveOf, workingTime } from './clock.ts';
import { ACCOUNTS, HORIZON_WEEKS, RETAIL } from './constants.ts';
import { beta, exponential, gamma, pad, pick, poisson, weighted } from './draws.ts';
import type { Product } from './products.ts';
import { plain, type Tables } from './rows.ts';

const HOUR = 3_600_000;

/** A person or household that orders without contract, as it truly was. */
export interface RetailPath {
  readonly account: Account;
  /** Orders a week while alive, times the season. */
  readonly rate: number;
  /** Chance to go for good after an order; the first order is followed by at least another chance. */
  readonly leave: number;
  /** Orders in weeks from the clock's start, with fraction. */
  readonly orders: readonly number[];
  /** When it went for good; infinite where it had not by the end. */
  readonly gone: number;
}

/**
 * The season summed: `sum(t)` is the integral of the relative rate from the clock's start to week t (with fraction,
 * also before the start and as far as the truth looks ahead).
 */
export function seasonSum(clock: Clock): { sum(t: number): number; inverse(s: number): number } {
  const first = -60;
  const n = clock.weeks + HORIZON_WEEKS - first;
  const rate = Float64Array.from({ length: n }, (_, i) => Math.exp(RETAIL.season.amplitude * waveOf(clock.calendar.date(clock.at(first + i) + 3 * DAY), RETAIL.season.peakMonth))); // biome-ignore format: one law
  const total = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) total[i + 1] = total[i]! + rate[i]!;
  const index = (t: number) => Math.max(0, Math.min(n - 1, Math.floor(t - first)));
  return {
    sum: (t) => total[index(t)]! + (t - first - index(t)) * rate[index(t)]!,
    inverse: (s) => {
      let low = 0;
      let high = n;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (total[middle]! <= s) low = middle;
        else high = middle;
      }
      return first + low + (s - total[low]!) / rate[low]!;
    },
  };
}

/** Persons and households, each with its orders from the day it came until it goes or the records end. */
export function retail(
  count: number,
  products: readonly Product[],
  clock: Clock,
  root: Random,
  tables: Tables,
  drain: () => void,
): RetailPath[] {
  const season = seasonSum(clock);
  const paths: RetailPath[] = [];
  let contacts = 0;
  for (let i = 0; i < count; i++) {
    const draw = root.fork(`customer ${i}`);
    const household = draw.uniform() < RETAIL.householdShare;
    const week = Math.floor(draw.uniform() * (clock.weeks + 40)) - 40;
    const createdAt = workingTime(clock, week, draw);
    const foreign = draw.uniform() < 0.06;
    const id = `A${pad(i + 1, 5)}`;
    const people = Array.from({ length: household ? 2 + draw.below(2) : 1 }, () => ({ id: `C${pad(++contacts, 6)}`, name: personName(foreign, draw), title: 7, agreed: draw.uniform() < 0.7 })); // biome-ignore format: one list
    const account: Account = {
      id,
      name: `${household ? 'Household' : 'Customer'} ${i + 1}`,
      currency: 'THB',
      language: !foreign && draw.uniform() < 0.9 ? 'th' : 'en',
      country: 'Thailand',
      fit: 0,
      size: 0,
      createdAt,
      contacts: people,
      rep: 0,
    };
    const region = ACCOUNTS.regions[weighted(ACCOUNTS.regions.map((x) => x[1]), draw)]![0]; // biome-ignore format: one draw
    tables.account.push({
      id,
      name: account.name,
      industry: household ? 'Household' : 'Person',
      region,
      country: account.country,
      employees: null,
      annualRevenueMinor: null,
      currency: 'THB',
      parentId: null,
      ownerId: null,
      createdAt,
      ...plain,
    });
    for (const person of people) {
      tables.contact.push({
        id: person.id,
        accountId: id,
        name: person.name,
        title: null,
        department: null,
        email: `${person.id.toLowerCase()}@mail.example`,
        phone: `+66 8 555 ${pad(contacts % 10_000, 4)}`,
        createdAt,
        consent: person.agreed ? 'given' : 'none',
        ...plain,
      });
    }
    const path = buy(account, season, clock, draw.fork('path'));
    paths.push(path);
    recordOrders(path, products, clock, draw.fork('records'), tables);
    drain();
  }
  return paths;
}

/** BG/NBD in the season's own time: the first order on coming, then at rate lambda, gone after an order with chance p. */
function buy(account: Account, season: ReturnType<typeof seasonSum>, clock: Clock, draw: Random): RetailPath {
  const rate = (gamma(RETAIL.rate.shape, draw) * RETAIL.rate.perWeek) / RETAIL.rate.shape;
  const leave = beta(RETAIL.leave.a, RETAIL.leave.b, draw);
  const orders = [clock.week(account.createdAt)];
  let gone = Number.POSITIVE_INFINITY;
  let inSeason = season.sum(orders[0]!);
  for (;;) {
    inSeason += exponential(1 / rate, draw);
    const t = season.inverse(inSeason);
    if (!(t < clock.weeks)) break;
    orders.push(t);
    if (draw.uniform() < leave) {
      gone = t;
      break;
    }
  }
  return { account, rate, leave, orders, gone };
}

/** A moment of week t: the day of its fraction, between 09:00 and 20:00, later for a later fraction. */
export function orderedAt(clock: Clock, t: number): Instant {
  const day = Math.floor((t - Math.floor(t)) * 7);
  const part = (t - Math.floor(t)) * 7 - day;
  return clock.at(Math.floor(t)) + day * DAY + 9 * HOUR + Math.floor(part * 11 * 3600) * 1000;
}

function recordOrders(path: RetailPath, products: readonly Product[], clock: Clock, draw: Random, tables: Tables) {
  const { account } = path;
  const { median, sdLog, customerSd, lines } = RETAIL.basket;
  const taste = customerSd * draw.normal();
  path.orders.forEach((t, i) => {
    const at = i === 0 ? account.createdAt : orderedAt(clock, t);
    const id = `O-${account.id}-${pad(i + 1, 3)}`;
    const promisedAt = clock.calendar.startOfDay(at) + (2 + draw.below(4)) * DAY;
    const late = draw.uniform() < 0.12 ? 1 + draw.below(6) : -draw.below(2);
    const deliveredAt = Math.max(at + 5 * HOUR, promisedAt + late * DAY + Math.floor((10 + 8 * draw.uniform()) * 3600) * 1000); // biome-ignore format: one time
    const done = deliveredAt < clock.end;
    tables.order.push({ id, accountId: account.id, dealId: null, at, promisedAt, deliveredAt: done ? deliveredAt : null, status: null, ...plain }); // biome-ignore format: a row
    const count = 1 + Math.min(4, poisson(lines, draw));
    const chosen = new Set<Product>();
    while (chosen.size < count) chosen.add(pick(products, draw));
    const week = Math.max(0, Math.floor((at - clock.start) / WEEK));
    [...chosen].forEach((product, l) => {
      const list = product.list('THB', week);
      const worth = (median * 100 * Math.exp(taste + sdLog * draw.normal())) / count;
      const discount = draw.uniform() < 0.25 ? 0.1 : 0;
      tables.orderLine.push({
        id: `${id}-${l + 1}`,
        orderId: id,
        productId: product.id,
        quantity: Math.max(1, Math.round(worth / list)),
        unitPriceMinor: Math.round((list * (1 - discount)) / 100) * 100,
        discount,
        costMinor: product.cost('THB'),
        currency: 'THB',
        ...plain,
      });
    });
  });
}

/** What truly lay ahead of a customer without contract, given its own rate and chance to go and its orders so far. */
export interface TrueCustomer {
  readonly account: string;
  readonly orders: number;
  readonly alive: number;
  /** P(no order within the days asked). */
  readonly noOrder: number;
  readonly expectedOrders: number;
}

/**
 * The truth of a customer at the start of a week, exact: with season's time s since the last order,
 * P(alive) = (1 - p) e^(-lambda s) / (p + (1 - p) e^(-lambda s)), and 1 after the first order, which nobody leaves on;
 * P(no order) = 1 - P(alive) (1 - e^(-lambda S)) with S the season's time ahead; the expected number of orders is
 * P(alive) (1 - e^(-lambda p S)) / p. Undefined before its first order.
 */
export function trueCustomer(
  path: RetailPath,
  week: number,
  days: number,
  season: ReturnType<typeof seasonSum>,
): TrueCustomer | undefined {
  const before = path.orders.filter((t) => t < week);
  if (before.length === 0) return undefined;
  const p = path.leave;
  const quiet = Math.exp(-path.rate * (season.sum(week) - season.sum(before.at(-1)!)));
  const alive = before.length === 1 ? 1 : ((1 - p) * quiet) / (p + (1 - p) * quiet);
  const ahead = path.rate * (season.sum(week + days / 7) - season.sum(week));
  return {
    account: path.account.id,
    orders: before.length,
    alive,
    noOrder: 1 - alive * (1 - Math.exp(-ahead)),
    expectedOrders: p > 0 ? (alive * (1 - Math.exp(-p * ahead))) / p : alive * ahead,
  };
}
