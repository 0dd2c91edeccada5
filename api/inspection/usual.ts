import { activitiesOf } from '../../features/engagement/activities.ts';
import { quantileSorted } from '../../src/stats/quantile.ts';
import { dealState, firstKnown } from '../../src/subjects/deal.ts';
import { DAY, type Instant } from '../../src/time.ts';
import type { Past, World } from '../../src/world.ts';

/** Beyond what eight, and nine, of ten won deals showed at a stage. */
export interface Threshold {
  readonly look: number;
  readonly act: number;
  /** Stays of won deals that it was learned from. */
  readonly n: number;
}

/** What deals that were won later showed while they were at a stage. */
export interface StageUsual {
  /** Null: all stages together, for those with too few of their own. */
  readonly stage: string | null;
  /** Days of a stay. */
  readonly days: Threshold;
  /** Days by which the expected date had been pushed out by the end of the stay. */
  readonly slippedDays: Threshold;
  /** Longest silence by then. */
  readonly silentDays: Threshold;
  /** Share with two people of the customer or more by then. */
  readonly twoContacts: number;
  readonly n: number;
}

export interface Usual {
  /** Of a stage, else of all; undefined where too few were won to tell. */
  at(stage: string | undefined): StageUsual | undefined;
  readonly stages: readonly StageUsual[];
  /** Median days by which a date is pushed out when it is; of `pushes`, 30 without any. */
  readonly pushDays: number;
  readonly pushes: number;
  /** Share of expected dates that end a month, and whether that is more than chance. */
  readonly monthEnds: { readonly share: number; readonly beyondChance: boolean };
  /** Whether any won deal has an activity, and a person of the customer: else silence and few people say nothing. */
  readonly recordsActivities: boolean;
  readonly recordsContacts: boolean;
}

/** What is looked at of one deal, as known then. */
export interface Measures {
  readonly stage: string | undefined;
  readonly stageSince: Instant | undefined;
  readonly daysInStage: number;
  readonly pushes: number;
  readonly slippedDays: number;
  readonly lastActivityAt: Instant | undefined;
  readonly contacts: number;
}

/** With fewer stays a stage is read by all stages together, and these, if fewer, tell nothing. */
const FEWEST = 10;
/** The newest so many won deals tell what is usual: more would move no threshold by a day, and older ones say less of today. */
const MOST_WON = 2_000;
const USUAL_PUSH = 30;
const MONTH_END = 1 / 30.44;

/** The same measures of an open deal that the thresholds are learned of. */
export function measuresOf(past: Past): Measures {
  const stages = stagesOf(past);
  const current = stages.at(-1);
  const { pushes, slippedDays } = slippedBy(past, past.asOf);
  return {
    stage: current?.stage,
    stageSince: current?.at,
    daysInStage: current ? (past.asOf - current.at) / DAY : Number.NaN,
    ...{ pushes, slippedDays },
    lastActivityAt: activitiesOf(past).at(-1)?.at,
    contacts: contactsBy(past, past.asOf),
  };
}

const kept = new WeakMap<World, Usual>();

/**
 * What is usual, by stage, of the newest 2,000 deals that were won as known then: looks at each at the end of each of its stays.
 * Cost: one pass over all deals, and over the activities of those, once a world.
 */
export function usualOf(then: World): Usual {
  const known = kept.get(then);
  if (known) return known;
  const stays = new Map<string | null, Stay[]>([[null, []]]);
  const won: Past[] = [];
  const pushed: number[] = [];
  const dates: Instant[] = [];
  let [activities, contacts] = [0, 0];
  for (const id of then.ids('deal')) {
    const past = then.past('deal', id);
    const state = dealState(past);
    if (state === 'absent') continue;
    const promised = past.changes('expected_close_date').flatMap(({ value }) => (typeof value === 'number' ? [value] : [])); // biome-ignore format: one list
    if (promised.length > 0) dates.push(promised.at(-1)!);
    promised.forEach((date, i) => {
      if (i > 0 && date > promised[i - 1]!) pushed.push((date - promised[i - 1]!) / DAY);
    });
    if (state === 'won') won.push(past);
  }
  for (const past of newestOf(won)) {
    activities += activitiesOf(past).length;
    for (const stay of staysOf(past)) {
      contacts += stay.contacts;
      stays.get(null)!.push(stay);
      const own = stays.get(stay.stage);
      if (own) own.push(stay);
      else stays.set(stay.stage, [stay]);
    }
  }
  const rank = (stage: string | null) =>
    stage === null ? -1 : (then.company.stage(stage, undefined, then.asOf)?.rank ?? Number.MAX_VALUE);
  const stages = [...stays]
    .flatMap(([stage, of]) => (of.length >= FEWEST ? [stageUsual(stage, of)] : []))
    .sort((a, b) => rank(a.stage) - rank(b.stage) || ((a.stage ?? '') < (b.stage ?? '') ? -1 : 1));
  const byStage = new Map(stages.map((one) => [one.stage, one]));
  const ends = dates.filter((date) => endsMonth(then, date)).length;
  const share = dates.length > 0 ? ends / dates.length : 0;
  const usual: Usual = {
    at: (stage) => (stage === undefined ? undefined : byStage.get(stage)) ?? byStage.get(null),
    stages,
    pushDays: pushed.length > 0 ? quantileSorted(pushed.sort((a, b) => a - b), 0.5) : USUAL_PUSH, // biome-ignore format: a choice
    pushes: pushed.length,
    monthEnds: { share, beyondChance: share - MONTH_END > 2 * Math.sqrt((MONTH_END * (1 - MONTH_END)) / Math.max(1, dates.length)) }, // biome-ignore format: a row
    recordsActivities: activities > 0,
    recordsContacts: contacts > 0,
  };
  kept.set(then, usual);
  return usual;
}

