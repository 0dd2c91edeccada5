import { COVARIATES } from '../binCovariates.ts';
import { HUGE, PIECEWISE_ENDS } from '../encode.ts';
import type { NetworkShape, NetworkWeights } from '../network.ts';
import { fusedWasm } from './fusedWasm.ts';
import type { KnotEntries, Knots } from './knots.ts';
import { type NumberReader, numberKnotsOf } from './numberReader.ts';
import { kernelOver } from './wasm.ts';

/** What fused.as exports; pointers are bytes into the memory, strides count numbers. */
export interface FusedKernel {
  firstLayer(rows: number, start: number, knot: number, share: number, table: number, knots: number, base: number, columns: number, out: number, floor: number): void; // biome-ignore format: one signature
  readNumbers(rows: number, codes: number, plan: number, cells: number, stride: number, end: number, knot: number, share: number, low: number, high: number, huge: number): void; // biome-ignore format: one signature
  closeRanks(rows: number, base: number, most: number, start: number, end: number, knot: number, share: number): void;
  addCovariates(rows: number, causes: number, bins: number, qBins: number, q: number, gamma: number, shared: number): void; // biome-ignore format: one signature
  blend(from: number, to: number, a: number, columns: number, out: number): void;
  dense(x: number, xStride: number, rows: number, inner: number, w: number, bias: number, columns: number, out: number, outStride: number, floor: number): void; // biome-ignore format: one signature
  softmaxBins(rows: number, members: number, causes: number, bins: number, z: number, stride: number, shared: number, mean: number): void; // biome-ignore format: one signature
  softmaxBack(rows: number, members: number, causes: number, bins: number, z: number, stride: number, dU: number): void;
  mask(x: number, h: number, n: number): void;
  addRows(x: number, rows: number, columns: number, total: number): void;
  project(entries: number, knot: number, table: number, knots: number, slope: number, columns: number, out: number): void; // biome-ignore format: one signature
}

/** Numbers of four bytes that `readNumbers` has of a code. */
const PLAN = 8;

/** Rows that are taken through all layers together: their hidden units stay in the cache. */
export const TILE = 48;

/**
 * The networks of a model as loops of WebAssembly SIMD over one flat memory, in float32: the first layer on knots
 * (`knots.ts`), the others as matrix products, members side by side. Within 1e-6 of the plain typed arrays
 * (`network.ts`), which stay its oracle; a row's bits do not depend on the rows around it.
 */
export interface Fused {
  /** Where the rows of the tile at hand stand. */
  readonly entries: KnotEntries;
  /** Reads numbers into them. */
  readonly numbers: NumberReader;
  /** In the order given. */
  readonly networks: readonly FusedNetwork[];
}

export interface FusedNetwork {
  /** Bins with their padding: cell (c, b) of what follows is at c * line + b. */
  readonly line: number;
  /** Takes in the covariates of so many rows before `forward` or `forwardAt`; those of the first one's first bin are the `bin`-th of q. */
  covariates(rows: number, q: Float32Array, bin: number): void;
  /** Mean probabilities over members: rows x (causes + 1) x line, first still open. */
  readonly mean: Float32Array;
  /** Rows of the tile, as their entries say. */
  forward(rows: number): void;
  /** Fixes a straight path: from the mean row, or from row 0 of the tile, to its last row of `rows`. */
  path(rows: number): void;
  /** Points of the path, by their share of the way; at most `TILE`. */
  forwardAt(points: readonly number[]): void;
  /** d score / d probability at the points last walked, weighted: rows x causes x line; `backward` leaves d / d shared. */
  readonly dU: Float32Array;
  backward(points: number): void;
  /** Sum over the points walked of d score / d (x W) times the whole way. */
  along(): number;
  /** The same sum of slopes times the table row of each entry of the tile, and of each mean row. */
  project(entries: number): { readonly entries: Float32Array; readonly means: Float32Array };
}

/** No floor: what a layer without relu is held above. */
export const NONE = Number.NEGATIVE_INFINITY;
const up = (n: number, to: number) => Math.ceil(n / to) * to;

