import { defineFeature } from '../feature.ts';
import { daysSince, ratio, shared } from '../shared.ts';
import { type Activity, activitiesOf, count, endedOf, lately } from './activities.ts';

/** How lively the record is: activities of every kind, and by whom of ours. */

/** Every person of ours who touched the record, by activity or by a change. */
const users = shared((past) => {
  const ids = new Set<string>();
  for (const activity of activitiesOf(past)) if (activity.userId) ids.add(activity.userId);
  for (const change of past.all('change')) if (change.by) ids.add(change.by);
  return ids.size;
});

/** When anything happened to the record, the newest. */
const newest = shared((past) => {
  const times = [
    activitiesOf(past).at(-1)?.at,
    past.last('change')?.at,
    past.last('quoteLine')?.at,
    past.last('deal')?.at,
  ];
  return times.reduce((a, b) => (b === undefined || (a !== undefined && a >= b) ? a : b), undefined);
});

export const activityCount = defineFeature({
  name: 'activity_count',
  type: 'number',
  unit: 'count',
  says: 'Activities of every kind so far.',
  label: { en: 'activities so far', th: 'จำนวนกิจกรรมทั้งหมด' },
  idea: 'activity',
  compute: (past) => activitiesOf(past).length,
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
  compute: (past) => activitiesOf(past).at(-1)?.channel,
});

export const activityOutcomeLast = defineFeature({
  name: 'activity_outcome_last',
  type: 'category',
  unit: 'none',
  says: 'The result recorded for the newest activity that ended with one.',
  label: { en: 'result of the last contact', th: 'ผลของการติดต่อล่าสุด' },
  idea: 'last result',
  compute: (past) => endedOf(past).findLast((ended) => ended.outcome !== null)?.outcome ?? undefined,
});

export const activityAgeDays = defineFeature({
  name: 'activity_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the newest activity.',
  label: { en: 'days since the last activity', th: 'จำนวนวันนับจากกิจกรรมล่าสุด' },
  idea: 'last contact',
  compute: (past) => daysSince(past, activitiesOf(past).at(-1)?.at),
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
    const recent = lately(past, activitiesOf(past), 90);
    return ratio(recent.filter(outside).length, recent.length);
  },
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
