import { fitLaw, purchaseTable } from '../models/clv/index.ts';
import type { HazardState } from '../models/hazardModel.ts';
import { hazardModel } from '../models/hazardModel.ts';
import { incidenceAt } from '../models/hazards.ts';
import type { Rhythm } from '../models/rhythm.ts';
import { splitByContract, withRhythm } from '../models/withRhythm.ts';
import { pairedDifference } from '../src/stats/pairedDifference.ts';
import type { Subject } from '../src/subjects/index.ts';
import { orderRhythm } from '../src/subjects/rhythm.ts';
import type { Instant } from '../src/time.ts';
import { type FactSource, world } from '../src/world.ts';
import { groupedFolds } from './folds.ts';
import { type LandmarkRows, takeLandmarkRows } from './landmarkRows.ts';
import type { HazardTask } from './task.ts';

/** Fewer customers with a second order than this, and no law is fitted. */
const FEWEST_REPEATED = 50;
/** Hazards, the richer of the two, must be better than the law by more than one standard error; the law than the base rate by 1.64. */
const RICHER_ERRORS = 1;
const SKILL_ERRORS = 1.64;

/**
 * BG/NBD of all customers without contract by what is known at an instant, those of one order too: without them the law
 * would not know how many never come back; `leftOut` are passed over. Undefined where the subject has no such customers, or too few.
 */
export function fitRhythm(
  source: FactSource,
  subject: Subject,
  task: HazardTask,
  at: Instant,
  leftOut: ReadonlySet<string> = new Set(),
): Rhythm | undefined {
  if (!subject.rhythm || task.withinDays === null) return undefined;
  const place = (name: string) => task.causes.findIndex((cause) => cause.name === name);
  const silent = place(subject.rhythm.silent);
  const ordered = place(subject.rhythm.ordered);
  if (silent < 0 || ordered < 0) return undefined;
  const then = world(source, at - 1); // a world holds what is known at its instant
  const customers = [...source.ids(subject.of)].sort().flatMap((id) => {
    if (leftOut.has(id)) return [];
    const past = then.past(subject.of, id);
    const rhythm = past.last('subscriptionTerm') ? undefined : orderRhythm(past);
    if (!rhythm) return [];
    const x = rhythm.orderDays - 1;
    const T = Math.round(rhythm.sinceFirstDays);
    return [{ x, tx: x === 0 ? 0 : Math.max(T - Math.round(rhythm.sinceLastDays), 0), T }];
  });
  if (customers.filter(({ x }) => x > 0).length < FEWEST_REPEATED) return undefined;
  const { parameters, converged } = fitLaw('bg-nbd', purchaseTable(customers));
  const { r, alpha, a, b } = parameters;
  if (!converged || !(r && alpha && a && b)) return undefined;
  return { law: { r, alpha, a, b }, silent, ordered, withinDays: task.withinDays };
}

/** Rows of customers without contract, and of the others. */
export function byContract(rows: LandmarkRows): { readonly rhythmic: LandmarkRows; readonly bound: LandmarkRows } {
  const { rhythmic, bound } = splitByContract(rows.X);
  return { rhythmic: takeLandmarkRows(rows, rhythmic), bound: takeLandmarkRows(rows, bound) };
}

/** Older rows, and the law as fitted without some accounts. */
export interface Unseen {
  readonly rows: LandmarkRows;
  without(accounts: ReadonlySet<string>): Rhythm | undefined;
}

export interface RhythmChoice {
  /** Whether the law serves the customers without contract. */
  readonly chosen: boolean;
  /** Log loss of "no order within the horizon" on the selection block. */
  readonly losses: { readonly law: number; readonly hazards: number; readonly baseRate: number };
  readonly reasons: readonly string[];
}

/**
 * Law or hazards for the customers without contract, on rows that neither has seen, by the log loss of silence up to the
 * horizon. The law is the simpler: it stands unless the hazards beat it by more than one standard error of the paired
 * difference (rows of one account move together); and it must beat the base rate beyond chance. Of a small company older
 * rows tell that too, each by a law fitted without its account, as `select.ts` does; the newest must point the same way.
 *
 * @param hazards what would serve them otherwise · @param baseRate what knows nothing of them
 */