/** @returns undefined where WebAssembly SIMD is missing */
export function fuse(
  knots: Knots,
  networks: readonly { readonly shape: NetworkShape; readonly weights: NetworkWeights }[],
): Fused | undefined {
  let top = 128;
  /** Room for so many numbers of four bytes; begins on a cache line. */
  const room = (numbers: number): number => {
    const at = top;
    top += up(numbers * 4, 128);
    return at;
  };
  const most = knots.most * TILE;
  const start = room(TILE + 1);
  const knot = room(most);
  const share = room(most);
  const projected = room(most);
  const meanKnots = room(knots.codes);
  const projectedMeans = room(knots.codes);
  const numbers = numberKnotsOf(knots);
  const plan = room(numbers.length * PLAN);
  const cells = room(numbers.length * TILE * 2);
  const end = room(TILE);
  const edges = numbers.map((code) => room(code.edges.length * 2));
  const planned = networks.map(({ shape }) => planOf(shape, knots, room));
  const kernel = kernelOver<FusedKernel>(fusedWasm, top);
  if (!kernel) return undefined;
  const { run, buffer } = kernel;
  const floats = (at: number, n: number) => new Float32Array(buffer, at, n);
  const entries = {
    start: new Int32Array(buffer, start, TILE + 1),
    knot: new Int32Array(buffer, knot, most),
    share: floats(share, most),
  };
  new Int32Array(buffer, meanKnots, knots.codes).forEach((_, i, all) => {
    all[i] = knots.means + i;
  });
  const all = { start, knot, share, projected, meanKnots, projectedMeans };
  numbers.forEach((code, i) => {
    const { first, origin, log } = code;
    new Int32Array(buffer, plan + i * PLAN * 4, PLAN).set([
      first,
      origin,
      code.edges.length - 1,
      log ? 1 : 0,
      edges[i]!,
    ]);
    new Float64Array(buffer, edges[i]!, code.edges.length).set(code.edges);
  });
  const [low, high] = PIECEWISE_ENDS;
  return {
    entries,
    numbers: {
      codes: numbers,
      cells: new Float64Array(buffer, cells, numbers.length * TILE),
      stride: TILE,
      end: new Int32Array(buffer, end, TILE),
      read: (rows) => run.readNumbers(rows, numbers.length, plan, cells, TILE, end, knot, share, low, high, HUGE),
      closeRanks: (rows, base, most, place) => run.closeRanks(rows, base, most, start + place * 4, end, knot, share),
    },
    networks: networks.map(({ weights }, k) => {
      const plan = planned[k]!;
      place(plan, weights, knots, floats);
      return opened(plan, knots, run, all, floats);
    }),
  };
}

/** Sizes of one network, padded to whole vectors, and where its arrays lie. */
interface Plan {
  readonly shape: NetworkShape;
  readonly width: number;
  /** Members with those that pad a row of hidden units to 32. */
  readonly slots: number;
  readonly hidden: number;
  readonly line: number;
  readonly outputs: number;
  readonly at: Readonly<Record<(typeof arrays)[number], number>>;
}
const arrays = ['table', 'base', 'w2', 'b2', 'head', 'headBias', 'w2Back', 'headBack', 'none', 'first', 'second', 'z', 'q', 'gamma', 'shared', 'mean', 'from', 'to', 'meanFrom', 'dU', 'dSecond', 'dFirst', 'slope'] as const; // biome-ignore format: one list

function planOf(shape: NetworkShape, knots: Knots, room: (numbers: number) => number): Plan {
  const width = up(shape.width, 8);
  let slots = shape.members;
  while ((slots * width) % 32) slots++;
  const hidden = slots * width;
  const line = up(shape.bins, 4);
  const outputs = up(shape.causes * line, 8);
  const { members, causes } = shape;
  const sizes: Plan['at'] = {
    table: knots.size * hidden,
    base: hidden,
    w2: width * width,
    b2: width,
    head: members * width * outputs,
    headBias: members * outputs,
    w2Back: width * width,
    headBack: members * width * outputs,
    none: Math.max(width, outputs),
    first: TILE * hidden,
    second: TILE * hidden,
    z: TILE * members * outputs,
    q: (TILE * shape.bins + line) * COVARIATES,
    gamma: COVARIATES * causes,
    shared: TILE * causes * line,
    mean: TILE * (causes + 1) * line,
    from: 2 * hidden,
    to: hidden,
    meanFrom: hidden,
    dU: TILE * causes * line,
    dSecond: TILE * hidden,
    dFirst: TILE * hidden,
    slope: hidden,
  };
  const at = Object.fromEntries(arrays.map((name) => [name, room(sizes[name])])) as Plan['at'];
  return { shape, width, slots, hidden, line, outputs, at };
}

/** Writes the weights where the kernel reads them. */
function place(
  { shape, width, hidden, line, outputs, at }: Plan,
  weights: NetworkWeights,
  knots: Knots,
  floats: (at: number, n: number) => Float32Array,
): void {
  const { members, inputs, width: units, bins, causes } = shape;
  // A column of the table is a unit of a member; units that only pad have no weight.
  const { origin, rows } = knots.table(members * units, (j, u) => {
    const m = Math.floor(u / units);
    return Math.fround(weights.scale[m * inputs + j]! * weights.w1[j * units + (u - m * units)]!);
  });
  const table = floats(at.table, knots.size * hidden);
  const base = floats(at.base, hidden);
  for (let m = 0; m < members; m++)
    for (let u = 0; u < units; u++) {
      const column = m * width + u;
      const from = m * units + u;
      base[column] = origin[from]! + weights.b1[u]!;
      const panel = (column >> 5) * knots.size * 32 + (column & 31);
      for (let k = 0; k < knots.size; k++) table[panel + k * 32] = rows[k * members * units + from]!;
    }
  /** Packs w (inner x columns) for `dense`. */
  const pack = (to: number, inner: number, columns: number, w: (i: number, c: number) => number) => {
    const packed = floats(to, inner * columns);
    for (let c = 0; c < columns; c++)
      for (let i = 0; i < inner; i++) packed[((c >> 3) * inner + i) * 8 + (c & 7)] = w(i, c);
  };
  const second = (u: number, v: number) => (u < units && v < units ? weights.w2[u * units + v]! : 0);
  pack(at.w2, width, width, second);
  pack(at.w2Back, width, width, (v, u) => second(u, v));
  floats(at.b2, width).set(weights.b2);
  floats(at.gamma, COVARIATES * causes).set(weights.gamma);
  const bias = floats(at.headBias, members * outputs);
  for (let m = 0; m < members; m++) {
    const head = (v: number, o: number) => {
      const c = Math.floor(o / line);
      const b = o - c * line;
      return v < units && c < causes && b < bins ? weights.head[(m * units + v) * bins * causes + b * causes + c]! : 0;
    };
    pack(at.head + m * width * outputs * 4, width, outputs, head);
    pack(at.headBack + m * width * outputs * 4, outputs, width, (o, v) => head(v, o));
    for (let b = 0; b < bins; b++)
      for (let c = 0; c < causes; c++)
        bias[m * outputs + c * line + b] = weights.headBias[m * bins * causes + b * causes + c]!;
  }
}

