import { groupTree } from '../models/forecast/groupTree.ts';
import { type ForecastNode, type Grouping, rollUp } from '../models/forecast/rollup.ts';
import { topDown, weeksOf } from '../models/forecast/topDown.ts';
import { seriesMethods } from '../models/series/methods.ts';
import { periodBefore, yearBefore } from '../src/periods.ts';
import { quantile } from '../src/stats/quantile.ts';
import type { Store } from '../src/store/store.ts';
import { dealState, firstKnown } from '../src/subjects/deal.ts';
import { DAY, type Instant, type Period, WEEK } from '../src/time.ts';
import type { World } from '../src/world.ts';
import { converterOf, type ForecastAsk, type Ingredients, rollUpAsk, usuallyCounted } from './forecast.ts';
import { amountOf } from './grade.ts';
import type { Moment } from './moments.ts';
import { type Convert, type Groups, groupsOf, MOST_MINOR, type People, type PipelineOpen } from './pipeline.ts';

/** Whose wins and losses say how fast the open pipeline turns into money: a period that has just begun has none. */
const LATELY = 365 * DAY;

/** What ended in a stretch of time. */
export interface Ended {
  readonly wonDeals: number;
  readonly lostDeals: number;
  readonly bookedMinor: number;
  /** Won of all that ended, by number; null where nothing ended. */
  readonly winRate: number | null;
  /** The same by money, of those whose amount is known. */
  readonly winRateOfMoney: number | null;
  /** Median days from creation to win. */
  readonly cycleDays: number | null;
  /** Mean amount of a win. */
  readonly averageMinor: number | null;
}

/** Another period: what had ended by the same day of it, and in all of it. */
export interface Compared {
  readonly byThen: Ended;
  readonly whole: Ended;
}

export interface GroupComparison {
  readonly kind: Grouping;
  readonly id: string | null;
  readonly parentId: string | null;
  readonly name: string | undefined;
  /** What was promised: the quota. Null without one. */
  readonly quotaMinor: number | null;
  readonly expectedMinor: number;
  readonly quotaProbability: number | null;
  /** Booked / quota, and expected / quota. */
  readonly attainment: number | null;
  readonly expectedAttainment: number | null;
  /** Attainment / share of the period that has passed: 1 is on plan. Null before it begins. */
  readonly pace: number | null;
  readonly openDeals: number;
  /** Amounts of open deals whose expected close date lies in the period. */
  readonly dueMinor: number;
  /** `dueMinor` / (quota - booked): how many times over the deals that are due cover what is missing. Null where nothing is missing. */
  readonly coverage: number | null;
  /** Money a day: open deals x win rate x average win / cycle, by what ended within the last 365 days. */
  readonly velocityMinor: number | null;
  readonly now: Ended;
  /** Null where the records do not reach back so far. */
  readonly previous: Compared | null;
  readonly yearBefore: Compared | null;
}

export interface Comparison {
  readonly asOf: Instant;
  readonly period: Period;
  readonly previous: Period;
  readonly yearBefore: Period;
  readonly currency: string;
  /** Share of the period that has passed. */
  readonly elapsed: number;
  /** The whole by its past bookings alone, week by week, without a look at the open deals; null where they are too few or the period is over. */
  readonly topDownMinor: number | null;
  readonly total: GroupComparison;
  readonly groups: readonly GroupComparison[];
}

/** A deal that ended, for whom it counted then. */
interface Ending extends Groups {
  readonly won: boolean;
  readonly at: Instant;
  readonly createdAt: Instant | undefined;
  readonly amountMinor: number | undefined;
}

/**
 * How a period stands as of an instant: against its quota, against the period before and against the same one a year before, by the
 * same day of them and as a whole; by any grouping, a team with its sub-teams. All of it as known at the instant, each ending
 * counted for whom it was then. Cost: one roll-up, and O(deals log deals).
 */
