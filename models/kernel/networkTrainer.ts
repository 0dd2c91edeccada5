import type { NetworkShape, NetworkWeights } from '../network.ts';
import type { Batch, LossAndGradient } from '../networkGradient.ts';
import { type FusedKernel, NONE } from './fused.ts';
import { fusedWasm } from './fusedWasm.ts';
import { trunkWasm } from './trunkWasm.ts';
import { kernelOver } from './wasm.ts';

/** What trunk.as exports. */
interface TrunkKernel {
  stack(inputs: number, scale: number, w1: number, stride: number, goesOn: number, units: number, out: number): void;
  unstack(inputs: number, members: number, width: number, hidden: number, g: number, w1: number, scale: number, goesOn: number, dW1: number, dScale: number): void; // biome-ignore format: one signature
  times(h: number, mask: number, above: number, n: number): void;
  slopes(members: number, bins: number, causes: number, outputs: number, z: number, shared: number, exposure: number, event: number, each: number, dShared: number, dBias: number): number; // biome-ignore format: one signature
}

/** The trunk's loss, gradient and answers in WebAssembly SIMD. */
export interface NetworkTrainer {
  /** At most as many rows as the trainer was made for. The gradient's arrays are new ones. */
  lossAndGradient(weights: NetworkWeights, batch: Batch): LossAndGradient;
  /** Mean probabilities over members of any rows: rows x bins x (causes + 1), first still open. */
  probabilities(weights: NetworkWeights, x: Float32Array, q: Float32Array): Float32Array;
}

/** Whether it can be had here. */
export const hasKernel = (): boolean => kernelOver([fusedWasm, trunkWasm], 1) !== undefined;

const up = (n: number, to: number) => Math.ceil(n / to) * to;

/**
 * A trainer for networks of one shape. The same sums as `lossAndGradient` in TensorFlow.js, which it is held to (1e-5 of
 * automatic differentiation), on the kernels that serve the scores (`fused.as`).
 *
 * Most of the work is the first layer, once forward and once for its gradient. The columns of one feature are mostly a
 * thermometer, 1 1 1 f 0 0, so they are read by what each has more than the next, 0 0 1-f f 0 0, times the sums of the weights
 * up to there: sum_j x_j W_j = sum_j (x_j - x_j+1) (W_1 + .. + W_j). Two columns in eight count then, and zeros are skipped.
 *
 * Sums run in one order: the same batch and weights give the same bits on every machine.
 * Cost of a row: 2 x columns that count x members x width multiplications, and 6 x members x width^2.
 *
 * @param source feature of each column, those of one side by side; any other grouping gives the same sums, slower
 * @param most rows of a batch
 * @returns undefined where WebAssembly SIMD is missing, or the memory
 */
