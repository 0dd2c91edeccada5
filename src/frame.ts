import type { Instant } from './time.ts';

/** One column of a frame. Missing: NaN in `values`, -1 in `codes`. */
export type FrameColumn =
  | { readonly type: 'number'; readonly values: Float64Array }
  | { readonly type: 'category'; readonly codes: Int32Array; readonly levels: readonly string[] };

/** Rows of (entity, as-of) with named columns: typed arrays, never objects a row. */
export interface Frame {
  readonly ids: readonly string[];
  /** Instant of each row. */
  readonly asOf: Float64Array;
  readonly columns: ReadonlyMap<string, FrameColumn>;
}

export const rowsOf = (frame: Frame): number => frame.ids.length;

/** The rows at `index`, in that order; columns are copied. */
export function takeRows(frame: Frame, index: ArrayLike<number>): Frame {
  const n = index.length;
  const ids = Array.from({ length: n }, (_, i) => frame.ids[index[i]!]!);
  const asOf: Float64Array = Float64Array.from({ length: n }, (_, i) => frame.asOf[index[i]!]!);
  const columns = new Map<string, FrameColumn>();
  for (const [name, column] of frame.columns) {
    if (column.type === 'number') {
      const values = new Float64Array(n);
      for (let i = 0; i < n; i++) values[i] = column.values[index[i]!]!;
      columns.set(name, { type: 'number', values });
    } else {
      const codes = new Int32Array(n);
      for (let i = 0; i < n; i++) codes[i] = column.codes[index[i]!]!;
      columns.set(name, { type: 'category', codes, levels: column.levels });
    }
  }
  return { ids, asOf, columns };
}

/** Milliseconds to the instant of row `i`. */
export const asOfRow = (frame: Frame, i: number): Instant => frame.asOf[i]!;
