import { decimals } from './money.ts';
import type { Instant } from './time.ts';

/** One quotation: units of `to` for one unit of `from`, in force from `at`, known from `knownAt`. */
export interface Rate {
  readonly from: string;
  readonly to: string;
  readonly at: Instant;
  readonly knownAt: Instant;
  readonly rate: number;
}

/** Dated exchange rates, read as they were known at an instant. */
export interface RateTable {
  /**
   * Units of `to` for one unit of `from`: the newest quotation with `at` and `knownAt` <= `asOf`, else the inverse of
   * the other direction's; 1 within one currency; undefined where neither is known.
   */
  rateAt(from: string, to: string, asOf: Instant): number | undefined;
}

/** Cost: one sort; a look-up walks the quotations of its pair back from `asOf`. */
export function rateTable(rates: Iterable<Rate>): RateTable {
  const pairs = new Map<string, Rate[]>();
  for (const rate of rates) {
    const pair = `${rate.from}>${rate.to}`;
    const list = pairs.get(pair);
    if (list) list.push(rate);
    else pairs.set(pair, [rate]);
  }
  for (const list of pairs.values()) list.sort((a, b) => a.at - b.at || a.knownAt - b.knownAt || a.rate - b.rate);
  const newest = (pair: string, asOf: Instant): number | undefined =>
    pairs.get(pair)?.findLast((rate) => rate.at <= asOf && rate.knownAt <= asOf)?.rate;
  return {
    rateAt: (from, to, asOf) => {
      if (from === to) return 1;
      const direct = newest(`${from}>${to}`, asOf);
      if (direct !== undefined) return direct;
      const inverse = newest(`${to}>${from}`, asOf);
      return inverse ? 1 / inverse : undefined;
    },
  };
}

/** A table without quotations: only amounts in the base currency convert. */
export const noRates: RateTable = rateTable([]);

/**
 * Minor units of `from` in minor units of `to`, as a floating number fit for features and statistics; NaN without a
 * rate. Bookings use the exact `convertMinor`.
 */
export function minorAt(rates: RateTable, minor: number, from: string, to: string, asOf: Instant): number {
  if (from === to) return minor;
  const rate = rates.rateAt(from, to, asOf);
  return rate === undefined ? Number.NaN : minor * rate * 10 ** (decimals(to) - decimals(from));
}
