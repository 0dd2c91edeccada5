import { type Decimal, decimalOf, looseNumber } from '../../models/table/looseNumber.ts';
import { ABSENT, featuresOfRecipes, instantReader, namesDay, type Recipe } from '../../models/table/recipe.ts';
import { asWords, type ColumnTable, countsOf, numberOf, type RawColumn } from '../../src/connectors/columns.ts';
import { ForesellError } from '../../src/errors.ts';
import { wordPlaces } from '../../src/text/wordPlaces.ts';
import { type ColumnSchema, type ColumnSpec, NO_SCHEMA } from './schema.ts';

/** What became of one column, for people. */
export interface ColumnVerdict {
  readonly column: string;
  /** `left out` for what the model does not read. */
  readonly type: Recipe['kind'] | 'left out';
  readonly why: string;
}

export interface InferredRecipes {
  readonly recipes: readonly Recipe[];
  /** Every column of the table that may be read, in its order. */
  readonly verdicts: readonly ColumnVerdict[];
}

/** A column is one of numbers, or of dates, where so many of the cells that say something are. */
const MOSTLY = 0.95;
/** Of a column with many different numbers half of the cells will do where all else is a few words, as `error` or `inf`. */
const HALF = 0.5;
const FEW_ODD = 5;
/** A column of words with more of them than this share of the rows names rows, or is free text. */
const NAMES = 0.5;
const FEW_WORDS = 20;
/** Fewer filled rows than this say nothing that could be learned. */
const FEWEST_FILLED = 5;
/** Words a text has on average, from which on it is read as one. */
const TEXT_WORDS = 3;
const TEXT_PLACES = 64;
const MOST_LEVELS_KEPT = 1_000;
const DATE_FORMS = [
  'iso',
  'D/M/YYYY',
  'M/D/YYYY',
  'D/M/YY',
  'M/D/YY',
  'D-M-YYYY',
  'M-D-YYYY',
  'D.M.YYYY',
  'D.M.YY',
  'YYYY/M/D',
  'D/M/BBBB',
  'D/M/YYYY H:mm',
  'M/D/YYYY H:mm',
  'D/M/YY H:mm',
  'M/D/YY H:mm',
  'D/M/YYYY HH:mm:ss',
  'M/D/YYYY HH:mm:ss',
  'D MMM YYYY',
  'D-MMM-YYYY',
  'D-MMM-YY',
  'D MMM BBBB',
  'MMM D, YYYY',
  'D.M.YYYY H:mm',
  'D.M.YYYY HH:mm:ss',
  'sql',
  // Months.
  'YYYY-MM',
  'M/YYYY',
  'MMM YYYY',
  'MMM BBBB',
] as const;
/** Different dates that a form is tried on. */
const TRIED = 500;

/**
 * How each column of a table is read, from what its cells say: numbers, words, dates, free text; set aside with the
 * reason: what is empty or the same in every row, names rows, or says the same as a column before it. A declared type is
 * taken as it is. Looks at no target. Cost: one pass over the different words, and one over the cells of texts.
 * @param skip columns that are no features: targets, the order, what was dropped
 * @throws ForesellError `column-missing` for a declared column that is not there
 */
export function inferRecipes(
  table: ColumnTable,
  skip: ReadonlyMap<string, string>,
  schema: ColumnSchema = NO_SCHEMA,
): InferredRecipes {
  for (const name of [...Object.keys(schema.columns), ...skip.keys()]) {
    if (!table.header.includes(name)) throw noColumn(table, name);
  }
  const recipes: Recipe[] = [];
  const verdicts: ColumnVerdict[] = [];
  const met = new Map<string, string[]>();
  for (const name of table.header) {
    const reason = skip.get(name);
    if (reason !== undefined) {
      verdicts.push({ column: name, type: 'left out', why: reason });
      continue;
    }
    const raw = table.columns.get(name)!;
    const spec = Object.hasOwn(schema.columns, name) ? schema.columns[name] : undefined;
    const missing = [...new Set([...schema.missing, ...(spec?.missing ?? [])])];
    let found = look(name, raw, table.rows, missing, spec);
    if (typeof found !== 'string' && !spec?.type) {
      const key = signature(raw);
      const isWords = found.recipe.kind === 'category';
      const same = met.get(key)?.find((other) => saysTheSame(raw, table.columns.get(other)!, isWords));
      if (same !== undefined) found = `says the same as "${same}"`;
      else met.set(key, [...(met.get(key) ?? []), name]);
    }
    if (typeof found !== 'string') found = withoutNamesakes(found, table.header);
    if (typeof found === 'string') verdicts.push({ column: name, type: 'left out', why: found });
    else {
      recipes.push(found.recipe);
      verdicts.push({ column: name, type: found.recipe.kind, why: found.why });
    }
  }
  return { recipes, verdicts };
}

