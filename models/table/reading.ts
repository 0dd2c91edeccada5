import { z } from 'zod';
import { recipeSchema } from './recipe.ts';
import { usualSchema } from './usual.ts';

/** How the rows of a flat table are read, besides what every artifact says. Plain JSON: it travels in the artifact. */
export const tableReading = z.object({
  /** Column of the target, or of the time. */
  column: z.string(),
  recipes: z.array(recipeSchema),
  /** Columns of the training table that the model does not read. */
  unread: z.array(z.string()),
  /** Names rows; null = their number does, from 0. */
  id: z.string().nullable(),
  /** Durations: when survival is told, in the unit of the time column. */
  times: z.array(z.number()),
  /** By column that is read: what it says as a rule. */
  usual: z.record(z.string(), usualSchema).default({}),
  /** By column, what people call it, where a schema says so. */
  labels: z.record(z.string(), z.object({ en: z.string(), th: z.string() })).default({}),
});
export type TableReading = z.infer<typeof tableReading>;
