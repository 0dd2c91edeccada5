import { DAY } from '../../src/time.ts';
import type { Clock } from './clock.ts';
import { ARRIVAL, QUOTA, WEEKS } from './constants.ts';
import type { Rep } from './people.ts';
import { plain, type Tables } from './rows.ts';

/**
 * Quotas by quarter, for each rep and each team (the sum of its reps, and of all for the whole). They are set on what
 * the company sells on average, never on what came to pass. `period_end` is the quarter's last day.
 */
export function recordQuotas(deals: number, reps: readonly Rep[], clock: Clock, tables: Tables): void {
  const perQuarter = (deals / WEEKS) * 13 * QUOTA.expectedWinRate * QUOTA.meanAmountThb * QUOTA.ambition;
  const last = clock.calendar.quarter(clock.end);
  for (
    let quarter = clock.calendar.quarter(clock.start);
    quarter.from <= last.from;
    quarter = clock.calendar.quarter(quarter.to)
  ) {
    const years = clock.week(quarter.from) / 52 - WEEKS / 104;
    const thousands = Math.round((perQuarter * (1 + ARRIVAL.yearlyGrowth) ** years) / reps.length / 10_000) * 10;
    const each = Math.max(10, thousands) * 1000 * 100;
    const period = { periodStart: quarter.from, periodEnd: quarter.to - DAY, currency: 'THB', ...plain };
    for (const rep of reps) {
      if (clock.at(rep.leaves) <= quarter.from) continue;
      tables.quota.push({ ownerId: rep.id, teamId: null, amountMinor: each, ...period });
    }
    for (const team of tables.team) {
      const size = team.parentId === null ? reps.length : reps.filter((rep) => rep.teamId === team.id).length;
      tables.quota.push({ ownerId: null, teamId: team.id, amountMinor: each * size, ...period });
    }
  }
}
