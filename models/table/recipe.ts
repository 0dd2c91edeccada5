import { z } from 'zod';
import { asWords, type ColumnTable, cellAt, type RawColumn } from '../../src/connectors/columns.ts';
import { dateReader } from '../../src/dates.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Frame, FrameColumn } from '../../src/frame.ts';
import { readMessage } from '../../src/store/readings.ts';
import { INTENTS } from '../../src/text/intents.ts';
import { wordPlaces } from '../../src/text/wordPlaces.ts';
import { DAY, parseInstant } from '../../src/time.ts';
import { levelLike } from './levelLike.ts';
import { looseNumber } from './looseNumber.ts';

/** Parts of a date that a model may read. */
export const DATE_PARTS = ['age', 'month', 'weekday', 'hour'] as const;
export type DatePart = (typeof DATE_PARTS)[number];

const missing = z.array(z.string());
/** Features of the names that columns of the table have themselves: left to those, not made. Absent = none. */
const taken = z.array(z.string()).optional();
/** How one column of a flat table becomes columns of a frame; stored with the model, so that both are made alike. */
export const recipeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('number'),
    column: z.string(),
    missing,
    missingNumbers: z.array(z.number()),
    /** What stands before decimals; absent = a point. */
    decimal: z.literal(',').optional(),
  }),
  z.object({
    kind: z.literal('category'),
    column: z.string(),
    missing,
    /** Words met in training, where they are few enough to be named; only to say which were never met. */
    levels: z.array(z.string()).nullable(),
  }),
  z.object({
    kind: z.literal('date'),
    column: z.string(),
    missing,
    /** A form of `dates.ts`, also without a day, or `iso`. */
    format: z.string(),
    /** Ages are days before it: the newest of training, ms. */
    newest: z.number(),
    parts: z.array(z.enum(DATE_PARTS)),
    taken,
  }),
  z.object({
    kind: z.literal('text'),
    column: z.string(),
    missing,
    /** Hashed words that are common enough to learn from. */
    places: z.array(z.int().min(0)),
    /** Also its tone and intents, as of a message. */
    message: z.boolean(),
    taken,
  }),
]);
export type Recipe = z.infer<typeof recipeSchema>;

/** Cells that say nothing in any table. */
export const ABSENT: ReadonlySet<string> = new Set([
  '',
  'NA',
  'N/A',
  'NaN',
  'nan',
  'null',
  'NULL',
  'None',
  '?',
  '#N/A',
]);

/** What was odd in rows that were read: how often, with the first example. */
export class Oddities {
  readonly #of = new Map<string, { count: number; example: string }>();
  add(what: string, example: string, count = 1): void {
    const known = this.#of.get(what);
    if (known) known.count += count;
    else this.#of.set(what, { count, example });
  }
  /** One sentence each. */
  all(): string[] {
    return [...this.#of].map(([what, { count, example }]) =>
      what.replace('#', count.toLocaleString('en')).replace('@', example.slice(0, 40)),
    );
  }
}

/** Columns of the table that recipes read. */
export const columnsRead = (recipes: readonly Recipe[]): string[] => recipes.map(({ column }) => column);

/**
 * Those of which recipes read the words: a reader keeps their cells as they are written, so that a row says the same
 * among few rows and among many.
 */
export const columnsOfWords = (recipes: readonly Recipe[]): Set<string> =>
  new Set(columnsRead(recipes.filter(({ kind }) => kind !== 'number')));

/**
 * Rows of a flat table as the frame that a model reads. Header order does not matter; further columns are not looked at.
 * Text where numbers were, and dates that are none, count as missing and are told to `odd`; so are words never met, which
 * count as rare ones.
 * @throws ForesellError `column-missing` naming every column that the table lacks
 */
export function frameByRecipes(
  recipes: readonly Recipe[],
  table: ColumnTable,
  ids: readonly string[],
  odd = new Oddities(),
): Frame {
  const lacks = columnsRead(recipes).filter((name) => !table.columns.has(name));
  if (lacks.length > 0) {
    throw new ForesellError(
      'column-missing',
      `${table.path}: no column ${lacks.map((name) => `"${name}"`).join(', ')}; the model reads ${columnsRead(recipes).join(', ')}`,
    );
  }
  const columns = new Map<string, FrameColumn>();
  for (const recipe of recipes) {
    const raw = table.columns.get(recipe.column)!;
    for (const [name, column] of made(recipe, raw, odd)) columns.set(name, column);
  }
  return { ids, asOf: new Float64Array(table.rows), columns };
}

