import type { FactBase, FactOf } from '../../src/records.ts';
import { DAY, lastAtMost } from '../../src/time.ts';
import { firstAfter, isViaContact } from '../../src/timelines.ts';
import type { Past } from '../../src/world.ts';
import { bornAt, shared } from '../shared.ts';

/** What the features of how the two sides talk are counted from. */

export type Activity = FactOf<'activity'>;
type Ended = FactOf<'activityEnded'>;

/**
 * Whether an activity that only names a contact is one of this deal's: it came while the deal was open, and with one of
 * the people named for it, where any are. Such an activity counts for every deal that was open with the account then.
 */
const isTheirs = shared((past) => {
  const born = bornAt(past) ?? Number.POSITIVE_INFINITY;
  const [closed, reopened] = [past.last('closed')?.at, past.last('reopened')?.at];
  const named = new Set(past.all('dealContact').map(({ contactId }) => contactId));
  return ({ contactId, at }: Pick<Activity, 'contactId' | 'at'>): boolean =>
    at >= born &&
    (closed === undefined || at < closed || (reopened !== undefined && reopened >= closed && at >= reopened)) &&
    (named.size === 0 || (contactId !== null && named.has(contactId)));
});

/** What of a deal's account is told of it by a contact alone; mostly nothing. */
const accountOf = (past: Past): Past | undefined => (past.of === 'deal' ? past.account : undefined);
const NONE: readonly never[] = [];
const looseActivities = shared((account) => account.viaContact('activity'));
const looseEnded = shared((account) => account.viaContact('activityEnded'));
const loosePlanned = shared((account) => account.planned('activity').filter(isViaContact));

/** The entity's own and, of a deal, what was said with the account's people without naming anything; oldest first. */
function withLoose<F extends Activity | Ended>(
  past: Past,
  own: readonly F[],
  looseOf: (account: Past) => readonly F[],
): readonly F[] {
  const account = accountOf(past);
  const all = account ? looseOf(account) : NONE;
  if (all.length === 0) return own;
  const loose = all.filter(isTheirs(past));
  if (loose.length === 0) return own;
  return [...own, ...loose].sort((a, b) => a.at - b.at || a.knownAt - b.knownAt || (a.id < b.id ? -1 : 1));
}

/** Activities so far. */
export const activitiesOf = shared((past): readonly Activity[] =>
  withLoose(past, past.all('activity'), looseActivities),
);
/** How activities ended. */
export const endedOf = shared((past): readonly Ended[] => withLoose(past, past.all('activityEnded'), looseEnded));
/** Activities that are booked. */
export const plannedOf = shared((past): readonly Activity[] => withLoose(past, past.planned('activity'), loosePlanned));
/** Those of the last `days` days, of facts oldest first: `at > asOf - days`. */
export const lately = <F extends FactBase>(past: Past, facts: readonly F[], days: number): readonly F[] => {
  const first = firstAfter(facts, past.asOf - days * DAY);
  return first === 0 ? facts : facts.slice(first);
};

type Channel = Activity['channel'] | '*';
type Direction = 'in' | 'out' | '*';
const CHANNELS: Readonly<Record<Channel, number>> = {
  '*': 0,
  email: 1,
  call: 2,
  chat: 3,
  meeting: 4,
  note: 5,
  task: 6,
};
const DIRECTIONS: Readonly<Record<Direction, number>> = { '*': 0, in: 1, out: 2 };
const WAYS = 3;

/** When activities were, ascending, by channel and direction; `*` = all of them. */
const times = shared((past) => {
  const lists: (number[] | undefined)[] = new Array(7 * WAYS).fill(undefined);
  const push = (place: number, at: number) => {
    const list = lists[place];
    if (list) list.push(at);
    else lists[place] = [at];
  };
  for (const { at, channel, direction } of activitiesOf(past)) {
    const of = CHANNELS[channel] * WAYS;
    push(0, at);
    push(of, at);
    if (!direction) continue;
    push(DIRECTIONS[direction], at);
    push(of + DIRECTIONS[direction], at);
  }
  return lists;
});
export const timesOf = (past: Past, channel: Channel, direction: Direction): readonly number[] =>
  times(past)[CHANNELS[channel] * WAYS + DIRECTIONS[direction]] ?? NONE;
/** Of the last `days` days: `at > asOf - days`. */
export const count = (past: Past, days: number, channel: Channel = '*', direction: Direction = '*'): number => {
  const list = timesOf(past, channel, direction);
  return list.length - 1 - lastAtMost(list, past.asOf - days * DAY);
};
