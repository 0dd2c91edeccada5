import { foldOf } from '../folds.ts';
import type { Split } from './committee.ts';
import type { LargeSettings } from './settings.ts';

/** Share of the rows, the newest, that judge where there is a time order. */
const NEWEST = 0.2;

/**
 * How many rows are split for learning and judging: in folds; of very many rows one held-out block for all networks; in
 * time order the newest fifth. A row's fold is a hash of its id, so that further rows move none of the others.
 */
export function splitsOf(ids: readonly string[], order: Float64Array | undefined, large: LargeSettings): Split[] {
  const n = ids.length;
  const all = Int32Array.from({ length: n }, (_, i) => i);
  const split = (isHeld: (row: number) => boolean): Split => ({
    train: all.filter((row) => !isHeld(row)),
    held: all.filter((row) => isHeld(row)),
  });
  if (order) {
    const one = newestSplit(order);
    return Array.from({ length: large.seeds }, () => one);
  }
  if (n > large.foldRows) {
    const parts = Math.ceil(n / large.heldRows);
    const fold = Int32Array.from(ids, (id) => foldOf(id, parts, 'held'));
    const one = split((row) => fold[row] === 0);
    return Array.from({ length: large.seeds }, () => one);
  }
  const { folds } = large;
  const fold = Int32Array.from(ids, (id) => foldOf(id, folds, 'table'));
  return Array.from({ length: folds }, (_, k) => split((row) => fold[row] === k));
}

/** Folds as splits; in time order the newest fifth is held out instead. */
export function foldSplits(fold: Int32Array, folds: number, order: Float64Array | undefined): Split[] {
  if (order) return [newestSplit(order)];
  const rows = Int32Array.from(fold.keys());
  return Array.from({ length: folds }, (_, k) => ({
    train: rows.filter((i) => fold[i] !== k),
    held: rows.filter((i) => fold[i] === k),
  })).filter(({ held }) => held.length > 0);
}

/** The newest fifth against the rest; of one instant the later rows are the newer. */
function newestSplit(order: Float64Array): Split {
  const rows = Int32Array.from(order.keys()).sort((a, b) => order[a]! - order[b]! || a - b);
  const cut = Math.floor(rows.length * (1 - NEWEST));
  return { train: rows.slice(0, cut).sort(), held: rows.slice(cut).sort() };
}

/** Rows that some split holds out, ascending. */
export function rowsToHold(splits: readonly Split[]): Int32Array {
  const held = new Set<number>();
  for (const split of splits) for (const row of split.held) held.add(row);
  return Int32Array.from(held).sort();
}

/** What was said of some rows: `cells` numbers each, copied. */
export function pickRows(values: Float64Array, rows: Int32Array, cells: number): Float64Array {
  const out = new Float64Array(rows.length * cells);
  for (let i = 0; i < rows.length; i++) out.set(values.subarray(rows[i]! * cells, (rows[i]! + 1) * cells), i * cells);
  return out;
}
