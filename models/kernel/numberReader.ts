import { HUGE, PIECEWISE_ENDS } from '../encode.ts';
import type { KnotEntries, Knots } from './knots.ts';

/** How numbers of a piecewise code are read. */
export interface NumberKnots {
  readonly feature: string;
  /** Its first knot, and the one that stands for the usual value (-1 = none does). */
  readonly first: number;
  readonly origin: number;
  readonly log: boolean;
  readonly edges: readonly number[];
}

/** Reads all numbers of some rows in one go, into the entries of the memory that it shares. */
export interface NumberReader {
  readonly codes: readonly NumberKnots[];
  /** Codes x stride, to be filled: not a number where it is missing. */
  readonly cells: Float64Array;
  readonly stride: number;
  /** Of each row, where its next entry stands; it is moved. */
  readonly end: Int32Array;
  read(rows: number): void;
  /** Moves the entries of rows together, those of row r standing from `base + r * most` to `end[r]`; `start[r + 1]` tells from then on where they end. */
  closeRanks(rows: number, base: number, most: number, place: number): void;
}

export const numberKnotsOf = ({ places }: Pick<Knots, 'places'>): NumberKnots[] =>
  places.flatMap(({ code, first, origin }) =>
    code.kind === 'piecewise' ? [{ feature: code.feature, first, origin, log: code.log, edges: code.edges }] : [],
  );

const [LOW, HIGH] = PIECEWISE_ENDS;

/** The plain loops, which those of the kernel (`readNumbers` in fused.as) are held to: the same knots, shares within 1e-7. */
export function plainNumbers(
  codes: readonly NumberKnots[],
  { start, knot, share }: KnotEntries,
  stride: number,
): NumberReader {
  const cells = new Float64Array(codes.length * stride);
  const end = new Int32Array(stride);
  const read = ({ first, origin, log, edges }: NumberKnots, r: number, cell: number) => {
    const bins = edges.length - 1;
    if (!Number.isFinite(cell)) {
      if (first + bins + 1 === origin) return;
      knot[end[r]!] = first + bins + 1;
      share[end[r]!++] = 1;
      return;
    }
    let x = Math.min(Math.max(cell, -HUGE), HUGE);
    if (log) x = x > 0 ? Math.log1p(x) : 0;
    let t = 0;
    while (t < bins - 1 && x >= edges[t + 1]!) t++;
    const f = Math.min(Math.max((x - edges[t]!) / (edges[t + 1]! - edges[t]!), LOW), HIGH);
    if (f !== 1 && first + t !== origin) {
      knot[end[r]!] = first + t;
      share[end[r]!++] = 1 - f;
    }
    if (f !== 0 && first + t + 1 !== origin) {
      knot[end[r]!] = first + t + 1;
      share[end[r]!++] = f;
    }
  };
  return {
    codes,
    cells,
    stride,
    end,
    read: (rows) => {
      for (const [i, code] of codes.entries()) for (let r = 0; r < rows; r++) read(code, r, cells[i * stride + r]!);
    },
    closeRanks: (rows, base, most, place) => {
      for (let r = 0; r < rows; r++) {
        const to = start[place + r]!;
        const from = base + r * most;
        knot.copyWithin(to, from, end[r]!);
        share.copyWithin(to, from, end[r]!);
        start[place + r + 1] = to + end[r]! - from;
      }
    },
  };
}
