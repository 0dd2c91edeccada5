import type { Past } from '../src/world.ts';
import { defineFeature } from './feature.ts';
import { amountOf, daysSince, shared } from './shared.ts';

/** Who the customer is and how it went with them before. Missing where the deal names no account. */

/** How the account's other deals ended in the last year, each by its newest close, and how many were never closed. */
const others = shared((past) => {
  const account = past.account;
  if (!account) return undefined;
  const outcomes = new Map(account.within('closed', 365).map((closed) => [closed.dealId, closed.outcome]));
  outcomes.delete(past.id);
  let won = 0;
  for (const outcome of outcomes.values()) if (outcome === 'won') won++;
  const closed = new Set(account.all('closed').map(({ dealId }) => dealId));
  const open = new Set(account.all('deal').map(({ dealId }) => dealId)); // a deal put right later is told again
  for (const dealId of closed) if (dealId !== past.id) open.delete(dealId);
  return { won, lost: outcomes.size - won, open: open.size };
});
const fixed = (past: Past) => past.account?.last('account');

export const accountIndustry = defineFeature({
  name: 'account_industry',
  type: 'category',
  unit: 'none',
  says: "The account's industry.",
  label: { en: 'industry', th: 'อุตสาหกรรม' },
  idea: 'industry',
  compute: (past) => fixed(past)?.industry ?? undefined,
});

export const accountRegion = defineFeature({
  name: 'account_region',
  type: 'category',
  unit: 'none',
  says: "The account's region.",
  label: { en: 'region', th: 'ภูมิภาค' },
  idea: 'place',
  compute: (past) => fixed(past)?.region ?? undefined,
});

export const accountCountry = defineFeature({
  name: 'account_country',
  type: 'category',
  unit: 'none',
  says: "The account's country.",
  label: { en: 'country', th: 'ประเทศ' },
  idea: 'place',
  compute: (past) => fixed(past)?.country ?? undefined,
});

export const accountEmployees = defineFeature({
  name: 'account_employees',
  type: 'number',
  unit: 'count',
  says: "The account's number of employees, as known.",
  label: { en: "the customer's employees", th: 'จำนวนพนักงานของลูกค้า' },
  idea: 'account size',
  compute: (past) => (past.account ? amountOf(past.account, 'employees') : Number.NaN),
});

export const accountRevenue = defineFeature({
  name: 'account_revenue',
  type: 'number',
  unit: 'money',
  says: "The account's yearly revenue in minor units of the base currency, at the newest exchange rate known at the look.",
  label: { en: "the customer's revenue", th: 'รายได้ของลูกค้า' },
  idea: 'account size',
  compute: (past) =>
    past.account ? past.baseMinor(amountOf(past.account, 'annual_revenue'), fixed(past)?.currency ?? null) : Number.NaN,
});

export const accountAgeDays = defineFeature({
  name: 'account_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the account was recorded, up to one year; uncapped it would only tell the date.',
  label: { en: 'days as an account', th: 'จำนวนวันที่เป็นบัญชีลูกค้า' },
  idea: 'account history',
  compute: (past) => Math.min(daysSince(past, fixed(past)?.at), 365),
});

export const accountWonCount365d = defineFeature({
  name: 'account_won_count_365d',
  type: 'number',
  unit: 'count',
  says: 'Other deals of the account that were won in the last 365 days.',
  label: { en: 'deals won with this customer in the last year', th: 'ดีลที่ปิดได้กับลูกค้ารายนี้ในปีที่ผ่านมา' },
  idea: 'account history',
  compute: (past) => others(past)?.won ?? Number.NaN,
});

export const accountLostCount365d = defineFeature({
  name: 'account_lost_count_365d',
  type: 'number',
  unit: 'count',
  says: 'Other deals of the account that were lost in the last 365 days.',
  label: { en: 'deals lost with this customer in the last year', th: 'ดีลที่เสียกับลูกค้ารายนี้ในปีที่ผ่านมา' },
  idea: 'account history',
  compute: (past) => others(past)?.lost ?? Number.NaN,
});

export const accountOpenCount = defineFeature({
  name: 'account_open_count',
  type: 'number',
  unit: 'count',
  says: 'Deals of the account, this one counted, that were never closed so far.',
  label: { en: 'open deals with this customer', th: 'ดีลที่เปิดอยู่กับลูกค้ารายนี้' },
  idea: 'account load',
  compute: (past) => others(past)?.open ?? Number.NaN,
});

export const accountActivityCount30d = defineFeature({
  name: 'account_activity_count_30d',
  type: 'number',
  unit: 'count',
  says: 'Activities with the account in the last 30 days, over all its deals.',
  label: { en: 'activities with this customer in 30 days', th: 'กิจกรรมกับลูกค้ารายนี้ใน 30 วัน' },
  idea: 'account activity',
  compute: (past) => past.account?.within('activity', 30).length ?? Number.NaN,
});
