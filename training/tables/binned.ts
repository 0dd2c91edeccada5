import type { Encoder } from '../../models/encode.ts';
import { widthOf } from '../../models/encode.ts';
import type { Binned } from './boosted.ts';

/** Most bins of a quantity, bin 0 for missing apart. */
const MOST_BINS = 62;
/** Rows that edges are read from. */
const EDGE_ROWS = 50_000;

/**
 * Encoded rows as trees read them: the plain numbers cut at quantiles, each word list as one feature, rates of
 * many-valued words as numbers. Piecewise columns are left out: they say the same as the plain ones.
 * @param x rows x encoder.width
 */
export function binned(encoder: Encoder, x: Float32Array, rows: number): Binned {
  const bins: number[] = [];
  const ascending: boolean[] = [];
  const columns: Uint8Array[] = [];
  const width = encoder.width;
  const quantity = (at: number, missingAt: number | undefined) => {
    const step = Math.max(1, Math.floor(rows / EDGE_ROWS));
    const seen: number[] = [];
    for (let i = 0; i < rows; i += step)
      if (missingAt === undefined || x[i * width + missingAt] !== 1) seen.push(x[i * width + at]!);
    const edges = upperEdges(Float32Array.from(seen).sort());
    const codes = new Uint8Array(rows);
    for (let i = 0; i < rows; i++)
      codes[i] = missingAt !== undefined && x[i * width + missingAt] === 1 ? 0 : 1 + placeOf(edges, x[i * width + at]!);
    bins.push(edges.length + 2);
    ascending.push(true);
    columns.push(codes);
  };
  let at = 0;
  for (const code of encoder.codes) {
    if (code.kind === 'standard') quantity(at, code.missing ? at + 1 : undefined);
    else if (code.kind === 'target') {
      quantity(at, undefined);
      quantity(at + 1, undefined);
    } else if (code.kind === 'onehot') {
      const codes = new Uint8Array(rows);
      for (let i = 0; i < rows; i++)
        for (let level = 0; level <= code.levels.length; level++) if (x[i * width + at + level] === 1) codes[i] = level;
      bins.push(code.levels.length + 1);
      ascending.push(false);
      columns.push(codes);
    }
    at += widthOf(code);
  }
  const all = new Uint8Array(rows * columns.length);
  columns.forEach((codes, f) => {
    all.set(codes, f * rows);
  });
  return { rows, bins, ascending, codes: all };
}

/** Where a quantity is cut: between all its values if they are few, else at quantiles; a value belongs below its edge. */
function upperEdges(sorted: Float32Array): Float32Array {
  const distinct = sorted.filter((v, i) => i === 0 || v !== sorted[i - 1]);
  if (distinct.length <= MOST_BINS) return distinct.subarray(0, Math.max(distinct.length - 1, 0));
  const edges = new Set<number>();
  for (let k = 1; k < MOST_BINS; k++) edges.add(sorted[Math.floor((k * sorted.length) / MOST_BINS)]!);
  edges.delete(sorted[sorted.length - 1]!);
  return Float32Array.from(edges).sort();
}

/** Number of edges below the value. */
function placeOf(edges: Float32Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
