import type { Artifact } from '../models/artifact.ts';
import { expectedEndIn } from '../models/binCovariates.ts';
import { type HazardState, hazardModel } from '../models/hazardModel.ts';
import { hazards, incidenceAt, nllOfProbabilities } from '../models/hazards.ts';
import { type Check, checks, type Evidence } from '../models/promotion/checks.ts';
import type { Frame } from '../src/frame.ts';
import { DAY, formatInstant, type Instant } from '../src/time.ts';
import { judge } from './evaluate.ts';
import { type LandmarkRows, takeLandmarkRows } from './landmarkRows.ts';
import { leakScreen, leakWords } from './leakScreen.ts';
import { segmentsOf } from './segments.ts';
import { type HazardTask, placedOn } from './task.ts';

/** Whether a trained version may serve, and why; shown to people and kept with the version. */
export interface Verdict {
  readonly promote: boolean;
  readonly reason: string;
  /** What was looked at, where two versions met. */
  readonly checks?: readonly Check[];
}

/** The newest rows, which the challenger was not fitted on. */
export interface Newest {
  readonly rows: LandmarkRows;
  /** Of the accounts whose rows have judged nothing yet; those of the others chose the challenger among its candidates. */
  readonly judges: (account: string) => boolean;
}

/** One of the two, as far as the gate knows it. */
export interface Contender {
  /** Hazards by row, as `HazardModel.predict`. */
  predict(X: Frame): Float64Array;
  /** The columns that it reads. */
  readonly sources: readonly string[];
  readonly lowSkill: boolean;
}

/**
 * From so many judging rows with an outcome on, of so many accounts, the rows that chose the challenger have no say. With
 * fewer, a third of the evidence would cost more real improvements than the choice among five candidates flatters.
 */
const ENOUGH = { rows: 1000, accounts: 100 };

/** A company's first version serves, also when it knows no more than the base rate (it is then marked low skill). */
export function firstVersion(champion: Artifact | undefined): Verdict {
  return champion
    ? { promote: false, reason: 'too few outcomes to compare with the version that serves; it stays' }
    : { promote: true, reason: 'the first version' };
}

/**
 * Champion and challenger on the same rows, which neither was trained on: looks at the newest deals made after the
 * champion's training ended. What is asked of the challenger says `checks` in models/promotion.
 *
 * The rows that chose the challenger among its candidates flatter it: where the judging rows alone are enough, they alone
 * decide; else both do, and the reason says so.
 * @param challenger the state fitted on the part before the newest deals
 * @param pinned columns that the company vouches for, whatever a screen says
 */
export function challenge(
  champion: Artifact | undefined,
  challenger: HazardState,
  task: HazardTask,
  newest: Newest,
  pinned: readonly string[] = [],
): Verdict {
  if (!champion) return firstVersion(champion);
  const { trained, withinDays, causes, lowSkill } = champion.header;
  const sameTask =
    champion.state.edges.join() === challenger.edges.join() &&
    withinDays === task.withinDays &&
    causes.map((cause) => cause.name).join() === task.causes.map((cause) => cause.name).join();
  if (!sameTask) {
    return {
      promote: false,
      reason: 'bins, causes or horizon have changed, so the two cannot be compared; promote it by hand',
    };
  }
  const side = (state: HazardState, low: boolean): Contender => ({
    predict: hazardModel(state, task.calendar).predict,
    sources: state.encoder.sources,
    lowSkill: low,
  });
  return contest(side(champion.state, lowSkill), side(challenger, false), task, newest, trained.to, pinned);
}

/** The same between any two that say hazards; `since`: when the champion's training ended. */
export function contest(
  champion: Contender,
  challenger: Contender,
  task: HazardTask,
  newest: Newest,
  since: Instant,
  pinned: readonly string[] = [],
): Verdict {
  const { rows: all, judges } = newest;
  const unseen = all.account.flatMap((_, row) => (all.X.asOf[row]! >= since ? [row] : []));
  const judging = unseen.filter((row) => judges(all.account[row]!));
  const alone = enough(all, judging);
  const rows = takeLandmarkRows(all, alone ? judging : unseen);
  const found = checks(evidenceOf(champion, challenger, task, rows, pinned));
  const failed = found.filter(({ passed }) => !passed);
  const whose = alone ? '' : '; rows that also chose it among its candidates had a say, for the others are few';
  const says = (of: readonly Check[]) => of.map((check) => check.says).join('; ');
  if (failed.length === 0) return { promote: true, reason: `${says(found)}${whose}`, checks: found };
  const how = failed[0]!.name === 'rows' ? ` since ${formatInstant(since)}` : whose;
  return { promote: false, reason: `${says(failed)}${how}; the version that serves stays`, checks: found };
}

