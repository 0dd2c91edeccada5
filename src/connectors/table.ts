import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ForesellError } from '../errors.ts';
import { textOf } from './text.ts';

/** A flat file as text: every cell by column, nothing interpreted yet. */
export interface Table {
  readonly path: string;
  readonly header: readonly string[];
  /** Cells by column name, all as long as `rows`; trimmed. */
  readonly cells: ReadonlyMap<string, readonly string[]>;
  readonly rows: number;
}

export interface TableOptions {
  /** Cells are separated by it; absent = the one of comma, semicolon, tab and bar that the header line holds most of. */
  readonly separator?: string;
  /** Names of the columns where the file has no header line. */
  readonly header?: readonly string[];
}

const SEPARATORS = [',', ';', '\t', '|'];
/** Longest record held in memory, so that a quote that is never closed cannot fill it. */
const MAX_RECORD = 32 * 1024 * 1024;

/**
 * Reads a flat table (.csv, .txt or .tsv, also .gz; UTF-8), whole: for files of up to some million cells.
 * @throws ForesellError `header-duplicate`, `header-missing`, `cells-count` (with the line), `csv-broken`, `table-empty`
 */
export async function readTable(path: string, options: TableOptions = {}): Promise<Table> {
  const text: string[] = [];
  for await (const piece of textOf(path)) text.push(piece);
  const whole = text.join('').replace(/^\uFEFF/, '');
  const delimiter = options.separator ?? separatorOf(whole);
  let header = options.header?.slice();
  const columns: string[][] = [];
  let rows = 0;
  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_RECORD,
  });
  Readable.from([whole]).pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (!header) {
        header = record;
        const twice = header.find((name, i) => header!.indexOf(name) !== i);
        if (twice !== undefined)
          throw new ForesellError('header-duplicate', `${path}: column "${twice}" appears twice; keep one of them`);
      } else if (record.length !== header.length) {
        throw new ForesellError(
          'cells-count',
          `${path} line ${info.lines}: ${record.length} cells where the header has ${header.length}; mend the line (separator "${delimiter}")`,
        );
      } else {
        for (let j = 0; j < record.length; j++) (columns[j] ??= []).push(record[j]!);
        rows++;
      }
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw new ForesellError('csv-broken', `${path}: ${error.message}; mend the file`, { cause: error });
    throw error;
  } finally {
    parser.destroy();
  }
  if (!header)
    throw new ForesellError('header-missing', `${path}: no header line; the first line must name the columns`);
  if (rows === 0) throw new ForesellError('table-empty', `${path}: a header and no rows; there is nothing to read`);
  return { path, header, cells: new Map(header.map((name, j) => [name, columns[j]!])), rows };
}

/** What separates the cells of a text: the one of comma, semicolon, tab and bar that its first line holds most of. */
export function separatorOf(text: string): string {
  const line = text.slice(0, Math.max(0, text.search(/[\r\n]/)) || text.length).replace(/"[^"]*"/g, '');
  const counts = SEPARATORS.map((separator) => line.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))]!;
}
