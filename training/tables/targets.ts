import { decimalOf, looseNumber } from '../../models/table/looseNumber.ts';
import { ABSENT } from '../../models/table/recipe.ts';
import { asWords, type ColumnTable, cellAt, countsOf, type RawColumn } from '../../src/connectors/columns.ts';
import { ForesellError } from '../../src/errors.ts';
import { noColumn } from './inferRecipes.ts';
import { type ColumnSchema, NO_SCHEMA } from './schema.ts';

export const TASKS = ['binary', 'class', 'duration', 'amount'] as const;
export type TableTask = (typeof TASKS)[number];

export interface TargetAsk {
  /** Absent = by what the target says. */
  readonly task?: TableTask | undefined;
  readonly target?: string | undefined;
  readonly time?: string | undefined;
  readonly event?: string | undefined;
  readonly positive?: string | undefined;
}

/** What is to be told, of the rows where it is known. */
export type ReadTarget = {
  /** Rows with a target, in order; the others are left out. */
  readonly rows: Int32Array;
  /** How many say nothing there. */
  readonly without: number;
  /** How it was read, for people. */
  readonly says: string;
} & (
  | { readonly task: 'binary'; readonly event: Uint8Array; readonly positive: string; readonly negative: string }
  | { readonly task: 'class'; readonly code: Int32Array; readonly classes: readonly string[] }
  | {
      readonly task: 'duration';
      readonly time: Float64Array;
      /** 0 = censored, else 1 + index of the cause. */
      readonly cause: Uint8Array;
      readonly causes: readonly string[];
    }
  | { readonly task: 'amount'; readonly value: Float64Array }
);

const YES: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'y', 'won', 'converted']);
const CENSORED: ReadonlySet<string> = new Set(['0', 'false', 'no', 'n', 'none', 'censored', 'censor', 'cens', 'open', 'active', 'alive']); // biome-ignore format: one set
/** Whether a word is among these, however it is written: 1.0 is 1, Yes is yes. */
const isAmong = (words: ReadonlySet<string>, word: string): boolean => {
  const number = looseNumber(word);
  return words.has(Number.isNaN(number) ? word.toLowerCase() : String(number));
};
/** More classes than this are names, not classes. */
const MOST_CLASSES = 50;
const MOST_CAUSES = 8;
/** Up to so many different whole numbers are classes where the task is not said. */
const FEW_NUMBERS = 10;
export const FEWEST_ROWS = 10;

/**
 * Reads the target. Rows that say nothing in it are left out and counted. Without a task: two values are `binary`, words and up
 * to ten whole numbers `class`, other numbers `amount`, a time and an event `duration`. Of an event 0, false, no, none, censored, alive
 * and open mean censored (as do empty cells where none of these occurs), and of two other numbers the lower; every other word is a cause of its own.
 * @throws ForesellError `target-absent`, `column-missing`, `target-one-class`, `target-classes`, `target-not-number`,
 *   `positive-missing`, `positive-unused`, `target-twice`, `duration-invalid`, `rows-few`
 */
