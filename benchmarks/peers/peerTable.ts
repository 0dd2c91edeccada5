import type { Table } from '../../src/connectors/table.ts';
import type { Frame, FrameColumn } from '../../src/frame.ts';

/** What a peer must be told of a table. */
export interface PeerSchema {
  readonly target: string;
  readonly id?: string | undefined;
  /** Columns whose digits are names. */
  readonly categories?: readonly string[] | undefined;
}

/** Words beyond the most frequent so many of a column share one: as many as the peers' trees take as they are. */
const MOST_LEVELS = 250;

/**
 * A table as peers see it, by their own plain rules and not by ours, so that nothing the product does to columns helps or
 * hurts them: a column is numeric where every cell of the training rows that says something is a finite number, else its
 * words by falling frequency; a constant column is left out, and one of words that are mostly different. Words that
 * training did not hold are missing. Frames of the training and of the test rows.
 */
export function peerFrames(
  train: Table,
  test: Table,
  schema: PeerSchema,
): { readonly train: Frame; readonly test: Frame } {
  const made = { train: new Map<string, FrameColumn>(), test: new Map<string, FrameColumn>() };
  for (const name of train.header) {
    if (name === schema.target || name === schema.id) continue;
    const counts = new Map<string, number>();
    for (const cell of train.cells.get(name)!) if (cell !== '') counts.set(cell, (counts.get(cell) ?? 0) + 1);
    const numeric =
      !schema.categories?.includes(name) && [...counts.keys()].every((cell) => Number.isFinite(Number(cell)));
    if (counts.size < 2 || (!numeric && counts.size > 20 && counts.size > train.rows / 2)) continue;
    const levels = numeric ? [] : leading(counts);
    const code = new Map(levels.map((level, i) => [level, i]));
    const rest = counts.size > MOST_LEVELS ? MOST_LEVELS - 1 : -1;
    for (const [part, table] of [
      ['train', train],
      ['test', test],
    ] as const) {
      const cells = table.cells.get(name)!;
      made[part].set(
        name,
        numeric
          ? { type: 'number', values: Float64Array.from(cells, numberOf) }
          : { type: 'category', levels, codes: Int32Array.from(cells, (cell) => code.get(cell) ?? (counts.has(cell) ? rest : -1)) }, // biome-ignore format: one choice
      );
    }
  }
  return { train: frameOf(train.rows, made.train), test: frameOf(test.rows, made.test) };
}

const numberOf = (cell: string): number => (cell === '' || !Number.isFinite(Number(cell)) ? Number.NaN : Number(cell));

function leading(counts: ReadonlyMap<string, number>): string[] {
  const words = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([word]) => word);
  return words.length > MOST_LEVELS ? [...words.slice(0, MOST_LEVELS - 1), 'any other'] : words;
}

const frameOf = (rows: number, columns: ReadonlyMap<string, FrameColumn>): Frame => ({
  ids: Array.from({ length: rows }, (_, i) => String(i)),
  asOf: new Float64Array(rows),
  columns,
});

/** Training and test rows, one under the other, as a float32 matrix of numbers and codes; NaN = missing. */
export function codesMatrix(train: Frame, test: Frame) {
  const width = train.columns.size;
  const rows = train.ids.length + test.ids.length;
  const values = new Float32Array(rows * width);
  const levels = [...train.columns.values()].map((column) => (column.type === 'number' ? 0 : column.levels.length));
  let from = 0;
  for (const frame of [train, test]) {
    for (const [j, column] of [...frame.columns.values()].entries())
      for (let i = 0; i < frame.ids.length; i++) {
        const cell = column.type === 'number' ? column.values[i]! : column.codes[i]!;
        values[(from + i) * width + j] = column.type === 'category' && cell < 0 ? Number.NaN : cell;
      }
    from += frame.ids.length;
  }
  return { values, width, levels };
}
