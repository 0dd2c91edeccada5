import { widthOf } from '../../models/encode.ts';
import { type Frame, rowsOf } from '../../src/frame.ts';

/** Most pieces that all numbers together are cut into; each has three at least. */
const MOST_PIECES = 1500;

/** Pieces of one number: fewer where there are hundreds of numbers. */
export function piecesOf(X: Frame, most: number): number {
  let numbers = 0;
  for (const column of X.columns.values()) if (column.type === 'number') numbers++;
  return Math.max(3, Math.min(most, Math.floor(MOST_PIECES / Math.max(numbers, 1))));
}

/**
 * As many row numbers as the encoded matrix has room for, drawn evenly, the newest among them where there is an order; undefined
 * where there is room for all.
 */
export function drawnRows(X: Frame, cells: number, maxBins: number): Int32Array | undefined {
  const n = rowsOf(X);
  let width = 0;
  for (const column of X.columns.values())
    width += column.type === 'number' ? widthOf({ kind: 'piecewise', feature: '', log: false, median: 0, missing: true, edges: Array.from({ length: maxBins + 1 }, (_, i) => i) }) + 2 : Math.min(column.levels.length, 33); // biome-ignore format: one choice
  const most = Math.floor(cells / Math.max(width, 1));
  if (n <= most) return undefined;
  return Int32Array.from({ length: most }, (_, i) => n - 1 - Math.floor(((most - 1 - i) * n) / most));
}
