import { defineFeature } from '../feature.ts';
import { daysSince, shared } from '../shared.ts';
import { count, endedOf, plannedOf, timesOf } from './activities.ts';

/** Meetings held, missed and booked. */

const MISSED = /miss|no.?show|cancel|declin|absent/i;
const meetings = shared((past) => {
  let held = 0;
  let missed = 0;
  for (const meeting of endedOf(past)) {
    if (meeting.channel !== 'meeting') continue;
    if (MISSED.test(meeting.outcome ?? '')) missed++;
    else held++;
  }
  return { held, missed };
});
const booked = shared((past) => plannedOf(past).filter((activity) => activity.channel === 'meeting'));

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
