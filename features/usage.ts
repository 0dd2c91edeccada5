import type { Past } from '../src/world.ts';
import { defineFeature } from './feature.ts';
import { daysSince, ratio } from './shared.ts';

/** How much the account uses what it has. Missing where no account is known, or no use was ever recorded. */

/** Quantity used between so many days ago; NaN where nothing was ever recorded. */
function used(past: Past, from: number, to: number): number {
  const account = past.account;
  if (!account?.last('usage')) return Number.NaN;
  let sum = 0;
  for (const use of account.within('usage', to)) if (daysSince(past, use.at) >= from) sum += use.quantity ?? 0;
  return sum;
}

export const usage30d = defineFeature({
  name: 'usage_30d',
  type: 'number',
  unit: 'count',
  says: 'Quantity used in the last 30 days, over all products.',
  label: { en: 'usage in the last 30 days', th: 'การใช้งานใน 30 วันที่ผ่านมา' },
  idea: 'usage',
  compute: (past) => used(past, 0, 30),
});

export const usageTrend30d = defineFeature({
  name: 'usage_trend_30d',
  type: 'number',
  unit: 'ratio',
  says: 'Usage of the last 30 days less that of the 30 before, over both together; -1 to 1.',
  label: { en: 'trend of usage over a month', th: 'แนวโน้มการใช้งานรายเดือน' },
  idea: 'usage trend',
  compute: (past) => trend(past, 30),
});

export const usageTrend90d = defineFeature({
  name: 'usage_trend_90d',
  type: 'number',
  unit: 'ratio',
  says: 'Usage of the last 90 days less that of the 90 before, over both together; -1 to 1.',
  label: { en: 'trend of usage over a quarter', th: 'แนวโน้มการใช้งานรายไตรมาส' },
  idea: 'usage trend',
  compute: (past) => trend(past, 90),
});

const trend = (past: Past, days: number): number => {
  const late = used(past, 0, days);
  const early = used(past, days, 2 * days);
  return ratio(late - early, late + early);
};

export const usageAgeDays = defineFeature({
  name: 'usage_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since anything was last used.',
  label: { en: 'days since the last use', th: 'จำนวนวันนับจากการใช้งานล่าสุด' },
  idea: 'usage',
  compute: (past) => daysSince(past, past.account?.all('usage').findLast((use) => (use.quantity ?? 0) > 0)?.at),
});

export const usageProductCount90d = defineFeature({
  name: 'usage_product_count_90d',
  type: 'number',
  unit: 'count',
  says: 'Different products used in the last 90 days.',
  label: { en: 'products in use', th: 'จำนวนสินค้าที่ใช้งานอยู่' },
  idea: 'usage',
  compute: (past) =>
    past.account?.last('usage')
      ? new Set(past.account.within('usage', 90).flatMap(({ productId }) => productId ?? [])).size
      : Number.NaN,
});