function newestOf(won: readonly Past[]): readonly Past[] {
  if (won.length <= MOST_WON) return won;
  const closedAt = new Map(won.map((past) => [past, past.last('closed')!.at]));
  return [...won].sort((a, b) => closedAt.get(b)! - closedAt.get(a)! || (a.id < b.id ? -1 : 1)).slice(0, MOST_WON);
}

/** Whether a date is the last day of a month where the company is. */
export const endsMonth = ({ company: { calendar } }: Pick<World, 'company'>, date: Instant): boolean =>
  calendar.date(calendar.nextDay(date)).endsWith('-01');

interface Stay {
  readonly stage: string;
  readonly days: number;
  readonly slippedDays: number;
  readonly silentDays: number;
  readonly contacts: number;
}

const stagesOf = (past: Past) =>
  past.changes('stage').flatMap(({ at, value }) => (value === null ? [] : [{ at, stage: String(value) }]));

/** Finished stays of a won deal, each with what it looked like at its end. */
function staysOf(past: Past): Stay[] {
  const closedAt = past.last('closed')!.at;
  const stages = stagesOf(past);
  return stages.flatMap(({ at, stage }, i): Stay[] => {
    const end = Math.min(stages[i + 1]?.at ?? closedAt, closedAt);
    if (end <= at) return [];
    const { slippedDays } = slippedBy(past, end);
    return [{ stage, days: (end - at) / DAY, slippedDays, silentDays: silenceBy(past, end), contacts: contactsBy(past, end) }]; // biome-ignore format: a row
  });
}

/** How often, and by how many days together, the expected date had been pushed out; pulling it in takes nothing back. */
function slippedBy(past: Past, until: Instant): { pushes: number; slippedDays: number } {
  let [pushes, slippedDays] = [0, 0];
  let before: number | undefined;
  for (const { at, value } of past.changes('expected_close_date')) {
    if (at > until || typeof value !== 'number') continue;
    if (before !== undefined && value > before) {
      pushes++;
      slippedDays += (value - before) / DAY;
    }
    before = value;
  }
  return { pushes, slippedDays };
}

/** The longest stretch without an activity, from creation on. */
function silenceBy(past: Past, until: Instant): number {
  let longest = 0;
  let before = firstKnown(past.all('deal'))?.at ?? until;
  for (const { at } of activitiesOf(past)) {
    if (at > until) break;
    longest = Math.max(longest, at - before);
    before = Math.max(before, at);
  }
  return Math.max(longest, until - before) / DAY;
}

/** People of the customer in the activities or named for the deal. */
function contactsBy(past: Past, until: Instant): number {
  const people = new Set<string>();
  for (const { at, contactId } of activitiesOf(past)) if (at <= until && contactId) people.add(contactId);
  for (const { at, contactId } of past.all('dealContact')) if (at <= until) people.add(contactId);
  return people.size;
}

function stageUsual(stage: string | null, stays: readonly Stay[]): StageUsual {
  const threshold = (of: (stay: Stay) => number): Threshold => {
    const sorted = Float64Array.from(stays, of).sort();
    return { look: quantileSorted(sorted, 0.8), act: quantileSorted(sorted, 0.9), n: stays.length };
  };
  return {
    stage,
    days: threshold(({ days }) => days),
    slippedDays: threshold(({ slippedDays }) => slippedDays),
    silentDays: threshold(({ silentDays }) => silentDays),
    twoContacts: stays.filter(({ contacts }) => contacts >= 2).length / stays.length,
    n: stays.length,
  };
}