export function readTarget(table: ColumnTable, ask: TargetAsk, schema: ColumnSchema = NO_SCHEMA): ReadTarget {
  if (ask.time !== undefined || ask.event !== undefined || ask.task === 'duration') return duration(table, ask, schema);
  if (ask.target === undefined)
    throw new ForesellError('target-absent', 'no target; name its column with --target, or --time and --event', {
      path: '--target',
    });
  const { values, count, at, isAbsent, number } = wordsOf(columnOf(table, ask.target), schema, ask.target);
  const all = Int32Array.from({ length: table.rows }, (_, row) => row);
  const { rows, without } = enough(table, ask.target, all.filter((row) => !isAbsent(row))); // biome-ignore format: one call
  if (values.length === 1)
    throw new ForesellError(
      'target-one-class',
      `${table.path}: "${ask.target}" says "${values[0]}" in every row${without > 0 ? ` but ${without.toLocaleString('en')} that say nothing and are left out` : ''}; there is nothing to tell apart`,
    );
  const task = ask.task ?? taskOf(values.map(number));
  const why = ask.task ? '' : ' (inferred; --task says otherwise)';
  if (task === 'binary') {
    if (values.length !== 2) {
      const shown = values.slice(0, 5).join(', ');
      throw new ForesellError(
        'target-not-binary',
        `${table.path}: "${ask.target}" has ${values.length} values (${shown}); expected two; --task class or amount`,
      );
    }
    const positive = positiveOf(table, ask.target, values, count, ask.positive);
    const negative = values.find((value) => value !== positive)!;
    return {
      task,
      rows,
      without,
      positive,
      negative,
      event: Uint8Array.from(rows, (row) => (at(row) === positive ? 1 : 0)),
      says: `binary${why}: the probability is of "${positive}" (${count(positive).toLocaleString('en')} of ${rows.length.toLocaleString('en')} rows), the other is "${negative}"`,
    };
  }
  if (ask.positive !== undefined)
    throw new ForesellError(
      'positive-unused',
      `${table.path}: "${ask.target}" is read as ${task === 'class' ? `${values.length} classes` : 'an amount'}; --positive is of a target of two values: leave it out, or make two of them`,
      { path: '--positive' },
    );
  if (task === 'class') {
    if (values.length > MOST_CLASSES)
      throw new ForesellError(
        'target-classes',
        `${table.path}: "${ask.target}" has ${values.length} values; at most ${MOST_CLASSES} are told apart; group the rare ones`,
      );
    const code = new Map(values.map((value, i) => [value, i]));
    return {
      task,
      rows,
      without,
      classes: values,
      code: Int32Array.from(rows, (row) => code.get(at(row))!),
      says: `class${why}: ${values.length} classes: ${values.slice(0, 10).join(', ')}${values.length > 10 ? ', …' : ''}`,
    };
  }
  const value = Float64Array.from(rows, (row) => number(at(row)));
  const bad = value.findIndex(Number.isNaN);
  if (bad >= 0)
    throw new ForesellError(
      'target-not-number',
      `${table.path}: row ${rows[bad]}: "${ask.target}" is "${at(rows[bad]!)}"; an amount is a finite number`,
    );
  const [low, high] = [value.reduce((a, b) => Math.min(a, b)), value.reduce((a, b) => Math.max(a, b))];
  return { task: 'amount', rows, without, value, says: `amount${why}: from ${low} to ${high}` };
}

const byValue =
  (number: (word: string) => number) =>
  (a: string, b: string): number => {
    const [x, y] = [number(a), number(b)];
    return Number.isNaN(x) || Number.isNaN(y) ? (a < b ? -1 : a > b ? 1 : 0) : x - y;
  };

function taskOf(numbers: readonly number[]): TableTask {
  if (numbers.length === 2) return 'binary';
  if (numbers.some(Number.isNaN)) return 'class';
  return numbers.length <= FEW_NUMBERS && numbers.every(Number.isInteger) ? 'class' : 'amount';
}

function columnOf(table: ColumnTable, name: string): RawColumn {
  const column = table.columns.get(name);
  if (!column) throw noColumn(table, name);
  return column;
}

/** The words of a column: those that say something, how often each comes, and which one a row has. */
interface Words {
  readonly values: readonly string[];
  count(value: string): number;
  /** What a word says as a number of this column; NaN = none. */
  number(word: string): number;
  at(row: number): string;
  isAbsent(row: number): boolean;
  /** Whether some row says nothing. */
  readonly hasAbsent: boolean;
}

/** Cells that say nothing in a column. */
const absentIn = (schema: ColumnSchema, name: string): ReadonlySet<string> =>
  new Set([...ABSENT, ...schema.missing, ...(schema.columns[name]?.missing ?? [])]);

function wordsOf(raw: RawColumn, schema: ColumnSchema, name: string): Words {
  const { words, codes } = asWords(raw);
  const counts = countsOf({ kind: 'words', words, codes });
  const absent = absentIn(schema, name);
  const decimal = decimalOf(raw, absent);
  const numberIn = (word: string) => looseNumber(word, decimal);
  // Of several ways to write one number the most frequent stands for all.
  const byNumber = new Map<number, string>();
  const order = [...words.keys()].filter((w) => counts[w]! > 0 && !absent.has(words[w]!)).sort((a, b) => counts[b]! - counts[a]!); // biome-ignore format: one chain
  const standsFor = new Map<string, string>();
  const total = new Map<string, number>();
  for (const w of order) {
    const word = words[w]!;
    const number = numberIn(word);
    const known = Number.isNaN(number) ? word : (byNumber.get(number) ?? word);
    if (!Number.isNaN(number)) byNumber.set(number, known);
    standsFor.set(word, known);
    total.set(known, (total.get(known) ?? 0) + counts[w]!);
  }
  const word = (row: number) => words[codes[row]!]!;
  return {
    values: [...total.keys()].sort(byValue(numberIn)),
    number: numberIn,
    count: (value) => total.get(value) ?? 0,
    at: (row) => standsFor.get(word(row)) ?? word(row),
    isAbsent: (row) => absent.has(word(row)),
    hasAbsent: words.some((said, w) => counts[w]! > 0 && absent.has(said)),
  };
}

