import { type Calendar, DAY, type Instant } from '../../src/time.ts';
import { PUSH_DAYS } from '../binCovariates.ts';
import type { Pace } from '../pacedBins.ts';
import { type CalendarEffects, calendarEffects } from './calendarEffects.ts';
import type { PastDeal } from './newBusiness.ts';
import { winsByDay } from './winsByDay.ts';

/**
 * On which days a company wins, by its past as known at a look: the calendar's effects on its daily wins beside what the ages of its open deals let expect, and
 * beside what a model already says of the end of a quarter (and not beside what else it reads of dates, such as those that reps expect). Worked out when first asked for, once a strength.
 */
export function paceOf(deals: () => readonly PastDeal[], calendar: Calendar, asOf: Instant): Pace {
  let counts: ReturnType<typeof winsByDay> | undefined;
  const byStrength = new Map<number, CalendarEffects>();
  return (strength) => {
    let effects = byStrength.get(strength);
    if (effects) return effects;
    counts ??= winsByDay(deals(), calendar, asOf);
    const said = counts.map((count) => {
      // Half a day on: where clocks are moved days are longer or shorter.
      const isPush = calendar.quarter(count.day).to - count.day < (PUSH_DAYS + 0.5) * DAY;
      return isPush ? { ...count, expected: count.expected * Math.exp(strength) } : count;
    });
    byStrength.set(strength, (effects = calendarEffects(said, calendar)));
    return effects;
  };
}
