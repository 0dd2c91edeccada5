import { ForesellError } from './errors.ts';

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

/** The rows from one up to, and not including, another: a view of the same memory. All of them: the frame itself. */
export function rowsBetween(frame: Frame, from: number, to: number): Frame {
  if (from === 0 && to === rowsOf(frame)) return frame;
  const columns = new Map<string, FrameColumn>();
  for (const [name, column] of frame.columns)
    columns.set(
      name,
      column.type === 'number'
        ? { type: 'number', values: column.values.subarray(from, to) }
        : { ...column, codes: column.codes.subarray(from, to) },
    );
  return { ids: frame.ids.slice(from, to), asOf: frame.asOf.subarray(from, to), columns };
}

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

/** Frames of the same columns one after the other, columns copied. Words keep the order in which they first come. */
export function stackFrames(frames: readonly Frame[]): Frame {
  const rows = frames.reduce((sum, frame) => sum + rowsOf(frame), 0);
  const asOf = new Float64Array(rows);
  const parts = frames.map((frame, i) => ({ frame, from: frames.slice(0, i).reduce((sum, one) => sum + rowsOf(one), 0) })); // biome-ignore format: one list
  for (const { frame, from } of parts) asOf.set(frame.asOf, from);
  const columns = new Map<string, FrameColumn>();
  for (const [name, { type }] of frames[0]?.columns ?? []) {
    const values = type === 'number' ? new Float64Array(rows) : new Int32Array(rows);
    const known = new Map<string, number>();
    for (const { frame, from } of parts) {
      const column = frame.columns.get(name);
      if (column?.type !== type)
        throw new ForesellError('frame-column-misfit', `column "${name}" is not of kind ${type} in every frame`, { blame: 'failure' }); // biome-ignore format: one error
      if (column.type === 'number') values.set(column.values, from);
      else {
        const codes = column.levels.map((word) => {
          if (!known.has(word)) known.set(word, known.size);
          return known.get(word)!;
        });
        for (const [i, code] of column.codes.entries()) values[from + i] = code < 0 ? -1 : codes[code]!;
      }
    }
    if (values instanceof Float64Array) columns.set(name, { type: 'number', values });
    else columns.set(name, { type: 'category', codes: values, levels: [...known.keys()] });
  }
  return { ids: frames.flatMap(({ ids }) => ids), asOf, columns };
}

/** The frame with further columns at its end, such as labels; every one must be as long as the frame. */
export function withColumns(frame: Frame, further: Iterable<readonly [string, FrameColumn]>): Frame {
  const columns = new Map(frame.columns);
  for (const [name, column] of further) {
    const length = column.type === 'number' ? column.values.length : column.codes.length;
    if (length !== rowsOf(frame) || columns.has(name)) {
      throw new ForesellError(
        'frame-column-misfit',
        `column "${name}" has ${length} rows${columns.has(name) ? ' and is there already' : ''}; the frame has ${rowsOf(frame)}`,
        { blame: 'failure' },
      );
    }
    columns.set(name, column);
  }
  return { ...frame, columns };
}

/** Cell `i` of a column as a person would write it; null = missing. */
export function cellOf(column: FrameColumn, i: number): number | string | null {
  if (column.type === 'category') return column.levels[column.codes[i]!] ?? null;
  const value = column.values[i]!;
  return Number.isNaN(value) ? null : value;
}
