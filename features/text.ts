import { INTENTS, type Intent } from '../src/text/intents.ts';
import { READER_VERSION } from '../src/text/readMessage.ts';
import { DAY } from '../src/time.ts';
import type { Past } from '../src/world.ts';
import { activitiesOf, lately } from './engagement/activities.ts';
import { defineFeature } from './feature.ts';
import { shared } from './shared.ts';

/**
 * What the customer's messages say, by the numbers that were read out of them at import (src/text): tone and intents of
 * what came in; the words themselves are not there. Tone was learned on social media in Thai and listed for English, so
 * what it is worth in sales mail is for the model to find out.
 *
 * Another version of the reader means other features: an artifact of the old ones is refused.
 */
const READ = `(reader ${READER_VERSION}).`;

/** Messages of the customer with words in them, oldest first. */
const inbound = shared((past) =>
  activitiesOf(past).filter((activity) => activity.direction === 'in' && activity.sentiment !== null),
);

const since = (past: Past, days: number) => lately(past, inbound(past), days);

/** More praise than this in one message is no more praise: what a message stuffed with it can move is bounded. */
const MOST = 0.5;
const toneOf = ({ sentiment }: { readonly sentiment: number | null }): number =>
  Math.max(-MOST, Math.min(MOST, sentiment!));

/** So many messages without tone are put beside those seen, so that a single one moves the mean by a fifth of it at most. */
const NEUTRAL = 4;
const mean = (past: Past, days: number): number => {
  const seen = since(past, days);
  if (seen.length === 0) return Number.NaN;
  return seen.reduce((sum, message) => sum + toneOf(message), 0) / (seen.length + NEUTRAL);
};

export const sentimentMean30d = defineFeature({
  name: 'sentiment_mean_30d',
  type: 'number',
  unit: 'ratio',
  says: `Mean tone of the customer's messages of the last 30 days, drawn to 0 by four messages without tone; -.5 to .5 ${READ}`,
  label: { en: "tone of the customer's messages in the last 30 days", th: 'น้ำเสียงของข้อความลูกค้าใน 30 วันที่ผ่านมา' },
  idea: 'tone',
  compute: (past) => mean(past, 30),
});

export const sentimentMean90d = defineFeature({
  name: 'sentiment_mean_90d',
  type: 'number',
  unit: 'ratio',
  says: `Mean tone of the customer's messages of the last 90 days, drawn to 0 by four messages without tone; -.5 to .5 ${READ}`,
  label: { en: "tone of the customer's messages in the last 90 days", th: 'น้ำเสียงของข้อความลูกค้าใน 90 วันที่ผ่านมา' },
  idea: 'tone',
  compute: (past) => mean(past, 90),
});

export const sentimentMin90d = defineFeature({
  name: 'sentiment_min_90d',
  type: 'number',
  unit: 'ratio',
  says: `Tone of the customer's least friendly message of the last 90 days; -.5 to .5 ${READ}`,
  label: { en: "the customer's least friendly message", th: 'ข้อความที่ลูกค้าไม่พอใจที่สุดใน 90 วันที่ผ่านมา' },
  idea: 'worst tone',
  compute: (past) => {
    const seen = since(past, 90);
    return seen.length === 0 ? Number.NaN : Math.min(...seen.map(toneOf));
  },
});

/** Added to the spread of the times (in 30 days, squared): messages of one afternoon make no trend. */
const STILL = 1 / 9;

export const sentimentSlope90d = defineFeature({
  name: 'sentiment_slope_90d',
  type: 'number',
  unit: 'ratio',
  says: `Change of the tone of the customer's messages in 30 days, by least squares over the last 90 with a spread of 10 days added ${READ}`,
  label: { en: "trend of the tone of the customer's messages", th: 'แนวโน้มน้ำเสียงของข้อความลูกค้า' },
  idea: 'tone trend',
  compute: (past) => {
    const seen = since(past, 90);
    if (seen.length < 2) return Number.NaN;
    const times = seen.map(({ at }) => (at - past.asOf) / (30 * DAY));
    const meanTime = times.reduce((sum, time) => sum + time, 0) / times.length;
    let cross = 0;
    let spread = STILL;
    seen.forEach((message, i) => {
      cross += (times[i]! - meanTime) * toneOf(message);
      spread += (times[i]! - meanTime) ** 2;
    });
    return cross / spread;
  },
});

const NAMES: Readonly<Record<Intent, { readonly en: string; readonly th: string }>> = {
  price: { en: 'price', th: 'ราคา' },
  competitor: { en: 'a competitor', th: 'คู่แข่ง' },
  contract: { en: 'a contract', th: 'สัญญา' },
  delay: { en: 'a delay', th: 'การเลื่อน' },
  legal: { en: 'legal terms', th: 'ข้อกฎหมาย' },
  technical: { en: 'technical questions', th: 'เรื่องเทคนิค' },
};

const mentions = (intent: Intent, days: number) => {
  const bit = 1 << INTENTS.indexOf(intent);
  const { en, th } = NAMES[intent];
  return defineFeature({
    name: `${intent}_mention_count_${days}d`,
    type: 'number',
    unit: 'count',
    says: `The customer's messages of the last ${days} days that speak of ${en} ${READ}`,
    label: { en: `messages about ${en} in the last ${days} days`, th: `ข้อความเกี่ยวกับ${th}ใน ${days} วันที่ผ่านมา` },
    idea: `mentions of ${intent}`,
    compute: (past) => since(past, days).filter(({ intents }) => (intents! & bit) !== 0).length,
  });
};

export const priceMentions30d = mentions('price', 30);
export const priceMentions90d = mentions('price', 90);
export const competitorMentions30d = mentions('competitor', 30);
export const competitorMentions90d = mentions('competitor', 90);
export const contractMentions30d = mentions('contract', 30);
export const contractMentions90d = mentions('contract', 90);
export const delayMentions30d = mentions('delay', 30);
export const delayMentions90d = mentions('delay', 90);
export const legalMentions30d = mentions('legal', 30);
export const legalMentions90d = mentions('legal', 90);
export const technicalMentions30d = mentions('technical', 30);
export const technicalMentions90d = mentions('technical', 90);
