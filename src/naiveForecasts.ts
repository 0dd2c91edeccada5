import { categoryOf } from './forecastCategory.ts';
import type { Norms } from './norms.ts';
import { periodBefore } from './periods.ts';
import { dealState, firstKnown } from './subjects/deal.ts';
import { DAY, type Instant, type Period, WEEK } from './time.ts';
import { type FactSource, type Past, type World, world } from './world.ts';

// Ways of forecasting in common use, done as well as their idea allows: what the engine is compared with. Each knows what was known at the look.

/** An open deal as such a way sees it. */
export interface NaiveDeal {
  readonly id: string;
  /** In minor units of the base currency. */
  readonly amountMinor: number;
  readonly expectedClose: Instant | undefined;
}

/** What a period brings by each way, in minor units of the base currency. */
export interface NaiveForecasts {
  /** Booked + amount x win rate of the stage, of deals whose expected date lies in the rest of the period. */
  readonly stageRate: number;
  /** Booked + commit + half of best case, of deals whose expected date lies in the rest of the period; null where no deal has a category. */
  readonly categories: number | null;
  /** Booked + amount x rate of the same stage and week of past quarters + usual new business. */
  readonly usual: number;
}
export const naiveWays = ['stageRate', 'categories', 'usual'] as const satisfies readonly (keyof NaiveForecasts)[];

/**
 * All of them at a look.
 * @param booked what was booked in the period so far · cost: a pass over the deals for each of the last four quarters
 */
export function naiveForecasts(
  source: FactSource,
  then: World,
  deals: readonly NaiveDeal[],
  booked: number,
  period: Period,
): NaiveForecasts {
  const ids = deals.map(({ id }) => id);
  const sum = (share: (i: number) => number) => deals.reduce((all, { amountMinor }, i) => all + share(i) * amountMinor, booked); // biome-ignore format: one call
  const due = dueOf(deals, then, period);
  const stage = stageRate(then, ids);
  const same = sameStageAndWeek(source, then, ids, period);
  return {
    stageRate: sum((i) => due[i]! * stage[i]!),
    categories: categoriesSay(then, deals, booked, period),
    usual: sum((i) => same[i]!) + usualNewBusiness(source, then.asOf, period),
  };
}

const dueOf = (deals: readonly NaiveDeal[], then: World, period: Period) => deals.map((deal) => Number(isDue(deal, then.asOf, period))); // biome-ignore format: one call

/** The roll-up of categories by itself: booked + commit + half of best case; null where no deal has a category. */
export function categoriesSay(then: World, deals: readonly NaiveDeal[], booked: number, period: Period): number | null {
  const pasts = deals.map(({ id }) => then.past('deal', id));
  if (!pasts.some((past) => categoryOf(past) !== undefined)) return null;
  const due = dueOf(deals, then, period);
  return deals.reduce((all, { amountMinor }, i) => all + due[i]! * categoryShare(pasts[i]!) * amountMinor, booked);
}

/**
 * What each deal's own people called of it, as a share of its amount, by what they had recorded by the look: of one that they expect in the rest of the
 * period its category (`categoryShare`); without a category the win rate of its stage; of others nothing.
 */
export function callsOf(then: World, deals: readonly NaiveDeal[], period: Period): number[] {
  const rate = stageRate(then, deals.map(({ id }) => id)); // biome-ignore format: one call
  return deals.map((deal, i) => {
    if (!isDue(deal, then.asOf, period)) return 0;
    const past = then.past('deal', deal.id);
    return categoryOf(past) === undefined ? rate[i]! : categoryShare(past);
  });
}

/** Whether its people expect it in the rest of the period. */
export const isDue = ({ expectedClose }: Pick<NaiveDeal, 'expectedClose'>, asOf: Instant, period: Period): boolean =>
  expectedClose !== undefined && expectedClose >= asOf && expectedClose < period.to;

