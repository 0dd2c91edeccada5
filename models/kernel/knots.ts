import type { Frame } from '../../src/frame.ts';
import {
  type Code,
  type Encoder,
  HUGE,
  PIECEWISE_ENDS,
  piecewise,
  STANDARD_END,
  shrunkRate,
  tame,
  widthOf,
} from '../encode.ts';

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
  /** Reads rows of one frame at a time. */
  reader(): KnotReader;
}

/** Where the rows of a tile stand on the knots: row r has the entries from start[r] to start[r + 1], start[0] = 0. */
export interface KnotEntries {
  readonly start: Int32Array;
  readonly knot: Int32Array;
  readonly share: Float32Array;
}

export interface KnotReader {
  /** Whose rows are read from now on; undefined lets its columns go. */
  bind(frame: Frame | undefined): void;
  /** Writes the entries of one row from `at` on and returns where they end; in the order of the codes. */
  read(row: number, into: Pick<KnotEntries, 'knot' | 'share'>, at: number): number;
}

const [LOW, HIGH] = PIECEWISE_ENDS;

/** How one code is read: where its knots begin, and which of them stands for the usual value (-1 = none does). */
interface Place {
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
  return {
    size: means + places.length,
    codes: places.length,
    codeOf: Int32Array.from([
      ...places.flatMap(({ code }, i) => new Array<number>(knotsOfCode(code)).fill(i)),
      ...places.keys(),
    ]),
    means,
    most: places.reduce((n, { code }) => n + (code.kind === 'piecewise' || code.kind === 'target' ? 2 : 1), 0),
    table: (width, weight) => tableOf(places, means, meanX, width, weight),
    reader: () => readerOf(places),
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

const standardised = ({ mean, sd }: StandardCode, x: number): number =>
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

/** The codes as flat arrays, and the columns of the frame that is read; one row at a time without allocation. */
function readerOf(places: readonly Place[]): KnotReader {
  const n = places.length;
  const KIND = { piecewise: 0, standard: 1, onehot: 2, target: 3 } as const;
  const kind = Uint8Array.from(places, ({ code }) => KIND[code.kind]);
  const first = Int32Array.from(places, (place) => place.first);
  const origin = Int32Array.from(places, (place) => place.origin);
  const log = Uint8Array.from(places, ({ code }) => ('log' in code && code.log ? 1 : 0));
  const bins = Int32Array.from(places, ({ code }) => (code.kind === 'piecewise' ? code.edges.length - 1 : 0));
  const edgesAt = new Int32Array(n + 1);
  const edges = Float64Array.from(
    places.flatMap(({ code }, i) => {
      edgesAt[i + 1] = edgesAt[i]! + (code.kind === 'piecewise' ? code.edges.length : 0);
      return code.kind === 'piecewise' ? code.edges : [];
    }),
  );
  const words = places.map(({ code }) =>
    code.kind === 'onehot' ? oneHotWords(code) : code.kind === 'target' ? targetWords(code) : undefined,
  );
  const nothing = new Float64Array(0);
  const noWords = new Int32Array(0);
  const numbers: Float64Array[] = new Array(n).fill(nothing);
  const codes: Int32Array[] = new Array(n).fill(noWords);
  const known: (Float64Array | undefined)[] = new Array(n).fill(undefined);
  let bound: Frame | undefined;
  return {
    bind: (frame) => {
      if (frame === bound) return;
      bound = frame;
      for (let i = 0; i < n; i++) {
        const column = frame?.columns.get(places[i]!.code.feature);
        if (words[i]) {
          const category = column?.type === 'category' ? column : undefined;
          codes[i] = category?.codes ?? noWords;
          known[i] = category && words[i]!(category.levels);
        } else numbers[i] = column?.type === 'number' ? column.values : nothing;
      }
    },
    read: (row, { knot, share }, at) => {
      for (let i = 0; i < n; i++) {
        const from = first[i]!;
        switch (kind[i]!) {
          case 0: {
            const values = numbers[i]!;
            let x = values.length ? values[row]! : Number.NaN;
            if (!Number.isFinite(x)) {
              // An absent column and a missing or infinite cell are the same.
              const absent = from + bins[i]! + 1;
              if (absent === origin[i]!) break;
              knot[at] = absent;
              share[at++] = 1;
              break;
            }
            x = x > HUGE ? HUGE : x < -HUGE ? -HUGE : x;
            if (log[i]!) x = x > 0 ? Math.log1p(x) : 0;
            let t = edgesAt[i]!;
            const last = t + bins[i]! - 1;
            while (t < last && x >= edges[t + 1]!) t++;
            const low = edges[t]!;
            let f = (x - low) / (edges[t + 1]! - low);
            f = f < LOW ? LOW : f > HIGH ? HIGH : f;
            const here = from + t - edgesAt[i]!;
            if (f !== 1 && here !== origin[i]!) {
              knot[at] = here;
              share[at++] = 1 - f;
            }
            if (f !== 0 && here + 1 !== origin[i]!) {
              knot[at] = here + 1;
              share[at++] = f;
            }
            break;
          }
          case 1: {
            const values = numbers[i]!;
            const x = values.length ? values[row]! : Number.NaN;
            if (Number.isFinite(x)) {
              knot[at] = from;
              share[at++] = standardised(
                places[i]!.code as StandardCode,
                log[i]! ? Math.log1p(Math.max(tame(x), 0)) : tame(x),
              );
            } else {
              knot[at] = from + 1;
              share[at++] = 1;
            }
            break;
          }
          case 2: {
            const code = codes[i]!.length ? codes[i]![row]! : -1;
            const word = from + (code < 0 ? 0 : known[i]![code]!);
            if (word === origin[i]!) break;
            knot[at] = word;
            share[at++] = 1;
            break;
          }
          default: {
            const code = codes[i]!.length ? codes[i]![row]! : -1;
            knot[at] = from;
            share[at++] = code < 0 ? (places[i]!.code as TargetCode).prior : known[i]![code * 2]!;
            knot[at] = from + 1;
            share[at++] = code < 0 ? 0 : known[i]![code * 2 + 1]!;
          }
        }
      }
      return at;
    },
  };
}

type StandardCode = Code & { readonly kind: 'standard' };
type TargetCode = Code & { readonly kind: 'target' };

/** Which knot each word of a column stands for; of the last column asked, as most frames share their levels. */
function oneHotWords(code: Code & { readonly kind: 'onehot' }) {
  const place = new Map(code.levels.map((level, k) => [level, k + 1]));
  return lastAsked((levels) => Float64Array.from(levels, (level) => place.get(level) ?? 0));
}

/** Shrunk rate and log count of each word of a column. */
function targetWords(code: TargetCode) {
  return lastAsked((levels) => {
    const known = new Float64Array(levels.length * 2);
    levels.forEach((level, k) => {
      const [successes, resolved] = Object.hasOwn(code.tallies, level) ? code.tallies[level]! : [0, 0];
      known[k * 2] = shrunkRate(successes, resolved, code.prior);
      known[k * 2 + 1] = Math.log1p(resolved);
    });
    return known;
  });
}

function lastAsked(make: (levels: readonly string[]) => Float64Array): (levels: readonly string[]) => Float64Array {
  let last: { readonly levels: readonly string[]; readonly known: Float64Array } | undefined;
  return (levels) => (last?.levels === levels ? last : (last = { levels, known: make(levels) })).known;
}
