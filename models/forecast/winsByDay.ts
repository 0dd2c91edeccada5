import { type Calendar, DAY, type Instant, WEEK } from '../../src/time.ts';
import { localDays } from './calendarCells.ts';
import type { DayCount } from './calendarEffects.ts';
import type { PastDeal } from './newBusiness.ts';

/** Days further back say little of how the company works today. */
const WEEKS = 104;

/**
 * Wins of each whole local day before `asOf`, and how many were to be by the age of who was open: the sum over these of the hazard of a win at their age
 * in days, wins / at risk over the same days (indirect standardisation). What is left of the difference is the calendar and the level. From the day
 * of the first ending on: before it nobody wrote endings down. Oldest first; none where nothing ended. Cost O(deals x days open).
 *
 * Source: Breslow and Day, "Statistical methods in cancer research" II (1987), chapter 2.
 */
export function winsByDay(deals: readonly PastDeal[], calendar: Calendar, asOf: Instant): DayCount[] {
  const first = deals.reduce((least, { closedAt }) => Math.min(least, closedAt ?? least), Number.POSITIVE_INFINITY);
  const from = calendar.startOfDay(Math.max(first, asOf - WEEKS * WEEK));
  if (!(from < asOf)) return [];
  const days = localDays(calendar, from, asOf);
  const n = days.length;
  /** Days from the first one; whoever is open stays to the end. */
  const place = (at: Instant) => Math.round((calendar.startOfDay(at) - from) / DAY);
  const rows = deals.flatMap(({ createdAt, closedAt, won }) => {
    const [born, ended] = [place(createdAt), closedAt === undefined ? n : place(closedAt)];
    return ended < 0 || born >= n ? [] : [{ born: Math.min(born, ended), ended, won }];
  });
  const oldest = rows.reduce((most, { born }) => Math.max(most, n - born), 0);
  const risk = new Float64Array(oldest + 1);
  const wins = new Float64Array(oldest + 1);
  const observed = new Float64Array(n);
  for (const { born, ended, won } of rows) {
    const last = Math.min(ended, n - 1);
    risk[Math.max(0, -born)]++;
    risk[last - born + 1]--;
    if (!won || ended >= n) continue;
    wins[ended - born]++;
    observed[ended]++;
  }
  // Numbers at risk, from who comes and who goes at each age.
  for (let age = 1; age <= oldest; age++) risk[age] += risk[age - 1];
  const hazard = wins.map((count, age) => (risk[age] > 0 ? count / risk[age] : 0));
  const expected = new Float64Array(n);
  for (const { born, ended } of rows)
    for (let i = Math.max(0, born); i <= Math.min(ended, n - 1); i++) expected[i] += hazard[i - born];
  return days.map((day, i) => ({ day, observed: observed[i], expected: expected[i] }));
}
