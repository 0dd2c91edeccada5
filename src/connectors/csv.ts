import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { ForesellError } from '../errors.ts';
import type { SourceRow } from './bundle.ts';
import { textOf } from './text.ts';

/** Longest record the reader holds in memory, so that a quote that is never closed cannot fill it. */
const MAX_RECORD = 32 * 1024 * 1024;

/** The header of a CSV file; refused where it is missing or names a column twice. Reads the first lines only. */
export async function readHeader(path: string): Promise<readonly string[]> {
  for await (const row of records(path)) {
    const header = row.cells.map((name) => name.trim());
    const twice = header.find((name, i) => header.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new ForesellError('header-duplicate', `${path}: column "${twice}" appears twice; keep one of them`);
    }
    return header;
  }
  throw new ForesellError('header-missing', `${path}: no header line; the first line must name the columns`);
}

/** The rows below the header. A row with more or fewer cells than the header is refused, not shifted. */
export async function* readRows(path: string, columns: number): AsyncGenerator<SourceRow> {
  let first = true;
  for await (const row of records(path)) {
    if (first) first = false;
    else if (row.cells.length === columns) yield row;
    else {
      const message = `${row.cells.length} cells where the header has ${columns}`;
      yield { ...row, refused: { code: 'cells-count', message } };
    }
  }
}

/**
 * Every record with the line on which it ends. Lines are counted here, since the parser's own account of them costs as
 * much as the parsing. A quote inside a cell is text; one that is never closed would swallow the rows after it, so it
 * refuses the file.
 */
async function* records(path: string): AsyncGenerator<SourceRow> {
  const parser = parse({
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_RECORD,
  });
  const text = Readable.from(textOf(path), { objectMode: false, highWaterMark: 512 * 1024 });
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let line = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      line += 1 + breaksIn(cells);
      if (cells.length > 1 || cells[0] !== '') yield { line, cells };
    }
  } catch (error) {
    if (error instanceof CsvError) {
      throw new ForesellError('csv-broken', `${path}: ${error.message}; mend the file, nothing of it was imported`, {
        cause: error,
      });
    }
    throw error;
  } finally {
    text.destroy();
    parser.destroy();
  }
}

/** Line breaks inside quoted cells. */
function breaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) if (cell.includes('\n') || cell.includes('\r')) breaks += cell.match(/\r\n|\n|\r/g)!.length;
  return breaks;
}
