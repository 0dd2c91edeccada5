import { type Code, type Encoder, piecewise, STANDARD_END, widthOf } from '../encode.ts';

/**
 * An encoder read as sums of rows of a table, so that a linear layer on it needs no encoded row. A number between two
 * edges of its piecewise-linear code has a part of x W that lies between what it is at the two: with P_t the sum of the
 * rows of W below edge t, (1 - f) P_t + f P_t+1, f beyond 0 and 1 only at the open ends. A word, or what is missing, has
 * a row of its own. Rows count from where the feature usually is (`origin`), so what is usual adds nothing.
 */
export interface Knots {
  /** Rows of a table: those that rows are read on, then one a code for the mean row. */
  readonly size: number;
  readonly codes: number;
  readonly places: readonly Place[];
  /** Of each row, the code it belongs to. */
  readonly codeOf: Int32Array;
  /** First of the rows for means. */
  readonly means: number;
  /** Most entries of one row. */
  readonly most: number;
  /**
   * The table of a layer: size x width, and the origin's x W.
   * @param weight of encoded column j and output u
   * @param meanX what the mean row has in each encoded column
   */
  table(
    width: number,
    weight: (j: number, u: number) => number,
  ): { readonly origin: Float64Array; readonly rows: Float64Array };
}

/** Where the rows of a tile stand on the knots: row r has the entries from start[r] to start[r + 1], start[0] = 0. */
export interface KnotEntries {
  readonly start: Int32Array;
  readonly knot: Int32Array;
  readonly share: Float32Array;
}

/** How one code is read: where its knots begin, and which of them stands for the usual value (-1 = none does). */
export interface Place {
  readonly code: Code;
  /** First encoded column. */
  readonly column: number;
  readonly first: number;
  readonly origin: number;
}

/** @param meanX mean encoded row: what is usual, and what the rows for means hold */
export function knotsOf(encoder: Encoder, meanX: Float32Array): Knots {
  const places: Place[] = [];
  let column = 0;
  let first = 0;
  for (const code of encoder.codes) {
    places.push({ code, column, first, origin: originOf(code, column, first, meanX) });
    column += widthOf(code);
    first += knotsOfCode(code);
  }
  const means = first;
  const most = places.reduce((n, { code }) => n + (code.kind === 'piecewise' || code.kind === 'target' ? 2 : 1), 0);
  return {
    size: means + places.length,
    codes: places.length,
    places,
    codeOf: Int32Array.from([
      ...places.flatMap(({ code }, i) => new Array<number>(knotsOfCode(code)).fill(i)),
      ...places.keys(),
    ]),
    means,
    most,
    table: (width, weight) => tableOf(places, means, meanX, width, weight),
  };
}

/** Piecewise: its edges, then missing. Standard: a unit, then missing. Words: one each. Target: rate, count. */
function knotsOfCode(code: Code): number {
  switch (code.kind) {
    case 'piecewise':
      return code.edges.length + 1;
    case 'standard':
    case 'target':
      return 2;
    case 'onehot':
      return code.levels.length + 1;
  }
}

function originOf(code: Code, column: number, first: number, meanX: Float32Array): number {
  const missingMostly = (at: number) => meanX[column + at]! > 0.5;
  switch (code.kind) {
    case 'piecewise': {
      const bins = code.edges.length - 1;
      if (code.missing && missingMostly(bins)) return first + bins + 1;
      let nearest = 0;
      code.edges.forEach((edge, t) => {
        if (Math.abs(edge - code.median) < Math.abs(code.edges[nearest]! - code.median)) nearest = t;
      });
      return first + nearest;
    }
    case 'onehot': {
      let most = 0;
      for (let k = 1; k <= code.levels.length; k++) if (meanX[column + k]! > meanX[column + most]!) most = k;
      return first + most;
    }
    default:
      return -1;
  }
}

/** The encoded columns of each knot of a code, by their non-zero values. */
function encodedKnots(code: Code): Float64Array[] {
  const width = widthOf(code);
  const unit = (at: number, value = 1) => {
    const x = new Float64Array(width);
    x[at] = value;
    return x;
  };
  switch (code.kind) {
    case 'piecewise': {
      const bins = code.edges.length - 1;
      const knots = code.edges.map((_, t) => new Float64Array(width).fill(1, 0, t));
      const absent = new Float32Array(width);
      piecewise(code.median, code.edges, absent, 0);
      if (code.missing) absent[bins] = 1;
      return [...knots, Float64Array.from(absent)];
    }
    case 'standard': {
      const absent = unit(0, standardised(code, code.median));
      if (code.missing) absent[1] = 1;
      return [unit(0), absent];
    }
    default:
      return Array.from({ length: width }, (_, k) => unit(k));
  }
}

type StandardCode = Code & { readonly kind: 'standard' };

/** (x - mean) / sd, held within 5 either way. */
export const standardised = ({ mean, sd }: StandardCode, x: number): number =>
  Math.min(Math.max((x - mean) / sd, -STANDARD_END), STANDARD_END);

function tableOf(
  places: readonly Place[],
  means: number,
  meanX: Float32Array,
  width: number,
  weight: (j: number, u: number) => number,
) {
  const rows = new Float64Array((means + places.length) * width);
  const origin = new Float64Array(width);
  places.forEach(({ code, column, first, origin: usual }, i) => {
    const columns = widthOf(code);
    const w = new Float64Array(columns * width);
    for (let j = 0; j < columns; j++) for (let u = 0; u < width; u++) w[j * width + u] = weight(column + j, u);
    const fill = (row: number, x: ArrayLike<number>) => {
      for (let j = 0; j < columns; j++) {
        const value = x[j]!;
        if (value !== 0) for (let u = 0; u < width; u++) rows[row * width + u]! += value * w[j * width + u]!;
      }
    };
    const encoded = encodedKnots(code);
    encoded.forEach((x, k) => void fill(first + k, x));
    fill(means + i, meanX.subarray(column, column + columns));
    if (usual < 0) return;
    const at = rows.slice(usual * width, (usual + 1) * width);
    for (let u = 0; u < width; u++) origin[u]! += at[u]!;
    const shift = (row: number) => {
      for (let u = 0; u < width; u++) rows[row * width + u]! -= at[u]!;
    };
    encoded.forEach((_, k) => void shift(first + k));
    shift(means + i);
  });
  return { origin, rows };
}
