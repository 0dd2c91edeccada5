import { defineFeature } from '../feature.ts';
import { daysSince, ratio } from '../shared.ts';
import { count, endedOf, lately, timesOf } from './activities.ts';

/** Mails, calls, chats and tasks, each way. */

const CHANNEL_WORDS = {
  email: { en: 'emails', th: 'อีเมล' },
  call: { en: 'calls', th: 'การโทร' },
  chat: { en: 'chat messages', th: 'ข้อความแชท' },
} as const;
const DIRECTION_WORDS = {
  in: { en: 'from the customer', th: 'จากลูกค้า' },
  out: { en: 'to the customer', th: 'ถึงลูกค้า' },
} as const;

/** Messages of a channel one way within a window. */
function counted(channel: keyof typeof CHANNEL_WORDS, direction: 'in' | 'out', days: number) {
  const [what, way] = [CHANNEL_WORDS[channel], DIRECTION_WORDS[direction]];
  return defineFeature({
    name: `${channel}_${direction}_count_${days}d`,
    type: 'number',
    unit: 'count',
    says: `${what.en[0]!.toUpperCase()}${what.en.slice(1)} ${way.en} in the last ${days} days.`,
    label: { en: `${what.en} ${way.en} in the last ${days} days`, th: `${what.th}${way.th}ใน ${days} วันที่ผ่านมา` },
    idea: channel === 'call' ? 'calls' : channel,
    compute: (past) => count(past, days, channel, direction),
  });
}

/** Days since the newest message of a channel one way. */
function age(channel: keyof typeof CHANNEL_WORDS, direction: 'in' | 'out') {
  const [what, way] = [CHANNEL_WORDS[channel], DIRECTION_WORDS[direction]];
  return defineFeature({
    name: `${channel}_${direction}_age_days`,
    type: 'number',
    unit: 'days',
    says: `Days since the newest of the ${what.en} ${way.en}.`,
    label: { en: `days since the last of the ${what.en} ${way.en}`, th: `จำนวนวันนับจาก${what.th}${way.th}ล่าสุด` },
    idea: channel === 'call' ? 'calls' : channel,
    compute: (past) => daysSince(past, timesOf(past, channel, direction).at(-1)),
  });
}

export const emailInCount7d = counted('email', 'in', 7);
export const emailInCount14d = counted('email', 'in', 14);
export const emailInCount30d = counted('email', 'in', 30);
export const emailInCount90d = counted('email', 'in', 90);
export const emailInAgeDays = age('email', 'in');
export const emailOutCount7d = counted('email', 'out', 7);
export const emailOutCount14d = counted('email', 'out', 14);
export const emailOutCount30d = counted('email', 'out', 30);
export const emailOutCount90d = counted('email', 'out', 90);
export const emailOutAgeDays = age('email', 'out');
export const callInCount7d = counted('call', 'in', 7);
export const callInCount14d = counted('call', 'in', 14);
export const callInCount30d = counted('call', 'in', 30);
export const callInCount90d = counted('call', 'in', 90);
export const callInAgeDays = age('call', 'in');
export const callOutCount7d = counted('call', 'out', 7);
export const callOutCount14d = counted('call', 'out', 14);
export const callOutCount30d = counted('call', 'out', 30);
export const callOutCount90d = counted('call', 'out', 90);
export const callOutAgeDays = age('call', 'out');
export const chatInCount7d = counted('chat', 'in', 7);
export const chatInCount14d = counted('chat', 'in', 14);
export const chatInCount30d = counted('chat', 'in', 30);
export const chatInCount90d = counted('chat', 'in', 90);
export const chatInAgeDays = age('chat', 'in');
export const chatOutCount7d = counted('chat', 'out', 7);
export const chatOutCount14d = counted('chat', 'out', 14);
export const chatOutCount30d = counted('chat', 'out', 30);
export const chatOutCount90d = counted('chat', 'out', 90);
export const chatOutAgeDays = age('chat', 'out');

export const chatCount30d = defineFeature({
  name: 'chat_count_30d',
  type: 'number',
  unit: 'count',
  says: 'Chat messages in the last 30 days, either way.',
  label: { en: 'chat messages in the last 30 days', th: 'ข้อความแชทใน 30 วันที่ผ่านมา' },
  idea: 'chat',
  compute: (past) => count(past, 30, 'chat'),
});

const UNANSWERED = /no.?answer|busy|voice.?mail|unreach|miss|fail|left message/i;

export const callCount = defineFeature({
  name: 'call_count',
  type: 'number',
  unit: 'count',
  says: 'Calls so far.',
  label: { en: 'calls so far', th: 'จำนวนการโทรทั้งหมด' },
  idea: 'calls',
  compute: (past) => timesOf(past, 'call', '*').length,
});

export const callCount7d = defineFeature({
  name: 'call_count_7d',
  type: 'number',
  unit: 'count',
  says: 'Calls in the last 7 days.',
  label: { en: 'calls in the last 7 days', th: 'การโทรใน 7 วันที่ผ่านมา' },
  idea: 'calls',
  compute: (past) => count(past, 7, 'call'),
});

export const callAnsweredRatio90d = defineFeature({
  name: 'call_answered_ratio_90d',
  type: 'number',
  unit: 'ratio',
  says: 'Share of the calls ended in the last 90 days, with a result recorded, that reached somebody.',
  label: { en: 'calls that were answered', th: 'สัดส่วนการโทรที่มีผู้รับสาย' },
  idea: 'calls answered',
  compute: (past) => {
    const calls = lately(past, endedOf(past), 90).filter((call) => call.channel === 'call' && call.outcome);
    return ratio(calls.filter((call) => !UNANSWERED.test(call.outcome!)).length, calls.length);
  },
});

export const taskCount = defineFeature({
  name: 'task_count',
  type: 'number',
  unit: 'count',
  says: 'Tasks so far.',
  label: { en: 'tasks so far', th: 'จำนวนงานทั้งหมด' },
  idea: 'tasks',
  compute: (past) => timesOf(past, 'task', '*').length,
});
