import { type HazardState, hazardModel } from '../models/hazardModel.ts';
import { incidenceAt } from '../models/hazards.ts';
import { auc } from '../src/stats/auc.ts';
import { brier } from '../src/stats/brier.ts';
import { ece } from '../src/stats/ece.ts';
import { logLoss } from '../src/stats/logLoss.ts';
import type { LandmarkRows } from './landmarkRows.ts';
import type { HazardTask } from './task.ts';

/** Two questions about each row, answered by any method: probabilities of a positive ending, NaN = no answer. */
export interface Answers {
  /** P(positive | it ends). */
  readonly ever: Float64Array;
  /** P(positive within `days`). */
  readonly within: Float64Array;
}

/**
 * Which rows can judge which question: "ever" is judged on resolved rows, "within" on those followed for so many days,
 * however they ended. Rows that ended sooner and were followed for less would be chosen by how they ended: of looks of late
 * whoever left has been seen to, while who stays cannot have been.
 */
export interface Judged {
  readonly days: number;
  readonly ever: {
    readonly rows: readonly number[];
    readonly event: readonly number[];
    readonly undecidedShare: number;
  };
  readonly within: { readonly rows: readonly number[]; readonly event: readonly number[] };
}

export function judge(rows: LandmarkRows, days: number): Judged {
  const ever = { rows: [] as number[], event: [] as number[], undecidedShare: 0 };
  const within = { rows: [] as number[], event: [] as number[] };
  rows.outcomes.forEach(({ timeDays, cause, followedDays }, row) => {
    const positive = cause?.positive === true;
    if (cause) {
      ever.rows.push(row);
      ever.event.push(positive ? 1 : 0);
    }
    if (followedDays >= days) {
      within.rows.push(row);
      within.event.push(positive && timeDays <= days ? 1 : 0);
    }
  });
  ever.undecidedShare = 1 - ever.rows.length / Math.max(rows.outcomes.length, 1);
  return { days, ever, within };
}

/** What a fitted state answers. */
export function answersOf(
  state: HazardState,
  { causes, calendar }: Pick<HazardTask, 'causes' | 'calendar'>,
  rows: LandmarkRows,
  days: number,
): Answers {
  const model = hazardModel(state, calendar);
  const p = model.predict(rows.X);
  const n = rows.X.ids.length;
  const F = new Float64Array(causes.length);
  const horizon = state.edges.at(-1)!;
  const ever = new Float64Array(n);
  const within = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    incidenceAt(model.grid, p, row, horizon, F);
    const positive = causes.reduce((s, cause, c) => s + (cause.positive ? F[c]! : 0), 0);
    const ended = F.reduce((s, v) => s + v, 0);
    ever[row] = ended > 0 ? positive / ended : 0;
    incidenceAt(model.grid, p, row, model.within.clock(rows.X.asOf[row]!, days), F);
    within[row] = causes.reduce((s, cause, c) => s + (cause.positive ? F[c]! : 0), 0);
  }
  return { ever, within };
}

/**
 * What most tools do: the share of training rows with the same word (of a deal its stage) that ended positively (ever,
 * and within so many days), shrunk to the share of all rows by 20 pseudo rows.
 */
export function percentageBy(feature: string, train: LandmarkRows, test: LandmarkRows, days: number): Answers {
  const word = (rows: LandmarkRows, row: number): string => {
    const column = rows.X.columns.get(feature);
    return column?.type === 'category' && column.codes[row]! >= 0 ? column.levels[column.codes[row]!]! : '';
  };
  const judged = judge(train, days);
  const rates = (part: { rows: readonly number[]; event: readonly number[] }) => {
    const all = part.event.reduce((s, v) => s + v, 0) / Math.max(part.event.length, 1);
    const tally = new Map<string, [number, number]>();
    part.rows.forEach((row, i) => {
      const entry = tally.get(word(train, row)) ?? [0, 0];
      tally.set(word(train, row), [entry[0] + part.event[i]!, entry[1] + 1]);
    });
    return (name: string) => {
      const [won, n] = tally.get(name) ?? [0, 0];
      return (won + 20 * all) / (n + 20);
    };
  };
  const ever = rates(judged.ever);
  const within = rates(judged.within);
  const n = test.X.ids.length;
  return {
    ever: Float64Array.from({ length: n }, (_, row) => ever(word(test, row))),
    within: Float64Array.from({ length: n }, (_, row) => within(word(test, row))),
  };
}

/** AUC, log loss, Brier and ECE of both questions; null where only one class was seen. */
export function measure(answers: Answers, judged: Judged): Record<string, number | null> {
  const out: Record<string, number | null> = {};
  for (const question of ['ever', 'within'] as const) {
    const { rows, event } = judged[question];
    const name = question === 'ever' ? 'ever' : `within${judged.days}d`;
    const p = rows.map((row) => answers[question][row]!);
    const bothClasses = event.includes(0) && event.includes(1);
    out[`${name}Rows`] = rows.length;
    out[`${name}Auc`] = bothClasses ? auc(event, p) : null;
    out[`${name}LogLoss`] = rows.length ? logLoss(event, p) : null;
    out[`${name}Brier`] = rows.length ? brier(event, p) : null;
    out[`${name}Ece`] = rows.length ? ece(event, p, 'width') : null;
  }
  return out;
}
