import type { Past } from '../../src/world.ts';
import { defineFeature } from '../feature.ts';
import { daysSince, median, shared } from '../shared.ts';
import { type Activity, activitiesOf } from './activities.ts';

/** How fast each side answers, and who waits for whom. */

const TALK: ReadonlySet<string> = new Set(['email', 'chat', 'call']);
/** Hours from the first unanswered message of one side to the next of the other. */
const replies = shared((past) => {
  const ours: number[] = [];
  const theirs: number[] = [];
  let waiting: Activity | undefined;
  for (const activity of activitiesOf(past)) {
    if (activity.direction === null || !TALK.has(activity.channel)) continue;
    if (waiting && waiting.direction !== activity.direction) {
      (activity.direction === 'out' ? ours : theirs).push((activity.at - waiting.at) / 3_600_000);
      waiting = activity;
    } else waiting ??= activity;
  }
  return { ours, theirs, waiting };
});

/** Days since the first message that one side has not answered yet. */
const waitingDays = (past: Past, asked: 'in' | 'out'): number => {
  const { waiting } = replies(past);
  if (!waiting) return Number.NaN;
  return waiting.direction === asked ? daysSince(past, waiting.at) : 0;
};

export const replyOursHours = defineFeature({
  name: 'reply_ours_hours_median',
  type: 'number',
  unit: 'none',
  says: 'Median hours until we answer the customer.',
  label: { en: 'hours we take to answer', th: 'ชั่วโมงที่เราใช้ตอบลูกค้า' },
  idea: 'our replies',
  compute: (past) => median(replies(past).ours),
});

export const replyTheirsHours = defineFeature({
  name: 'reply_theirs_hours_median',
  type: 'number',
  unit: 'none',
  says: 'Median hours until the customer answers us.',
  label: { en: 'hours the customer takes to answer', th: 'ชั่วโมงที่ลูกค้าใช้ตอบเรา' },
  idea: 'their replies',
  compute: (past) => median(replies(past).theirs),
});

export const replyOursHoursLast = defineFeature({
  name: 'reply_ours_hours_last',
  type: 'number',
  unit: 'none',
  says: 'Hours that we took for our newest answer to the customer.',
  label: { en: 'hours we took to answer last', th: 'ชั่วโมงที่เราใช้ตอบลูกค้าครั้งล่าสุด' },
  idea: 'our replies',
  compute: (past) => replies(past).ours.at(-1) ?? Number.NaN,
});

export const replyTheirsHoursLast = defineFeature({
  name: 'reply_theirs_hours_last',
  type: 'number',
  unit: 'none',
  says: "Hours that the customer's newest answer took.",
  label: { en: 'hours the customer took to answer last', th: 'ชั่วโมงที่ลูกค้าใช้ตอบเราครั้งล่าสุด' },
  idea: 'their replies',
  compute: (past) => replies(past).theirs.at(-1) ?? Number.NaN,
});

export const waitingOursDays = defineFeature({
  name: 'waiting_ours_days',
  type: 'number',
  unit: 'days',
  says: 'Days that the customer has been waiting for our answer; 0 where we spoke last.',
  label: { en: 'days the customer waits for our answer', th: 'จำนวนวันที่ลูกค้ารอคำตอบจากเรา' },
  idea: 'our replies',
  compute: (past) => waitingDays(past, 'in'),
});

export const waitingTheirsDays = defineFeature({
  name: 'waiting_theirs_days',
  type: 'number',
  unit: 'days',
  says: "Days that we have been waiting for the customer's answer; 0 where they spoke last.",
  label: { en: 'days we wait for an answer', th: 'จำนวนวันที่เรารอคำตอบจากลูกค้า' },
  idea: 'their replies',
  compute: (past) => waitingDays(past, 'out'),
});