export function networkTrainer(s: NetworkShape, source: readonly number[], most: number): NetworkTrainer | undefined {
  const { inputs: d, members, bins, causes } = s;
  const width = up(s.width, 8);
  let slots = members;
  while ((slots * width) % 32) slots++;
  const hidden = slots * width;
  const own = bins * causes;
  const outputs = up(own, 8);

  let top = 128;
  const room = (numbers: number): number => {
    const at = top;
    top += up(numbers * 4, 128);
    return at;
  };
  const at = {
    // What counts, by row, and by column.
    start: room(most + 1),
    knot: room(most * d),
    share: room(most * d),
    startBack: room(d + 1),
    knotBack: room(most * d),
    shareBack: room(most * d),
    goesOn: room(d / 4 + 1),
    scale: room(members * d),
    dScale: room(members * d),
    w1: room(d * width),
    dW1: room(d * width),
    wide: room(d * hidden),
    dWide: room(d * hidden),
    b1: room(hidden),
    none: room(Math.max(hidden, outputs)),
    w2: room(width * width),
    w2Back: room(width * width),
    b2: room(width),
    dW2: room(width * width),
    head: room(members * width * outputs),
    headBack: room(members * width * outputs),
    headBias: room(members * outputs),
    dHead: room(members * width * outputs),
    h1: room(most * hidden),
    h2: room(most * hidden),
    d1: room(most * hidden),
    d2: room(most * hidden),
    // Copies in the order in which products with them run.
    turned: room(most * hidden),
    packed: room(most * Math.max(hidden, members * outputs)),
    z: room(most * members * outputs),
    shared: room(outputs),
    dShared: room(outputs),
    dBias: room(members * outputs),
    exposure: room(most * bins),
    event: room(most * own),
    mask1: room(most * hidden),
    mask2: room(most * hidden),
  };
  const kernel = kernelOver<FusedKernel & TrunkKernel>([fusedWasm, trunkWasm], top);
  if (!kernel) return undefined;
  const { run, buffer } = kernel;
  const floats = (from: number, n: number) => new Float32Array(buffer, from, n);
  const ints = (from: number, n: number) => new Int32Array(buffer, from, n);
  const [start, knot, startBack, knotBack] = [ints(at.start, most + 1), ints(at.knot, most * d), ints(at.startBack, d + 1), ints(at.knotBack, most * d)]; // biome-ignore format: one row
  const [share, shareBack] = [floats(at.share, most * d), floats(at.shareBack, most * d)];
  const [h1, h2, d1, d2] = [at.h1, at.h2, at.d1, at.d2].map((from) => floats(from, most * hidden)) as [Float32Array, Float32Array, Float32Array, Float32Array]; // biome-ignore format: one row
  const z = floats(at.z, most * members * outputs);
  const turned = floats(at.turned, most * hidden);
  const packed = floats(at.packed, most * Math.max(hidden, members * outputs));
  /** Whether the next column is of the same feature. */
  const goesOn = new Uint8Array(buffer, at.goesOn, d);
  for (let j = 0; j + 1 < d; j++) goesOn[j] = Number(source[j] === source[j + 1]);
  const runs = panelRuns(members, width);

  /** The weights as the kernels read them. */
  const place = ({ scale, w1, b1, w2, b2, head, headBias }: NetworkWeights) => {
    floats(at.scale, members * d).set(scale);
    padded(w1, d, s.width, width, floats(at.w1, d * width));
    for (const { panel, lane, m, u, length } of runs)
      run.stack(
        d,
        at.scale + m * d * 4,
        at.w1 + u * 4,
        width * 4,
        at.goesOn,
        length,
        at.wide + (panel * d * 32 + lane) * 4,
      );
    const bias = floats(at.b1, hidden);
    for (let m = 0; m < members; m++) bias.set(b1, m * width);
    floats(at.b2, width).set(b2);
    pack(w2, s.width, s.width, 1, s.width, floats(at.w2, width * width), width);
    pack(w2, s.width, 1, s.width, s.width, floats(at.w2Back, width * width), width);
    for (let m = 0; m < members; m++) {
      const from = head.subarray(m * s.width * own, (m + 1) * s.width * own);
      pack(from, s.width, own, 1, own, floats(at.head + m * width * outputs * 4, width * outputs), width);
      pack(from, own, 1, own, s.width, floats(at.headBack + m * width * outputs * 4, width * outputs), outputs);
      floats(at.headBias + m * outputs * 4, outputs).set(headBias.subarray(m * own, (m + 1) * own));
    }
  };

  /** What counts of the rows; `both`: also column by column. */
  const enter = (x: Float32Array, from: number, rows: number, both: boolean) => {
    let e = 0;
    startBack.fill(0);
    for (let r = 0; r < rows; r++) {
      const row = (from + r) * d;
      for (let j = 0; j < d; j++) {
        const value = goesOn[j]! ? x[row + j]! - x[row + j + 1]! : x[row + j]!;
        if (value === 0) continue;
        knot[e] = j;
        share[e++] = value;
        startBack[j + 1]!++;
      }
      start[r + 1] = e;
    }
    if (!both) return;
    for (let j = 0; j < d; j++) startBack[j + 1]! += startBack[j]!;
    const next = startBack.slice();
    for (let r = 0; r < rows; r++)
      for (let i = start[r]!; i < start[r + 1]!; i++) {
        const to = next[knot[i]!]!++;
        knotBack[to] = r;
        shareBack[to] = share[i]!;
      }
  };

  const forward = (rows: number, mask1?: Float32Array, mask2?: Float32Array) => {
    if (mask1) padded(mask1, rows, members * s.width, hidden, floats(at.mask1, rows * hidden), members);
    if (mask2) padded(mask2, rows, members * s.width, hidden, floats(at.mask2, rows * hidden), members);
    run.firstLayer(rows, at.start, at.knot, at.share, at.wide, d, at.b1, hidden, at.h1, 0);
    if (mask1) drop(at.h1, at.h1, at.mask1, rows);
    run.dense(at.h1, width, rows * slots, width, at.w2, at.b2, width, at.h2, width, 0);
    if (mask2) drop(at.h2, at.h2, at.mask2, rows);
    for (let m = 0; m < members; m++)
      run.dense(at.h2 + m * width * 4, hidden, rows, width, at.head + m * width * outputs * 4, at.headBias + m * outputs * 4, outputs, at.z + m * outputs * 4, members * outputs, NONE); // biome-ignore format: one call
  };

  /** By the mask where the unit was above 0, else 0. */
  const drop = (h: number, above: number, mask: number, rows: number) => run.times(h, mask, above, rows * hidden);

  return {
    lossAndGradient(weights, { rows, x, q, exposure, event, mask1, mask2 }) {
      place(weights);
      enter(x, 0, rows, true);
      forward(rows, mask1, mask2);

      // Loss, and its slopes in the logits.
      const each = 1 / (members * rows);
      const [shared, dShared] = [floats(at.shared, outputs), floats(at.dShared, outputs)];
      const dBias = floats(at.dBias, members * outputs).fill(0);
      floats(at.exposure, rows * bins).set(exposure);
      floats(at.event, rows * own).set(event);
      const dGamma = new Float64Array(weights.gamma.length);
      let loss = 0;
      for (let r = 0; r < rows; r++) {
        covariates(weights.gamma, q, r, shared);
        dShared.fill(0);
        loss += run.slopes(members, bins, causes, outputs, at.z + r * members * outputs * 4, at.shared, at.exposure + r * bins * 4, at.event + r * own * 4, each, at.dShared, at.dBias); // biome-ignore format: one call
        for (let o = 0, cell = r * bins * s.covariates; o < own; o += causes, cell += s.covariates)
          for (let c = 0; c < causes; c++)
            for (let k = 0; k < s.covariates; k++) dGamma[k * causes + c]! += dShared[o + c]! * q[cell + k]!;
      }
      const gamma = Float32Array.from(dGamma);
      const headBias = new Float32Array(weights.headBias.length);
      for (let m = 0; m < members; m++) headBias.set(dBias.subarray(m * outputs, m * outputs + own), m * own);

      // Heads, and what reaches the second layer.
      const head = new Float32Array(weights.head.length);
      turn(h2, rows, hidden, hidden, turned);
      for (let m = 0; m < members; m++) {
        panels(z, m * outputs, members * outputs, rows, outputs, 8, packed);
        run.dense(at.turned + m * width * rows * 4, rows, width, rows, at.packed, at.none, outputs, at.dHead + m * width * outputs * 4, outputs, NONE); // biome-ignore format: one call
        const found = floats(at.dHead + m * width * outputs * 4, width * outputs);
        for (let u = 0; u < s.width; u++)
          for (let o = 0; o < own; o++) head[(m * s.width + u) * own + o] = found[u * outputs + o]!;
        run.dense(at.z + m * outputs * 4, members * outputs, rows, outputs, at.headBack + m * width * outputs * 4, at.none, width, at.d2 + m * width * 4, hidden, NONE); // biome-ignore format: one call
      }
      if (mask2) drop(at.d2, at.h2, at.mask2, rows);
      else run.mask(at.d2, at.h2, rows * hidden);

      // Second layer, whose rows are those of all members.
      const under = rows * slots;
      turn(h1, under, width, width, turned);
      panels(d2, 0, width, under, width, 8, packed);
      run.dense(at.turned, under, width, under, at.packed, at.none, width, at.dW2, width, NONE);
      const w2 = unpadded(floats(at.dW2, width * width), s.width, width, s.width);
      const b2 = sums(d2, under, width, s.width);
      run.dense(at.d2, width, under, width, at.w2Back, at.none, width, at.d1, width, NONE);
      if (mask1) drop(at.d1, at.h1, at.mask1, rows);
      else run.mask(at.d1, at.h1, rows * hidden);

      // First layer: the stacked scale_m * W1, and from it both.
      panels(d1, 0, hidden, rows, hidden, 32, packed);
      run.firstLayer(d, at.startBack, at.knotBack, at.shareBack, at.packed, rows, at.none, hidden, at.dWide, NONE);
      const b1 = sums(d1, under, width, s.width);
      run.unstack(d, members, width, hidden, at.dWide, at.w1, at.scale, at.goesOn, at.dW1, at.dScale);
      const scale = floats(at.dScale, members * d).slice();
      const w1 = unpadded(floats(at.dW1, d * width), d, width, s.width);
      return { loss: loss * each, gradient: { scale, w1, b1, w2, b2, head, headBias, gamma } };
    },
    probabilities(weights, x, q) {
      place(weights);
      const rows = x.length / d;
      const cells = causes + 1;
      const mean = new Float32Array(rows * bins * cells);
      const shared = floats(at.shared, outputs);
      const p = new Float64Array(cells);
      for (let from = 0; from < rows; from += most) {
        const some = Math.min(most, rows - from);
        enter(x, from, some, false);
        forward(some);
        for (let r = 0; r < some; r++) {
          covariates(weights.gamma, q, from + r, shared);
          for (let m = 0; m < members; m++)
            for (let b = 0; b < bins; b++) {
              let total = (p[0] = 1);
              for (let c = 0; c < causes; c++) {
                const o = b * causes + c;
                total += p[c + 1] = Math.exp(z[(r * members + m) * outputs + o]! + shared[o]!);
              }
              for (let c = 0; c < cells; c++) mean[((from + r) * bins + b) * cells + c]! += p[c]! / total / members;
            }
        }
      }
      return mean;
    },
  };

  /** q_b gamma_c of a row. */
  function covariates(gamma: Float32Array, q: Float32Array, row: number, out: Float32Array): void {
    for (let b = 0; b < bins; b++)
      for (let c = 0; c < causes; c++) {
        let sum = 0;
        for (let k = 0; k < s.covariates; k++) sum += q[(row * bins + b) * s.covariates + k]! * gamma[k * causes + c]!;
        out[b * causes + c] = sum;
      }
  }
}

