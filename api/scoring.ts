import { hasRecord, recordOf } from '../features/record.ts';
import { recordTrust, shrunkRateAlong, WEAK_PRIOR } from '../models/coldStart.ts';
import type { Prediction } from '../models/prediction.ts';
import type { Frame } from '../src/frame.ts';
import type { Money } from '../src/money.ts';
import type { Subject } from '../src/subjects/index.ts';
import { DAY, type Instant, type Period } from '../src/time.ts';
import type { FactSource, Past, World } from '../src/world.ts';
import { amountOf, bandOfFew, between, ENOUGH_OUTCOMES, type Grade, gradeOf, intervalOf } from './grade.ts';
import { levelAt } from './level.ts';
import type { OpenModel, Parts } from './ports.ts';
import { type Explanation, explain } from './reasons.ts';

/** A score as the engine gives and keeps it; reasons are in no language (`present.ts` adds the words). */
export interface Score extends Explanation {
  readonly id: string;
  readonly asOf: Instant;
  readonly model: string;
  readonly version: string;
  readonly featuresHash: string;
  readonly lowSkill: boolean;
  /** Too few outcomes, or a model that knows no better than the base rate: read the interval, not the number. */
  readonly confidence: 'calibrated' | 'insufficient data';
  /** Fewer than 50 known outcomes: the answer is the interval, there is no grade. */
  readonly insufficientData: boolean;
  /** What the probability is of: won, converted, left. */
  readonly outcome: string;
  /** Within so many days; null = ever, given that it ends. */
  readonly withinDays: number | null;
  readonly probability: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly byPeriodEnd: number;
  readonly period: Period;
  readonly grade: Grade;
  readonly trend: {
    readonly direction: 'up' | 'down' | 'flat';
    readonly change: number;
    readonly since: Instant;
  } | null;
  /** ISO dates between which it ends so, if it does. */
  readonly closeDate: { readonly p10: string; readonly p50: string; readonly p90: string } | null;
  readonly amount: Money | null;
  readonly amountEstimated: boolean;
  readonly ownerId: string | null;
  readonly byPeriodEndReasons: Explanation | null;
  readonly curve?: readonly CurvePoint[];
}
/** By date: open, and each side under its own word (won and lost, converted and disqualified, left and stayed). */
export interface CurvePoint {
  readonly date: string;
  readonly open: number;
  readonly [side: string]: string | number;
}
export interface ScoreOptions {
  /** Reasons at most so many each way; 0 = none, and the explanation is not computed. */
  readonly reasons: number;
  readonly curve: boolean;
  /** Whether what is read of them is kept for the next time: of those that somebody looks at, not of everybody. One alone always is. */
  readonly atHand?: boolean;
}

/** What a scoring needs besides the ids. */
export interface Scoring {
  readonly open: OpenModel;
  readonly source: FactSource;
  /** The cut of the source at the instant asked for. */
  readonly then: World;
  readonly words: Parts['words'];
  /** What the version reads of some, where that is kept: theirs until rows are asked for again. */
  readonly rows?: (ids: readonly string[]) => Frame;
  readonly trendOf: (model: string, id: string, at: Instant, probability: number) => Score['trend'];
}