export function chooseRhythm(
  rhythm: Rhythm,
  hazards: HazardState,
  baseRate: HazardState,
  task: HazardTask,
  rows: LandmarkRows,
  unseen?: Unseen,
): RhythmChoice | undefined {
  // biome-ignore format: one signature
  const test = judgedRows(rows, rhythm);
  if (test.X.ids.length === 0) return undefined;
  const law = silenceLosses(withRhythm(baseRate, rhythm, test.X), task, rhythm, test);
  const learned = silenceLosses(hazards, task, rhythm, test);
  const base = silenceLosses(baseRate, task, rhythm, test);
  const overHazards = pairedDifference(law, learned, test.account);
  const older = unseen && olderLosses(unseen, baseRate, task, rhythm);
  const newest = pairedDifference(base, law, test.account);
  const overBase = older
    ? pairedDifference(join(base, older.base), join(law, older.law), [...test.account, ...older.account])
    : newest;
  const richer = overHazards.mean > RICHER_ERRORS * overHazards.standardError;
  const skilled = overBase.mean > SKILL_ERRORS * overBase.standardError && newest.mean > 0;
  const within = `silence of ${rhythm.withinDays} days without contract`;
  const say = (a: string, yes: boolean, b: string, { mean, standardError }: typeof overBase, errors: number) =>
    `${a} ${yes ? 'beats' : 'does not beat'} ${b} on ${within}: ${mean.toFixed(4)} +- ${standardError.toFixed(4)} (asked: ${errors} standard errors)`;
  return {
    chosen: skilled && !richer,
    losses: { law: mean(law), hazards: mean(learned), baseRate: mean(base) },
    reasons: [
      say('BG/NBD', skilled, 'baseRate', overBase, SKILL_ERRORS),
      say('the hazards', richer, 'BG/NBD', overHazards, RICHER_ERRORS),
    ],
  };
}

/** What a law says of rows of a quarter of the accounts, fitted without them, in turn. */
function olderLosses({ rows, without }: Unseen, baseRate: HazardState, task: HazardTask, rhythm: Rhythm) {
  const known = judgedRows(rows, rhythm);
  const law: number[] = [];
  const base: number[] = [];
  const account: string[] = [];
  for (const held of groupedFolds(known.account, 4, 'rhythm')) {
    const part = takeLandmarkRows(known, held);
    const other = held.length > 0 ? without(new Set(part.account)) : undefined;
    if (!other) continue;
    law.push(...silenceLosses(withRhythm(baseRate, other, part.X), task, rhythm, part));
    base.push(...silenceLosses(baseRate, task, rhythm, part));
    account.push(...part.account);
  }
  return { law, base, account };
}

/** Rows of customers without contract that were followed up to the horizon: an early order alone must not make a row count. */
function judgedRows(rows: LandmarkRows, { withinDays }: Rhythm): LandmarkRows {
  const known = byContract(rows).rhythmic;
  return takeLandmarkRows(
    known,
    known.outcomes.flatMap(({ followedDays }, row) => (followedDays >= withinDays ? [row] : [])),
  );
}

const join = (a: ArrayLike<number>, b: ArrayLike<number>) => Float64Array.from([...Array.from(a), ...Array.from(b)]);

/** -log P(what became of each row by the horizon: silence, or anything else). */
export function silenceLosses(
  state: HazardState,
  task: HazardTask,
  { silent, withinDays }: Rhythm,
  rows: LandmarkRows,
): Float64Array {
  // biome-ignore format: one signature
  const { grid, predict } = hazardModel(state, task.calendar);
  const p = predict(rows.X);
  const F = new Float64Array(task.causes.length);
  return Float64Array.from(rows.outcomes, ({ cause, timeDays }, row) => {
    incidenceAt(grid, p, row, withinDays, F);
    const came = cause?.name === task.causes[silent]!.name && timeDays <= withinDays;
    return -Math.log(Math.min(Math.max(came ? F[silent]! : 1 - F[silent]!, 1e-12), 1));
  });
}

const mean = (values: Float64Array): number => values.reduce((s, v) => s + v, 0) / Math.max(values.length, 1);