export const noColumn = (table: ColumnTable, name: string): ForesellError =>
  new ForesellError('column-missing', `${table.path}: no column "${name}"; the table has ${table.header.join(', ')}`);

type Found = { readonly recipe: Recipe; readonly why: string } | string;

function look(
  column: string,
  raw: RawColumn,
  rows: number,
  missing: readonly string[],
  spec: ColumnSpec | undefined,
): Found {
  const absent = new Set([...ABSENT, ...missing]);
  const base = { column, missing: [...missing] };
  const declared = spec?.type;
  if (declared === 'ignore') return 'the schema leaves it out';
  if (declared === 'id') return 'the schema says that it names rows';
  const decimal = decimalOf(raw, absent);
  const seen = lookAt(raw, absent, decimal);
  const { filled, different } = seen;
  if (filled === 0) return 'empty';
  if (different === 1 && filled === rows) return `the same in every row ("${seen.words[0] ?? ''}")`;
  const blank = filled < rows ? `; ${(rows - filled).toLocaleString('en')} empty` : '';
  const said = (text: string) => (declared ? 'declared' : `${text}${blank}`);

  const asNumber = (): Found => ({
    recipe: {
      kind: 'number',
      ...base,
      missingNumbers: missing.map(numberOf).filter((v) => !Number.isNaN(v)),
      ...(decimal === ',' ? { decimal } : {}),
    },
    why: said(
      `${(different - seen.oddWords).toLocaleString('en')} different numbers${decimal === ',' ? ', decimals after a comma' : ''}${seen.odd ? `; ${seen.odd.toLocaleString('en')} other cells ("${seen.oddExample}") count as missing` : ''}`,
    ),
  });
  const asCategory = (): Found => {
    const words = wordsOf(raw, absent);
    const levels = words.length <= MOST_LEVELS_KEPT ? words.sort() : null;
    return {
      recipe: { kind: 'category', ...base, levels },
      why: said(seen.codes ? `${different} different codes, as "${seen.codes}"` : `${different} different words`),
    };
  };
  if (declared === 'number') return asNumber();
  if (declared === 'category') return asCategory();
  if (declared === 'text' || declared === 'message')
    return asText(base, raw, absent, declared === 'message', 'declared');
  if (declared === 'date') {
    const format = spec?.format ?? dateForm(wordsOf(raw, absent));
    if (!format)
      throw new ForesellError(
        'date-form-unknown',
        `column "${column}" is declared a date, and no known form fits (as "${seen.words[0]}"); give format, as D/M/YYYY`,
      );
    return asDate(base, raw, absent, format, 'declared');
  }
  if (filled < FEWEST_FILLED) return `filled in ${filled} of ${rows.toLocaleString('en')} rows: too rare`;
  const measured = seen.numbers >= HALF * filled && different - seen.oddWords > FEW_WORDS && seen.oddWords <= FEW_ODD;
  if ((seen.numbers >= MOSTLY * filled || measured) && !seen.codes) {
    const id = identifier(column, raw, seen, rows);
    return id ?? asNumber();
  }
  const words = wordsOf(raw, absent);
  const form = dateForm(words);
  if (form) return asDate(base, raw, absent, form, `dates${form === 'iso' ? '' : ` (${form})`}${blank}`);
  const many = different > NAMES * filled && different > FEW_WORDS;
  if (many || different > 1_000) {
    if (meanWords(words) >= TEXT_WORDS) {
      if (filled < 0.01 * rows) return `free text, filled in ${filled.toLocaleString('en')} rows: too rare`;
      return asText(base, raw, absent, false, `free text${blank}`);
    }
    if (many) return `an identifier: ${different.toLocaleString('en')} different words in ${filled.toLocaleString('en')} rows`; // biome-ignore format: one sentence
  }
  return asCategory();
}

/** Two features of one name would be one: what a date or a text is made into gives way to a column that is called so. */
function withoutNamesakes(found: Found & object, header: readonly string[]): Found {
  const { recipe, why } = found;
  if (recipe.kind !== 'date' && recipe.kind !== 'text') return found;
  const names = featuresOfRecipes([recipe]).map(({ name }) => name);
  const taken = names.filter((name) => header.includes(name));
  if (taken.length === 0) return found;
  const others = taken.map((name) => `"${name}"`).join(', ');
  if (taken.length === names.length) return `${why}; all that it would be made into is a column already: ${others}`;
  return { recipe: { ...recipe, taken }, why: `${why}; without ${others}: a column already` };
}

