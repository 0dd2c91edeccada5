import { ForesellError } from '../errors.ts';
import type { SourceRow } from './bundle.ts';

/** Longest record held in memory, in UTF-16 units, so that a quote that is never closed cannot fill it. */
const MAX_RECORD = 32 * 1024 * 1024;

/** Takes text in pieces and gives the records that are complete. */
export interface CsvParser {
  push(text: string): SourceRow[];
  /** The records that only the end of the file completes. */
  end(): SourceRow[];
}

/**
 * Reads RFC 4180 and what is written in its name: any delimiter of one character; records end on CRLF, LF or CR; cells
 * in quotes may hold all of these and doubled quotes; a quote inside a cell without quotes is text, and so is a quoted
 * beginning that goes on after its closing quote. Blank lines are no records. Rows may have any number of cells.
 *
 * Lines without a quote, nearly all, are split as they are, which makes it several times faster than a parser that looks
 * at each character. Cost: one pass; memory: one piece and one record.
 *
 * @param path for messages
 * @throws ForesellError `csv-broken` where a record is longer than 32 Mi characters or a quote is never closed
 */
export function csvParser(path: string, delimiter = ','): CsvParser {
  let rest = '';
  let pieces: string[] = []; // of a quoted cell that goes on
  let held = 0;
  let line = 0;

  const broken = (message: string): never => {
    throw new ForesellError('csv-broken', `${path}: ${message}; mend the file, nothing of it was imported`);
  };

  /** Reads complete records from the beginning of the text; what is left over is kept. */
  const take = (text: string, isEnd: boolean): SourceRow[] => {
    const rows: SourceRow[] = [];
    let at = 0;
    while (at < text.length) {
      const feed = text.indexOf('\n', at);
      if (feed >= 0) {
        const stop = feed > at && text.charCodeAt(feed - 1) === 13 ? feed - 1 : feed;
        const plain = text.slice(at, stop);
        if (!plain.includes('"') && !plain.includes('\r')) {
          line++;
          if (plain !== '') rows.push({ line, cells: plain.split(delimiter) });
          at = feed + 1;
          continue;
        }
      }
      const found = record(text, at, delimiter, isEnd);
      if (found === undefined) break;
      line += found.lines;
      if (found.cells.length > 1 || found.cells[0] !== '') rows.push({ line, cells: found.cells });
      at = found.next;
    }
    rest = at === 0 ? text : text.slice(at);
    if (rest.length > MAX_RECORD) broken(`line ${line + 1} begins a record of more than ${MAX_RECORD} characters, maybe a quote that is never closed`); // biome-ignore format: one sentence
    return rows;
  };

  return {
    push: (text) => {
      // Nothing can complete a record inside quotes but a quote: so long texts are not read again with each piece.
      if (held > 0 && !text.includes('"')) {
        pieces.push(text);
        held += text.length;
        if (held > MAX_RECORD) broken(`line ${line + 1} begins a record of more than ${MAX_RECORD} characters, maybe a quote that is never closed`); // biome-ignore format: one sentence
        return [];
      }
      const whole = held > 0 ? [...pieces, text].join('') : rest + text;
      pieces = [];
      held = 0;
      const rows = take(whole, false);
      if (rest.includes('"')) {
        pieces = [rest];
        held = rest.length;
      }
      return rows;
    },
    end: () => {
      const whole = held > 0 ? pieces.join('') : rest;
      pieces = [];
      held = 0;
      const rows = take(whole, true);
      if (rest !== '') broken(`line ${line + 1} opens a quote that is never closed`);
      return rows;
    },
  };
}

interface Found {
  readonly cells: string[];
  readonly next: number;
  /** Line ends in it, its own included. */
  readonly lines: number;
}

/** The record that begins at a place; undefined where the text ends before it does. */
function record(text: string, start: number, delimiter: string, isEnd: boolean): Found | undefined {
  const cells: string[] = [];
  let lines = 1;
  let at = start;
  for (;;) {
    let from = at;
    let inner = '';
    if (text.charCodeAt(at) === 34) {
      const close = closing(text, at + 1);
      if (close < 0) return undefined;
      const after = close + 1;
      if (after >= text.length && !isEnd) return undefined;
      const next = text[after];
      if (next === undefined || next === delimiter || next === '\n' || next === '\r') {
        inner = text.slice(at + 1, close).replaceAll('""', '"');
        lines += breaks(text, at + 1, close);
        from = -1;
      }
      at = after;
    }
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at++;
    if (at >= text.length && !isEnd) return undefined;
    if (from < 0) cells.push(inner);
    else {
      cells.push(text.slice(from, at));
      lines += breaks(text, from, at);
    }
    if (at >= text.length) return { cells, next: at, lines };
    const end = text[at];
    at++;
    if (end === delimiter) continue;
    if (end === '\r') {
      if (at >= text.length && !isEnd) return undefined; // a line feed may follow in the next piece
      if (text[at] === '\n') at++;
    }
    return { cells, next: at, lines };
  }
}

/** The quote that closes a cell opened before `at`; -1 where it is not in the text. */
function closing(text: string, at: number): number {
  for (let found = text.indexOf('"', at); found >= 0; found = text.indexOf('"', found + 2))
    if (text.charCodeAt(found + 1) !== 34) return found;
  return -1;
}

/** Line breaks in a stretch of text. */
function breaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) count++;
  }
  return count;
}
