import { ForesellError } from '../src/errors.ts';
import type { Frame, FrameColumn } from '../src/frame.ts';
import { frameToCsv } from '../src/frame-io/csv.ts';
import { frameToParquet } from '../src/frame-io/parquet.ts';
import type { Instant } from '../src/time.ts';
import { checkOutputs, type Named } from './checkOutputs.ts';
import { writeWhole } from './outFile.ts';

/** An answer as a row of a file: its id and instant, then cells. */
export interface OutRow {
  readonly id: string;
  readonly asOf: Instant;
  readonly cells: Readonly<Record<string, string | number | null>>;
}
/** A row, and the same as a JSON document for NDJSON. */
export interface OutItem extends OutRow {
  readonly json: unknown;
}

/** `asOf: false` leaves the instants out of tables whose columns are agreed without them. */
interface OutOptions {
  readonly asOf?: boolean;
}
type Pieces = Iterable<string | Uint8Array>;
type Writer = (items: readonly OutItem[], options: OutOptions) => Pieces | Promise<Pieces>;
const writers: Readonly<Record<string, Writer>> = {
  '.csv': (items, options) => frameToCsv(frameOf(items), options),
  '.ndjson': (items) => items.map((item) => `${JSON.stringify(item.json)}\n`),
  '.jsonl': (items) => items.map((item) => `${JSON.stringify(item.json)}\n`),
  '.parquet': (items, options) => [frameToParquet(frameOf(items), options)],
  '.xlsx': async (items, options) => [await (await import('./xlsx.ts')).xlsx(items, options.asOf ?? true)],
};

/**
 * The writer for a file's ending, found and its place tried before any work is done.
 * @param reads what the command reads, by option: none of it may be written on
 */
export function writerFor(
  file: string,
  reads: Named,
  options: OutOptions = {},
): (items: readonly OutItem[]) => Promise<void> {
  const ending = Object.keys(writers).find((name) => file.toLowerCase().endsWith(name));
  if (!ending) {
    const known = Object.keys(writers).join(', ');
    throw new ForesellError('format-unknown', `--out ${file}: the ending must be one of ${known}`, { path: '--out' });
  }
  checkOutputs({ '--out': file }, reads);
  return async (items) => writeWhole(file, await writers[ending]!(items, options));
}

/** Rows as a frame; a column is one of numbers where every cell that is there is a number. */
function frameOf(rows: readonly OutRow[]): Frame {
  const names = new Set<string>();
  for (const row of rows) for (const name in row.cells) names.add(name);
  const columns = new Map(
    [...names].map((name): [string, FrameColumn] => {
      const cells = rows.map((row) => row.cells[name] ?? null);
      if (cells.every((cell) => cell === null || typeof cell === 'number')) {
        return [name, { type: 'number', values: Float64Array.from(cells, (cell) => cell ?? Number.NaN) }];
      }
      const levels = [...new Set(cells.filter((cell) => cell !== null).map(String))];
      const code = new Map(levels.map((level, i) => [level, i]));
      return [
        name,
        {
          type: 'category',
          codes: Int32Array.from(cells, (cell) => (cell === null ? -1 : code.get(String(cell))!)),
          levels,
        },
      ];
    }),
  );
  return { ids: rows.map((row) => row.id), asOf: Float64Array.from(rows, (row) => row.asOf), columns };
}
