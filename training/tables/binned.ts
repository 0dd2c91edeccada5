import type { Encoder } from '../../models/encode.ts';
import { widthOf } from '../../models/encode.ts';

/** Encoded rows cut into at most 256 bins a feature: what trees are grown on. */
export interface Binned {
  readonly rows: number;
  readonly features: readonly BinnedFeature[];
  /** features x rows */
  readonly codes: Uint8Array;
}

/** A quantity is split by threshold, words one against the rest. */
export type BinnedFeature =
  | {
      readonly kind: 'quantity';
      /** Its encoded column. */
      readonly column: number;
      /** Where it is cut, ascending: bin b holds what is above edge b - 1 and not above edge b. */
      readonly edges: Float32Array;
    }
  | {
      readonly kind: 'words';
      /** Encoded column of the first word; bin b has the b-th from there. */
      readonly column: number;
      readonly words: number;
    };

export const binsOfFeature = (feature: BinnedFeature): number =>
  feature.kind === 'quantity' ? feature.edges.length + 1 : feature.words;

/** Most bins of a quantity, and the rows that each should hold where there are few. */
const MOST_BINS = 128;
const FEWEST_BINS = 32;
const ROWS_PER_BIN = 10;
/** Rows that edges are read from. */
const EDGE_ROWS = 50_000;
/** Where between two neighbouring values a quantity is cut: no round number, on which a value not met yet might fall. */
const BETWEEN = 0.5 + 1 / 64;

/**
 * Encoded rows as trees read them: the plain numbers cut at quantiles, whether one is missing, each list of words as one
 * feature, rates of many-valued words as numbers. Piecewise columns are left out: they say the same as the plain ones.
 * @param x rows x encoder.width
 */
export function binned(encoder: Encoder, x: Float32Array, rows: number): Binned {
  const features: BinnedFeature[] = [];
  const columns: Uint8Array[] = [];
  const width = encoder.width;
  const quantity = (column: number) => {
    const step = Math.max(1, Math.floor(rows / EDGE_ROWS));
    const seen = Float32Array.from({ length: Math.ceil(rows / step) }, (_, i) => x[i * step * width + column]!).sort();
    const edges = edgesOf(seen, Math.min(MOST_BINS, Math.max(FEWEST_BINS, Math.floor(rows / ROWS_PER_BIN))));
    if (edges.length === 0) return;
    const codes = new Uint8Array(rows);
    for (let i = 0; i < rows; i++) codes[i] = placeOf(edges, x[i * width + column]!);
    features.push({ kind: 'quantity', column, edges });
    columns.push(codes);
  };
  let at = 0;
  for (const code of encoder.codes) {
    if (code.kind === 'standard' || code.kind === 'target')
      for (let column = at; column < at + widthOf(code); column++) quantity(column);
    else if (code.kind === 'onehot') {
      const codes = new Uint8Array(rows);
      for (let i = 0; i < rows; i++)
        for (let word = 0; word <= code.levels.length; word++) if (x[i * width + at + word] === 1) codes[i] = word;
      features.push({ kind: 'words', column: at, words: code.levels.length + 1 });
      columns.push(codes);
    }
    at += widthOf(code);
  }
  const all = new Uint8Array(rows * columns.length);
  columns.forEach((codes, f) => {
    all.set(codes, f * rows);
  });
  return { rows, features, codes: all };
}

/** Between all values of a quantity if they are few, else between its quantiles and what is next to them. */
function edgesOf(sorted: Float32Array, most: number): Float32Array {
  const values = sorted.filter((v, i) => i === 0 || v !== sorted[i - 1]);
  const edges = new Set<number>();
  const cutAfter = (at: number) => {
    if (at + 1 < values.length) edges.add(Math.fround(values[at]! + BETWEEN * (values[at + 1]! - values[at]!)));
  };
  if (values.length <= most) for (let at = 0; at < values.length; at++) cutAfter(at);
  else for (let k = 1; k < most; k++) cutAfter(placeOf(values, sorted[Math.floor((k * sorted.length) / most)]!));
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
