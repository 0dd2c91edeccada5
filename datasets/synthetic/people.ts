import type { Random } from '../../src/random.ts';
import { DAY } from '../../src/time.ts';
import type { Clock } from './clock.ts';
import { DISCOUNT, PEOPLE } from './constants.ts';
import { pad, pick } from './draws.ts';
import { FIRST_NAMES, LAST_NAMES } from './names.ts';
import { Journal, plain, type Tables } from './rows.ts';

/** A seller, with what nobody wrote down about him. */
export interface Rep {
  readonly id: string;
  readonly teamId: string;
  readonly skill: number;
  /** Habit of discount. */
  readonly habit: number;
  /** How often he records and reaches out, log scale. */
  readonly diligence: number;
  /** How rosy his forecast category is. */
  readonly optimism: number;
  /** Week from which his deals are the successor's; beyond the end where he stays. */
  readonly leaves: number;
  successor: number;
}

/** Teams as a tree (Sales over regional teams), a director, a manager a team, and the reps. */
export function people(deals: number, clock: Clock, draw: Random, tables: Tables): Rep[] {
  const count = Math.min(PEOPLE.maxReps, Math.max(PEOPLE.minReps, Math.round(deals / PEOPLE.dealsPerRep)));
  const teams = Math.max(2, Math.round(count / PEOPLE.repsPerTeam));
  const joined = clock.start - 400 * DAY;
  let number = 0;
  const hire = (role: string, teamId: string, managerId: string | null, until: number | null): string => {
    const id = `U${pad(++number, 2)}`;
    const name = `${pick(FIRST_NAMES, draw)[0]} ${pick(LAST_NAMES, draw)[0]}`;
    const email = `${id.toLowerCase()}@siam-sample.example`;
    tables.user.push({ id, name, email, teamId, managerId, role, activeFrom: joined, activeTo: until, ...plain });
    const journal = new Journal(tables.change, 'user', id);
    journal.set(joined, 'team_id', teamId, null);
    if (managerId) journal.set(joined, 'manager_id', managerId, null);
    if (until !== null) journal.set(until, 'active_to', clock.calendar.date(until), null);
    return id;
  };

  tables.team.push({ id: 'T0', name: 'Sales', parentId: null, ...plain });
  const director = hire('director', 'T0', null, null);
  const managers: string[] = [];
  const regions = ['Bangkok', 'Central', 'East', 'North', 'South', 'Enterprise'];
  for (let t = 0; t < teams; t++) {
    tables.team.push({ id: `T${t + 1}`, name: regions[t] ?? `Team ${t + 1}`, parentId: 'T0', ...plain });
    managers.push(hire('manager', `T${t + 1}`, director, null));
  }
  const reps: Rep[] = [];
  for (let i = 0; i < count; i++) {
    const team = i % teams;
    const goes = i >= teams && draw.uniform() < PEOPLE.leaveShare; // the first of each team stays, to take over
    const leaves = goes ? Math.floor(clock.weeks * (0.4 + 0.5 * draw.uniform())) : Number.POSITIVE_INFINITY;
    const id = hire('rep', `T${team + 1}`, managers[team]!, goes ? clock.at(leaves) : null);
    reps.push({
      id,
      teamId: `T${team + 1}`,
      skill: PEOPLE.skillSd * draw.normal(),
      habit: Math.max(0, DISCOUNT.habit.mean + DISCOUNT.habit.sd * draw.normal()),
      diligence: draw.normal(),
      optimism: 0.5 * draw.normal(),
      leaves,
      successor: team,
    });
  }
  return reps;
}
