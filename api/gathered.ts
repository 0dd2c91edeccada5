import type { Frame, FrameColumn } from '../src/frame.ts';

/** With more words a row is given with those of its own: to look through all of them would cost more than to score it. */
const MANY_WORDS = 64;

/**
 * Copies of rows in memory that is used again: a frame that is given out holds until the next is asked for. Arrays outside the heap,
 * some hundreds for each turn of requests, would have Node mark all of a large heap again and again; these are made once a number of
 * rows, as views of one array a column. Memory: the most rows ever gathered x 8 bytes a column.
 */
export class Gathered {
  #room = 0;
  readonly #arrays = new Map<string, Float64Array | Int32Array>();
  readonly #byRows = new Map<number, Frame & { readonly columns: Map<string, FrameColumn> }>();

  /** The rows at `index`, in that order. Cost: a copy of their cells. */
  rows(frame: Frame, index: Int32Array): Frame {
    if (index.length > this.#room) this.#widen(index.length);
    const given = this.#byRows.get(index.length) ?? this.#views(frame, index.length);
    const ids = Array.from(index, (slot) => frame.ids[slot]!);
    copy(frame.asOf, index, given.asOf);
    for (const [name, from] of frame.columns) {
      const to = given.columns.get(name)!;
      if (from.type === 'number' && to.type === 'number') copy(from.values, index, to.values);
      if (from.type === 'category' && to.type === 'category') {
        copy(from.codes, index, to.codes);
        const levels = from.levels.length > MANY_WORDS ? spoken(to.codes, from.levels) : from.levels;
        if (levels !== to.levels) given.columns.set(name, { ...to, levels });
      }
    }
    return { ...given, ids };
  }

  #widen(rows: number): void {
    this.#room = Math.max(2 * this.#room, rows);
    this.#arrays.clear();
    this.#byRows.clear();
  }

  #views(frame: Frame, rows: number) {
    const view = <A extends Float64Array | Int32Array>(name: string, make: (length: number) => A): A => {
      let array = this.#arrays.get(name) as A | undefined;
      if (!array) this.#arrays.set(name, (array = make(this.#room)));
      return array.subarray(0, rows) as A;
    };
    const floats = (name: string) => view(name, (length) => new Float64Array(length));
    const codes = (name: string) => view(name, (length) => new Int32Array(length));
    const columns = new Map<string, FrameColumn>();
    for (const [name, column] of frame.columns)
      columns.set(
        name,
        column.type === 'number'
          ? { type: 'number', values: floats(`column ${name}`) }
          : { type: 'category', codes: codes(`column ${name}`), levels: column.levels },
      );
    const given = { ids: [], asOf: floats('as-of'), columns };
    this.#byRows.set(rows, given);
    return given;
  }
}

function copy<A extends Float64Array | Int32Array>(from: A, index: Int32Array, to: A): void {
  for (let i = 0; i < index.length; i++) to[i] = from[index[i]!]!;
}

/** Those words alone that the rows have, whose codes are changed to go with them. */
export function spoken(codes: Int32Array, levels: readonly string[]): string[] {
  const met = new Map<number, number>();
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code < 0) continue;
    const known = met.get(code) ?? met.size;
    met.set(code, known);
    codes[i] = known;
  }
  return [...met.keys()].map((code) => levels[code]!);
}
