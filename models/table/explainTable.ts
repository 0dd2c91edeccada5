import type { ColumnTable } from '../../src/connectors/columns.ts';
import { type CalibrationMap, calibrated } from '../calibrate/choose.ts';
import { logit, sigmoid } from '../calibrate/logit.ts';
import { type LawFunction, positiveBy, reasonsOf, type ScoreFunction } from '../explain.ts';
import type { TargetOf } from '../tableAnswers.ts';
import { featuresOfRecipes, frameByRecipes } from './recipe.ts';
import type { OpenedTable } from './tableModel.ts';

/** What contributions add up to: log odds of a yes, of a class, of having ended by a time; or the mean of an amount. */
export type Explained =
  | { readonly kind: 'probability' }
  | { readonly kind: 'class'; readonly level: string }
  | { readonly kind: 'endedBy'; readonly time: number }
  | { readonly kind: 'mean' };

/** Why a row of a table was told what it was. */
export interface TableExplanation {
  readonly explains: Explained;
  /**
   * What is said where the way begins (the mean training row), and of this row; contributions sum to the difference within 1e-3 of `unit`.
   */
  readonly base: number;
  readonly total: number;
  /** A difference worth a word is measured by it: 1 of log odds; of an amount how much it differs from bin to bin. */
  readonly unit: number;
  /** By column of the table; what a date or a text was made into is taken together. */
  readonly contributions: ReadonlyMap<string, number>;
}

/**
 * Explains rows of a table, one each: against the mean training row, or against row `from` of the table, which then also
 * decides what is asked (the class that is likeliest for it), so that every difference is of the same number.
 */
export type TableExplainer = (table: ColumnTable, from?: number) => readonly TableExplanation[];

/**
 * Explainer of a table model by integrated gradients (`explain.ts`): of yes or no the log odds of yes as they are said, of
 * classes those of the likeliest one, of durations those of having ended (by any cause) by the middle one of the times that
 * are told, of amounts the mean. Undefined where the model has no skill.
 *
 * A calibration map moves the log odds that are said beside those that the gradients explain: contributions are stretched
 * by the same ratio, which is exact for a map that is linear in log odds and adds up for any.
 * Cost: some milliseconds a row.
 */
export function tableExplainer(opened: OpenedTable): TableExplainer | undefined {
  const { target, reading, header, model } = opened;
  const { state } = opened.artifact;
  if (header.lowSkill) return undefined;
  const cells = (state.edges.length - 1) * (state.causes + 1);
  const ask = questionOf(opened);
  const said = target.task === 'binary' && target.map ? saidBy(target.map) : (value: number) => value;
  const columnOf = new Map(
    reading.recipes.flatMap((recipe) => featuresOfRecipes([recipe]).map(({ name }) => [name, recipe.column] as const)),
  );
  const { sources } = state.encoder;
  // Rows of a table have no date: what the calendar says is what it said in training.
  const q = new Float32Array(state.meanQ.length);
  return (table, from) => {
    const ids = Array.from({ length: table.rows }, (_, row) => String(row));
    const frame = frameByRecipes(reading.recipes, table, ids);
    const p = model.predict(frame);
    return ids.map((_, row) => {
      const asked = from ?? row;
      const { explains, score, unit } = ask(p.subarray(asked * cells, (asked + 1) * cells));
      const start = from === undefined ? undefined : { frame, row: from, q };
      const found = reasonsOf(model, { frame, row, q }, score, undefined, start);
      const [base, total] = [said(found.base * unit), said(found.total * unit)];
      const moved = found.total - found.base;
      const stretch = Math.abs(moved) > 1e-9 ? (total - base) / moved : unit;
      const contributions = new Map<string, number>();
      found.codes.forEach((value, i) => {
        const column = columnOf.get(sources[i]!)!;
        contributions.set(column, (contributions.get(column) ?? 0) + value * stretch);
      });
      return { explains, base, total, unit, contributions };
    });
  };
}

const saidBy = (map: CalibrationMap) => (value: number) => logit(calibrated(map, sigmoid(value)));

interface Question {
  readonly explains: Explained;
  /** The value in units of `unit`, so that one tolerance suits all. */
  readonly score: ScoreFunction | LawFunction;
  readonly unit: number;
}

/** What is explained of a row, by its probabilities, bins x (causes + 1). */
function questionOf({ target, reading, artifact }: OpenedTable): (p: Float64Array) => Question {
  const { edges, causes } = artifact.state;
  const any = new Array<boolean>(causes).fill(true);
  const longest = edges.at(-1)!;
  switch (target.task) {
    case 'binary': {
      const question: Question = { explains: { kind: 'probability' }, score: positiveBy(longest, any), unit: 1 };
      return () => question;
    }
    case 'class':
      return (p) => {
        const k = target.levels.reduce((best, _, level) => (p[level]! > p[best]! ? level : best), 0);
        // The most frequent class is what is left when no other has come.
        const score = k === 0 ? against(positiveBy(longest, any)) : positiveBy(longest, any.map((_, c) => c === k - 1)); // biome-ignore format: one choice
        return { explains: { kind: 'class', level: target.levels[k]! }, score, unit: 1 };
      };
    case 'duration': {
      const { times } = reading;
      const time = Math.min(times[times.length >> 1] ?? longest, longest);
      const question: Question = { explains: { kind: 'endedBy', time }, score: positiveBy(time, any), unit: 1 };
      return () => question;
    }
    case 'amount': {
      const unit = spreadOf(target.means);
      const question: Question = { explains: { kind: 'mean' }, score: meanOf(target, unit), unit };
      return () => question;
    }
  }
}

/** The log odds of the contrary. */
const against = ({ timeDays, logit: of }: ScoreFunction): ScoreFunction => ({
  timeDays,
  logit: (F) => {
    const { value, gradient } = of(F);
    return { value: -value, gradient: gradient.map((v) => -v) };
  },
});

/**
 * Mean of an amount, in units. With m_b the means of the value bins, h_b the chance to end in one and S_b to come to it,
 * G_b = h_b m_b + (1 - h_b) G_(b+1), G of the last bin its mean; the mean is G_0 and dG_0/dh_b = S_b (m_b - G_(b+1)).
 */
function meanOf({ means }: TargetOf<'amount'>, unit: number): LawFunction {
  return {
    of: (p) => {
      const bins = means.length - 1;
      const gradient = new Float64Array(p.length / 2);
      let beyond = means[bins]!;
      for (let b = bins - 1; b >= 0; b--) {
        const h = p[b * 2 + 1]!;
        gradient[b] = (means[b]! - beyond) / unit;
        beyond = h * means[b]! + (1 - h) * beyond;
      }
      let open = 1;
      for (let b = 0; b < bins; b++) {
        gradient[b]! *= open;
        open *= 1 - p[b * 2 + 1]!;
      }
      return { value: beyond / unit, gradient };
    },
  };
}

/** Standard deviation; 1 where all are the same. */
function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, v) => sum + v / values.length, 0);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2 / values.length, 0)) || 1;
}
