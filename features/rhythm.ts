import { orderRhythm } from '../src/subjects/rhythm.ts';
import { defineFeature } from './feature.ts';
import { shared } from './shared.ts';

/** How often and since when an account orders: with `order_age_days`, all that a law of purchases asks. */

const rhythm = shared((past) => (past.account ? orderRhythm(past.account) : undefined));

export const orderDayCount = defineFeature({
  name: 'order_day_count',
  type: 'number',
  unit: 'count',
  says: 'Days on which the account ordered, ever.',
  label: { en: 'days with an order so far', th: 'จำนวนวันที่เคยสั่งซื้อ' },
  idea: 'orders',
  compute: (past) => rhythm(past)?.orderDays ?? 0,
});

export const orderFirstAgeDays = defineFeature({
  name: 'order_first_age_days',
  type: 'number',
  unit: 'days',
  says: "Days since the account's first order.",
  label: { en: 'days since the first order', th: 'จำนวนวันนับจากคำสั่งซื้อแรก' },
  idea: 'tenure',
  compute: (past) => rhythm(past)?.sinceFirstDays ?? Number.NaN,
});
