import type { Frame } from '../../src/frame.ts';
import { rowsOf } from '../../src/frame.ts';
import { assemble, type Encoder, encode, widthOf } from '../encode.ts';
import type { PartOf } from '../parts.ts';
import { type Trees, treeProbabilities } from '../trees.ts';
import type { Cells } from './part.ts';

/** Trees made ready for many rows. */
export interface CompiledTrees {
  /** Adds their weighted per-bin probabilities of all rows of the frame: `out` has rows x bins x (causes + 1). */
  add(frame: Frame, out: Float64Array): void;
}

/**
 * Trees over the columns that some of them asks for, and no others: numbers are encoded for ridges and networks many times over, for trees
 * once. Rows go through one tree after the other, whose nodes so stay at hand; a row's sum is the same, bit by bit, as `predictTrees` has it.
 */
export function compileTrees(
  encoder: Encoder,
  parts: readonly PartOf<'trees'>[],
  { bins, causes }: Cells,
): CompiledTrees {
  const asked = new Set(parts.flatMap(({ trees }) => Array.from(trees.column)));
  const places = new Map<number, number>();
  let [from, to] = [0, 0];
  const codes = encoder.codes.filter((code) => {
    const columns = Array.from({ length: widthOf(code) }, (_, k) => from + k);
    from += columns.length;
    if (!columns.some((column) => asked.has(column))) return false;
    for (const column of columns) places.set(column, to++);
    return true;
  });
  const narrow = assemble(codes);
  const own = parts.map(({ trees, byBin }) => ({ byBin, trees: { ...trees, column: trees.column.map((column) => places.get(column) ?? -1) } })); // biome-ignore format: one row
  const cells = bins * (causes + 1);
  const p = new Float64Array(cells);
  return {
    add(frame, out) {
      const rows = rowsOf(frame);
      const x = encode(narrow, frame);
      const score = new Float64Array(rows * causes);
      for (const { trees, byBin } of own) {
        scores(trees, causes, x, narrow.width, score);
        for (let row = 0; row < rows; row++) {
          treeProbabilities(trees, causes, score.subarray(row * causes, (row + 1) * causes), p, 0);
          for (let b = 0, e = 0; b < bins; b++)
            for (let k = 0; k <= causes; k++, e++) out[row * cells + e]! += byBin[b]! * p[e]!;
        }
      }
    },
  };
}

/** What the trees say of each row, rows x causes. */
function scores(
  { roots, column, cut, left }: Trees,
  causes: number,
  x: Float32Array,
  width: number,
  score: Float64Array,
): void {
  score.fill(0);
  for (let t = 0; t < roots.length; t++) {
    const root = roots[t]!;
    for (let at = 0, to = t % causes; to < score.length; at += width, to += causes) {
      let node = root;
      for (let j = column[node]!; j >= 0; j = column[node]!) node = left[node]! + (x[at + j]! <= cut[node]! ? 0 : 1);
      score[to]! += cut[node]!;
    }
  }
}
