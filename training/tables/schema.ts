import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { ForesellError } from '../../src/errors.ts';

/** Types that a column may be declared as. */
export const TYPES = ['number', 'category', 'date', 'text', 'message', 'id', 'ignore'] as const;
export type ColumnType = (typeof TYPES)[number];

const cell = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const columnSpec = z.strictObject({
  /** Absent = inferred. `id` names the row and is no feature; `ignore` leaves the column out. */
  type: z.enum(TYPES).optional(),
  /** Cells that mean "not known" in this column. */
  missing: z.array(cell).default([]),
  /** Form of dates, as D/M/YYYY. */
  format: z.string().optional(),
  /** Stays whatever the leak and drift screens say. */
  keep: z.boolean().default(false),
  /** What people call it, in reasons: one text, or one a language. */
  label: z
    .union([z.string().min(1), z.strictObject({ en: z.string().min(1), th: z.string().min(1) })])
    .transform((label) => (typeof label === 'string' ? { en: label, th: label } : label))
    .optional(),
});
const schemaFile = z.strictObject({
  columns: z.record(z.string(), columnSpec).default({}),
  /** Cells that mean "not known" in every column. */
  missing: z.array(cell).default([]),
});
export type ColumnSpec = z.infer<typeof columnSpec>;
/** How columns are to be read, where it is not left to inference. */
export type ColumnSchema = z.infer<typeof schemaFile>;
export const NO_SCHEMA: ColumnSchema = { columns: {}, missing: [] };

/**
 * A schema file's text (YAML or JSON):
 *
 *     missing: [Select, unknown]
 *     columns:
 *       pdays: { type: number, missing: [999] }
 *       zip: { type: category }
 *       signed: { type: date, format: D/M/YYYY }
 *       note: { type: message }
 *       stage_at_signing: { keep: true }
 *       internal: { type: ignore }
 *       tot_chg: { label: { en: total charges, th: ยอดรวม } }
 *
 * @throws ForesellError `schema-invalid` with the path of the field
 */
export function readColumnSchema(text: string, path: string): ColumnSchema {
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (cause) {
    throw new ForesellError('schema-invalid', `${path}: neither YAML nor JSON: ${(cause as Error).message}`, { cause });
  }
  const parsed = schemaFile.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new ForesellError(
    'schema-invalid',
    `${path}: ${issue.path.join('.') || 'the file'}: ${issue.message}; expected columns: { NAME: { type: ${TYPES.join(' | ')}, missing: [...], format, keep, label } } and missing: [...]`,
    { path: issue.path.join('.') },
  );
}
