import { countryOfZone, holidaysAhead, workingDays } from '../src/holidays.ts';
import { DAY } from '../src/time.ts';
import type { Past } from '../src/world.ts';
import { defineFeature } from './feature.ts';
import { bornAt, inFirstYear } from './shared.ts';

/**
 * Where the look and the deal's start fall in the calendar. Nothing here grows with the years (no year, no day count):
 * a model would extrapolate it. Nor is the hour of the look here: deals are learned from at the hours at which things
 * happen, and scored at any.
 */

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** Angle of the local date in the solar year; NaN in a company's first year, when season cannot be told from trend. */
const season = (past: Past): number => {
  if (inFirstYear(past)) return Number.NaN;
  const date = past.company.calendar.date(past.asOf);
  const day = (Date.parse(date) - Date.UTC(Number(date.slice(0, 4)), 0, 1)) / DAY;
  return (2 * Math.PI * day) / 365.25;
};

export const quarterEndInDays = defineFeature({
  name: 'quarter_end_in_days',
  type: 'number',
  unit: 'days',
  says: 'Days to the end of the fiscal quarter.',
  label: { en: 'days to the end of the quarter', th: 'จำนวนวันถึงสิ้นไตรมาส' },
  idea: 'quarter end',
  compute: (past) => (past.company.calendar.quarter(past.asOf).to - past.asOf) / DAY,
});

export const quarterWorkingDaysLeft = defineFeature({
  name: 'quarter_working_days_left',
  type: 'number',
  unit: 'days',
  says: 'Days left in the fiscal quarter that are neither weekend nor public holiday, today counted.',
  label: { en: 'working days left in the quarter', th: 'จำนวนวันทำงานที่เหลือในไตรมาส' },
  idea: 'quarter end',
  compute: ({ asOf, company: { calendar } }) =>
    workingDays(calendar.date(asOf), calendar.date(calendar.quarter(asOf).to), countryOfZone(calendar.zone)),
});

export const holidayCount14d = defineFeature({
  name: 'holiday_count_next_14d',
  type: 'number',
  unit: 'count',
  says: 'Public holidays on weekdays within the next 14 days; 0 where the country of the time zone is not known.',
  label: { en: 'public holidays in the next 14 days', th: 'วันหยุดราชการใน 14 วันข้างหน้า' },
  idea: 'holidays',
  compute: ({ asOf, company: { calendar } }) => holidaysAhead(calendar.date(asOf), 14, countryOfZone(calendar.zone)),
});

export const seasonSin = defineFeature({
  name: 'season_sin',
  type: 'number',
  unit: 'none',
  says: 'Sine of the time of year: 1 at the end of March, -1 at the end of September; missing in the first year.',
  label: { en: 'time of year', th: 'ช่วงเวลาของปี' },
  idea: 'season',
  compute: (past) => Math.sin(season(past)),
});

export const seasonCos = defineFeature({
  name: 'season_cos',
  type: 'number',
  unit: 'none',
  says: 'Cosine of the time of year: 1 at new year, -1 at the end of June; missing in the first year.',
  label: { en: 'time of year', th: 'ช่วงเวลาของปี' },
  idea: 'season',
  compute: (past) => Math.cos(season(past)),
});

export const createdHour = defineFeature({
  name: 'created_hour',
  type: 'number',
  unit: 'none',
  says: 'Local hour at which the record was created, 0 to 24.',
  label: { en: 'hour of creation', th: 'ชั่วโมงที่สร้างรายการ' },
  idea: 'creation',
  compute: (past) => {
    const at = bornAt(past);
    return at === undefined ? Number.NaN : past.company.calendar.hour(at);
  },
});

export const createdWeekday = defineFeature({
  name: 'created_weekday',
  type: 'category',
  unit: 'none',
  says: 'Weekday on which the record was created.',
  label: { en: 'weekday of creation', th: 'วันในสัปดาห์ที่สร้างรายการ' },
  idea: 'creation',
  levels: WEEKDAYS,
  compute: (past) => {
    const at = bornAt(past);
    return at === undefined ? undefined : WEEKDAYS[past.company.calendar.weekday(at) - 1];
  },
});
