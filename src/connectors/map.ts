import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { type CompanySettings, parseSettings } from '../company.ts';
import { ForesellError } from '../errors.ts';
import { type RecordDeclaration, type RecordKind, records } from '../records.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const some = z.union([scalar.transform((value) => [value]), z.array(scalar)]);

/** What a cell must be: a value, one of several, or `{ prefix }`, `{ not }`, `{ empty }`. */
const matcher = z.union([
  some.transform((values) => ({ values })),
  z.strictObject({ prefix: z.string() }),
  z.strictObject({ not: some }),
  z.strictObject({ empty: z.boolean() }),
]);
export type Matcher = z.infer<typeof matcher>;
const where = z.record(z.string(), matcher);
export type Where = z.infer<typeof where>;

/** Where a value comes from: exactly one of these. */
const SOURCES = ['column', 'constant', 'template', 'first', 'last', 'min', 'max', 'previous'] as const;

const expression = z
  .strictObject({
    /** A column of the row; in a group, of its first row. */
    column: z.string().optional(),
    constant: scalar.optional(),
    /** Text with `{column}` in it. */
    template: z.string().optional(),
    /** In a group: the column's value in its first or last row, its least or greatest value (times and numbers as such). */
    first: z.string().optional(),
    last: z.string().optional(),
    min: z.string().optional(),
    max: z.string().optional(),
    /** Row by row: the column's value in the newest earlier row of the same `by`. */
    previous: z.string().optional(),
    /** With `first`, `last`, `min`, `max`, `previous`: which rows count. */
    where: where.optional(),
    /** With `previous`: forgotten once used, so that one start belongs to one end. */
    once: z.boolean().optional(),
    /** What to take where the value so far is empty. */
    else: z.string().optional(),
    /** Known misspellings; every use is counted and reported. */
    alias: z.record(z.string(), scalar).optional(),
    /** A closed table; what it does not hold becomes `otherwise`, and is reported where there is none. */
    lookup: z.record(z.string(), scalar).optional(),
    otherwise: scalar.optional(),
    /** The value is a key of another file: take a column of the row found there; misses are reported. */
    join: z.strictObject({ file: z.string(), on: z.string(), take: z.string() }).optional(),
    /** How the source writes times: YYYY or BBBB (Buddhist era), M, MM, D, DD, HH, mm, ss. */
    date: z.strictObject({ format: z.string(), zone: z.string().optional() }).optional(),
    /** The source's decimal mark; the other one and spaces may group thousands. */
    decimal: z.enum(['.', ',']).optional(),
    /** A factor, exactly, as 1000000 for millions. */
    times: z.number().optional(),
  })
  .refine((value) => SOURCES.filter((name) => value[name] !== undefined).length === 1, {
    message: `give exactly one of ${SOURCES.join(', ')}`,
  });
export type Expression = z.infer<typeof expression>;

const recordMap = z.strictObject({
  kind: z.enum(Object.keys(records) as [RecordKind, ...RecordKind[]]),
  /** Name of a file of `files`. */
  from: z.string(),
  where: where.optional(),
  /** One record for each value of this column, from all its rows. */
  group: z.string().optional(),
  /** Row by row: what `previous` and `only_changes` go by. */
  by: z.union([z.string(), z.array(z.string())]).optional(),
  /** Row by row: only rows in which this column differs from the row before of the same `by`. */
  only_changes: z.string().optional(),
  /** Column of the record: the source's column, or how its value is made. */
  columns: z.record(z.string(), z.union([z.string().transform((column): Expression => ({ column })), expression])),
});
export type RecordMap = z.infer<typeof recordMap>;

const stage = z.strictObject({
  pipeline: z.string().optional(),
  stage: scalar,
  rank: z.int(),
  kind: z.enum(['open', 'won', 'lost']),
  category: z.string().optional(),
});

const schema = z.strictObject({
  /** Source name in canonical ids. */
  name: z.string().regex(/^[A-Za-z0-9_.-]+$/, 'letters, digits, dot, dash and underscore'),
  /** Anything that foresell.yaml may say of the company. */
  settings: z.record(z.string(), z.unknown()).default({}),
  files: z.record(z.string(), z.string()),
  stages: z.array(stage).default([]),
  records: z.array(recordMap).min(1),
});

/** How one company's own files become records, as data. */
export interface ImportMap extends Omit<z.infer<typeof schema>, 'settings'> {
  readonly settings: CompanySettings;
}

/** Reads and checks a map; the message names the place that is wrong. */
export function readMap(path: string): ImportMap {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ForesellError('map-missing', `no map at ${path}: ${(cause as Error).message}`, { cause });
  }
  return parseMap(text, path);
}

export function parseMap(text: string, path: string): ImportMap {
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch (cause) {
    throw new ForesellError('map-invalid', `${path}: ${(cause as Error).message}`, { cause });
  }
  const result = schema.safeParse(raw);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const place = issue.path.join('.');
    throw new ForesellError('map-invalid', `${path}: ${place || 'map'}: ${issue.message}`, { path: place });
  }
  const map = { ...result.data, settings: parseSettings(result.data.settings, `${path}: settings`) };
  map.records.forEach((record, i) => {
    checkRecord(record, map.files, `${path}: records.${i} (${record.kind})`);
  });
  return map;
}

function checkRecord(record: RecordMap, files: Readonly<Record<string, string>>, place: string): void {
  const wrong = (message: string): never => {
    throw new ForesellError('map-invalid', `${place}: ${message}`);
  };
  const names = Object.keys(files).join(', ');
  if (!Object.hasOwn(files, record.from)) wrong(`from: no file "${record.from}"; files has ${names}`);
  const { columns }: RecordDeclaration = records[record.kind];
  for (const [name, column] of Object.entries(columns))
    if (column.required && !Object.hasOwn(record.columns, name)) wrong(`column "${name}" is required`);
  for (const [name, value] of Object.entries(record.columns)) {
    const grouped = ['first', 'last', 'min', 'max'].find((aggregate) => aggregate in value);
    if (grouped && record.group === undefined) wrong(`${name}: "${grouped}" needs group`);
    if (value.previous !== undefined && record.by === undefined) wrong(`${name}: "previous" needs by`);
    if (value.else !== undefined && record.group !== undefined)
      wrong(`${name}: "else" reads one row and cannot go with group`);
    if (value.join && !Object.hasOwn(files, value.join.file)) wrong(`${name}: no file "${value.join.file}"; files has ${names}`); // biome-ignore format: one sentence
  }
  if (record.only_changes !== undefined && record.by === undefined) wrong('only_changes needs by');
  if (record.group !== undefined && record.by !== undefined) wrong('give group or by, not both');
}