/** The units of all members cut where a panel of 32 ends: unit u of member m and the next ones stand in it from a lane on. */
function panelRuns(members: number, width: number) {
  const runs: { panel: number; lane: number; m: number; u: number; length: number }[] = [];
  for (let m = 0; m < members; m++)
    for (let u = 0; u < width; ) {
      const at = m * width + u;
      const length = Math.min(width - u, 32 - (at % 32));
      runs.push({ panel: at >> 5, lane: at % 32, m, u, length });
      u += length;
    }
  return runs;
}

/** Rows of several parts each, every part widened by zeros; `out` holds zeros there already, and behind the last part. */
function padded(x: Float32Array, rows: number, columns: number, to: number, out: Float32Array, parts = 1): void {
  if (columns === to) {
    out.set(x);
    return;
  }
  const [from, wide] = [columns / parts, Math.ceil(columns / parts / 8) * 8];
  for (let r = 0; r < rows; r++)
    for (let k = 0; k < parts; k++)
      out.set(x.subarray(r * columns + k * from, r * columns + (k + 1) * from), r * to + k * wide);
}

/** The first columns of each row, copied. */
function unpadded(x: Float32Array, rows: number, columns: number, kept: number): Float32Array {
  if (columns === kept) return x.slice(0, rows * columns);
  const out = new Float32Array(rows * kept);
  for (let r = 0; r < rows; r++) out.set(x.subarray(r * columns, r * columns + kept), r * kept);
  return out;
}

/** A matrix of `inner` rows for `dense`: [columns / 8][inner][8]. Element (i, j) is at i * down + j * across. */
function pack(w: Float32Array, rows: number, down: number, across: number, columns: number, out: Float32Array, inner: number): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[((j >> 3) * inner + i) * 8 + (j & 7)] = w[i * down + j * across]!;
} // biome-ignore format: one signature

/** Rows of a matrix cut into panels of so many columns, one panel after the other. */
function panels(x: Float32Array, from: number, stride: number, rows: number, columns: number, of: number, out: Float32Array): void {
  for (let c = 0, to = 0; c < columns; c += of)
    for (let r = 0; r < rows; r++) for (let l = 0, at = from + r * stride + c; l < of; l++) out[to++] = x[at + l]!;
} // biome-ignore format: one signature

/** Columns as rows. */
function turn(x: Float32Array, rows: number, columns: number, stride: number, out: Float32Array): void {
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = x[r * stride + c]!;
}

/** Sum over rows of the first columns. */
function sums(x: Float32Array, rows: number, stride: number, columns: number): Float32Array {
  const total = new Float64Array(columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) total[c]! += x[r * stride + c]!;
  return Float32Array.from(total);
}