function enough(table: ColumnTable, name: string, rows: Int32Array): { rows: Int32Array; without: number } {
  if (rows.length < FEWEST_ROWS)
    throw new ForesellError(
      'rows-few',
      `${table.path}: ${rows.length} of ${table.rows} rows say something in "${name}"; at least ${FEWEST_ROWS} are needed`,
    );
  return { rows, without: table.rows - rows.length };
}

function positiveOf(
  table: ColumnTable,
  column: string,
  values: readonly string[],
  count: (value: string) => number,
  asked: string | undefined,
): string {
  const wanted = asked === undefined ? undefined : (values.find((value) => value === asked) ?? values.find((value) => looseNumber(value) === looseNumber(asked))); // biome-ignore format: one choice
  if (asked !== undefined && wanted === undefined)
    throw new ForesellError(
      'positive-missing',
      `${table.path}: "${column}" never says "${asked}"; it says ${values.slice(0, 5).join(' and ')}`,
    );
  const yes = values.filter((value) => isAmong(YES, value));
  const rarer = values.reduce((a, b) => (count(b) < count(a) ? b : a));
  return wanted ?? (yes.length === 1 ? yes[0]! : rarer);
}

function duration(table: ColumnTable, ask: TargetAsk, schema: ColumnSchema): ReadTarget {
  if (ask.time === undefined || ask.event === undefined)
    throw new ForesellError('target-absent', 'a duration needs both --time COL and --event COL', {
      path: ask.time === undefined ? '--time' : '--event',
    });
  const timeColumn = columnOf(table, ask.time);
  if (ask.target !== undefined)
    throw new ForesellError('target-twice', `--target ${ask.target} beside --time and --event: a duration has its target in those two; leave --target out`, { path: '--target' }); // biome-ignore format: one sentence
  const { values, count, at, isAbsent, hasAbsent } = wordsOf(columnOf(table, ask.event), schema, ask.event);
  const censored = values.filter((value) => isAmong(CENSORED, value));
  // Where no word says that nothing happened an empty cell does, whichever event is asked for.
  const emptyIsOpen = censored.length === 0 && hasAbsent;
  let open = new Set(censored);
  if (ask.positive !== undefined || (open.size === 0 && !emptyIsOpen && values.length === 2)) {
    // Of two numbers the larger one: 1 of 1 and 2 is alive (Therneau's survival package), and no yes.
    const isNumeric = values.every((value) => !Number.isNaN(looseNumber(value)));
    const asked = ask.positive ?? (isNumeric ? values[1] : undefined);
    const yes = positiveOf(table, ask.event, values, count, asked);
    open = new Set(values.filter((value) => value !== yes));
  }
  const causes = values.filter((value) => !open.has(value));
  if (causes.length === 0)
    throw new ForesellError('target-one-class', `${table.path}: "${ask.event}" names no event; all rows are censored`);
  if (causes.length > MOST_CAUSES)
    throw new ForesellError(
      'target-classes',
      `${table.path}: "${ask.event}" has ${causes.length} causes; at most ${MOST_CAUSES} are told apart; group the rare ones`,
    );
  const untimed = absentIn(schema, ask.time);
  const all = Int32Array.from({ length: table.rows }, (_, row) => row);
  const { rows, without } = enough(
    table,
    ask.time,
    all.filter((row) => !untimed.has(cellAt(timeColumn, row)) && (emptyIsOpen || !isAbsent(row))),
  );
  const decimal = decimalOf(timeColumn, untimed);
  const time = Float64Array.from(rows, (row) => looseNumber(cellAt(timeColumn, row), decimal));
  const bad = time.findIndex((v) => !(v >= 0 && Number.isFinite(v)));
  if (bad >= 0)
    throw new ForesellError(
      'duration-invalid',
      `${table.path}: row ${rows[bad]}: "${ask.time}" is "${cellAt(timeColumn, rows[bad]!)}"; expected a number of 0 or more`,
    );
  const place = new Map(causes.map((value, i) => [value, i + 1]));
  const cause = Uint8Array.from(rows, (row) => place.get(at(row)) ?? 0);
  const ended = cause.reduce((n, c) => n + (c > 0 ? 1 : 0), 0);
  const opens = [...[...open].map((value) => `"${value}"`), ...(emptyIsOpen ? ['an empty cell'] : [])];
  return {
    task: 'duration',
    rows,
    without,
    time,
    cause,
    causes,
    says: `duration in units of "${ask.time}": event ${causes.map((value) => `"${value}"`).join(', ')} (${ended.toLocaleString('en')} of ${rows.length.toLocaleString('en')} rows), censored: ${opens.join(', ') || 'none'}`,
  };
}
