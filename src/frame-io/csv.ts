import { stringify } from 'csv-stringify/sync';
import { withoutFormula } from '../formulas.ts';
import { cellOf, type Frame } from '../frame.ts';
import { formatInstant } from '../time.ts';

/**
 * A frame as CSV: `id`, `as_of` (ISO 8601, UTC), then its columns; missing cells are empty, numbers in full precision.
 * Text that a spreadsheet would run as a formula is escaped (see `withoutFormula`); numbers are never touched.
 * `asOf: false` leaves out the instants, for files whose columns are agreed without them.
 * Yields the header, then some thousand rows at a time, so that a large frame is never one string.
 */
export function* frameToCsv(frame: Frame, { asOf = true } = {}): Generator<string> {
  const instant = (i: number): string[] => (asOf ? [formatInstant(frame.asOf[i]!)] : []);
  yield stringify([['id', ...(asOf ? ['as_of'] : []), ...[...frame.columns.keys()].map(withoutFormula)]]);
  const columns = [...frame.columns.values()];
  const CHUNK = 4096;
  for (let from = 0; from < frame.ids.length; from += CHUNK) {
    const rows: (string | number | null)[][] = [];
    for (let i = from; i < Math.min(from + CHUNK, frame.ids.length); i++)
      rows.push([withoutFormula(frame.ids[i]!), ...instant(i), ...columns.map((column) => safe(cellOf(column, i)))]);
    yield stringify(rows);
  }
}

const safe = <T>(cell: T): T | string => (typeof cell === 'string' ? withoutFormula(cell) : cell);
