import { plannedOf } from '../../features/engagement/activities.ts';
import { logit } from '../../models/calibrate/logit.ts';
import { rateOfStage } from '../../src/naiveForecasts.ts';
import { firstKnown } from '../../src/subjects/deal.ts';
import { DAY } from '../../src/time.ts';
import type { Past } from '../../src/world.ts';
import { endsMonth, type Measures, type StageUsual, type Threshold, type Usual } from './usual.ts';

/** What an open deal is looked at for. */
export const checks = [
  'stalled',
  'slipping',
  'overdue',
  'monthEnd',
  'noNextStep',
  'singleThreaded',
  'disagrees',
] as const;
export type Check = (typeof checks)[number];

/** Something that a deal shows, with what shows it. */
export interface Finding {
  readonly check: Check;
  /** `act`: beyond nine of ten won deals, or past its date; `look`: beyond eight of ten, or a thing to ask about. */
  readonly level: 'look' | 'act';
  /** Facts and numbers, in no language. */
  readonly evidence: Readonly<Record<string, number | string | null>>;
  /** What is asked of the forecast to tell what is at stake: the deal dropped, pushed out by the usual days, or at the rate of its stage. */
  readonly edit: 'drop' | 'push' | 'stageRate';
}

/** Odds this many times those of the stage, either way, and at least so many points apart. */
const ODDS = 3;
const POINTS = 0.15;
/** Shares of won deals with two people or more from which one alone is worth a look, and a deed. */
const MOST = 0.5;
const NEARLY_ALL = 0.8;

/** What the model says of one: chance of being won at all; undefined where it knows no better than the base rate. */
export type Chance = number | undefined;

/** All that an open deal shows. Nothing is said by thresholds that too few won deals taught. */
export function findingsOf(past: Past, is: Measures, usual: Usual, chance: Chance): Finding[] {
  const at = usual.at(is.stage);
  const byStage = at
    ? [stalled(past, is, at), slipping(is, at), silent(past, is, at, usual), single(is, at, usual)]
    : [];
  return [...byStage, ...dated(past, usual), disagrees(past, is, chance)].filter((finding) => finding !== undefined);
}

const levelOf = (value: number, { look, act }: Threshold): Finding['level'] | undefined =>
  value > act ? 'act' : value > look ? 'look' : undefined;
const tenth = (value: number): number => Math.round(value * 10) / 10;
/** The stage that a threshold is of; null = all of them. */
const learned = ({ look, act, n }: Threshold, { stage }: StageUsual) => ({
  usual80: tenth(look),
  usual90: tenth(act),
  wonStays: n,
  usualOf: stage,
});

function stalled(past: Past, is: Measures, at: StageUsual): Finding | undefined {
  const level = levelOf(is.daysInStage, at.days);
  if (level === undefined || is.stage === undefined) return undefined;
  const evidence = { stage: is.stage, days: tenth(is.daysInStage), since: past.company.calendar.date(is.stageSince!), ...learned(at.days, at) }; // biome-ignore format: a row
  return { check: 'stalled', level, evidence, edit: 'drop' };
}

function slipping(is: Measures, at: StageUsual): Finding | undefined {
  const level = is.pushes > 0 ? levelOf(is.slippedDays, at.slippedDays) : undefined;
  if (level === undefined) return undefined;
  const evidence = { pushes: is.pushes, days: Math.round(is.slippedDays), ...learned(at.slippedDays, at) };
  return { check: 'slipping', level, evidence, edit: 'push' };
}

/** Nothing is planned, and nothing happened for longer than in the longest silence of most won deals. */
function silent(past: Past, is: Measures, at: StageUsual, usual: Usual): Finding | undefined {
  if (!usual.recordsActivities || plannedOf(past).length > 0) return undefined;
  const since = is.lastActivityAt ?? firstKnown(past.all('deal'))?.at ?? past.asOf;
  const days = (past.asOf - since) / DAY;
  const level = levelOf(days, at.silentDays);
  if (level === undefined) return undefined;
  const lastAt = is.lastActivityAt === undefined ? null : past.company.calendar.date(is.lastActivityAt);
  const evidence = { days: tenth(days), lastAt, ...learned(at.silentDays, at) };
  return { check: 'noNextStep', level, evidence, edit: 'drop' };
}

/** One person of the customer at most, where most won deals had two by the end of the stage. */
function single(is: Measures, at: StageUsual, usual: Usual): Finding | undefined {
  if (!usual.recordsContacts || is.contacts > 1 || at.twoContacts < MOST) return undefined;
  const evidence = { contacts: is.contacts, wonWithTwo: at.twoContacts, wonStays: at.n, usualOf: at.stage };
  return { check: 'singleThreaded', level: at.twoContacts >= NEARLY_ALL ? 'act' : 'look', evidence, edit: 'drop' };
}

function dated(past: Past, { monthEnds, pushDays }: Usual): Finding[] {
  const date = past.value('expected_close_date');
  if (typeof date !== 'number') return [];
  const { calendar } = past.company;
  const day = calendar.date(date);
  if (date < calendar.startOfDay(past.asOf)) {
    const days = Math.floor((calendar.startOfDay(past.asOf) - date) / DAY + 0.5);
    return [
      { check: 'overdue', level: 'act', evidence: { date: day, days, usualPush: tenth(pushDays) }, edit: 'push' },
    ];
  }
  if (!monthEnds.beyondChance || !endsMonth(past, date)) return [];
  return [{ check: 'monthEnd', level: 'look', evidence: { date: day, share: monthEnds.share, usualPush: tenth(pushDays) }, edit: 'push' }]; // biome-ignore format: a row
}

/** The record says otherwise than the stage. */
function disagrees(past: Past, { stage }: Measures, chance: Chance): Finding | undefined {
  if (chance === undefined || stage === undefined) return undefined;
  const { rate, closed } = rateOfStage(past.norms, stage);
  const apart = Math.abs(logit(chance) - logit(rate));
  if (closed === 0 || Math.abs(chance - rate) < POINTS || apart < Math.log(ODDS)) return undefined;
  return { check: 'disagrees', level: 'look', evidence: { stage, probability: chance, stageRate: rate, closed }, edit: 'stageRate' }; // biome-ignore format: a row
}
