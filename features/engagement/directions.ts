import type { Past } from '../../src/world.ts';
import { defineFeature } from '../feature.ts';
import { daysSince, ratio } from '../shared.ts';
import { count, timesOf } from './activities.ts';

/** Who reaches out to whom, whatever the channel: how lately, how much, and how evenly. */

/** The newest of one side. */
const lastAt = (past: Past, direction: 'in' | 'out') => timesOf(past, '*', direction).at(-1);

/** Sum of 2^(-age / half-life): with 14 days, what happened yesterday counts nearly whole, a month ago a quarter. */
const decayed = (past: Past, direction: 'in' | 'out', halfLifeDays: number): number => {
  let sum = 0;
  for (const at of timesOf(past, '*', direction)) sum += 2 ** (-daysSince(past, at) / halfLifeDays);
  return sum;
};

export const inboundAgeDays = defineFeature({
  name: 'inbound_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the customer last reached out.',
  label: { en: 'days since the customer last wrote or called', th: 'จำนวนวันนับจากลูกค้าติดต่อมาล่าสุด' },
  idea: 'last inbound',
  compute: (past) => daysSince(past, lastAt(past, 'in')),
});

export const outboundAgeDays = defineFeature({
  name: 'outbound_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since we last reached out.',
  label: { en: 'days since we last wrote or called', th: 'จำนวนวันนับจากเราติดต่อไปล่าสุด' },
  idea: 'last outbound',
  compute: (past) => daysSince(past, lastAt(past, 'out')),
});

export const inboundDecayed = defineFeature({
  name: 'inbound_decayed_14d',
  type: 'number',
  unit: 'count',
  says: "The customer's messages, calls and visits, each halved every 14 days.",
  label: { en: 'recent interest from the customer', th: 'ความสนใจล่าสุดจากลูกค้า' },
  idea: 'inbound',
  compute: (past) => decayed(past, 'in', 14),
});

export const outboundDecayed = defineFeature({
  name: 'outbound_decayed_14d',
  type: 'number',
  unit: 'count',
  says: 'Our messages, calls and visits, each halved every 14 days.',
  label: { en: 'our recent effort', th: 'ความพยายามล่าสุดของเรา' },
  idea: 'outbound',
  compute: (past) => decayed(past, 'out', 14),
});

export const reciprocityRatio90d = defineFeature({
  name: 'reciprocity_ratio_90d',
  type: 'number',
  unit: 'ratio',
  says: 'The smaller over the larger of inbound and outbound in the last 90 days; 1 = both alike.',
  label: { en: 'balance of the conversation', th: 'ความสมดุลของการสนทนา' },
  idea: 'reciprocity',
  compute: (past) => {
    const inbound = count(past, 90, '*', 'in');
    const outbound = count(past, 90, '*', 'out');
    return ratio(Math.min(inbound, outbound), Math.max(inbound, outbound));
  },
});

export const inboundDecayed3d = defineFeature({
  name: 'inbound_decayed_3d',
  type: 'number',
  unit: 'count',
  says: "The customer's messages, calls and visits, each halved every 3 days.",
  label: { en: 'interest from the customer these days', th: 'ความสนใจจากลูกค้าในไม่กี่วันนี้' },
  idea: 'inbound',
  compute: (past) => decayed(past, 'in', 3),
});

export const inboundDecayed45d = defineFeature({
  name: 'inbound_decayed_45d',
  type: 'number',
  unit: 'count',
  says: "The customer's messages, calls and visits, each halved every 45 days.",
  label: { en: 'interest from the customer over months', th: 'ความสนใจจากลูกค้าในช่วงหลายเดือน' },
  idea: 'inbound',
  compute: (past) => decayed(past, 'in', 45),
});

export const outboundDecayed3d = defineFeature({
  name: 'outbound_decayed_3d',
  type: 'number',
  unit: 'count',
  says: 'Our messages, calls and visits, each halved every 3 days.',
  label: { en: 'our effort these days', th: 'ความพยายามของเราในไม่กี่วันนี้' },
  idea: 'outbound',
  compute: (past) => decayed(past, 'out', 3),
});

export const outboundDecayed45d = defineFeature({
  name: 'outbound_decayed_45d',
  type: 'number',
  unit: 'count',
  says: 'Our messages, calls and visits, each halved every 45 days.',
  label: { en: 'our effort over months', th: 'ความพยายามของเราในช่วงหลายเดือน' },
  idea: 'outbound',
  compute: (past) => decayed(past, 'out', 45),
});
