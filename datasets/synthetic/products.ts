import type { Random } from '../../src/random.ts';
import { DAY, parseInstant } from '../../src/time.ts';
import type { Clock } from './clock.ts';
import { COMPANY, CURRENCY } from './constants.ts';
import { Journal, plain, type Tables } from './rows.ts';

export interface Product {
  readonly id: string;
  /** List price in whole baht before the yearly rises. */
  readonly base: number;
  /** List price in minor units of a currency in a week. */
  list(currency: 'THB' | 'USD' | 'EUR', week: number): number;
  /** Cost in minor units of a currency. */
  cost(currency: 'THB' | 'USD' | 'EUR'): number;
}

const RANGE = [
  ['Sensor S1', 'Sensors', 4_500], ['Sensor S2', 'Sensors', 7_900], ['Sensor S5 Pro', 'Sensors', 14_500],
  ['Controller C1', 'Controllers', 18_000], ['Controller C3', 'Controllers', 36_000], ['Controller C7', 'Controllers', 79_000],
  ['Gateway G1', 'Gateways', 22_000], ['Gateway G2', 'Gateways', 48_000],
  ['Cloud Basic, year', 'Services', 24_000], ['Cloud Plus, year', 'Services', 60_000],
  ['Installation', 'Services', 15_000], ['Training day', 'Services', 12_000],
] as const; // biome-ignore format: a table

/** What the retail company sells. */
const SHELF = [
  ['Jasmine rice 5 kg', 'Pantry', 185], ['Cooking oil', 'Pantry', 65], ['Coffee beans 250 g', 'Drinks', 240],
  ['Green tea', 'Drinks', 120], ['Notebook', 'Stationery', 45], ['Desk lamp', 'Home', 590], ['Rice cooker', 'Home', 1_490],
  ['Fan', 'Home', 890], ['Shampoo', 'Care', 159], ['Sun lotion', 'Care', 320],
] as const; // biome-ignore format: a table
type Range = readonly (readonly [name: string, family: string, base: number])[];

const CURRENCIES = ['THB', 'USD', 'EUR'] as const;
const RISE = 0.04;

/** Products, their price lists (a rise each January, announced five weeks ahead) and the weekly rates of exchange. */
export function products(clock: Clock, draw: Random, tables: Tables, retail = false): Product[] {
  const range: Range = retail ? SHELF : RANGE;
  const step = retail ? 1 : 50; // list prices are multiples of so many baht
  const firstYear = Number(clock.calendar.date(clock.start).slice(0, 4));
  const lastYear = Number(clock.calendar.date(clock.end).slice(0, 4));
  const years: { readonly from: number; readonly to: number | null; readonly times: number; readonly week: number }[] =
    [];
  const newYear = (year: number) => parseInstant(`${year}-01-01`, COMPANY.time_zone) as number;
  for (let year = firstYear; year <= lastYear; year++) {
    const from = newYear(year);
    years.push({
      from,
      to: year === lastYear ? null : newYear(year + 1),
      times: (1 + RISE) ** (year - firstYear),
      week: clock.week(from),
    });
  }
  const rateOf = { THB: 1, USD: CURRENCY.usd.first, EUR: CURRENCY.eur.first } as const;
  const listIn = (base: number, currency: 'THB' | 'USD' | 'EUR', times: number) =>
    currency === 'THB'
      ? Math.round((base * times) / step) * step * 100
      : Math.round((base * times) / rateOf[currency]) * 100;

  const rates = { USD: CURRENCY.usd.first as number, EUR: CURRENCY.eur.first as number };
  for (let w = -1; w < clock.weeks; w++) {
    for (const currency of ['USD', 'EUR'] as const) {
      const law = currency === 'USD' ? CURRENCY.usd : CURRENCY.eur;
      // A walk that is drawn back to where it began.
      rates[currency] = law.first * Math.exp(0.97 * Math.log(rates[currency] / law.first) + law.sd * draw.normal());
      const rate = Math.round(rates[currency] * 10_000) / 10_000;
      tables.exchangeRate.push({ from: currency, to: 'THB', at: clock.at(w) + DAY / 3, rate, ...plain });
    }
  }

  return range.map(([name, family, base], i) => {
    const id = `P${String(i + 1).padStart(2, '0')}`;
    const list = (currency: 'THB' | 'USD' | 'EUR', week: number) => {
      let times = 1;
      for (const year of years) if (year.week <= week) times = year.times;
      return listIn(base, currency, times);
    };
    const costShare = 0.5 + 0.12 * draw.uniform();
    const cost = (currency: 'THB' | 'USD' | 'EUR') => Math.round((listIn(base, currency, 1) * costShare) / 100) * 100;
    const newest = listIn(base, 'THB', years.at(-1)!.times);
    const journal = new Journal(tables.change, 'product', id);
    for (const year of years) {
      const price = listIn(base, 'THB', year.times);
      journal.set(year.from, 'list_price', decimal(price), null);
      journal.set(year.from, 'floor_price', decimal(floorOf(price)), null);
      for (const currency of CURRENCIES) {
        tables.price.push({
          productId: id,
          priceList: 'standard',
          currency,
          priceMinor: listIn(base, currency, year.times),
          from: year.from,
          to: year.to,
          ...plain,
          knownAt: year.from - 35 * DAY,
        });
      }
    }
    journal.set(years[0]!.from, 'cost', decimal(cost('THB')), null);
    tables.product.push({
      id,
      name,
      family,
      parentId: null,
      currency: 'THB',
      listPriceMinor: newest,
      floorPriceMinor: floorOf(newest),
      costMinor: cost('THB'),
      inStock: null,
      activeFrom: years[0]!.from,
      activeTo: null,
      ...plain,
    });
    return { id, base, list, cost };
  });
}

const floorOf = (price: number): number => Math.round((price * 0.7) / 100) * 100;
const decimal = (minor: number): string => (minor / 100).toFixed(2);
