import { ForesellError } from '../src/errors.ts';
import type { Frame, FrameColumn } from '../src/frame.ts';
import { Gathered, spoken } from './gathered.ts';

/** Room to begin with: a moment of few is soon over. */
const FIRST = 4;
/** More words than this beyond two a row, and those of rows that gave way are forgotten. */
const MANY_WORDS = 64;

/**
 * Rows of one frame by id, those asked for lately, column by column: to gather some of them costs a copy of their cells and
 * no look-up of a column a row. It begins small and doubles; when it is full, what was not asked for longest gives way.
 * Memory: most x 8 bytes a column, and its words.
 */
export class KeptRows {
  readonly #most: number;
  /** Slot by id, the newest asked for last. */
  readonly #slots = new Map<string, number>();
  #room = 0;
  #ids: string[] = [];
  #asOf = new Float64Array(0);
  readonly #columns = new Map<string, FrameColumn>();
  readonly #gathered = new Gathered();

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * The rows of ids, in their order; theirs until rows are asked for again.
   * @param read those that are not kept, in the order in which they are asked of it
   */
  rows(ids: readonly string[], read: (ids: readonly string[]) => Frame): Frame {
    if (ids.length > this.#most) return read(ids);
    // What is asked for now is newest before anything gives way.
    const missing = new Set<string>();
    for (const id of ids) {
      const slot = this.#slots.get(id);
      if (slot === undefined) missing.add(id);
      else {
        this.#slots.delete(id);
        this.#slots.set(id, slot);
      }
    }
    if (missing.size > 0) this.#keep([...missing], read([...missing]));
    const slots = Int32Array.from(ids, (id) => this.#slots.get(id)!);
    return this.#gathered.rows({ ids: this.#ids, asOf: this.#asOf, columns: this.#columns }, slots);
  }

  #keep(ids: readonly string[], fresh: Frame): void {
    this.#grow(Math.min(this.#slots.size + ids.length, this.#most));
    const slots = ids.map((id, i) => {
      const slot = this.#freeSlot();
      this.#slots.set(id, slot);
      this.#ids[slot] = id;
      this.#asOf[slot] = fresh.asOf[i]!;
      return slot;
    });
    for (const [name, column] of fresh.columns) {
      if (!this.#columns.has(name)) this.#columns.set(name, roomFor(column, this.#room));
      this.#columns.set(name, filled(this.#columns.get(name)!, column, slots));
    }
  }

  #freeSlot(): number {
    if (this.#slots.size < this.#room) return this.#slots.size;
    const [oldest, slot] = this.#slots.entries().next().value!;
    this.#slots.delete(oldest);
    return slot;
  }

  #grow(rows: number): void {
    if (rows <= this.#room) return;
    let room = Math.max(this.#room, FIRST);
    while (room < rows) room *= 2;
    this.#room = Math.min(room, this.#most);
    const asOf = new Float64Array(this.#room);
    asOf.set(this.#asOf);
    this.#asOf = asOf;
    for (const [name, column] of this.#columns) {
      const wider = roomFor(column, this.#room);
      if (wider.type === 'number' && column.type === 'number') wider.values.set(column.values);
      if (wider.type === 'category' && column.type === 'category') wider.codes.set(column.codes);
      this.#columns.set(name, wider);
    }
  }
}

/** An empty column of the same kind and words. */
const roomFor = (column: FrameColumn, rows: number): FrameColumn =>
  column.type === 'number'
    ? { type: 'number', values: new Float64Array(rows) }
    : { type: 'category', codes: new Int32Array(rows), levels: column.levels };

/** The column with rows put at slots. Words not met before come to a new list: one that was given out stays as it is. */
function filled(to: FrameColumn, from: FrameColumn, slots: readonly number[]): FrameColumn {
  if (to.type === 'number' && from.type === 'number') {
    for (const [i, slot] of slots.entries()) to.values[slot] = from.values[i]!;
    return to;
  }
  if (to.type !== 'category' || from.type !== 'category')
    throw new ForesellError('frame-column-misfit', `a column of kind ${to.type} was read again as ${from.type}`, { blame: 'failure' }); // biome-ignore format: one error
  const levels = [...to.levels];
  for (const [i, slot] of slots.entries()) {
    const word = from.levels[from.codes[i]!];
    const known = word === undefined ? -1 : levels.indexOf(word);
    to.codes[slot] = word !== undefined && known < 0 ? levels.push(word) - 1 : known;
  }
  if (levels.length === to.levels.length) return to;
  // Words of rows that gave way are forgotten when they are most of the list.
  const wider = { ...to, levels };
  if (levels.length <= MANY_WORDS + 2 * to.codes.length) return wider;
  return { ...wider, levels: spoken(wider.codes, levels) };
}
