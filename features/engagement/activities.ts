import type { FactOf } from '../../src/records.ts';
import { DAY, lastAtMost } from '../../src/time.ts';
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
  return ({ viaContact, contactId, at }: Pick<Activity, 'viaContact' | 'contactId' | 'at'>): boolean =>
    viaContact === true &&
    at >= born &&
    (closed === undefined || at < closed || (reopened !== undefined && reopened >= closed && at >= reopened)) &&
    (named.size === 0 || (contactId !== null && named.has(contactId)));
});

const accountOf = (past: Past): Past | undefined => (past.of === 'deal' ? past.account : undefined);

/** The entity's own and, of a deal, what was said with the account's people without naming anything; oldest first. */
function withLoose<F extends Activity | Ended>(own: readonly F[], loose: readonly F[]): readonly F[] {
  if (loose.length === 0) return own;
  return [...own, ...loose].sort((a, b) => a.at - b.at || a.knownAt - b.knownAt || (a.id < b.id ? -1 : 1));
}

/** Activities so far. */
export const activitiesOf = shared((past): readonly Activity[] =>
  withLoose(past.all('activity'), accountOf(past)?.all('activity').filter(isTheirs(past)) ?? []),
);
/** How activities ended. */
export const endedOf = shared((past): readonly Ended[] =>
  withLoose(past.all('activityEnded'), accountOf(past)?.all('activityEnded').filter(isTheirs(past)) ?? []),
);
/** Activities that are booked. */
export const plannedOf = shared((past): readonly Activity[] =>
  withLoose(past.planned('activity'), accountOf(past)?.planned('activity').filter(isTheirs(past)) ?? []),
);
/** Those of the last `days` days: `at > asOf - days`. */
export const lately = <F extends { readonly at: number }>(
  past: Past,
  facts: readonly F[],
  days: number,
): readonly F[] => facts.filter(({ at }) => at > past.asOf - days * DAY);

/** When activities were, ascending, by channel and direction; `*` = all of them. */
const times = shared((past) => {
  const lists = new Map<string, number[]>();
  const push = (key: string, at: number) => {
    const list = lists.get(key);
    if (list) list.push(at);
    else lists.set(key, [at]);
  };
  for (const { at, channel, direction } of activitiesOf(past)) {
    push('* *', at);
    push(`${channel} *`, at);
    if (!direction) continue;
    push(`* ${direction}`, at);
    push(`${channel} ${direction}`, at);
  }
  return lists;
});
type Channel = Activity['channel'] | '*';
type Direction = 'in' | 'out' | '*';
export const timesOf = (past: Past, channel: Channel, direction: Direction): readonly number[] =>
  times(past).get(`${channel} ${direction}`) ?? [];
/** Of the last `days` days: `at > asOf - days`. */
export const count = (past: Past, days: number, channel: Channel = '*', direction: Direction = '*'): number => {
  const list = timesOf(past, channel, direction);
  return list.length - 1 - lastAtMost(list, past.asOf - days * DAY);
};
