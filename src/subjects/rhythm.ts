import { DAY } from '../time.ts';
import type { Past } from '../world.ts';

/** What the orders of an account come down to: several of one local day count as one. */
export interface OrderRhythm {
  /** Local days with an order. */
  readonly orderDays: number;
  readonly sinceFirstDays: number;
  readonly sinceLastDays: number;
}

/** By the orders known at the look; undefined where there is none. Cost: one date an order. */
export function orderRhythm(past: Past): OrderRhythm | undefined {
  const orders = past.all('order');
  if (orders.length === 0) return undefined;
  const { calendar } = past.company;
  const days = new Set(orders.map(({ at }) => calendar.date(at))).size;
  const since = (at: number) => (past.asOf - at) / DAY;
  return { orderDays: days, sinceFirstDays: since(orders[0]!.at), sinceLastDays: since(orders.at(-1)!.at) };
}
