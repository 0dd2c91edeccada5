import { type Calendar, DAY, type Instant, type Period, WEEK } from '../../src/time.ts';
import { daysBetween, localDays } from './calendarCells.ts';
import { type CalendarEffects, calendarEffects } from './calendarEffects.ts';
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
/** Days ahead that are told apart; of later ones nobody foretells the calendar, and they go by weeks. */
const FORETOLD = 732;
/** Wins as quick as the period leaves time for say what such wins are worth, if there are so many. */
const ENOUGH_QUICK = 30;

export interface NewBusiness {
  readonly arrivals: Arrivals;
  /** Deals that are expected to be created before the period ends. */
  readonly created: number;
}

/**
 * What deals not yet created will bring within a period: their number by weekly counts of the past (`creationRate`), spread over the days of the week as those
 * of the past were, each won in time with the chance that the law from creation to win leaves it,
 *
 *     mean = sum over days s of c_s sum over days t of the period, t >= s, of P(won on t | created on s).
 *
 * The law: hazards of won and of lost by age in days, of deals of the last two years (those still open are censored at the look), paced by the company's
 * calendar as open deals are (`pacedBins.ts`): who is open after a day of hazard q, is so after one of weight w with (1 - q)^w; that it is won at all stays as
 * probable. Amounts as of the wins that were as quick. Undefined where the past is too short to tell, or nothing can come.
 * Deals created more than two years ahead are taken by the week and won by the law as it is.
 * @param won the calendar's effects on wins · Cost O(deals log deals + days x ages + weeks), of two years' days at most.
 */
export function newBusiness(
  deals: readonly PastDeal[],
  asOf: Instant,
  period: Period,
  calendar: Calendar,
  won: CalendarEffects,
): NewBusiness | undefined {
  if (period.to <= asOf) return undefined;
  const first = deals.reduce((least, deal) => Math.min(least, deal.createdAt), asOf);
  const weeks = Math.min(LOOK_BACK, Math.floor((asOf - first) / WEEK));
  if (weeks < FEWEST_WEEKS) return undefined;
  const counts = new Float64Array(weeks);
  for (const { createdAt } of deals) {
    const back = Math.ceil((asOf - createdAt) / WEEK);
    if (back >= 1 && back <= weeks) counts[weeks - back]++;
  }
  const { rate, size } = creationRate(counts, Math.ceil((period.to - asOf) / WEEK));
  const lately = deals.filter((deal) => deal.createdAt >= asOf - LAW_WEEKS * WEEK);
  const law = lawOfAges(lately, calendar, asOf);
  const arrivals = createdByWeekday(lately, calendar, asOf);
  const foretold = Math.min(period.to, asOf + FORETOLD * DAY);
  const days = localDays(calendar, asOf, calendar.nextDay(foretold - 1));
  const weights = weightsFrom(days[0], law.ages + days.length, calendar, won);
  /** Share of a day from the look on that lies in the period. */
  const inside = Float64Array.from(
    localDays(calendar, asOf, calendar.nextDay(Math.min(period.to, foretold + law.ages * DAY) - 1)),
    (day) => {
      const [from, to] = [Math.max(day, asOf), calendar.nextDay(day)];
      return Math.max(0, Math.min(to, period.to) - Math.max(from, period.from)) / (to - from);
    },
  );
  /** Created in a stretch that lies within a week counted from the look. */
  const createdIn = (from: Instant, to: Instant) =>
    (rate[Math.min(rate.length - 1, Math.floor((from - asOf) / WEEK))] * (to - from)) / WEEK;
  let mean = 0;
  let created = 0;
  let last = asOf;
  for (const [s, day] of days.entries()) {
    const [from, to] = [Math.max(day, asOf), Math.min(calendar.nextDay(day), period.to)];
    const number = createdIn(from, to) * arrivals.weight(day);
    created += number;
    mean += number * wonInside(law, weights, inside, s);
    last = to;
  }
  const wonBy = wonByAge(law);
  for (let from = last; from < period.to; from += WEEK) {
    const to = Math.min(from + WEEK, period.to);
    const number = createdIn(from, to);
    const middle = (from + to) / 2;
    created += number;
    mean += number * (wonBy((period.to - middle) / DAY) - wonBy((period.from - middle) / DAY));
  }
  const wins = deals.filter((deal) => deal.won && deal.amountMinor > 0 && deal.closedAt! >= asOf - LAW_WEEKS * WEEK);
  const quick = wins.filter((deal) => deal.closedAt! - deal.createdAt <= period.to - asOf);
  const alike = quick.length >= ENOUGH_QUICK ? quick : wins;
  const severity = severityOf(alike.map((deal) => deal.amountMinor));
  if (!severity || wins.length < FEWEST_WON || !(mean > 0)) return undefined;
  const chance = Math.min(1 - 1e-9, mean / created);
  return { arrivals: { mean, size, severity, chance }, created };
}