function enough({ outcomes, account }: LandmarkRows, rows: readonly number[]): boolean {
  const ended = rows.filter((row) => outcomes[row]!.cause).map((row) => account[row]!);
  return ended.length >= ENOUGH.rows && new Set(ended).size >= ENOUGH.accounts;
}

/** What the two say of rows, beside what became of them. */
export function evidenceOf(
  champion: Contender,
  challenger: Contender,
  task: HazardTask,
  rows: LandmarkRows,
  pinned: readonly string[],
): Evidence {
  const { causes, withinDays, edges } = task;
  const grid = hazards(edges, causes.length);
  const placed = placedOn(task, rows.outcomes);
  const said = { champion: champion.predict(rows.X), challenger: challenger.predict(rows.X) };
  const judged = judge(rows, withinDays ?? 0)[withinDays === null ? 'ever' : 'within'];
  const until = knownUntil(rows);
  const answers = (p: Float64Array) => {
    const F = new Float64Array(causes.length);
    return Float64Array.from(judged.rows, (row) => {
      // Of "ever", only what had time to end can be judged: P(positive, given that it has ended by now).
      const days = withinDays ?? Math.max((until - rows.X.asOf[row]!) / DAY, rows.outcomes[row]!.timeDays, edges[1]!);
      incidenceAt(grid, p, row, days, F);
      const positive = causes.reduce((sum, cause, c) => sum + (cause.positive ? F[c]! : 0), 0);
      const ended = F.reduce((sum, f) => sum + f, 0);
      return withinDays !== null ? positive : ended > 0 ? positive / ended : 0.5;
    });
  };
  return {
    groups: rows.account,
    losses: {
      champion: nllOfProbabilities(grid, said.champion, placed),
      challenger: nllOfProbabilities(grid, said.challenger, placed),
    },
    asked: {
      rows: judged.rows,
      event: judged.event,
      champion: answers(said.champion),
      challenger: answers(said.challenger),
    },
    segments: segmentsOf(rows.X, task.age),
    championLowSkill: champion.lowSkill,
    readsMore: challenger.sources.some((name) => !champion.sources.includes(name)),
    leaks: (clearOnly) => leaksAmong(challenger, champion, task, rows, clearOnly, pinned),
  };
}

/** The end of what is known of rows. */
function knownUntil({ X, outcomes }: LandmarkRows): Instant {
  return outcomes.reduce(
    (last, { cause, timeDays, knownAt }, row) => Math.max(last, cause ? knownAt : X.asOf[row]! + timeDays * DAY),
    Number.NEGATIVE_INFINITY,
  );
}

/**
 * Leaks among the columns of the challenger: clear ones wherever they are, suspects only where the champion does without
 * the column, for what it has always read has proved itself.
 */
function leaksAmong(
  challenger: Contender,
  champion: Contender,
  { age }: HazardTask,
  rows: LandmarkRows,
  clearOnly: boolean,
  pinned: readonly string[],
): string[] {
  const vouched = new Set([...pinned, age, expectedEndIn(rows.X.columns.keys())]);
  const read = new Set(challenger.sources.filter((name) => !vouched.has(name)));
  const before = new Set(champion.sources);
  const only = (index: (ended: boolean) => boolean): LandmarkRows => {
    const of = takeLandmarkRows(
      rows,
      rows.outcomes.flatMap(({ cause }, row) => (index(cause !== undefined) ? [row] : [])),
    );
    return { ...of, X: { ...of.X, columns: new Map([...of.X.columns].filter(([name]) => read.has(name))) } };
  };
  const ended = only((has) => has);
  const findings = leakScreen({
    X: ended.X,
    event: Uint8Array.from(ended.outcomes, ({ cause }) => (cause!.positive ? 1 : 0)),
    account: ended.account,
    open: { X: only((has) => !has).X, columns: new Set([...read].filter((name) => !before.has(name))) },
  });
  return findings
    .filter(({ severity, feature }) => severity === 'hard' || (!clearOnly && !before.has(feature)))
    .map(leakWords);
}
