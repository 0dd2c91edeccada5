import { ForesellError } from '../errors.ts';
import { type ColumnBuilder, type ColumnTable, columnBuilder } from './columns.ts';

/** What a table may hold at most. */
export const MOST_COLUMNS = 1_000;
export const MOST_ROWS = 2_000_000;
export const MOST_CELLS = 100_000_000;

export interface BatchOptions {
  /** Between cells of text; absent = the one of comma, semicolon, tab and bar that the header line holds most of. */
  readonly delimiter?: string | undefined;
  /** Of text; absent = UTF-8. */
  readonly encoding?: string | undefined;
  /** The file has no header line: columns are called c1, c2, ... */
  readonly noHeader?: boolean | undefined;
  /** Columns whose cells are kept as they are written, digits too. */
  readonly asText?: ReadonlySet<string> | undefined;
  /** Only these columns are kept; absent = all. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Told how many rows have been read. */
  readonly onRows?: ((rows: number) => void) | undefined;
  /** Refuses a table beyond `MOST_ROWS` and `MOST_CELLS`, once all of its rows have been counted. */
  readonly limited?: boolean | undefined;
}

/** Names as they will be called; refused where one comes twice or there are too many. An unnamed one gets its place. */
export function checkedHeader(path: string, cells: readonly string[]): string[] {
  const header = cells.map((name, i) => name.trim() || `column_${i + 1}`);
  const met = new Set<string>();
  for (const name of header) {
    if (met.has(name))
      throw new ForesellError('header-duplicate', `${path}: column "${name}" appears twice; keep one of them`);
    met.add(name);
  }
  if (header.length > MOST_COLUMNS)
    throw new ForesellError(
      'columns-too-many',
      `${path}: ${header.length} columns; a table may have ${MOST_COLUMNS}; leave out those that say nothing of the target`,
    );
  return header;
}

/** Refused beyond the limits, with the figure. */
export function checkSize(path: string, rows: number, columns: number): void {
  if (rows <= MOST_ROWS && rows * columns <= MOST_CELLS) return;
  const n = (value: number) => value.toLocaleString('en');
  const what =
    rows > MOST_ROWS
      ? `${n(rows)} rows; at most ${n(MOST_ROWS)} are learned from`
      : `${n(rows)} rows x ${columns} columns = ${n(rows * columns)} cells; at most ${n(MOST_CELLS)} are read`;
  throw new ForesellError('table-too-large', `${path}: ${what}; take a sample of the rows or fewer columns`);
}

/** Builders of a batch by their column; undefined for one that is not kept. */
export const buildersOf = (header: readonly string[], options: BatchOptions): (ColumnBuilder | undefined)[] =>
  header.map((name) =>
    options.only && !options.only.has(name) ? undefined : columnBuilder(options.asText?.has(name) ?? false),
  );

/** What builders hold, as a table. */
export function builtTable(
  path: string,
  header: readonly string[],
  builders: readonly (ColumnBuilder | undefined)[],
  rows: number,
): ColumnTable {
  const columns = header.flatMap((name, j) => (builders[j] ? [[name, builders[j].done()] as const] : []));
  return { path, header, columns: new Map(columns), rows };
}