interface Seen {
  /** Cells that say something, and those that say a number. */
  readonly filled: number;
  readonly numbers: number;
  readonly odd: number;
  readonly oddExample: string;
  /** How many different words they are. */
  readonly oddWords: number;
  readonly different: number;
  /** A few of the words. */
  readonly words: readonly string[];
  /** An example of digits behind a leading zero: a column with such holds codes. */
  readonly codes: string | undefined;
}

const CODE = /^(?:0\d+|๐[๐-๙]+)$/;

function lookAt(raw: RawColumn, absent: ReadonlySet<string>, decimal: Decimal): Seen {
  if (raw.kind === 'numbers') {
    const said = raw.odd.words.filter((word) => !absent.has(word));
    const odd = said.filter((word) => Number.isNaN(looseNumber(word, decimal)));
    const plain = raw.values.reduce((n, v) => n + (Number.isNaN(v) ? 0 : 1), 0);
    const numbers = plain + said.length - odd.length;
    return {
      filled: numbers + odd.length,
      numbers,
      odd: odd.length,
      oddExample: odd[0] ?? '',
      oddWords: new Set(odd).size,
      different: new Set(raw.values).size - (plain < raw.values.length ? 1 : 0) + new Set(said).size,
      words: odd.slice(0, 3),
      codes: odd.find((word) => CODE.test(word)),
    };
  }
  const counts = countsOf(raw);
  let [filled, numbers, odd, different] = [0, 0, 0, 0];
  let oddExample = '';
  let oddWords = 0;
  let codes: string | undefined;
  raw.words.forEach((word, w) => {
    const count = counts[w]!;
    if (count === 0 || absent.has(word)) return;
    filled += count;
    different++;
    if (!Number.isNaN(looseNumber(word, decimal))) numbers += count;
    else {
      odd += count;
      oddWords++;
      oddExample ||= word;
      if (CODE.test(word)) codes ??= word;
    }
  });
  const words = raw.words.filter((word, w) => counts[w]! > 0 && !absent.has(word)).slice(0, 3);
  return { filled, numbers, odd, oddExample, oddWords, different, words, codes };
}

/** Words that occur and say something. */
function wordsOf(raw: RawColumn, absent: ReadonlySet<string>): string[] {
  const column = asWords(raw);
  const counts = countsOf(column);
  return column.words.filter((word, w) => counts[w]! > 0 && !absent.has(word));
}

const ID_NAME = /(^|[^a-z])(id|ids|no|nr|number|key|uuid|guid|code|index|row|rownumber)$|[a-z](Id|ID|No|Number|Key)$/i;

/** Why a column of numbers names rows; undefined where it measures something. */
function identifier(column: string, raw: RawColumn, seen: Seen, rows: number): string | undefined {
  if (seen.different < seen.filled || rows < FEW_WORDS || seen.filled < rows) return undefined;
  const values = raw.kind === 'numbers' ? raw.values : Float64Array.from(raw.codes, (code) => numberOf(raw.words[code]!)); // biome-ignore format: one choice
  if (values.some((v) => !Number.isInteger(v))) return undefined;
  const named = ID_NAME.test(column) || ID_NAME.test(column.replace(/([a-z])([A-Z])/g, '$1 $2'));
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [up, down] = [0, 0];
  values.forEach((v, i) => {
    min = Math.min(min, v);
    max = Math.max(max, v);
    if (i > 0 && v > values[i - 1]!) up++;
    else if (i > 0) down++;
  });
  const ordered = up === 0 || down === 0;
  if (!named && !ordered && max - min + 1 !== rows) return undefined;
  return `an identifier: a different whole number in every row${ordered ? ', in order' : ''}`;
}

/** The form that nearly all words are dates of; undefined where there is none. Where day and month could change places: the day first. */
function dateForm(words: readonly string[]): string | undefined {
  const step = Math.max(1, Math.floor(words.length / TRIED));
  const tried = words.filter((_, i) => i % step === 0).slice(0, 2 * TRIED);
  const likely = tried.filter(
    (word) => word.length >= 6 && word.length <= 40 && /\d.*[-/.\s:].*\d|\p{L}\.? \d{4}$/u.test(word),
  );
  if (tried.length === 0 || likely.length < MOSTLY * tried.length) return undefined;
  let best: string | undefined;
  let most = MOSTLY * tried.length - 1e-9;
  for (const form of DATE_FORMS) {
    const read = instantReader(form);
    const fits = tried.reduce((n, word) => n + (inHistory(read(word)) ? 1 : 0), 0);
    if (fits > most) [best, most] = [form, fits];
  }
  return best;
}

/** From 1900 to 2100: what a form makes of another is mostly far outside. */
const inHistory = (at: number | undefined): boolean =>
  at !== undefined && at > Date.UTC(1900, 0) && at < Date.UTC(2100, 0);

