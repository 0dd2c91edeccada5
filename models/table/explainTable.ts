import type { ColumnTable } from '../../src/connectors/columns.ts';
import { calendar } from '../../src/time.ts';
import { integratedGradients, positiveBy } from '../explain.ts';
import { hazardModel } from '../hazardModel.ts';
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
  const { target, reading, header } = opened;
  const { state } = opened.artifact;
  if (header.lowSkill || (target.task !== 'binary' && target.task !== 'duration')) return undefined;
  const model = hazardModel(state, calendar('UTC', 1, 1));
  const score = positiveBy(state.edges.at(-1)!, new Array<boolean>(state.causes).fill(true));
  const columnOf = new Map(
    reading.recipes.flatMap((recipe) => featuresOfRecipes([recipe]).map(({ name }) => [name, recipe.column] as const)),
  );
  const { source, sources } = state.encoder;
  const width = state.encoder.width;
  return (table) => {
    const ids = Array.from({ length: table.rows }, (_, row) => String(row));
    const { x, q } = model.rows(frameByRecipes(reading.recipes, table, ids));
    const covariates = q.length / Math.max(1, table.rows);
    return ids.map((_, row) => {
      const own = x.subarray(row * width, (row + 1) * width);
      // Rows of a table have no date: what the calendar says is what it said in training.
      const found = integratedGradients(model, own, q.slice(row * covariates, (row + 1) * covariates).fill(0), score);
      const contributions = new Map<string, number>();
      found.columns.forEach((value, j) => {
        const column = columnOf.get(sources[source[j]!]!)!;
        contributions.set(column, (contributions.get(column) ?? 0) + value);
      });
      return { base: found.base, total: found.total, contributions };
    });
  };
}
