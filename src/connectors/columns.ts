/**
 * A column of a flat file, nothing interpreted yet, in the form that takes least room: a dictionary of its words, or,
 * where there are many and nearly all are numbers, the numbers themselves with the few cells that are none beside them.
 * Cells are trimmed; '' is an empty cell.
 */
export type RawColumn =
  | { readonly kind: 'words'; readonly codes: Int32Array; readonly words: readonly string[] }
  | {
      readonly kind: 'numbers';
      /** NaN where the cell is empty or odd. */
      readonly values: Float64Array;
      /** Cells that say something and no finite number: their rows, ascending, and what they say. */
      readonly odd: { readonly rows: Int32Array; readonly words: readonly string[] };
    };

/** A flat file by columns. */
export interface ColumnTable {
  readonly path: string;
  readonly header: readonly string[];
  readonly columns: ReadonlyMap<string, RawColumn>;
  readonly rows: number;
}

/** Different words from which on a column of numbers is kept as numbers. */
const DICTIONARY = 4096;
/** Share of numbers among its words that such a column has. */
const MOSTLY = 0.9;

/**
 * The number that a cell says; NaN where it says none. Digits behind a leading zero are a code (a postcode, a phone
 * number), and so is what only a programmer would write (0x1F). What is too large for a double is no number.
 */
export function numberOf(cell: string): number {
  if (cell === '') return Number.NaN;
  if (cell.charCodeAt(0) === 48 && cell.length > 1) {
    const next = cell.charCodeAt(1);
    if (next !== 46 && next !== 69 && next !== 101) return Number.NaN;
  }
  const value = Number(cell);
  return Number.isFinite(value) ? value : Number.NaN;
}

export interface ColumnBuilder {
  add(cell: string): void;
  /** A cell of a file that has numbers of its own (Parquet); not finite = as its word. */
  addNumber(value: number): void;
  done(): RawColumn;
}

/** Collects one column, cell by cell. Cost: a look-up a cell; memory: 4 or 8 bytes a cell and the different words. */
export function columnBuilder(asText = false): ColumnBuilder {
  let size = 0;
  let codes = new Int32Array(1024);
  const words: string[] = [];
  const known = new Map<string, number>();
  let values: Float64Array | undefined;
  const oddRows: number[] = [];
  const oddWords: string[] = [];
  let lookAt = DICTIONARY;

  const toNumbers = () => {
    values = new Float64Array(codes.length);
    const said = words.map(numberOf);
    for (let row = 0; row < size; row++) {
      const code = codes[row]!;
      values[row] = said[code]!;
      if (Number.isNaN(said[code]!) && words[code] !== '') {
        oddRows.push(row);
        oddWords.push(words[code]!);
      }
    }
    known.clear();
    words.length = 0;
    codes = new Int32Array(0);
  };
  const number = (value: number, cell: () => string) => {
    if (size === values!.length) {
      const grown = new Float64Array(2 * size);
      grown.set(values!);
      values = grown;
    }
    values![size] = value;
    if (Number.isNaN(value)) {
      const word = cell();
      if (word !== '') {
        oddRows.push(size);
        oddWords.push(detached(word));
      }
    }
    size++;
  };
  const add = (cell: string) => {
    if (values) {
      number(numberOf(cell), () => cell);
      return;
    }
    let code = known.get(cell);
    if (code === undefined) {
      code = words.length;
      const word = detached(cell);
      known.set(word, code);
      words.push(word);
    }
    if (size === codes.length) {
      const grown = new Int32Array(2 * size);
      grown.set(codes);
      codes = grown;
    }
    codes[size++] = code;
    if (words.length > lookAt && !asText) {
      const numbers = words.reduce((n, word) => n + (Number.isNaN(numberOf(word)) ? 0 : 1), 0);
      if (numbers >= MOSTLY * words.length) toNumbers();
      else lookAt = 4 * words.length;
    }
  };
  return {
    add,
    addNumber: (value) => {
      if (values && Number.isFinite(value)) number(value, () => '');
      else add(Number.isNaN(value) ? '' : String(value));
    },
    done: () =>
      values
        ? { kind: 'numbers', values: values.slice(0, size), odd: { rows: Int32Array.from(oddRows), words: oddWords } }
        : { kind: 'words', codes: codes.slice(0, size), words },
  };
}

/** A word of its own: a part of a longer text keeps all of that text in memory. */
const detached = (word: string): string => (word.length < 13 ? word : Buffer.from(word, 'utf8').toString('utf8'));

/** What a cell says; '' = nothing. A number is said as JavaScript writes it. Cost: a search where there are odd cells. */
export function cellAt(column: RawColumn, row: number): string {
  if (column.kind === 'words') return column.words[column.codes[row]!]!;
  const value = column.values[row]!;
  return Number.isNaN(value) ? oddAt(column.odd, row) : String(value);
}

function oddAt({ rows, words }: { readonly rows: Int32Array; readonly words: readonly string[] }, row: number): string {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return rows[low] === row ? words[low]! : '';
}

/** A column as words, whatever it was kept as. */
export function asWords(column: RawColumn): RawColumn & { kind: 'words' } {
  if (column.kind === 'words') return column;
  const builder = columnBuilder(true);
  for (let row = 0; row < column.values.length; row++) builder.add(cellAt(column, row));
  return builder.done() as RawColumn & { kind: 'words' };
}

/** Some of the rows, copied; words stay as they are. */
export function takeRaw(column: RawColumn, index: ArrayLike<number>): RawColumn {
  if (column.kind === 'words')
    return { ...column, codes: Int32Array.from({ length: index.length }, (_, i) => column.codes[index[i]!]!) };
  const values = Float64Array.from({ length: index.length }, (_, i) => column.values[index[i]!]!);
  const rows: number[] = [];
  const words: string[] = [];
  if (column.odd.rows.length > 0)
    for (let i = 0; i < index.length; i++) {
      const word = Number.isNaN(values[i]!) ? oddAt(column.odd, index[i]!) : '';
      if (word === '') continue;
      rows.push(i);
      words.push(word);
    }
  return { kind: 'numbers', values, odd: { rows: Int32Array.from(rows), words } };
}

/** Some rows of a table, copied. */
export function takeTable(table: ColumnTable, index: ArrayLike<number>): ColumnTable {
  const columns = new Map([...table.columns].map(([name, column]) => [name, takeRaw(column, index)] as const));
  return { ...table, columns, rows: index.length };
}

/** How often each word of a dictionary occurs. */
export function countsOf({ codes, words }: RawColumn & { kind: 'words' }): Int32Array {
  const counts = new Int32Array(words.length);
  for (const code of codes) counts[code]!++;
  return counts;
}
