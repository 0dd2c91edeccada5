import type { ColumnTable } from '../../src/connectors/columns.ts';
import { positiveBy, reasonsOf } from '../explain.ts';
import { featuresOfRecipes, frameByRecipes } from './recipe.ts';
import type { OpenedTable } from './tableModel.ts';

/** Why a row of a table was told what it was, in log odds. */
export interface TableExplanation {
  /** Log odds at the mean training row, and of this one before calibration; contributions sum to the difference within 1e-3. */
  readonly base: number;
  readonly total: number;
  /** By column of the table; what a date or a text was made into is taken together. */
  readonly contributions: ReadonlyMap<string, number>;
}

/**
 * Explainer of a table model: of yes or no the log odds of yes, of durations those of having ended by the last time known.
 * Undefined for classes and amounts, and where the model has no skill. Integrated gradients (`explain.ts`).
 */
export function tableExplainer(opened: OpenedTable): ((table: ColumnTable) => readonly TableExplanation[]) | undefined {
  const { target, reading, header, model } = opened;
  const { state } = opened.artifact;
  if (header.lowSkill || (target.task !== 'binary' && target.task !== 'duration')) return undefined;
  const score = positiveBy(state.edges.at(-1)!, new Array<boolean>(state.causes).fill(true));
  const columnOf = new Map(
    reading.recipes.flatMap((recipe) => featuresOfRecipes([recipe]).map(({ name }) => [name, recipe.column] as const)),
  );
  const { sources } = state.encoder;
  // Rows of a table have no date: what the calendar says is what it said in training.
  const q = new Float32Array(state.meanQ.length);
  return (table) => {
    const ids = Array.from({ length: table.rows }, (_, row) => String(row));
    const frame = frameByRecipes(reading.recipes, table, ids);
    return ids.map((_, row) => {
      const found = reasonsOf(model, { frame, row, q }, score);
      const contributions = new Map<string, number>();
      found.codes.forEach((value, i) => {
        const column = columnOf.get(sources[i]!)!;
        contributions.set(column, (contributions.get(column) ?? 0) + value);
      });
      return { base: found.base, total: found.total, contributions };
    });
  };
}