const shrink = (won: number, n: number, prior: number) => (won + 20 * prior) / (n + 20);
const stageOf = (then: World, id: string) => String(then.past('deal', id).value('stage') ?? '');

/** Historical win rate of a stage: won / closed among deals that were ever in it, known by then, drawn to that of all by 20 deals. */
export function rateOfStage({ stage, all }: Norms, name: string): { readonly rate: number; readonly closed: number } {
  const prior = all.won / Math.max(all.won + all.lost, 1);
  const { won, lost } = stage.get(name) ?? { won: 0, lost: 0 };
  return { rate: won + lost > 0 ? shrink(won, won + lost, prior) : prior, closed: won + lost };
}

/** The same of each deal's stage. */
export const stageRate = (then: World, open: readonly string[]): number[] =>
  open.map((id) => rateOfStage(then.norms, stageOf(then, id)).rate);

/** Commit counts whole, best case by half. */
export function categoryShare(past: Past): number {
  const said = categoryOf(past);
  return said === 'commit' ? 1 : said === 'best case' ? 0.5 : 0;
}

/** Share of past open deals, at the same stage and week of the period, that were won by that period's end. */
export function sameStageAndWeek(source: FactSource, then: World, open: readonly string[], period: Period): number[] {
  const tally = new Map<string, [number, number]>();
  let won = 0;
  let n = 0;
  for (const { at, quarter } of pastQuarters(source, then.asOf, period)) {
    const past = world(source, at);
    for (const id of past.ids('deal')) {
      if (dealState(past.past('deal', id)) !== 'open') continue;
      const close = firstClose(source, id, then.asOf);
      const yes = close && close.outcome === 'won' && close.at >= at && close.at < quarter.to ? 1 : 0;
      const entry = tally.get(stageOf(past, id)) ?? [0, 0];
      tally.set(stageOf(past, id), [entry[0] + yes, entry[1] + 1]);
      won += yes;
      n++;
    }
  }
  const prior = n ? won / n : 0;
  return open.map((id) => {
    const [w, m] = tally.get(stageOf(then, id)) ?? [0, 0];
    return shrink(w, m, prior);
  });
}

/** Mean over the last four periods of the kind of what deals created after the same week of the quarter still brought within it. */
export function usualNewBusiness(source: FactSource, asOf: Instant, period: Period): number {
  const totals = pastQuarters(source, asOf, period).map(({ at, quarter }) => {
    let total = 0;
    for (const id of source.ids('deal')) {
      const born = firstKnown(source.history('deal', id)?.deal);
      if (!born || born.knownAt <= at) continue;
      const close = firstClose(source, id, asOf);
      if (close?.outcome !== 'won' || close.at >= quarter.to) continue;
      const minor = world(source, close.knownAt).baseMinor(close.amountMinor ?? 0, close.currency);
      if (Number.isFinite(minor)) total += minor;
    }
    return total;
  });
  return totals.length ? totals.reduce((s, v) => s + v, 0) / totals.length : 0;
}

/** How a deal ended first, as far as it was known. */
const firstClose = (source: FactSource, id: string, asOf: Instant) =>
  source.history('deal', id)?.closed?.find(({ knownAt }) => knownAt <= asOf);

/** The same moment of each of the four periods before, of the same kind; no later than the last week of a long one, the last day of a short. */
function pastQuarters(source: FactSource, asOf: Instant, period: Period): { at: Instant; quarter: Period }[] {
  const { calendar } = source.company;
  const into = asOf - period.from;
  const quarters: { at: Instant; quarter: Period }[] = [];
  let quarter = period;
  for (let k = 0; k < 4; k++) {
    quarter = periodBefore(calendar, quarter);
    const last = quarter.to - (quarter.to - quarter.from > 2 * WEEK ? WEEK : DAY);
    quarters.push({ at: Math.min(quarter.from + into, last), quarter });
  }
  return quarters;
}