/** Names and types of the frame's columns, in order. */
export function featuresOfRecipes(recipes: readonly Recipe[]): { name: string; type: 'number' | 'category' }[] {
  const empty: RawColumn = { kind: 'words', codes: new Int32Array(0), words: [] };
  return recipes.flatMap((recipe) =>
    [...made(recipe, empty, new Oddities())].map(([name, { type }]) => ({ name, type })),
  );
}

function made(recipe: Recipe, raw: RawColumn, odd: Oddities): Iterable<readonly [string, FrameColumn]> {
  switch (recipe.kind) {
    case 'number':
      return [[recipe.column, numbers(recipe, raw, odd)]];
    case 'category':
      return [[recipe.column, category(recipe, raw, odd)]];
    case 'date':
      return notTaken(recipe, dates(recipe, raw, odd));
    case 'text':
      return notTaken(recipe, texts(recipe, raw));
  }
}

const notTaken = (
  { taken = [] }: Recipe & { kind: 'date' | 'text' },
  features: readonly [string, FrameColumn][],
): readonly [string, FrameColumn][] => features.filter(([name]) => !taken.includes(name));

function numbers(recipe: Recipe & { kind: 'number' }, raw: RawColumn, odd: Oddities): FrameColumn {
  const absent = absentOf(recipe);
  const unknown = new Set(recipe.missingNumbers);
  const what = `"${recipe.column}": # cells are no finite number (as "@"); they count as missing`;
  let values: Float64Array;
  if (raw.kind === 'numbers') {
    const { rows, words } = raw.odd;
    values = unknown.size || rows.length ? raw.values.map((v) => (unknown.has(v) ? Number.NaN : v)) : raw.values;
    // Among few rows such a cell is a word of a dictionary, and read below: it is the same number here.
    words.forEach((word, i) => {
      if (absent.has(word)) return;
      const value = looseNumber(word, recipe.decimal);
      if (Number.isNaN(value)) odd.add(what, word);
      else if (!unknown.has(value)) values[rows[i]!] = value;
    });
  } else {
    const said = raw.words.map((word) => (absent.has(word) ? Number.NaN : looseNumber(word, recipe.decimal)));
    const strange = raw.words.map((word, w) => !absent.has(word) && Number.isNaN(said[w]!));
    values = Float64Array.from(raw.codes, (code) => (unknown.has(said[code]!) ? Number.NaN : said[code]!));
    if (strange.some(Boolean)) for (const code of raw.codes) if (strange[code]) odd.add(what, raw.words[code]!);
  }
  return { type: 'number', values };
}

