import { closeSync, openSync, writeSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import { ForesellError } from '../errors.ts';
import { withoutFormula } from '../formulas.ts';

/** A row that was not taken, so that nothing disappears silently. */
export interface Reject {
  readonly file: string;
  readonly line: number;
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

export interface RejectSink {
  write(reject: Reject): void;
  close(): void;
}

const HEADER = ['file', 'line', 'field', 'code', 'message'];

/**
 * Rejects as CSV; the file is made with the first of them. Cells that a spreadsheet would run as a formula are
 * escaped, since the messages quote what came from outside.
 */
export function rejectsFile(path: string): RejectSink {
  let file: number | undefined;
  const append = (cells: readonly (string | number)[]) =>
    writeSync(file!, stringify([cells.map((cell) => (typeof cell === 'string' ? withoutFormula(cell) : cell))]));
  return {
    write: ({ file: from, line, field, code, message }) => {
      if (file === undefined) {
        file = opened(path);
        append(HEADER);
      }
      append([from, line, field, code, message]);
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function opened(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (cause) {
    throw new ForesellError(
      'file-unwritable',
      `--rejects ${path}: ${(cause as Error).message}; rows were rejected and nothing was imported: name a file that can be written`,
      { path: '--rejects', cause },
    );
  }
}

/** Counts only. */
export const noRejects: RejectSink = { write: () => {}, close: () => {} };