function opened(
  { shape, width, slots, hidden, line, outputs, at }: Plan,
  knots: Knots,
  kernel: FusedKernel,
  tile: Readonly<Record<'start' | 'knot' | 'share' | 'projected' | 'meanKnots' | 'projectedMeans', number>>,
  floats: (at: number, n: number) => Float32Array,
): FusedNetwork {
  const { members, bins, causes } = shape;
  const q = floats(at.q, TILE * bins * COVARIATES);
  const first = (rows: number, out: number, floor: number) =>
    kernel.firstLayer(rows, tile.start, tile.knot, tile.share, at.table, knots.size, at.base, hidden, out, floor);
  /** From the first layer's units to the mean over members. */
  const above = (rows: number) => {
    kernel.dense(at.first, width, rows * slots, width, at.w2, at.b2, width, at.second, width, 0);
    for (let m = 0; m < members; m++)
      kernel.dense(
        at.second + m * width * 4,
        hidden,
        rows,
        width,
        at.head + m * width * outputs * 4,
        at.headBias + m * outputs * 4,
        outputs,
        at.z + m * outputs * 4,
        members * outputs,
        NONE,
      );
    kernel.softmaxBins(rows, members, causes, line, at.z, outputs, at.shared, at.mean);
  };
  const from = floats(at.from, 2 * hidden);
  const to = floats(at.to, hidden);
  const slope = floats(at.slope, hidden);
  const meanFrom = meanRow();
  /** The first layer of the mean row. */
  function meanRow(): Float32Array {
    const rows = floats(at.table, knots.size * hidden);
    const out = floats(at.meanFrom, hidden);
    floats(at.base, hidden).forEach((base, column) => {
      let sum = base;
      for (let k = knots.means; k < knots.size; k++)
        sum += rows[((column >> 5) * knots.size + k) * 32 + (column & 31)]!;
      out[column] = sum;
    });
    return out;
  }
  return {
    line,
    covariates: (count, from, bin) => {
      const size = count * bins * COVARIATES;
      for (let i = 0, e = bin * COVARIATES; i < size; i++, e++) q[i] = from[e]!;
      kernel.addCovariates(count, causes, line, bins, at.q, at.gamma, at.shared);
    },
    mean: floats(at.mean, TILE * (causes + 1) * line),
    dU: floats(at.dU, TILE * causes * line),
    forward: (rows) => {
      first(rows, at.first, 0);
      above(rows);
    },
    path: (rows) => {
      first(rows, at.from, NONE);
      to.set(from.subarray((rows - 1) * hidden, rows * hidden));
      if (rows === 1) from.set(meanFrom);
      slope.fill(0);
    },
    forwardAt: (points) => {
      points.forEach((a, i) => void kernel.blend(at.from, at.to, a, hidden, at.first + i * hidden * 4));
      above(points.length);
    },
    backward: (points) => {
      kernel.softmaxBack(points, members, causes, line, at.z, outputs, at.dU);
      for (let m = 0; m < members; m++)
        kernel.dense(
          at.z + m * outputs * 4,
          members * outputs,
          points,
          outputs,
          at.headBack + m * width * outputs * 4,
          at.none,
          width,
          at.dSecond + m * width * 4,
          hidden,
          NONE,
        );
      kernel.mask(at.dSecond, at.second, points * hidden);
      kernel.dense(at.dSecond, width, points * slots, width, at.w2Back, at.none, width, at.dFirst, width, NONE);
      kernel.mask(at.dFirst, at.first, points * hidden);
      kernel.addRows(at.dFirst, points, hidden, at.slope);
    },
    along: () => {
      let sum = 0;
      for (let u = 0; u < hidden; u++) sum += slope[u]! * (to[u]! - from[u]!);
      return sum;
    },
    project: (entries) => {
      kernel.project(entries, tile.knot, at.table, knots.size, at.slope, hidden, tile.projected);
      kernel.project(knots.codes, tile.meanKnots, at.table, knots.size, at.slope, hidden, tile.projectedMeans);
      return { entries: floats(tile.projected, entries), means: floats(tile.projectedMeans, knots.codes) };
    },
  };
}
