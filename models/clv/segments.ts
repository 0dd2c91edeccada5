import { quantileSorted } from '../../src/stats/quantile.ts';

/** What to do about a customer, by what it is expected to bring. */
export const segments = ['keep', 'grow', 'let go'] as const;
export type Segment = (typeof segments)[number];

/** At least so many times the mean customer's expected profit: worth keeping. */
const KEEP_FROM = 1;
/** Under this share of it: not worth more than a newsletter. */
const LET_GO_BELOW = 1 / 3;

/**
 * The segment of a customer by expected profit over the horizon beside the mean of all: `keep` from the mean on, `let
 * go` under a third of it, `grow` between. All are `let go` where nobody is expected to bring anything.
 */
export function segmentOf(expectedProfit: number, meanProfit: number): Segment {
  if (expectedProfit >= KEEP_FROM * meanProfit && expectedProfit > 0) return 'keep';
  return expectedProfit < LET_GO_BELOW * meanProfit || !(expectedProfit > 0) ? 'let go' : 'grow';
}

/** What recency, frequency and monetary value are cut by: the 20, 40, 60 and 80 % points, ascending. */
export interface RfmCuts {
  readonly recency: readonly number[];
  readonly frequency: readonly number[];
  readonly monetary: readonly number[];
}
/** A fifth each, 1 to 5; 5 bought most recently, most often, for most. */
export interface Rfm {
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
}
/** What the fifths are of: days since the last purchase, days with a purchase, and all that was spent. */
export interface RfmValues {
  readonly sinceDays: number;
  readonly purchases: number;
  readonly spent: number;
}

/** The cuts of a population (quantiles of type 7). */
export function rfmCuts(customers: readonly RfmValues[]): RfmCuts {
  const cuts = (values: number[]): number[] => {
    const ascending = Float64Array.from(values).sort();
    return [0.2, 0.4, 0.6, 0.8].map((level) => quantileSorted(ascending, level));
  };
  return {
    recency: cuts(customers.map(({ sinceDays }) => -sinceDays)),
    frequency: cuts(customers.map(({ purchases }) => purchases)),
    monetary: cuts(customers.map(({ spent }) => spent)),
  };
}

/** A customer's fifths: 1 + the number of cuts below its value, so that equal customers are in the same fifth. */
export function rfmOf(cuts: RfmCuts, { sinceDays, purchases, spent }: RfmValues): Rfm {
  const fifth = (of: readonly number[], value: number) => 1 + of.filter((cut) => cut < value).length;
  return {
    recency: fifth(cuts.recency, -sinceDays),
    frequency: fifth(cuts.frequency, purchases),
    monetary: fifth(cuts.monetary, spent),
  };
}