/** Scores those that are open then. Cost: a row about .2 ms, its reasons about 10 ms. */
export function scoreRows(
  { open, source, then, words, rows: kept, trendOf }: Scoring,
  ids: readonly string[],
  options: ScoreOptions,
): Score[] {
  const at = then.asOf;
  const { subject } = open;
  if (ids.length === 0) return [];
  const frame =
    kept && (options.atHand || ids.length === 1)
      ? kept(ids)
      : open.snapshot(
          source,
          ids.map((id) => ({ id, asOf: at })),
        );
  const level = subject.books ? levelAt(source, open, at) : undefined;
  const prediction = open.predict(frame, level);
  const { calendar } = source.company;
  const period = calendar.quarter(at);
  const outcomes = subject.outcomes(then.norms) ?? open.outcomes;
  const few = outcomes < ENOUGH_OUTCOMES;
  const unsure = open.lowSkill || few;
  // The company's own, for models whose question no owner's record answers.
  const won = Math.min(open.trained.outcomes[subject.sides.positive] ?? 0, outcomes);
  const company = shrunkRateAlong([{ won, n: outcomes }], subject.prior(source.company) ?? WEAK_PRIOR);
  const trust = recordTrust(outcomes);
  const bandAt = (past: Past, p: number): Score['interval'] => {
    const band = () => bandOfFew(p, hasRecord(subject.model) ? recordOf(past).own : company);
    const usual = () => intervalOf(p, unsure ? [] : open.calibration, outcomes);
    return trust === 1 ? band() : trust === 0 ? usual() : between(trust, band(), usual());
  };
  const why = (row: number, of: 'probability' | 'byPeriodEnd', p: number): Explanation => {
    const none = { baseValue: logit(p), reasons: [], otherContribution: 0 };
    if (open.lowSkill || options.reasons === 0) return none;
    const given = open.explain(frame, row, of, level);
    return given ? explain(given, frame, row, options.reasons, words) : none;
  };
  return ids.map((id, row) => {
    const past = then.past(subject.of, id);
    const probability = prediction.probability[row]!;
    const byPeriodEnd = prediction.byPeriodEnd[row]!;
    const amount = amountOf(past);
    const owner = past.value('owner_id');
    const date = (days: number) => calendar.date(at + days * DAY);
    return {
      id,
      asOf: at,
      model: subject.model,
      version: open.version,
      featuresHash: open.featuresHash,
      lowSkill: open.lowSkill,
      confidence: unsure ? 'insufficient data' : 'calibrated',
      insufficientData: few,
      outcome: subject.sides.positive,
      withinDays: open.withinDays,
      probability,
      interval: bandAt(past, probability),
      byPeriodEnd,
      period,
      grade: gradeOf(probability),
      trend: trendOf(subject.model, id, at, probability),
      closeDate: closeDateOf(prediction, row, date),
      amount: amount ? { minor: amount.minor, currency: amount.currency } : null,
      amountEstimated: amount?.estimated ?? false,
      ownerId: typeof owner === 'string' ? owner : null,
      ...why(row, 'probability', probability),
      byPeriodEndReasons: options.reasons === 0 ? null : why(row, 'byPeriodEnd', byPeriodEnd),
      ...(options.curve ? { curve: curveOf(prediction, subject.sides, row, date) } : {}),
    };
  });
}

/** When it ends so, if it does; null where that is not to be expected. */
export function closeDateOf(prediction: Prediction, row: number, date: (days: number) => string): Score['closeDate'] {
  const p50 = prediction.p50Days[row]!;
  if (Number.isNaN(p50)) return null;
  return { p10: date(prediction.p10Days[row]!), p50: date(p50), p90: date(prediction.p90Days[row]!) };
}

const LEAST = 1e-12;
/** Log odds; a certainty still has finite ones. */
export function logit(p: number): number {
  const held = Math.min(Math.max(p, LEAST), 1 - LEAST);
  return Math.log(held / (1 - held));
}

function curveOf(
  prediction: Prediction,
  sides: Subject['sides'],
  row: number,
  date: (days: number) => string,
): CurvePoint[] {
  const { timesDays, causes, incidence } = prediction;
  return Array.from(timesDays, (days, t) => {
    const of = (positive: boolean) =>
      causes.reduce((sum, cause, c) => {
        const here = incidence[(row * timesDays.length + t) * causes.length + c]!;
        return cause.positive === positive ? sum + here : sum;
      }, 0);
    const [yes, no] = [of(true), of(false)];
    return { date: date(days), [sides.positive]: yes, [sides.negative]: no, open: Math.max(0, 1 - yes - no) };
  });
}
