import type { FactOf } from '../src/records.ts';
import { DAY, lastAtMost } from '../src/time.ts';
import type { Past } from '../src/world.ts';
import { defineFeature } from './feature.ts';
import { daysSince, median, ratio, shared } from './shared.ts';
import { titleClass } from './titles.ts';

/** How the two sides talk: mails, calls, chats, meetings, tasks; and how lively the record is at all. */

type Activity = FactOf<'activity'>;

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
const timesOf = (past: Past, channel: Channel, direction: Direction): readonly number[] =>
  times(past).get(`${channel} ${direction}`) ?? [];
/** Of the last `days` days: `at > asOf - days`. */
const count = (past: Past, days: number, channel: Channel = '*', direction: Direction = '*'): number => {
  const list = timesOf(past, channel, direction);
  return list.length - 1 - lastAtMost(list, past.asOf - days * DAY);
};
const lastAt = (past: Past, direction: 'in' | 'out') => timesOf(past, '*', direction).at(-1);

/** Sum of 2^(-age / half-life): with 14 days, what happened yesterday counts nearly whole, a month ago a quarter. */
const decayed = (past: Past, direction: 'in' | 'out', halfLifeDays: number): number => {
  let sum = 0;
  for (const at of timesOf(past, '*', direction)) sum += 2 ** (-daysSince(past, at) / halfLifeDays);
  return sum;
};

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

