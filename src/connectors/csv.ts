import { basename } from 'node:path';
import { ForesellError } from '../errors.ts';
import type { SourceRow } from './bundle.ts';
import { csvParser } from './csvParser.ts';
import { type TextOptions, textOf } from './text.ts';

/** What is declared of a file's form. */
export interface CsvOptions extends TextOptions {
  /** Between cells; absent = comma. */
  readonly delimiter?: string | undefined;
}

/** Delimiters that may be declared. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
const NAMES: Readonly<Record<string, string>> = { ';': ';', '\t': 'tab', '|': '|' };

/** A declared delimiter as its character: `tab` may be spelt out. */
export function delimiterOf(text: string): string {
  const found = text === 'tab' || text === '\\t' ? '\t' : text;
  if ((DELIMITERS as readonly string[]).includes(found)) return found;
  throw new ForesellError('delimiter-unknown', `delimiter "${text}" is not one of , ; tab |`);
}

/**
 * The header of a CSV file; refused where it is missing or names a column twice, or where it is one cell that another
 * delimiter would part. Reads the first lines only.
 */
export async function readHeader(path: string, options: CsvOptions = {}): Promise<readonly string[]> {
  for await (const rows of batches(path, { ...options, onBytes: undefined })) {
    const first = rows[0];
    if (!first) continue;
    const header = first.cells.map((name) => name.trim());
    const other = header.length === 1 ? Object.keys(NAMES).find((mark) => header[0]!.includes(mark)) : undefined;
    if (other !== undefined && options.delimiter === undefined) {
      throw new ForesellError(
        'delimiter-undeclared',
        `${path}: the header is one cell, "${header[0]!.slice(0, 80)}"; if "${NAMES[other]}" parts its cells, declare it: --delimiter "${NAMES[other]}"`,
      );
    }
    const twice = header.find((name, i) => header.indexOf(name) !== i);
    if (twice !== undefined)
      throw new ForesellError('header-duplicate', `${path}: column "${twice}" appears twice; keep one of them`);
    return header;
  }
  throw new ForesellError('header-missing', `${path}: no header line; the first line must name the columns`);
}

/** The rows below the header. A row with more or fewer cells than the header is refused, not shifted. */
export async function* readRows(path: string, columns: number, options: CsvOptions = {}): AsyncGenerator<SourceRow> {
  let isHeader = true;
  for await (const rows of batches(path, options)) {
    for (const row of rows) {
      if (isHeader) isHeader = false;
      else if (row.cells.length === columns) yield row;
      else {
        const message = `${row.cells.length} cells where the header of ${basename(path)} has ${columns}`;
        yield { ...row, refused: { code: 'cells-count', message } };
      }
    }
  }
}

/** Records with the line on which each ends, a piece of the file at a time. */
async function* batches(path: string, options: CsvOptions): AsyncGenerator<readonly SourceRow[]> {
  const parser = csvParser(path, options.delimiter);
  for await (const text of textOf(path, options)) yield parser.push(text);
  yield parser.end();
}
