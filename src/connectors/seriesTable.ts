import { ForesellError } from '../errors.ts';
import { type Frequency, type PeriodGrid, periodGrid } from '../periodGrid.ts';
import { type ColumnTable, cellAt, numberOf } from './columns.ts';
import { readColumns } from './tableBatches.ts';

/** One line of a long table on the grid of its frequency: a value a period, nothing missing. */
export interface SeriesLine {
  readonly id: string;
  /** Period of the first value. */
  readonly first: number;
  readonly y: Float64Array;
  /** Periods between the first and last value that had none, and whether they count as 0 or were interpolated. */
  readonly filled: { readonly zeros: number; readonly interpolated: number };
  /** Further columns as numbers, by the period from `first` on; may go on beyond the values. NaN where there is none. */
  readonly regressors: readonly Float64Array[];
  /** Cells of the columns that name groups. */
  readonly groups: readonly string[];
}

export interface SeriesTable {
  readonly grid: PeriodGrid;
  /** In the order of their first row. */
  readonly lines: readonly SeriesLine[];
  readonly rows: number;
}

export interface SeriesTableAsk {
  readonly frequency: Frequency;
  /** Names of the columns; `id` undefined = the whole table is one line, or lines are told by their groups. */
  readonly id: string | undefined;
  readonly ds: string;
  readonly y: string;
  readonly regressors: readonly string[];
  readonly groups: readonly string[];
  readonly format?: string | undefined;
  readonly gaps: 'auto' | 'zero' | 'interpolate';
  readonly delimiter?: string | undefined;
  readonly encoding?: string | undefined;
  readonly onRows?: ((rows: number) => void) | undefined;
}

/** Periods of a line at most: a mistyped year would fill the memory. */
const MOST_PERIODS = 100_000;
const LARGEST = 1e100;
/** Share of empty or absent periods above which a line without negative values is sparse: what is absent was nothing. */
const SPARSE_SHARE = 0.25;
/** Bad rows shown before the rest is only counted. */
const SHOWN = 5;

/**
 * Reads a long table (.csv, .txt, .tsv, also .gz; .parquet), rows in any order. An empty y is a missing value; rows after the
 * last value of a line only carry regressors of the future. Gaps between values are filled: in a line without negative
 * values of whose periods more than a quarter are absent or 0, with 0; else linearly between the neighbours.
 * @throws ForesellError `columns-missing`, `series-rows` (bad cells and dates that come twice, with their rows), `series-empty`,
 *   `series-long`, and those of `periodGrid` and `readColumns`
 */
export async function readSeriesTable(path: string, ask: SeriesTableAsk): Promise<SeriesTable> {
  const named = [...(ask.id === undefined ? [] : [ask.id]), ask.ds, ...ask.groups];
  const { delimiter, encoding, onRows } = ask;
  const table = await readColumns(path, { asText: new Set(named), limited: true, delimiter, encoding, onRows });
  const missing = [...named, ask.y, ...ask.regressors].find((name) => !table.columns.has(name));
  if (missing !== undefined)
    throw new ForesellError(
      'columns-missing',
      `${path}: no column "${missing}"; it has ${table.header.join(', ')}; expected unique_id, ds and y, or name them with --id, --ds and --y`,
    );
  return seriesOf(table, ask);
}

/** Rows of one line while they are collected. */
interface Rows {
  readonly id: string;
  readonly groups: readonly string[];
  readonly at: number[];
  readonly row: number[];
}

