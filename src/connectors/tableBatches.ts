import { ForesellError } from '../errors.ts';
import { type ColumnBuilder, type ColumnTable, columnBuilder } from './columns.ts';
import { csvParser } from './csvParser.ts';
import { isParquet, parquetBatches } from './parquetTable.ts';
import { separatorOf, type Table } from './table.ts';
import {
  type BatchOptions,
  buildersOf,
  builtTable,
  checkedHeader,
  checkSize,
  MOST_CELLS,
  MOST_ROWS,
} from './tableShape.ts';
import { textOf } from './text.ts';

export { type BatchOptions, MOST_CELLS, MOST_COLUMNS, MOST_ROWS } from './tableShape.ts';

/**
 * A flat file (.csv, .txt, .tsv, also .gz; .parquet) by columns, `size` rows at a time (of Parquet at most a row group):
 * what is in memory is one batch. The header of each batch is that of the file, whatever `only` says.
 * @throws ForesellError `header-duplicate`, `header-missing`, `columns-too-many`, `cells-count` (with the line),
 *   `csv-broken`, `encoding-invalid`, `file-unreadable`, `parquet-broken`, `table-too-large`
 */
export async function* tableBatches(
  path: string,
  size: number,
  options: BatchOptions = {},
): AsyncGenerator<ColumnTable> {
  if (isParquet(path)) yield* parquetBatches(path, size, options);
  else yield* textBatches(path, size, options);
}

/** The whole of a flat file by columns. Memory: 4 to 8 bytes a cell and the different words of each column. */
export async function readColumns(path: string, options: BatchOptions = {}): Promise<ColumnTable> {
  for await (const table of tableBatches(path, Number.POSITIVE_INFINITY, options)) return table;
  throw new ForesellError('table-empty', `${path}: a header and no rows; there is nothing to read`);
}

/** Names of a file's columns; of text its beginning is read. */
export async function readableHeader(path: string, options: BatchOptions = {}): Promise<readonly string[]> {
  for await (const { header } of tableBatches(path, 1, { ...options, only: new Set() })) return header;
  throw new ForesellError('table-empty', `${path}: a header and no rows; there is nothing to read`);
}

/** The columns of a table that was read as text: what the reader in columns gives, by the plainest way. */
export function columnsOf(table: Table, asText: ReadonlySet<string> = new Set()): ColumnTable {
  const columns = new Map(
    table.header.map((name) => {
      const builder = columnBuilder(asText.has(name));
      for (const cell of table.cells.get(name)!) builder.add(cell);
      return [name, builder.done()] as const;
    }),
  );
  return { path: table.path, header: table.header, columns, rows: table.rows };
}

async function* textBatches(path: string, size: number, options: BatchOptions): AsyncGenerator<ColumnTable> {
  let parser: ReturnType<typeof csvParser> | undefined;
  let header: string[] | undefined;
  let builders: (ColumnBuilder | undefined)[] = [];
  let held = 0;
  let seen = 0;
  let tooMany = false;
  let start = '';

  const take = (line: number, cells: readonly string[]) => {
    if (!header) {
      header = checkedHeader(path, options.noHeader ? cells.map((_, i) => `c${i + 1}`) : cells);
      builders = buildersOf(header, options);
      if (!options.noHeader) return;
    }
    if (cells.length !== header.length)
      throw new ForesellError(
        'cells-count',
        `${path} line ${line}: ${cells.length} cells where the header has ${header.length}; mend the line, or name what separates cells with --delimiter`,
      );
    seen++;
    if (options.limited && (seen > MOST_ROWS || seen * header.length > MOST_CELLS)) {
      if (!tooMany) builders = []; // only counted from here on
      tooMany = true;
      return;
    }
    for (let j = 0; j < cells.length; j++) builders[j]?.add(trimmed(cells[j]!));
    held++;
  };
  const cut = (): ColumnTable => {
    const table = builtTable(path, header!, builders, held);
    builders = buildersOf(header!, options);
    held = 0;
    return table;
  };

  for await (const text of textOf(path, { encoding: options.encoding })) {
    if (!parser) {
      start += text;
      if (!/[\r\n]/.test(start) && start.length < 1 << 22) continue;
      parser = csvParser(path, options.delimiter ?? separatorOf(start));
    }
    for (const { line, cells } of parser.push(start === '' ? text : start)) {
      take(line, cells);
      if (held >= size) yield cut();
    }
    start = '';
    options.onRows?.(seen);
  }
  parser ??= csvParser(path, options.delimiter ?? separatorOf(start));
  for (const { line, cells } of [...parser.push(start), ...parser.end()]) {
    take(line, cells);
    if (held >= size) yield cut();
  }
  if (!header) throw new ForesellError('header-missing', `${path}: empty; the first line must name the columns`);
  if (options.limited) checkSize(path, seen, header.length);
  if (held > 0) yield cut();
}

const trimmed = (cell: string): string =>
  cell !== '' && (cell.charCodeAt(0) <= 32 || cell.charCodeAt(cell.length - 1) <= 32) ? cell.trim() : cell;
