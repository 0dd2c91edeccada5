import type { Frame, FrameColumn } from '../../src/frame.ts';
import { type Code, shrunkRate, tame } from '../encode.ts';
import { type KnotEntries, type Knots, standardised } from './knots.ts';
import type { NumberReader } from './numberReader.ts';

/** Reads rows of frames onto knots, without allocation a row. */
export interface KnotReader {
  /** Whose rows are read from now on; undefined lets its columns go. */
  bind(frame: Frame | undefined): void;
  /**
   * Writes the entries of rows into the tile's places from `place` on; those before it are filled. Of a row first those of numbers, then the
   * others, each in the order of the codes. Column by column: a code's edges and a column's cells are then at hand.
   */
  read(row: number, rows: number, place?: number): void;
}

/** @param numbers who reads numbers, into these entries */
export function knotReader(
  { places, most }: Knots,
  { start, knot, share }: KnotEntries,
  numbers: NumberReader,
): KnotReader {
  const features = [...new Set(places.map(({ code }) => code.feature))];
  const columnsOf = columnsBy(features);
  const placeOf = (feature: string) => features.indexOf(feature);
  const { cells, stride, end } = numbers;
  const numbersAt = numbers.codes.map(({ feature }) => placeOf(feature));
  const others = places.flatMap(({ code, first, origin }) =>
    code.kind === 'piecewise' ? [] : [otherReader(code, first, origin, placeOf(code.feature), { knot, share, end })],
  );
  const nothing = new Float64Array(0);
  const values: Float64Array[] = numbersAt.map(() => nothing);
  let bound: Frame | undefined;
  return {
    bind: (frame) => {
      if (frame === bound) return;
      bound = frame;
      const columns = columnsOf(frame);
      for (let i = 0; i < values.length; i++) values[i] = numbersIn(columns[numbersAt[i]!]) ?? nothing;
      for (const other of others) other.bind(columns);
    },
    read: (row, rows, place = 0) => {
      // Until it is known how long each row is, every one has room for the longest.
      const base = start[place]!;
      for (let r = 0; r < rows; r++) end[r] = base + r * most;
      for (let i = 0; i < values.length; i++) {
        const own = values[i]!;
        const to = i * stride;
        // An absent column and a missing cell are the same.
        for (let r = 0; r < rows; r++) cells[to + r] = own.length ? own[row + r]! : Number.NaN;
      }
      numbers.read(rows);
      for (const other of others) other.read(row, rows);
      numbers.closeRanks(rows, base, most, place);
    },
  };
}

/** A code that is no piecewise one, read for some rows of the frame that is bound. */
interface OtherReader {
  bind(columns: Columns): void;
  read(row: number, rows: number): void;
}
type Columns = readonly (FrameColumn | undefined)[];
type Entries = Pick<KnotEntries, 'knot' | 'share'> & Pick<NumberReader, 'end'>;
type Other = Exclude<Code, { readonly kind: 'piecewise' }>;

function otherReader(code: Other, first: number, origin: number, at: number, entries: Entries): OtherReader {
  if (code.kind === 'standard') return standardReader(code, first, at, entries);
  return code.kind === 'onehot'
    ? oneHotReader(code, first, origin, at, entries)
    : targetReader(code, first, at, entries);
}

function standardReader(code: Of<'standard'>, first: number, at: number, { knot, share, end }: Entries): OtherReader {
  let values: Float64Array | undefined;
  return {
    bind: (columns) => {
      values = numbersIn(columns[at]);
    },
    read: (row, rows) => {
      for (let r = 0; r < rows; r++) {
        const x = tame(values?.[row + r] ?? Number.NaN);
        const to = end[r]!++;
        const isThere = !Number.isNaN(x);
        knot[to] = isThere ? first : first + 1;
        share[to] = isThere ? standardised(code, code.log ? Math.log1p(Math.max(x, 0)) : x) : 1;
      }
    },
  };
}