const TALK: ReadonlySet<string> = new Set(['email', 'chat', 'call']);
/** Hours from the first unanswered message of one side to the next of the other. */
const replies = shared((past) => {
  const ours: number[] = [];
  const theirs: number[] = [];
  let waiting: Activity | undefined;
  for (const activity of past.all('activity')) {
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

const UNANSWERED = /no.?answer|busy|voice.?mail|unreach|miss|fail|left message/i;
const MISSED = /miss|no.?show|cancel|declin|absent/i;
const meetings = shared((past) => {
  let held = 0;
  let missed = 0;
  for (const meeting of past.all('activityEnded')) {
    if (meeting.channel !== 'meeting') continue;
    if (MISSED.test(meeting.outcome ?? '')) missed++;
    else held++;
  }
  return { held, missed };
});
const booked = shared((past) => past.planned('activity').filter((activity) => activity.channel === 'meeting'));

/** Every person of ours who touched the record, by activity or by a change. */
const users = shared((past) => {
  const ids = new Set<string>();
  for (const activity of past.all('activity')) if (activity.userId) ids.add(activity.userId);
  for (const change of past.all('change')) if (change.by) ids.add(change.by);
  return ids.size;
});

/** When anything happened to the record, the newest. */
const newest = shared((past) => {
  const times = [past.last('activity')?.at, past.last('change')?.at, past.last('quoteLine')?.at, past.last('deal')?.at];
  return times.reduce((a, b) => (b === undefined || (a !== undefined && a >= b) ? a : b), undefined);
});

export const activityCount = defineFeature({
  name: 'activity_count',
  type: 'number',
  unit: 'count',
  says: 'Activities of every kind so far.',
  label: { en: 'activities so far', th: 'จำนวนกิจกรรมทั้งหมด' },
  idea: 'activity',
  compute: (past) => past.all('activity').length,
});

export const activityCount7d = defineFeature({
  name: 'activity_count_7d',
  type: 'number',
  unit: 'count',
  says: 'Activities of every kind in the last 7 days.',
  label: { en: 'activities in the last 7 days', th: 'กิจกรรมใน 7 วันที่ผ่านมา' },
  idea: 'activity',
  compute: (past) => count(past, 7),
});

export const activityCount30d = defineFeature({
  name: 'activity_count_30d',
  type: 'number',
  unit: 'count',
  says: 'Activities of every kind in the last 30 days.',
  label: { en: 'activities in the last 30 days', th: 'กิจกรรมใน 30 วันที่ผ่านมา' },
  idea: 'activity',
  compute: (past) => count(past, 30),
});

export const activityTrend = defineFeature({
  name: 'activity_trend_14d',
  type: 'number',
  unit: 'ratio',
  says: 'Activities of the last 14 days less those of the 14 before, over both together; -1 to 1.',
  label: { en: 'trend of activity', th: 'แนวโน้มของกิจกรรม' },
  idea: 'activity trend',
  compute: (past) => {
    const late = count(past, 14);
    const both = count(past, 28);
    return ratio(2 * late - both, both);
  },
});

export const activityLastChannel = defineFeature({
  name: 'activity_channel_last',
  type: 'category',
  unit: 'none',
  says: 'The kind of the newest activity.',
  label: { en: 'last kind of contact', th: 'ช่องทางติดต่อล่าสุด' },
  idea: 'last contact',
  levels: ['email', 'call', 'chat', 'meeting', 'note', 'task'],
  compute: (past) => past.last('activity')?.channel,
});

export const activityOutcomeLast = defineFeature({
  name: 'activity_outcome_last',
  type: 'category',
  unit: 'none',
  says: 'The result recorded for the newest activity that ended with one.',
  label: { en: 'result of the last contact', th: 'ผลของการติดต่อล่าสุด' },
  idea: 'last result',
  compute: (past) => past.all('activityEnded').findLast((ended) => ended.outcome !== null)?.outcome ?? undefined,
});

export const activityAgeDays = defineFeature({
  name: 'activity_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the newest activity.',
  label: { en: 'days since the last activity', th: 'จำนวนวันนับจากกิจกรรมล่าสุด' },
  idea: 'last contact',
  compute: (past) => daysSince(past, past.last('activity')?.at),
});

export const eventAgeDays = defineFeature({
  name: 'event_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since anything at all happened to the deal: an activity, a change or a quote.',
  label: { en: 'days without any event', th: 'จำนวนวันที่ไม่มีความเคลื่อนไหว' },
  idea: 'last contact',
  compute: (past) => daysSince(past, newest(past)),
});

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
    const calls = past.within('activityEnded', 90).filter((call) => call.channel === 'call' && call.outcome);
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

export const meetingCount30d = defineFeature({
  name: 'meeting_count_30d',
  type: 'number',
  unit: 'count',
  says: 'Meetings that began in the last 30 days.',
  label: { en: 'meetings in the last 30 days', th: 'การประชุมใน 30 วันที่ผ่านมา' },
  idea: 'meetings',
  compute: (past) => count(past, 30, 'meeting'),
});

export const meetingHeldCount = defineFeature({
  name: 'meeting_held_count',
  type: 'number',
  unit: 'count',
  says: 'Meetings that took place.',
  label: { en: 'meetings held', th: 'การประชุมที่เกิดขึ้นจริง' },
  idea: 'meetings',
  compute: (past) => meetings(past).held,
});

export const meetingMissedCount = defineFeature({
  name: 'meeting_missed_count',
  type: 'number',
  unit: 'count',
  says: 'Meetings that were missed, declined or cancelled.',
  label: { en: 'meetings missed or cancelled', th: 'การประชุมที่พลาดหรือยกเลิก' },
  idea: 'missed meetings',
  compute: (past) => meetings(past).missed,
});

export const meetingPlannedCount = defineFeature({
  name: 'meeting_planned_count',
  type: 'number',
  unit: 'count',
  says: 'Meetings booked ahead.',
  label: { en: 'meetings booked ahead', th: 'การประชุมที่นัดไว้ล่วงหน้า' },
  idea: 'booked meetings',
  compute: (past) => booked(past).length,
});

export const meetingPlannedInDays = defineFeature({
  name: 'meeting_planned_in_days',
  type: 'number',
  unit: 'days',
  says: 'Days to the next booked meeting.',
  label: { en: 'days to the next meeting', th: 'จำนวนวันถึงการประชุมครั้งถัดไป' },
  idea: 'booked meetings',
  compute: (past) => -daysSince(past, booked(past)[0]?.at),
});

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

export const afterHoursRatio90d = defineFeature({
  name: 'after_hours_ratio_90d',
  type: 'number',
  unit: 'ratio',
  says: 'Share of the activities of the last 90 days before 8:00, after 18:00 or on the two days before the week starts.',
  label: { en: 'contacts outside office hours', th: 'การติดต่อนอกเวลาทำงาน' },
  idea: 'office hours',
  compute: (past) => {
    const { calendar, settings } = past.company;
    const outside = (activity: Activity) => {
      const hour = calendar.hour(activity.at);
      return hour < 8 || hour >= 18 || (calendar.weekday(activity.at) - settings.week_start + 7) % 7 >= 5;
    };
    const recent = past.within('activity', 90);
    return ratio(recent.filter(outside).length, recent.length);
  },
});

export const contactCount90d = defineFeature({
  name: 'contact_count_90d',
  type: 'number',
  unit: 'count',
  says: 'Different people of the customer in the activities of the last 90 days.',
  label: { en: 'people involved at the customer', th: 'จำนวนผู้ติดต่อฝั่งลูกค้า' },
  idea: 'contacts',
  compute: (past) => {
    const ids = new Set<string>();
    for (const activity of past.within('activity', 90)) if (activity.contactId) ids.add(activity.contactId);
    return ids.size;
  },
});

export const contactRoleCount = defineFeature({
  name: 'contact_role_count',
  type: 'number',
  unit: 'count',
  says: 'Different roles among the people named for the deal.',
  label: { en: 'roles covered at the customer', th: 'บทบาทของผู้ติดต่อที่ครอบคลุม' },
  idea: 'contacts',
  compute: (past) => new Set(past.all('dealContact').flatMap((contact) => contact.role ?? [])).size,
});

export const userCount = defineFeature({
  name: 'user_count',
  type: 'number',
  unit: 'count',
  says: 'Different people of ours who acted on the deal or changed it.',
  label: { en: 'people of ours involved', th: 'จำนวนคนของเราที่มีส่วนร่วม' },
  idea: 'our team',
  compute: users,
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

export const meetingCount90d = defineFeature({
  name: 'meeting_count_90d',
  type: 'number',
  unit: 'count',
  says: 'Meetings that began in the last 90 days.',
  label: { en: 'meetings in the last 90 days', th: 'การประชุมใน 90 วันที่ผ่านมา' },
  idea: 'meetings',
  compute: (past) => count(past, 90, 'meeting'),
});

export const meetingAgeDays = defineFeature({
  name: 'meeting_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the newest meeting began.',
  label: { en: 'days since the last meeting', th: 'จำนวนวันนับจากการประชุมล่าสุด' },
  idea: 'meetings',
  compute: (past) => daysSince(past, timesOf(past, 'meeting', '*').at(-1)),
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

export const contactSeniorCount = defineFeature({
  name: 'contact_senior_count',
  type: 'number',
  unit: 'count',
  says: 'Owners, directors and other heads among the people met or named so far, by their titles.',
  label: { en: 'decision makers involved', th: 'จำนวนผู้มีอำนาจตัดสินใจที่เกี่ยวข้อง' },
  idea: 'contacts',
  compute: (past) => {
    const titles = new Map(past.account?.all('contact').map((contact) => [contact.contactId, contact.title]));
    const met = new Set<string>();
    for (const { contactId } of past.all('activity')) if (contactId) met.add(contactId);
    for (const { contactId } of past.all('dealContact')) met.add(contactId);
    let senior = 0;
    for (const id of met) if (titleClass(titles.get(id)) === 'head') senior++;
    return senior;
  },
});
