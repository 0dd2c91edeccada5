import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { type CompanySettings, parseSettings } from '../company.ts';
import { ForesellError } from '../errors.ts';
import { type RecordDeclaration, type RecordKind, records } from '../records.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const some = z.union([scalar.transform((value) => [value]), z.array(scalar)]);

/** A look-up in another file: the row whose `on` is the value, of which `take` is a column or `{column}{column}`. */
const join = z.strictObject({ file: z.string(), on: z.string(), take: z.string() });
export type Join = z.infer<typeof join>;

/** What a cell must be: a value, one of several, `{ prefix }`, `{ not }`, `{ empty }`, or what it finds in another file. */
const matcher = z.union([
  some.transform((values) => ({ values })),
  z.strictObject({ prefix: z.string() }),
  z.strictObject({ not: some }),
  z.strictObject({ empty: z.boolean() }),
  z.strictObject({ join, is: some }),
]);
export type Matcher = z.infer<typeof matcher>;
const where = z.record(z.string(), matcher);
export type Where = z.infer<typeof where>;

/** Where a value comes from: exactly one of these. */
const SOURCES = ['column', 'constant', 'setting', 'template', 'first', 'last', 'min', 'max', 'previous'] as const;

const expression = z
  .strictObject({
    /** A column of the row; in a group, of its first row. */
    column: z.string().optional(),
    constant: scalar.optional(),
    /** A setting of the company, as `base_currency`. */
    setting: z.enum(['base_currency', 'time_zone']).optional(),
    /** Where the file does not have the column, the record has no value of it, rather than the map being refused. */
    optional: z.boolean().optional(),
    /** Text with `{column}` in it. */
    template: z.string().optional(),
    /** In a group: the column's value in its first or last row, its least or greatest value (times and numbers as such). */
    first: z.string().optional(),
    last: z.string().optional(),
    min: z.string().optional(),
    max: z.string().optional(),
    /** Row by row: the column's value in the newest earlier row of the same `by`. */
    previous: z.string().optional(),
    /** Which rows count; of a value of one row: where it is not meant, it is empty. */
    where: where.optional(),
    /** With `previous`: forgotten once used, so that one start belongs to one end. */
    once: z.boolean().optional(),
    /** What to take where the value so far is empty. */
    else: z.string().optional(),
    /** Small letters, before anything is looked up. */
    lower: z.boolean().optional(),
    /** Known misspellings; every use is counted and reported. */
    alias: z.record(z.string(), scalar).optional(),
    /** A closed table; what it does not hold becomes `otherwise`, and is reported where there is none. */
    lookup: z.record(z.string(), scalar).optional(),
    otherwise: scalar.optional(),
    /** The value is a key of another file: take a column of the row found there; misses are reported. */
    join: join.optional(),
    /** A join that finds nothing is no surprise: not reported. */
    quiet: z.boolean().optional(),
    /** What a join does not find stays itself, rather than empty. */
    or_itself: z.boolean().optional(),
    /** How the source writes times: see `dateReader`. */
    date: z
      .strictObject({ format: z.string(), zone: z.string().optional(), digits: z.literal('thai').optional() })
      .optional(),
    /** The source's decimal mark; the other one and spaces may group thousands. */
    decimal: z.enum(['.', ',']).optional(),
    /** `thai`: ๐ to ๙ count as 0 to 9. */
    digits: z.literal('thai').optional(),
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
  /** Rows that the source has deleted, by columns that say so (absent ones say nothing): passed over, counted, reported. */
  deleted: z.record(z.string(), z.boolean()).optional(),
  /** Row by row: the rows are taken in order of this time, whatever their order in the file. Holds the file in memory. */
  sort: z.string().optional(),
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
  /** Encoding and delimiter of all files, where they are not UTF-8 and comma. */
  encoding: z.string().optional(),
  delimiter: z.string().optional(),
  /** Each file under its name, or under the first of several names; records of an optional file that is not there are left out. */
  files: z.record(
    z.string(),
    z.union([
      z.string().transform((name) => ({ any: [name], optional: false })),
      z.strictObject({ any: z.array(z.string()).min(1), optional: z.boolean().default(true) }),
    ]),
  ),
  stages: z.array(stage).default([]),
  records: z.array(recordMap).min(1),
});

/** How one company's own files become records, as data. */
export interface ImportMap extends Omit<z.infer<typeof schema>, 'settings'> {
  readonly settings: CompanySettings;
  /** Whether the map says anything of the company itself. */
  readonly hasSettings: boolean;
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
    raw = parseYaml(text, { merge: true });
  } catch (cause) {
    throw new ForesellError('map-invalid', `${path}: ${(cause as Error).message}`, { cause });
  }
  const result = schema.safeParse(raw);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const place = issue.path.join('.');
    throw new ForesellError('map-invalid', `${path}: ${place || 'map'}: ${issue.message}`, { path: place });
  }
  const hasSettings = Object.keys(result.data.settings).length > 0;
  const map = { ...result.data, hasSettings, settings: parseSettings(result.data.settings, `${path}: settings`) };
  map.records.forEach((record, i) => {
    checkRecord(record, map.files, `${path}: records.${i} (${record.kind})`);
  });
  return map;
}

function checkRecord(record: RecordMap, files: ImportMap['files'], place: string): void {
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
    if (value.where !== undefined && record.group !== undefined && !grouped)
      wrong(`${name}: "where" of a group needs first, last, min or max`);
    if (value.else !== undefined && record.group !== undefined)
      wrong(`${name}: "else" reads one row and cannot go with group`);
    if (value.join && !Object.hasOwn(files, value.join.file)) wrong(`${name}: no file "${value.join.file}"; files has ${names}`); // biome-ignore format: one sentence
  }
  if (record.only_changes !== undefined && record.by === undefined) wrong('only_changes needs by');
  if (record.group !== undefined && record.by !== undefined) wrong('give group or by, not both');
  if (record.group !== undefined && record.sort !== undefined) wrong('sort goes row by row and not with group');
}
