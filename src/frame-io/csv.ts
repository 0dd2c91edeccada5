import { stringify } from 'csv-stringify/sync';
import { cellOf, type Frame } from '../frame.ts';
import { formatInstant } from '../time.ts';

/**
 * A frame as CSV: `id`, `as_of` (ISO 8601, UTC), then its columns; missing cells are empty, numbers in full precision.
 * Yields the header, then some thousand rows at a time, so that a large frame is never one string.
 */
export function* frameToCsv(frame: Frame): Generator<string> {
  yield stringify([['id', 'as_of', ...frame.columns.keys()]]);
  const columns = [...frame.columns.values()];
  const CHUNK = 4096;
  for (let from = 0; from < frame.ids.length; from += CHUNK) {
    const rows: (string | number | null)[][] = [];
    for (let i = from; i < Math.min(from + CHUNK, frame.ids.length); i++)
      rows.push([frame.ids[i]!, formatInstant(frame.asOf[i]!), ...columns.map((column) => cellOf(column, i))]);
    yield stringify(rows);
  }
}
