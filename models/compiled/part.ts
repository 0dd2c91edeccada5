import type { KnotEntries, Knots } from '../kernel/knots.ts';
import type { PartOf } from '../parts.ts';

/** The table of hazards that parts add to. */
export interface Cells {
  readonly edges: readonly number[];
  readonly bins: number;
  readonly causes: number;
}

/** One part of a compiled state. Rows and path ends are those of the tile that its knots were read into. */
export interface CompiledPart {
  /**
   * Adds its weighted per-bin probabilities of the tile's rows, each bins x (causes + 1), from `out[at]` on.
   * @param q covariates of all rows · @param bin first bin of the tile's first row there
   */
  add(rows: number, q: Float32Array, bin: number, out: Float64Array, at: number): void;
  /** Fixes a straight path: from the mean row (`rows` 1) or the tile's first row (2) to its last. */
  path(rows: number): void;
  /** Adds its probabilities at points of the path, by their share of the way; q and out have one row a point. */
  forwardAt(points: readonly number[], q: Float32Array, out: Float64Array): void;
  /**
   * Takes in d score / d u (points x bins x causes, u = probabilities of the causes) at the first `points` of those last
   * walked, and adds d score / d q, summed over them, to dQ (bins x covariates).
   */
  backward(points: number, dU: Float64Array, dQ: Float64Array): void;
  /** Sum over points of the slope along the whole way. */
  along(): number;
  /** The same by code of the encoder, added; `rows` as for the path. */
  contribute(byCode: Float64Array, rows: number): void;
}

/** The base rate: nothing depends on the row. */
export function compiledConstant({ p, byBin }: PartOf<'constant'>, { causes }: Cells): CompiledPart {
  const weighted = p.map((value, e) => byBin[Math.floor(e / (causes + 1))]! * value);
  const add = (rows: number, out: Float64Array, at: number) => {
    for (let e = 0, end = rows * weighted.length; e < end; e++) out[at + e]! += weighted[e % weighted.length]!;
  };
  return {
    add: (rows, _, __, out, at) => add(rows, out, at),
    path: () => {},
    forwardAt: (points, _, out) => add(points.length, out, 0),
    backward: () => {},
    along: () => 0,
    contribute: () => {},
  };
}

/**
 * Adds the way of each code: what the path's last row has there less what its first row has, or the mean row. Both are
 * summed alike, so that codes in which two rows do not differ have no way at all.
 * @param entry what an entry of the tile counts, before its share · @param mean what the mean row counts for a code
 */
export function addWays(
  byCode: Float64Array,
  rows: number,
  { codeOf, codes }: Knots,
  { start, knot, share }: KnotEntries,
  entry: (e: number) => number,
  mean: (code: number) => number,
): void {
  const of = (row: number) => {
    const sums = new Float64Array(codes);
    for (let e = start[row]!; e < start[row + 1]!; e++) sums[codeOf[knot[e]!]!]! += share[e]! * entry(e);
    return sums;
  };
  const to = of(rows - 1);
  const from = rows === 1 ? to.map((_, i) => mean(i)) : of(0);
  for (let i = 0; i < codes; i++) byCode[i]! += to[i]! - from[i]!;
}
