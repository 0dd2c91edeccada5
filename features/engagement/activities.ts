import type { FactOf } from '../../src/records.ts';
import { DAY, lastAtMost } from '../../src/time.ts';
import type { Past } from '../../src/world.ts';
import { shared } from '../shared.ts';

/** What the features of how the two sides talk are counted from. */

export type Activity = FactOf<'activity'>;

/** When activities were, ascending, by channel and direction; `*` = all of them. */
const times = shared((past) => {
  const lists = new Map<string, number[]>();
  const push = (key: string, at: number) => {
    const list = lists.get(key);
    if (list) list.push(at);
    else lists.set(key, [at]);
  };
  for (const { at, channel, direction } of past.all('activity')) {
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
