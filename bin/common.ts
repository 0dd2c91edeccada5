import { type Command, InvalidArgumentError } from 'commander';
import { parseInstant } from '../src/time.ts';

export { packageVersion } from '../src/store/codeVersion.ts';

/** Options that every command understands. */
export interface Common {
  readonly db: string;
  /** Names the company's own features and labels; absent = `foresell.yaml` beside the database, where there is one. */
  readonly config?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly seed: number;
  /** `--as-of` as given, a valid time; `asOfIn` makes it an instant. Absent = the command's own default. */
  readonly asOf?: string;
}

/** Adds the options that every command understands. */
export function withCommon(command: Command): Command {
  return command
    .option('--db <file>', 'the company’s database file', process.env['FORESELL_DB'] ?? './foresell.db')
    .option(
      '--config <file>',
      'names your own features and labels (default: foresell.yaml beside the database)',
      process.env['FORESELL_CONFIG'],
    )
    .option('--json', 'one JSON document on stdout and nothing else', false)
    .option('--quiet', 'no progress', false)
    .option('--seed <n>', 'seed of everything random', wholeNumber, 1)
    .option('--as-of <time>', 'ISO 8601 time at which to stand (a bare date: that day where the company is)', time);
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('expected a whole number.');
  return value;
}

/** A time as text: which instant a bare date is depends on the company, known once its database is open. */
export function time(text: string): string {
  if (parseInstant(text, 'UTC') === undefined)
    throw new InvalidArgumentError('expected an ISO 8601 time, as 2026-11-21T09:30:00+07:00.');
  return text;
}

/** The instant of a checked time option in the company's zone; undefined where it was not given. */
export const instantIn = (text: string | undefined, zone: string): number | undefined =>
  text === undefined ? undefined : parseInstant(text, zone);

/** The instant of `--as-of` in the company's zone. */
export const asOfIn = ({ asOf }: Pick<Common, 'asOf'>, zone: string): number | undefined => instantIn(asOf, zone);

/** Writes progress to stderr: one line rewritten on a terminal, plain lines elsewhere, nothing when quiet. */
export function progressOf(common: Pick<Common, 'quiet'>): { step(text: string): void; line(text: string): void } {
  const terminal = process.stderr.isTTY === true;
  return {
    step: (text) => {
      if (!common.quiet && terminal) process.stderr.write(`\r\u001b[K${text}`);
    },
    line: (text) => {
      if (!common.quiet) process.stderr.write(`${terminal ? '\r\u001b[K' : ''}${text}\n`);
    },
  };
}

/** Rows of text as aligned columns; the first row is the header. Numbers go right. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const text = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)));
  const width = (text[0] ?? []).map((_, column) => Math.max(...text.map((row) => (row[column] ?? '').length)));
  const right = (rows[1] ?? []).map((cell) => typeof cell === 'number');
  return text
    .map((row) => row.map((cell, i) => (right[i] ? cell.padStart(width[i]!) : cell.padEnd(width[i]!))).join('  ').trimEnd()) // biome-ignore format: a row
    .join('\n');
}