function category(recipe: Recipe & { kind: 'category' }, raw: RawColumn, odd: Oddities): FrameColumn {
  const absent = absentOf(recipe);
  const { codes, words } = asWords(raw);
  let meant = words;
  if (recipe.levels) {
    const met = new Set(recipe.levels);
    let news = words.map((word) => !absent.has(word) && !met.has(word));
    if (news.some(Boolean)) {
      const like = levelLike(met);
      meant = words.map((word, w) => (news[w] && like(word)) || word);
      news = news.map((isNew, w) => isNew && !met.has(meant[w]!));
      for (const code of codes)
        if (news[code])
          odd.add(`"${recipe.column}": # cells say a word never met in training (as "@"); they count as rare ones`, words[code]!); // biome-ignore format: one sentence
    }
  }
  const levels = [...new Set(meant.filter((word) => !absent.has(word)))].sort();
  const place = new Map(levels.map((level, i) => [level, i]));
  const to = meant.map((word) => place.get(word) ?? -1);
  return { type: 'category', levels, codes: codes.map((code) => to[code]!) };
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Whether a form of dates names a day; of a month it is the first. */
export const namesDay = (format: string): boolean => !/M/.test(format) || /D/.test(format);

/** Reads dates of a form; undefined for what is none. */
export function instantReader(format: string): (cell: string) => number | undefined {
  if (format === 'iso') return (cell) => parseInstant(cell, 'UTC');
  const [form, day] = namesDay(format) ? [format, ''] : [`${format} D`, ' 1'];
  const iso = dateReader({ format: form, zone: 'UTC' }, 'UTC');
  return (cell) => parseInstant(iso(`${cell}${day}`), 'UTC');
}

function dates(recipe: Recipe & { kind: 'date' }, raw: RawColumn, odd: Oddities): [string, FrameColumn][] {
  const absent = absentOf(recipe);
  const { codes, words } = asWords(raw);
  const read = instantReader(recipe.format);
  const instants = words.map((word) => (absent.has(word) ? undefined : read(word)));
  const strange = words.map((word, i) => !absent.has(word) && instants[i] === undefined);
  if (strange.some(Boolean))
    for (const code of codes)
      if (strange[code]) odd.add(`"${recipe.column}": # cells are no date (as "@"); they count as missing`, words[code]!); // biome-ignore format: one sentence
  const number = (of: (at: number) => number): FrameColumn => {
    const values = instants.map((at) => (at === undefined ? Number.NaN : of(at)));
    return { type: 'number', values: Float64Array.from(codes, (code) => values[code]!) };
  };
  const word = (levels: readonly string[], of: (at: Date) => number): FrameColumn => {
    const at = instants.map((instant) => (instant === undefined ? -1 : of(new Date(instant))));
    return { type: 'category', levels, codes: codes.map((code) => at[code]!) };
  };
  const months = Array.from({ length: 12 }, (_, i) => String(i + 1).padStart(2, '0'));
  return recipe.parts.map((part): [string, FrameColumn] => {
    const name = `${recipe.column} ${part}`;
    if (part === 'age') return [`${name} days`, number((at) => (recipe.newest - at) / DAY)];
    if (part === 'month') return [name, word(months, (at) => at.getUTCMonth())];
    if (part === 'weekday') return [name, word(WEEKDAYS, (at) => at.getUTCDay())];
    return [name, number((at) => new Date(at).getUTCHours())];
  });
}

function texts(recipe: Recipe & { kind: 'text' }, raw: RawColumn): [string, FrameColumn][] {
  const absent = absentOf(recipe);
  const { codes, words } = asWords(raw);
  const width = recipe.places.length;
  const has = new Float32Array(words.length * width);
  const lengths = new Float64Array(words.length).fill(Number.NaN);
  const tones = new Float64Array(words.length).fill(Number.NaN);
  const intents = new Int32Array(words.length).fill(-1);
  words.forEach((word, w) => {
    if (absent.has(word)) return;
    const read = wordPlaces(word);
    lengths[w] = read.words;
    recipe.places.forEach((place, j) => {
      if (read.places.has(place)) has[w * width + j] = 1;
    });
    if (!recipe.message) return;
    const message = readMessage(word);
    tones[w] = message.sentiment ?? Number.NaN;
    intents[w] = message.intents ?? -1;
  });
  const spread = (of: (w: number) => number): FrameColumn => ({
    type: 'number',
    values: Float64Array.from(codes, (code) => of(code)),
  });
  const out: [string, FrameColumn][] = [[`${recipe.column} length`, spread((w) => lengths[w]!)]];
  if (recipe.message) {
    out.push([`${recipe.column} tone`, spread((w) => tones[w]!)]);
    INTENTS.forEach((intent, i) => {
      out.push([`${recipe.column} ${intent}`, spread((w) => (intents[w]! < 0 ? Number.NaN : (intents[w]! >>> i) & 1))]);
    });
  }
  recipe.places.forEach((place, j) => {
    out.push([`${recipe.column} word ${place}`, spread((w) => has[w * width + j]!)]);
  });
  return out;
}

const absentOf = (recipe: Recipe): ReadonlySet<string> =>
  recipe.missing.length ? new Set([...ABSENT, ...recipe.missing]) : ABSENT;

/** What a cell of an id says; the row's number where it is empty. */
export const idOf = (column: RawColumn | undefined, row: number, number: number): string =>
  (column && cellAt(column, row)) || String(number);