export function comparisonOf(store: Store, moment: Moment, made: Ingredients, ask: ForecastAsk): Comparison {
  const { period, by, asOf } = ask;
  const { then } = moment;
  const { calendar, settings } = store.company();
  const base = settings.base_currency;
  const currency = ask.currency ?? base;
  const others = { previous: periodBefore(calendar, period), yearBefore: yearBefore(calendar, period) };
  const first = then.ids('deal').reduce((least, id) => Math.min(least, createdAt(then, id) ?? least), asOf);
  const endings = endingsOf(then, made.people, converterOf(moment, base, currency), base);
  const { open } = made.pipeline;
  const { nodes } = rollUp(rollUpAsk(made, by, ask.parts ?? usuallyCounted));
  const known = new Map(nodes.slice(1).map((node) => [node.id, node]));

  const groupOf = (of: Groups): string | null => (by === 'all' ? null : of[by]);
  const mentioned = by === 'all' ? [] : [...known.keys(), ...endings.map(groupOf), ...open.map((deal) => groupOf(deal as Groups))]; // biome-ignore format: one choice
  const tree = groupTree(by === 'team' ? made.people.teams : [], mentioned);
  const ended = stretches(endings, (ending) => tree.place(groupOf(ending)), tree.ids.length);
  const opened = stretches(open, (deal) => tree.place(groupOf(deal as Groups)), tree.ids.length);
  const passed = Math.min(Math.max(asOf - period.from, 0), period.to - period.from);
  const elapsed = passed / (period.to - period.from);

  const groupAt = (
    node: ForecastNode | undefined,
    id: string | null,
    parentId: string | null,
    all: readonly Ending[],
    due: readonly PipelineOpen[],
  ): GroupComparison => {
    // biome-ignore format: one signature
    const now = endedIn(all, period.from, period.to);
    const quotaMinor = node?.quotaMinor ?? null;
    const expectedMinor = node?.expectedMinor ?? 0;
    const ofQuota = (minor: number) => (quotaMinor === null || quotaMinor <= 0 ? null : minor / quotaMinor);
    const attainment = ofQuota(now.bookedMinor);
    const missing = quotaMinor === null ? 0 : quotaMinor - now.bookedMinor;
    const dueMinor = due.reduce((sum, { expectedClose: at, amountMinor }) => (at !== undefined && at >= period.from && at < period.to ? sum + amountMinor : sum), 0); // biome-ignore format: one call
    const compared = (other: Period): Compared | null => {
      if (other.to <= first) return null;
      const byThen = Math.min(other.to, other.from + passed);
      return { byThen: endedIn(all, other.from, byThen), whole: endedIn(all, other.from, other.to) };
    };
    return {
      kind: node?.kind ?? by,
      id,
      parentId,
      name: id === null ? undefined : made.people.name(by, id),
      quotaMinor,
      expectedMinor,
      quotaProbability: node?.quotaProbability ?? null,
      attainment,
      expectedAttainment: ofQuota(expectedMinor),
      pace: attainment === null || elapsed === 0 ? null : attainment / elapsed,
      openDeals: due.length,
      dueMinor,
      coverage: missing > 0 ? dueMinor / missing : null,
      velocityMinor: velocityOf(due.length, endedIn(all, asOf - LATELY, asOf + 1)),
      now,
      previous: compared(others.previous),
      yearBefore: compared(others.yearBefore),
    };
  };
  return {
    asOf,
    period,
    ...others,
    currency,
    elapsed,
    topDownMinor: fromAbove(endings, asOf, period),
    total: { ...groupAt(nodes[0], null, null, endings, open), kind: 'all' },
    groups: tree.ids.map((id, place) => groupAt(known.get(id), id, tree.parents[place]!, ended(place, tree.ends[place]!), opened(place, tree.ends[place]!))), // biome-ignore format: one call
  };
}

/** Weeks with bookings before their course says anything, and weeks ahead that it may be drawn out to. */
const [LEAST_WEEKS, MOST_AHEAD] = [26, 106];