/** Hazards by age in days: of a day, ln of the share that stays open, and the share of won among those that end. */
interface AgeLaw {
  /** From this age on nothing ended. */
  readonly ages: number;
  readonly stay: Float64Array;
  readonly won: Float64Array;
  /** P(won at all). */
  readonly ever: number;
}

/** By whole local days from creation, 0 = the same day. */
function lawOfAges(deals: readonly PastDeal[], calendar: Calendar, asOf: Instant): AgeLaw {
  const age = ({ createdAt, closedAt }: PastDeal) => Math.max(0, daysBetween(calendar, createdAt, closedAt ?? asOf));
  const ages = deals.reduce((most, deal) => (deal.closedAt === undefined ? most : Math.max(most, age(deal) + 1)), 0);
  const leaves = new Float64Array(ages + 1);
  const wins = new Float64Array(ages);
  const ends = new Float64Array(ages);
  for (const deal of deals) {
    const at = Math.min(ages, age(deal));
    leaves[at]++;
    if (deal.closedAt === undefined) continue;
    ends[at]++;
    if (deal.won) wins[at]++;
  }
  let risk = deals.length;
  let open = 1;
  let ever = 0;
  const stay = new Float64Array(ages);
  const won = new Float64Array(ages);
  for (let a = 0; a < ages; a++) {
    const q = risk > 0 ? ends[a] / risk : 0;
    stay[a] = Math.log1p(-q);
    won[a] = ends[a] > 0 ? wins[a] / ends[a] : 0;
    ever += open * q * won[a];
    open *= 1 - q;
    risk -= leaves[a];
  }
  return { ages, stay, won, ever };
}

/** P(won on the days inside | created on day s): as much of `ever` as the paced law has there. */
function wonInside({ ages, stay, won, ever }: AgeLaw, weights: Float64Array, inside: Float64Array, s: number): number {
  let open = 1;
  let within = 0;
  let all = 0;
  for (let a = 0; a < ages; a++) {
    if (stay[a] === 0) continue;
    const stays = Math.exp(weights[s + a] * stay[a]);
    const wins = open * (1 - stays) * won[a];
    all += wins;
    if (s + a < inside.length) within += wins * inside[s + a];
    open *= stays;
  }
  return all > 0 ? (ever * within) / all : 0;
}

/** P(won within so many days of creation), by the law as it is. */
function wonByAge({ ages, stay, won, ever }: AgeLaw): (days: number) => number {
  const by = new Float64Array(ages + 1);
  let open = 1;
  for (let a = 0; a < ages; a++) {
    const stays = Math.exp(stay[a]);
    by[a + 1] = by[a] + open * (1 - stays) * won[a];
    open *= stays;
  }
  return (days) => {
    if (days <= 0) return 0;
    if (days >= ages) return ever;
    const whole = Math.floor(days);
    return by[whole] + (days - whole) * (by[whole + 1] - by[whole]);
  };
}

/** How much more is created on one weekday than on another. */
function createdByWeekday(deals: readonly PastDeal[], calendar: Calendar, asOf: Instant): CalendarEffects {
  const first = deals.reduce((least, { createdAt }) => Math.min(least, createdAt), asOf);
  const observed = new Map<Instant, number>();
  for (const { createdAt } of deals) {
    const day = calendar.startOfDay(createdAt);
    observed.set(day, (observed.get(day) ?? 0) + 1);
  }
  // The first day may have begun before its first deal was written down.
  const days = localDays(calendar, calendar.nextDay(first), asOf);
  return calendarEffects(days.map((day) => ({ day, observed: observed.get(day) ?? 0, expected: 1 })), calendar, ['weekday']); // biome-ignore format: one call
}

/** Of so many local days, from the first one on. */
function weightsFrom(first: Instant, count: number, calendar: Calendar, effects: CalendarEffects): Float64Array {
  let day = first;
  return Float64Array.from({ length: count }, () => {
    const weight = effects.weight(day);
    day = calendar.nextDay(day);
    return weight;
  });
}
