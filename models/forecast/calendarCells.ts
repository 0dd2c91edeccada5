import { type Calendar, DAY, type Instant } from '../../src/time.ts';

/** Ways in which days of the calendar come round, with the number of cells of each. */
export const cycles = { weekday: 7, monthPart: 6, quarterMonth: 3 } as const;
export type Cycle = keyof typeof cycles;

/** Where a day lies in each cycle, from 0: the weekday (0 = Monday), the sixth of its month, and the month of its fiscal quarter. */
export type CalendarCell = Readonly<Record<Cycle, number>>;

/** The cells of the local day that begins at `day`. */
export function calendarCell(calendar: Calendar, day: Instant): CalendarCell {
  const date = calendar.date(day);
  const [year, month, dayOfMonth] = [+date.slice(0, 4), +date.slice(5, 7), +date.slice(8, 10)];
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const first = +calendar.date(calendar.quarter(day).from).slice(5, 7);
  return {
    weekday: calendar.weekday(day) - 1,
    monthPart: Math.floor((cycles.monthPart * (dayOfMonth - 1)) / days),
    quarterMonth: (month - first + 12) % 12,
  };
}

/** Starts of the local days from the one that holds `from` up to, and not including, the one that holds `to`. */
export function localDays(calendar: Calendar, from: Instant, to: Instant): Instant[] {
  const days: Instant[] = [];
  const last = calendar.startOfDay(to);
  for (let day = calendar.startOfDay(from); day < last; day = calendar.nextDay(day)) days.push(day);
  return days;
}

/** How many midnights lie between two local days. Half a day on: where clocks are moved days are longer or shorter. */
export const daysBetween = (calendar: Calendar, from: Instant, to: Instant): number =>
  Math.round((calendar.startOfDay(to) - calendar.startOfDay(from)) / DAY);