function asDate(
  base: { readonly column: string; readonly missing: string[] },
  raw: RawColumn,
  absent: ReadonlySet<string>,
  format: string,
  why: string,
): Found {
  const read = instantReader(format);
  const instants = wordsOf(raw, absent).flatMap((word) => read(word) ?? []);
  if (instants.length === 0) return `no cell is a date of the form ${format}`;
  const newest = instants.reduce((max, at) => Math.max(max, at), Number.NEGATIVE_INFINITY);
  const oldest = instants.reduce((min, at) => Math.min(min, at), Number.POSITIVE_INFINITY);
  const days = (newest - oldest) / 86_400_000;
  const parts: ('age' | 'month' | 'weekday' | 'hour')[] = ['age'];
  // A month says more than the age only where the year comes round.
  if (days > 300) parts.push('month');
  if (days > 13 && namesDay(format)) parts.push('weekday');
  if (instants.some((at) => at % 86_400_000 !== 0)) parts.push('hour');
  return { recipe: { kind: 'date', ...base, format, newest, parts }, why };
}

/** Words between blanks, on average; Thai is written without, and counts by its letters. */
function meanWords(words: readonly string[]): number {
  const step = Math.max(1, Math.floor(words.length / 200));
  const tried = words.filter((_, i) => i % step === 0);
  const count = (word: string) => Math.max(word.split(/\s+/).length, (word.match(/[\u0E01-\u0E2E]/g)?.length ?? 0) / 4);
  return tried.reduce((sum, word) => sum + count(word), 0) / Math.max(1, tried.length);
}

/** The places of words that are in at least a hundredth and at most half of the texts, the most frequent of them. */
function asText(
  base: { readonly column: string; readonly missing: string[] },
  raw: RawColumn,
  absent: ReadonlySet<string>,
  message: boolean,
  why: string,
): Found {
  const column = asWords(raw);
  const counts = countsOf(column);
  const frequency = new Map<number, number>();
  let texts = 0;
  column.words.forEach((word, w) => {
    if (counts[w] === 0 || absent.has(word)) return;
    texts += counts[w]!;
    for (const place of wordPlaces(word).places) frequency.set(place, (frequency.get(place) ?? 0) + counts[w]!);
  });
  const places = [...frequency]
    .filter(([, n]) => n >= Math.max(10, 0.01 * texts) && n <= 0.5 * texts)
    .sort(([a, n], [b, m]) => m - n || a - b)
    .slice(0, TEXT_PLACES)
    .map(([place]) => place)
    .sort((a, b) => a - b);
  return { recipe: { kind: 'text', ...base, places, message }, why: `${why}; ${places.length} common words, hashed` };
}

/** Equal for columns that say the same; words go by the order in which they first occur. */
function signature(raw: RawColumn): string {
  let hash = 0x811c9dc5;
  const rows = raw.kind === 'words' ? raw.codes.length : raw.values.length;
  const step = Math.max(1, Math.floor(rows / 10_000));
  const order = raw.kind === 'words' ? firstSeen(raw) : undefined;
  for (let row = 0; row < rows; row += step) {
    const value = raw.kind === 'words' ? order![raw.codes[row]!]! : Math.fround(raw.values[row]!) * 8;
    hash = Math.imul(hash ^ (value | 0), 0x01000193);
  }
  return `${raw.kind} ${hash}`;
}

function firstSeen({ codes, words }: RawColumn & { kind: 'words' }): Int32Array {
  const order = new Int32Array(words.length).fill(-1);
  let next = 0;
  for (const code of codes) if (order[code] === -1) order[code] = next++;
  return order;
}

/** Cells that are equal, or of categories words of which each goes with one word of the other column. */
function saysTheSame(a: RawColumn, b: RawColumn, isCategory: boolean): boolean {
  if (a.kind === 'words' && b.kind === 'words') {
    const [x, y] = [firstSeen(a), firstSeen(b)];
    // Numbers in the same order of first occurrence are no copies unless they are equal: a square is another scale.
    const numeric = (column: RawColumn & { kind: 'words' }) => column.words.every((w) => ABSENT.has(w) || !Number.isNaN(numberOf(w))); // biome-ignore format: one line
    const [numbersA, numbersB] = [numeric(a), numeric(b)];
    if (numbersA !== numbersB) return false;
    if ((numbersA && numbersB) || !isCategory)
      return a.codes.every((code, row) => a.words[code] === b.words[b.codes[row]!]);
    return a.codes.every((code, row) => x[code] === y[b.codes[row]!]);
  }
  if (a.kind === 'numbers' && b.kind === 'numbers')
    return a.odd.words.join() === b.odd.words.join() && a.values.every((v, row) => Object.is(v, b.values[row]));
  return false;
}