function seriesOf(table: ColumnTable, ask: SeriesTableAsk): SeriesTable {
  const column = (name: string) => table.columns.get(name)!;
  const dates = column(ask.ds);
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const grid = periodGrid(dates.kind === "words" ? dates.words : rows.map((row) => cellAt(dates, row)), ask.frequency, ask.format); // biome-ignore format: one call
  const bad: string[] = [];
  let badRows = 0;
  const refuse = (row: number, why: string) => {
    badRows++;
    if (bad.length < SHOWN) bad.push(`row ${row + 1}: ${why}`);
  };
  const numbers = (name: string): Float64Array => {
    const cells = column(name);
    return Float64Array.from(rows, (row) => {
      const value = cells.kind === 'numbers' ? cells.values[row]! : numberOf(cellAt(cells, row));
      if (Math.abs(value) <= LARGEST) return value;
      const cell = cellAt(cells, row);
      if (cell !== '') refuse(row, `${name} "${cell.slice(0, 40)}" is no plain number such as 1250.5`);
      return Number.NaN;
    });
  };
  const y = numbers(ask.y);
  const regressors = ask.regressors.map(numbers);
  const lines = new Map<string, Rows>();
  const groupsOf = ask.groups.map(column);
  const ids = ask.id === undefined ? undefined : column(ask.id);
  for (const row of rows) {
    const groups = groupsOf.map((cells) => cellAt(cells, row));
    const id = ids ? cellAt(ids, row) : groups.join('/') || 'series';
    const empty = groups.indexOf('');
    if (id === '') refuse(row, `${ask.id} is empty`);
    else if (empty >= 0) refuse(row, `${ask.groups[empty]} is empty`);
    let line = lines.get(id);
    if (!line) lines.set(id, (line = { id, groups, at: [], row: [] }));
    const other = groups.findIndex((group, i) => group !== line.groups[i]);
    if (other >= 0) refuse(row, `${id} has ${ask.groups[other]} "${groups[other]}", before "${line.groups[other]}"`);
    line.at.push(grid.index(cellAt(dates, row)));
    line.row.push(row);
  }
  for (const { id, at, row } of lines.values()) {
    const met = new Set<number>();
    for (const [i, period] of at.entries()) {
      if (met.has(period)) refuse(row[i]!, `${id} has ${grid.text(period)} twice`);
      met.add(period);
    }
  }
  if (badRows > 0) {
    const more = badRows > bad.length ? `; and ${badRows - bad.length} more` : '';
    throw new ForesellError('series-rows', `${table.path}: ${badRows} of ${table.rows} rows cannot be read (rows are counted from 1 below the header): ${bad.join('; ')}${more}; mend them or leave them out`); // biome-ignore format: one sentence
  }
  return { grid, rows: table.rows, lines: [...lines.values()].map((line) => lineOf(line, { y, regressors, grid, ask, path: table.path })) }; // biome-ignore format: one answer
}

function lineOf(
  { id, groups, at, row }: Rows,
  of: {
    readonly y: Float64Array;
    readonly regressors: readonly Float64Array[];
    readonly grid: PeriodGrid;
    readonly ask: SeriesTableAsk;
    readonly path: string;
  },
): SeriesLine {
  let [first, last, end] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [i, period] of at.entries()) {
    end = Math.max(end, period);
    if (Number.isNaN(of.y[row[i]!]!)) continue;
    first = Math.min(first, period);
    last = Math.max(last, period);
  }
  if (last < first)
    throw new ForesellError('series-empty', `${of.path}: ${id} has no value in ${of.ask.y}; leave it out`);
  if (end - first >= MOST_PERIODS)
    throw new ForesellError('series-long', `${of.path}: ${id} goes from ${of.grid.text(first)} to ${of.grid.text(end)}, more than ${MOST_PERIODS.toLocaleString('en')} periods; is a year mistyped, or --freq?`); // biome-ignore format: one sentence
  const y = new Float64Array(last - first + 1).fill(Number.NaN);
  const regressors = of.regressors.map(() => new Float64Array(end - first + 1).fill(Number.NaN));
  for (const [i, period] of at.entries()) {
    if (period < first) continue;
    if (period <= last) y[period - first] = of.y[row[i]!]!;
    for (const [j, values] of of.regressors.entries()) regressors[j]![period - first] = values[row[i]!]!;
  }
  return { id, groups, first, y, filled: fillGaps(y, of.ask.gaps), regressors };
}

/** Fills what is NaN, in place. The first and last value are there. */
export function fillGaps(y: Float64Array, how: SeriesTableAsk['gaps']): SeriesLine['filled'] {
  let [absent, nothing, negative] = [0, 0, false];
  for (const v of y) {
    if (Number.isNaN(v)) absent++;
    if (Number.isNaN(v) || v === 0) nothing++;
    if (v < 0) negative = true;
  }
  if (absent === 0) return { zeros: 0, interpolated: 0 };
  if (how === 'zero' || (how === 'auto' && !negative && nothing > SPARSE_SHARE * y.length)) {
    for (let t = 0; t < y.length; t++) if (Number.isNaN(y[t])) y[t] = 0;
    return { zeros: absent, interpolated: 0 };
  }
  for (let t = 1; t < y.length; t++) {
    if (!Number.isNaN(y[t])) continue;
    let next = t + 1;
    while (Number.isNaN(y[next])) next++;
    const slope = (y[next]! - y[t - 1]!) / (next - t + 1);
    for (; t < next; t++) y[t] = y[t - 1]! + slope;
  }
  return { zeros: 0, interpolated: absent };
}
