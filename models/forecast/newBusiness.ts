import { aalenJohansen } from '../../src/stats/aalenJohansen.ts';
import { DAY, type Instant, type Period, WEEK } from '../../src/time.ts';
import type { Arrivals } from './commonFactor.ts';
import { severityOf } from './compound.ts';
import { creationRate } from './creationRate.ts';

/** A deal of the past, as known at the look. */
export interface PastDeal {
  readonly createdAt: Instant;
  /** Undefined while it is open. */
  readonly closedAt: Instant | undefined;
  readonly won: boolean;
  /** What it was won for, in minor units of the forecast's currency; NaN where that is not known. */
  readonly amountMinor: number;
}

/** Weeks that are looked back on; older ones say little of today. */
const LOOK_BACK = 156;
/** Deals from which the time from creation to win is learned. */
const LAW_WEEKS = 104;
const FEWEST_WEEKS = 8;
const FEWEST_WON = 5;
/** Wins as quick as the period leaves time for say what such wins are worth, if there are so many. */
const ENOUGH_QUICK = 30;

export interface NewBusiness {
  readonly arrivals: Arrivals;
  /** Deals that are expected to be created before the period ends. */
  readonly created: number;
}

/**
 * What deals not yet created will bring within a period: their number by weekly counts of the past (`creationRate`), each won in
 * time with the chance that the law from creation to win leaves it,
 *
 *     mean = sum over weeks h of c_h (F(to - t_h) - F(from - t_h)),
 *
 * F the Aalen-Johansen incidence of won by age over deals of the last two years (those still open are censored at the look), t_h the middle of
 * the week; and amounts as of the wins that were as quick. Undefined where the past is too short to tell, or nothing can come.
 * Cost O(deals log deals).
 */
export function newBusiness(deals: readonly PastDeal[], asOf: Instant, period: Period): NewBusiness | undefined {
  if (period.to <= asOf) return undefined;
  const first = deals.reduce((least, deal) => Math.min(least, deal.createdAt), asOf);
  const weeks = Math.min(LOOK_BACK, Math.floor((asOf - first) / WEEK));
  if (weeks < FEWEST_WEEKS) return undefined;
  const counts = new Float64Array(weeks);
  for (const { createdAt } of deals) {
    const back = Math.ceil((asOf - createdAt) / WEEK);
    if (back >= 1 && back <= weeks) counts[weeks - back]++;
  }
  const ahead = (period.to - asOf) / WEEK;
  const { rate, size } = creationRate(counts, Math.ceil(ahead));
  const incidence = wonByAge(deals.filter((deal) => deal.createdAt >= asOf - LAW_WEEKS * WEEK), asOf); // biome-ignore format: one call
  let mean = 0;
  let created = 0;
  for (let h = 0; h < rate.length; h++) {
    const share = Math.min(1, ahead - h);
    const middle = asOf + (h + share / 2) * WEEK;
    const age = (until: Instant) => Math.max(0, (until - middle) / DAY);
    created += rate[h] * share;
    mean += rate[h] * share * (incidence(age(period.to)) - incidence(age(period.from)));
  }
  const won = deals.filter((deal) => deal.won && deal.amountMinor > 0 && deal.closedAt! >= asOf - LAW_WEEKS * WEEK);
  const quick = won.filter((deal) => deal.closedAt! - deal.createdAt <= period.to - asOf);
  const alike = quick.length >= ENOUGH_QUICK ? quick : won;
  const severity = severityOf(alike.map((deal) => deal.amountMinor));
  if (!severity || won.length < FEWEST_WON || !(mean > 0)) return undefined;
  const chance = Math.min(1 - 1e-9, mean / created);
  return { arrivals: { mean, size, severity, chance }, created };
}

/** P(won within so many days of creation), linear between the ages at which deals ended. */
function wonByAge(deals: readonly PastDeal[], asOf: Instant): (days: number) => number {
  const time = deals.map((deal) => Math.max(0, ((deal.closedAt ?? asOf) - deal.createdAt) / DAY));
  const cause = deals.map((deal) => (deal.closedAt === undefined ? 0 : deal.won ? 1 : 2));
  const { times, incidence } = aalenJohansen(time, cause, 2);
  return (days) => {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= days) low = middle + 1;
      else high = middle;
    }
    const before = low === 0 ? 0 : incidence[(low - 1) * 2];
    if (low === times.length) return before;
    const from = low === 0 ? 0 : times[low - 1];
    return before + ((incidence[low * 2] - before) * (days - from)) / (times[low] - from);
  };
}
