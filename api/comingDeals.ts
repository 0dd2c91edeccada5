import { newBusiness } from '../models/forecast/newBusiness.ts';
import type { Coming, ComingShare, Grouping } from '../models/forecast/rollup.ts';
import { firstKnown } from '../src/subjects/deal.ts';
import { type Instant, type Period, WEEK } from '../src/time.ts';
import type { World } from '../src/world.ts';
import { amountOf } from './grade.ts';
import { pastDeals } from './pastDeals.ts';
import { type Convert, groupsOf, type People } from './pipeline.ts';
import { winPace } from './winPace.ts';

/** Deals created lately say where the next ones come. */
const SHARE_WEEKS = 52;
/** A group's amounts are as anybody's until it is seen: worth so many deals. */
const USUAL = 20;

export interface ComingDeals extends Coming {
  /** Deals expected to be created before the period ends. */
  readonly created: number;
}

/** What deals not yet created will bring, by the company's own past as known then; undefined where it is too short. */
export function comingDeals(
  then: World,
  people: People,
  by: Grouping,
  period: Period,
  convert: Convert,
): ComingDeals | undefined {
  const known = newBusiness(
    pastDeals(then, convert),
    then.asOf,
    period,
    then.company.calendar,
    winPace(then, convert)(0),
  );
  if (!known) return undefined;
  const shares = by === 'all' ? [] : sharesOf(then, people, by, convert);
  return { arrivals: known.arrivals, created: known.created, shares };
}

/** Shares of groups in what was created lately: of the number, and of the money, drawn to the number's where few were seen. */
function sharesOf(then: World, people: People, by: Exclude<Grouping, 'all'>, convert: Convert): ComingShare[] {
  const since: Instant = then.asOf - SHARE_WEEKS * WEEK;
  const seen = new Map<string | null, { count: number; minor: number; priced: number }>();
  for (const id of then.ids('deal')) {
    const past = then.past('deal', id);
    const created = firstKnown(past.all('deal'));
    if (!created || created.at < since) continue;
    const groups = groupsOf(then, people, past, then.asOf);
    if (groups.owner !== null && hasLeft(then, groups.owner)) continue;
    const group = groups[by];
    const amount = amountOf(past);
    const minor = amount && convert(amount.minor, amount.currency, then.asOf);
    const tally = seen.get(group) ?? { count: 0, minor: 0, priced: 0 };
    tally.count++;
    if (minor !== undefined && minor > 0) {
      tally.minor += minor;
      tally.priced++;
    }
    seen.set(group, tally);
  }
  const rows = [...seen].sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));
  const sum = (of: (tally: { count: number; minor: number; priced: number }) => number) =>
    rows.reduce((total, [, tally]) => total + of(tally), 0);
  if (rows.length === 0) return [{ group: null, count: 1, money: 1 }];
  const mean =
    sum((tally) => tally.minor) /
    Math.max(
      1,
      sum((tally) => tally.priced),
    );
  const worth = ({ count, minor, priced }: { count: number; minor: number; priced: number }) =>
    mean > 0 ? (count * (minor + USUAL * mean)) / (priced + USUAL) : count;
  const [counts, money] = [sum((tally) => tally.count), sum(worth)];
  return rows.map(([group, tally]) => ({ group, count: tally.count / counts, money: worth(tally) / money }));
}

/** New deals come to those who are there. */
function hasLeft(then: World, owner: string): boolean {
  const until = then.past('user', owner).value('active_to');
  return typeof until === 'number' && until <= then.asOf;
}
