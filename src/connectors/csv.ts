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
    if (row.refused) break;
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
    else if (row.refused || row.cells.length === columns) yield row;
    else {
      const message = `${row.cells.length} cells where the header has ${columns}`;
      yield { ...row, refused: { code: 'cells-count', message } };
    }
  }
}

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** Every record with its line; what the parser cannot read becomes a refused row. */
async function* records(path: string): AsyncGenerator<SourceRow> {
  const skipped: SourceRow[] = [];
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_RECORD,
    on_skip: (error) => {
      if (error) skipped.push({ line: Number(error['lines'] ?? 0), cells: [], refused: { code: 'csv-broken', message: error.message } }); // biome-ignore format: one row
    },
  });
  const text = Readable.from(textOf(path), { objectMode: false, highWaterMark: 512 * 1024 });
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      while (skipped.length) yield skipped.shift()!;
      yield { line: info.lines, cells: record };
    }
    while (skipped.length) yield skipped.shift()!;
  } catch (error) {
    if (error instanceof CsvError) {
      throw new ForesellError('csv-broken', `${path}: ${error.message}; nothing was imported`, { cause: error });
    }
    throw error;
  } finally {
    text.destroy();
    parser.destroy();
  }
}
