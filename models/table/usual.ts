import { z } from 'zod';
import type { Frame, FrameColumn } from '../../src/frame.ts';
import { DAY } from '../../src/time.ts';
import { featuresOfRecipes, type Recipe } from './recipe.ts';

const cell = z.union([z.number(), z.string()]);
/** What a column of a table says as a rule: the median and what half of the rows lie between; of words the most frequent. */
export const usualSchema = z.object({
  typical: cell.nullable(),
  /** First and third quartile; null of words. */
  range: z.tuple([cell, cell]).nullable(),
});
export type Usual = z.infer<typeof usualSchema>;

const NOTHING: Usual = { typical: null, range: null };

/** By column of the table, from the training rows. Dates as days of UTC; texts have nothing usual. Cost: a sort a column. */
export function usualByColumn(recipes: readonly Recipe[], X: Frame): Record<string, Usual> {
  return Object.fromEntries(recipes.map((recipe) => [recipe.column, usualOf(recipe, X.columns)]));
}

function usualOf(recipe: Recipe, columns: ReadonlyMap<string, FrameColumn>): Usual {
  if (recipe.kind === 'text') return NOTHING;
  const name = recipe.kind === 'date' ? `${recipe.column} age days` : recipe.column;
  // Where the age is not made, the name is that of another column of the table.
  if (recipe.kind === 'date' && !featuresOfRecipes([recipe]).some((feature) => feature.name === name)) return NOTHING;
  const column = columns.get(name);
  if (!column) return NOTHING;
  if (column.type === 'category') {
    const counts = new Int32Array(column.levels.length);
    for (const code of column.codes) if (code >= 0) counts[code]!++;
    const most = counts.reduce((best, n, i) => (n > counts[best]! ? i : best), 0);
    return { typical: column.levels[most] ?? null, range: null };
  }
  const sorted = column.values.filter((v) => !Number.isNaN(v)).sort();
  if (sorted.length === 0) return NOTHING;
  const at = (level: number) => sorted[Math.min(sorted.length - 1, Math.floor(level * sorted.length))]!;
  if (recipe.kind !== 'date') return { typical: at(0.5), range: [at(0.25), at(0.75)] };
  // An age counts back from the newest: the oldest quarter is the largest.
  const day = (age: number) => new Date(recipe.newest - age * DAY).toISOString().slice(0, 10);
  return { typical: day(at(0.5)), range: [day(at(0.75)), day(at(0.25))] };
}
