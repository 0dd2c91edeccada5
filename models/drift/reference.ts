import { z } from 'zod';
import type { FrameColumn } from '../../src/frame.ts';
import { psi } from '../../src/stats/psi.ts';

/**
 * What a column looked like in training: shares of cells, of which the first is "missing". A number's cells are parted by
 * its deciles (equal ones merged), a word's are its levels of 1 % and more, and the last is any other word.
 */
const shape = {
  shares: z.array(z.number().min(0).max(1)).min(1),
  /** Rows, counted as if rows of one account were one (Kish). */
  units: z.number().min(0),
  /** How far it had moved from itself within training, at most: what is usual for it. */
  movedPsi: z.number().min(0),
  movedKs: z.number().min(0),
};
const columnSchema = z.union([
  z.object({ edges: z.array(z.number()), ...shape }),
  z.object({ levels: z.array(z.string()), ...shape }),
]);
export const referenceSchema = z.object({
  columns: z.record(z.string(), columnSchema),
  /** The probability, as said of the rows learned from. */
  scores: columnSchema,
  /** Share of positive endings, of so many, and how far it had moved in a stretch of training. */
  outcomes: z.object({ rate: z.number(), ended: z.number(), moved: z.number() }),
});

export type ColumnReference = z.infer<typeof columnSchema>;
export type Reference = z.infer<typeof referenceSchema>;

const DECILES = 10;
const RARE = 0.01;
/** A row of nothing in each cell, so that an empty one is no surprise among few. */
const SMOOTH = 0.5;

/** Some rows, and how many independent ones they are worth (`unitsOf`): the same for every column. */
export interface CountedRows {
  readonly rows: readonly number[];
  readonly units: number;
}

/** @param groups whose rows count as one */
export const countedRows = (groups: readonly string[], rows: readonly number[]): CountedRows => ({
  rows,
  units: unitsOf(groups, rows),
});

/**
 * The reference of a column.
 * @param all its rows
 * @param stretches rows of stretches of time, such as quarters, each of which is held against the others
 */
export function columnReference(
  column: FrameColumn,
  all: CountedRows,
  stretches: readonly CountedRows[],
): ColumnReference {
  const parted =
    column.type === 'number' ? { edges: edgesOf(column.values) } : { levels: levelsOf(column.codes, column.levels) };
  const counts = countsOf(parted, column, all.rows);
  let [movedPsi, movedKs] = [0, 0];
  for (const { rows, units } of stretches) {
    const own = countsOf(parted, column, rows);
    const others = counts.map((n, cell) => n - own[cell]!);
    movedPsi = Math.max(movedPsi, smoothPsi(others, all.units, own, units));
    movedKs = Math.max(movedKs, distance(others, own));
  }
  return { ...parted, shares: [...sharesOf(counts)], units: all.units, movedPsi, movedKs };
}

/** Rows in each cell of a reference. */
export function countsOf(
  parted: { readonly edges: readonly number[] } | { readonly levels: readonly string[] },
  column: FrameColumn,
  rows: readonly number[],
): Float64Array {
  if ('edges' in parted) {
    const { edges } = parted;
    const counts = new Float64Array(edges.length + 2);
    if (column.type !== 'number') return counts.fill(rows.length, 0, 1); // it has changed its kind: nothing can be read
    for (const row of rows) {
      const value = column.values[row]!;
      if (Number.isNaN(value)) counts[0]!++;
      else {
        let bin = 0;
        while (bin < edges.length && value > edges[bin]!) bin++;
        counts[bin + 1]!++;
      }
    }
    return counts;
  }
  const { levels } = parted;
  const counts = new Float64Array(levels.length + 2);
  if (column.type !== 'category') return counts.fill(rows.length, 0, 1);
  const cellOf = column.levels.map((level) => levels.indexOf(level) + 1 || levels.length + 1);
  for (const row of rows) counts[column.codes[row]! < 0 ? 0 : cellOf[column.codes[row]!]!]!++;
  return counts;
}

/** Effective number of rows where those of one group are alike: (sum n_g)^2 / sum n_g^2. Source: Kish (1965). */
export function unitsOf(groups: readonly string[], rows: readonly number[]): number {
  const sizes = new Map<string, number>();
  for (const row of rows) sizes.set(groups[row]!, (sizes.get(groups[row]!) ?? 0) + 1);
  let square = 0;
  for (const size of sizes.values()) square += size * size;
  return square > 0 ? (rows.length * rows.length) / square : 0;
}

export function sharesOf(counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, n) => sum + n, 0);
  return counts.map((n) => (total > 0 ? n / total : 0));
}

/** PSI of two tables of counts, each smoothed as if it held so many independent rows. */
export function smoothPsi(expected: Float64Array, units: number, actual: Float64Array, actualUnits: number): number {
  const smooth = (counts: Float64Array, n: number) => sharesOf(counts).map((share) => share * n + SMOOTH);
  return psi(smooth(expected, units), smooth(actual, actualUnits));
}

/** Kolmogorov-Smirnov distance over the cells, in order after "missing": at the edges, so no more than the true one. */
export function distance(a: Float64Array, b: Float64Array): number {
  const [p, q] = [sharesOf(a), sharesOf(b)];
  let most = Math.abs(p[0]! - q[0]!);
  let [x, y] = [0, 0];
  for (let cell = 1; cell < p.length; cell++) {
    x += p[cell]!;
    y += q[cell]!;
    most = Math.max(most, Math.abs(x - y));
  }
  return most;
}

function edgesOf(values: Float64Array): number[] {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return [];
  const inner = Array.from({ length: DECILES - 1 }, (_, k) => sorted[Math.floor((sorted.length * (k + 1)) / DECILES)]!);
  // Nothing lies above the greatest value: an edge there would part nothing.
  return [...new Set(inner)].filter((edge) => edge < sorted.at(-1)!);
}

function levelsOf(codes: Int32Array, levels: readonly string[]): string[] {
  const counts = new Float64Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]!++;
  return levels.filter((_, code) => counts[code]! >= RARE * codes.length && counts[code]! > 0);
}