/** Each word has a knot; the first stands for those that are rare, unknown or missing. */
function oneHotReader(
  { levels }: Of<'onehot'>,
  first: number,
  origin: number,
  at: number,
  { knot, share, end }: Entries,
): OtherReader {
  const place = new Map(levels.map((level, k) => [level, k + 1]));
  const words = wordsAt(at, (all) => Float64Array.from(all, (word) => place.get(word) ?? 0));
  return {
    bind: words.bind,
    read: (row, rows) => {
      const { codes, known } = words;
      for (let r = 0; r < rows; r++) {
        const code = codes ? codes[row + r]! : -1;
        const word = first + (code < 0 ? 0 : known[code]!);
        if (word === origin) continue;
        const to = end[r]!++;
        knot[to] = word;
        share[to] = 1;
      }
    },
  };
}

/** The word's shrunk rate and log count. */
function targetReader(
  { tallies, prior }: Of<'target'>,
  first: number,
  at: number,
  { knot, share, end }: Entries,
): OtherReader {
  const words = wordsAt(at, (all) => {
    const known = new Float64Array(all.length * 2);
    all.forEach((word, k) => {
      const [successes, resolved] = Object.hasOwn(tallies, word) ? tallies[word]! : [0, 0];
      known[k * 2] = shrunkRate(successes, resolved, prior);
      known[k * 2 + 1] = Math.log1p(resolved);
    });
    return known;
  });
  return {
    bind: words.bind,
    read: (row, rows) => {
      const { codes, known } = words;
      for (let r = 0; r < rows; r++) {
        const code = codes ? codes[row + r]! : -1;
        const to = end[r]!;
        knot[to] = first;
        share[to] = code < 0 ? prior : known[code * 2]!;
        knot[to + 1] = first + 1;
        share[to + 1] = code < 0 ? 0 : known[code * 2 + 1]!;
        end[r] = to + 2;
      }
    },
  };
}

type Of<K extends Code['kind']> = Code & { readonly kind: K };

const numbersIn = (column: FrameColumn | undefined) => (column?.type === 'number' ? column.values : undefined);

/** The words of one column of the frame that is bound. */
interface BoundWords {
  /** Absent where the frame has no such column of words. */
  readonly codes: Int32Array | undefined;
  /** What is known of each word. */
  readonly known: Float64Array;
  bind(columns: Columns): void;
}

/** @param make what is known of a list of words; asked again only of another list, as most frames share theirs */
function wordsAt(at: number, make: (levels: readonly string[]) => Float64Array): BoundWords {
  let levels: readonly string[] | undefined;
  let codes: Int32Array | undefined;
  let known: Float64Array = new Float64Array(0);
  return {
    get codes() {
      return codes;
    },
    get known() {
      return known;
    },
    bind: (columns) => {
      const column = columns[at];
      codes = column?.type === 'category' ? column.codes : undefined;
      if (column?.type !== 'category' || column.levels === levels) return;
      levels = column.levels;
      known = make(levels);
    },
  };
}

/**
 * Columns of a frame by these names, in their order. Most frames hold the same columns in the same order as the one before them: then
 * it is enough to see that each name is the one expected.
 */
function columnsBy(names: readonly string[]): (frame: Frame | undefined) => readonly (FrameColumn | undefined)[] {
  const place = new Map(names.map((name, i) => [name, i]));
  /** Of the columns of the last frame: their names, and where each belongs (-1 = nowhere). */
  let expected: string[] = [];
  let belongs: number[] = [];
  const found: (FrameColumn | undefined)[] = names.map(() => undefined);
  let k = 0;
  let same = true;
  // One function for all frames, and no pair of name and column for each: a row alone would be half garbage.
  const take = (column: FrameColumn, name: string) => {
    if (name !== expected[k]) same = false;
    const to = belongs[k++] ?? -1;
    if (same && to >= 0) found[to] = column;
  };
  const taken = (columns: Frame['columns']): boolean => {
    k = 0;
    same = columns.size === expected.length;
    columns.forEach(take);
    return same;
  };
  return (frame) => {
    if (!frame) return found.fill(undefined);
    if (taken(frame.columns)) return found;
    expected = [...frame.columns.keys()];
    belongs = expected.map((name) => place.get(name) ?? -1);
    found.fill(undefined);
    taken(frame.columns);
    return found;
  };
}
