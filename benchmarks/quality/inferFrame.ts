import type { Table } from '../../src/connectors/table.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Frame, FrameColumn } from '../../src/frame.ts';

/** How a shared set is read for measuring, as its README says. (What a command infers by itself: training/tables/inferRecipes.ts.) */
export interface TableSchema {
  /** Column that names the row; absent = the row number, from 0. */
  readonly id?: string;
  /** Columns that are not features: targets, leaks, other ids. */
  readonly drop?: readonly string[];
  /** Columns whose digits are names (codes), not quantities. */
  readonly categories?: readonly string[];
  /** Texts that mean "not known" besides the usual ones, as `Select` or `unknown`. */
  readonly missing?: readonly string[];
  /** Numbers that mean "not known" in one column, as 999 in `pdays`. */
  readonly missingNumbers?: Readonly<Record<string, readonly number[]>>;
}

/** Cells that say nothing in any table. */
export const ABSENT: ReadonlySet<string> = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?']);
/** A column of words with more of them than this share of the rows names rows; it does not describe them. */
const NAMES = 0.5;

export interface Inferred {
  readonly frame: Frame;
  /** Columns left out and why, for people. */
  readonly left: readonly { readonly column: string; readonly why: string }[];
}

/**
 * A table as a frame: a column is numeric where every cell that says something is a finite number, else a category with
 * its levels in order. Left out: the dropped, those with one value or none, and those that name rows (words, more than
 * half of them different). Rows carry no time: `asOf` is 0.
 */
export function inferFrame(table: Table, schema: TableSchema = {}): Inferred {
  const drop = new Set(schema.drop ?? []);
  for (const name of [...drop, ...(schema.id ? [schema.id] : []), ...(schema.categories ?? [])]) cellsOf(table, name);
  const absent = new Set([...ABSENT, ...(schema.missing ?? [])]);
  const columns = new Map<string, FrameColumn>();
  const left: { column: string; why: string }[] = [];
  for (const name of table.header) {
    if (drop.has(name) || name === schema.id) continue;
    const cells = table.cells.get(name)!;
    const said = new Set(cells);
    for (const text of absent) said.delete(text);
    const some = cells.some((cell) => absent.has(cell));
    if (said.size === 0 || (said.size === 1 && !some)) {
      left.push({ column: name, why: said.size ? 'the same in every row' : 'empty' });
    } else if (!schema.categories?.includes(name) && [...said].every(isNumber)) {
      const unknown = new Set(schema.missingNumbers?.[name] ?? []);
      const values = Float64Array.from(cells, (cell) => (absent.has(cell) ? Number.NaN : Number(cell)));
      columns.set(name, { type: 'number', values: values.map((v) => (unknown.has(v) ? Number.NaN : v)) });
    } else if (said.size > NAMES * table.rows && said.size > 20) {
      left.push({ column: name, why: `${said.size} different words in ${table.rows} rows: it names rows` });
    } else {
      const levels = [...said].sort();
      const code = new Map(levels.map((level, i) => [level, i]));
      columns.set(name, { type: 'category', levels, codes: Int32Array.from(cells, (cell) => code.get(cell) ?? -1) });
    }
  }
  const ids = schema.id ? cellsOf(table, schema.id) : Array.from({ length: table.rows }, (_, i) => String(i));
  return { frame: { ids, asOf: new Float64Array(table.rows), columns }, left };
}

const isNumber = (cell: string): boolean => cell !== '' && Number.isFinite(Number(cell));

function cellsOf(table: Table, name: string): readonly string[] {
  const cells = table.cells.get(name);
  if (cells) return cells;
  throw new ForesellError(
    'column-missing',
    `${table.path}: no column "${name}"; the table has ${table.header.join(', ')}`,
  );
}

const YES = new Set(['1', 'true', 'yes', 'y', 'won', 'converted']);

/**
 * The two classes of a column as 0 and 1. The positive one is `positive` where given, else 1, true, yes, won or
 * converted, else the rarer.
 * @throws ForesellError `target-not-binary`, `target-missing` where a cell says nothing, `column-missing`
 */
export function binaryTarget(
  table: Table,
  column: string,
  positive?: string,
): { readonly event: Uint8Array; readonly positive: string } {
  const cells = cellsOf(table, column);
  const counts = new Map<string, number>();
  for (const cell of cells) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  if (counts.has(''))
    throw new ForesellError(
      'target-missing',
      `${table.path}: ${counts.get('')} rows say nothing in "${column}"; remove them, or predict them later`,
    );
  if (counts.size !== 2) {
    const shown = [...counts.keys()].slice(0, 5).join(', ');
    throw new ForesellError(
      'target-not-binary',
      `${table.path}: "${column}" has ${counts.size} values (${shown}); expected two`,
    );
  }
  const [a, b] = [...counts.keys()].sort() as [string, string];
  const yes = [a, b].filter((value) => YES.has(value.toLowerCase()));
  const chosen = positive ?? (yes.length === 1 ? yes[0]! : counts.get(a)! < counts.get(b)! ? a : b);
  if (!counts.has(chosen))
    throw new ForesellError(
      'positive-missing',
      `${table.path}: "${column}" never says "${chosen}"; it says ${a} and ${b}`,
    );
  return { event: Uint8Array.from(cells, (cell) => (cell === chosen ? 1 : 0)), positive: chosen };
}

/**
 * Durations and whether they ended: `event` 1 for the positive class of the event column (as in `binaryTarget`).
 * @throws ForesellError `duration-invalid` for a time that is no number of 0 or more
 */
export function durationTarget(
  table: Table,
  time: string,
  event: string,
  positive?: string,
): { readonly time: Float64Array; readonly event: Uint8Array; readonly positive: string } {
  const said = cellsOf(table, time);
  const values = Float64Array.from(said, (cell) => (cell === '' ? Number.NaN : Number(cell)));
  const bad = values.findIndex((v) => !(v >= 0 && Number.isFinite(v)));
  if (bad >= 0)
    throw new ForesellError(
      'duration-invalid',
      `${table.path}: row ${bad}: "${time}" is "${said[bad]}"; expected a number of 0 or more`,
    );
  return { time: values, ...binaryTarget(table, event, positive) };
}
