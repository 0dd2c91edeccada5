import writeXlsxFile, { type Row } from 'write-excel-file/node';
import { formatInstant } from '../src/time.ts';
import type { OutRow } from './out.ts';

/** Amounts leave as decimal strings; fifteen digits are what a number of a sheet holds. */
const AMOUNT = /^-?(0|[1-9]\d{0,12})\.\d{1,3}$/;

/**
 * Rows as a workbook of one sheet, with the header held in view. Amounts and numbers are numbers, everything else is text, so that
 * nothing that people typed becomes a formula. By write-excel-file. Cost: the whole sheet in memory.
 * @param asOf whether the instants of the rows are a column
 */
export async function xlsx(rows: readonly OutRow[], asOf: boolean): Promise<Uint8Array> {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.cells)))];
  const head = ['id', ...(asOf ? ['as_of'] : []), ...names];
  const lines = rows.map(({ id, asOf: at, cells }): Row => [
    text(id),
    ...(asOf ? [text(formatInstant(at))] : []),
    ...names.map((name) => cellOf(cells[name] ?? null)),
  ]); // biome-ignore format: a row
  const widths = head.map((name, i) => ({ width: Math.min(40, Math.max(name.length, i === 0 ? 14 : 10) + 2) }));
  const header: Row = head.map((value) => ({ value, type: String, fontWeight: 'bold' }));
  return await writeXlsxFile([header, ...lines], { columns: widths, stickyRowsCount: 1 }).toBuffer();
}

const text = (value: string) => ({ value, type: String });

function cellOf(cell: string | number | null): Row[number] {
  if (cell === null || (typeof cell === 'number' && !Number.isFinite(cell))) return null;
  if (typeof cell === 'number') return { value: cell, type: Number };
  return AMOUNT.test(cell) ? { value: Number(cell), type: Number, format: '#,##0.00' } : text(cell);
}