export function fromAbove(
  endings: readonly Pick<Ending, 'won' | 'at' | 'createdAt' | 'amountMinor'>[],
  asOf: Instant,
  period: Pick<Period, 'from' | 'to'>,
): number | null {
  if (period.to <= asOf || period.to - asOf > MOST_AHEAD * WEEK) return null;
  const won = endings.flatMap(({ won, at, amountMinor }) => (won && amountMinor !== undefined ? [{ at, minor: amountMinor }] : [])); // biome-ignore format: one chain
  if (weeksOf(won, asOf).length < LEAST_WEEKS) return null;
  const booked = endedIn(endings, period.from, period.to).bookedMinor;
  return Math.round(topDown(won, asOf, booked, period, seriesMethods.auto));
}

function velocityOf(openDeals: number, { winRate, averageMinor, cycleDays }: Ended): number | null {
  if (winRate === null || averageMinor === null || cycleDays === null || !(cycleDays > 0)) return null;
  return Math.round((openDeals * winRate * averageMinor) / cycleDays);
}

const createdAt = (then: World, id: string): Instant | undefined => firstKnown(then.past('deal', id).all('deal'))?.at;

/** Every deal that has ended; amounts at the rate of the day it did. */
function endingsOf(then: World, people: People, convert: Convert, base: string): Ending[] {
  return then.ids('deal').flatMap((id): Ending[] => {
    const past = then.past('deal', id);
    const close = past.last('closed');
    if (!close || dealState(past) === 'open') return [];
    const won = close.outcome === 'won';
    const booked = close.amountMinor === null ? undefined : { minor: close.amountMinor, currency: close.currency ?? base }; // biome-ignore format: one choice
    // What was won is booked or not known; what was lost was worth what it last said.
    const amount = won ? booked : (booked ?? amountOf(past));
    const minor = amount && convert(amount.minor, amount.currency, close.at);
    const amountMinor = minor !== undefined && Math.abs(minor) <= MOST_MINOR ? minor : undefined;
    return [{ ...groupsOf(then, people, past, close.at), won, at: close.at, createdAt: firstKnown(past.all('deal'))?.at, amountMinor }]; // biome-ignore format: a row
  });
}

/** What ended from an instant on and before another. */
export function endedIn(
  endings: readonly Pick<Ending, 'won' | 'at' | 'createdAt' | 'amountMinor'>[],
  from: Instant,
  to: Instant,
): Ended {
  // biome-ignore format: one signature
  let [wonDeals, lostDeals, priced, bookedMinor, lostMinor] = [0, 0, 0, 0, 0];
  const days: number[] = [];
  for (const { won, at, createdAt, amountMinor } of endings) {
    if (at < from || at >= to) continue;
    if (!won) {
      lostDeals++;
      lostMinor += amountMinor ?? 0;
      continue;
    }
    wonDeals++;
    if (createdAt !== undefined) days.push(Math.max(0, at - createdAt) / DAY);
    if (amountMinor === undefined) continue;
    priced++;
    bookedMinor += amountMinor;
  }
  const all = wonDeals + lostDeals;
  const money = bookedMinor + lostMinor;
  return {
    wonDeals,
    lostDeals,
    bookedMinor,
    winRate: all === 0 ? null : wonDeals / all,
    winRateOfMoney: money > 0 ? bookedMinor / money : null,
    cycleDays: days.length === 0 ? null : quantile(days, 0.5),
    averageMinor: priced === 0 ? null : Math.round(bookedMinor / priced),
  };
}

/** Rows by place, so that a group's own and those below it are one stretch. */
function stretches<R>(rows: readonly R[], placeOf: (row: R) => number, places: number) {
  const at: R[][] = Array.from({ length: places }, () => []);
  if (places > 0) for (const row of rows) at[placeOf(row)]!.push(row);
  return (place: number, end: number): readonly R[] => at.slice(place, end).flat();
}
