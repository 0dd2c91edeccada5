import type { NetworkShape, NetworkWeights } from '../network.ts';
import type { Batch, LossAndGradient } from '../networkGradient.ts';
import { type FusedKernel, NONE } from './fused.ts';
import { fusedWasm } from './fusedWasm.ts';
import { kernelOver } from './wasm.ts';

/** The trunk's loss, gradient and answers in WebAssembly SIMD. */
export interface NetworkTrainer {
  /** At most as many rows as the trainer was made for. The gradient's arrays are new ones. */
  lossAndGradient(weights: NetworkWeights, batch: Batch): LossAndGradient;
  /** Mean probabilities over members of any rows: rows x bins x (causes + 1), first still open. */
  probabilities(weights: NetworkWeights, x: Float32Array, q: Float32Array): Float32Array;
}

/** Whether it can be had here. */
export const hasKernel = (): boolean => kernelOver(fusedWasm, 1) !== undefined;

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
    dz: room(most * members * outputs),
  };
  const kernel = kernelOver<FusedKernel>(fusedWasm, top);
  if (!kernel) return undefined;
  const { run, buffer } = kernel;
  const floats = (from: number, n: number) => new Float32Array(buffer, from, n);
  const ints = (from: number, n: number) => new Int32Array(buffer, from, n);
  const [start, knot, startBack, knotBack] = [ints(at.start, most + 1), ints(at.knot, most * d), ints(at.startBack, d + 1), ints(at.knotBack, most * d)]; // biome-ignore format: one row
  const [share, shareBack] = [floats(at.share, most * d), floats(at.shareBack, most * d)];
  const wide = floats(at.wide, d * hidden);
  const dWide = floats(at.dWide, d * hidden);
  const [h1, h2, d1, d2] = [at.h1, at.h2, at.d1, at.d2].map((from) => floats(from, most * hidden)) as [Float32Array, Float32Array, Float32Array, Float32Array]; // biome-ignore format: one row
  const [z, dz] = [floats(at.z, most * members * outputs), floats(at.dz, most * members * outputs)];
  const turned = floats(at.turned, most * hidden);
  const packed = floats(at.packed, most * Math.max(hidden, members * outputs));
  /** Whether the next column is of the same feature. */
  const goesOn = Uint8Array.from({ length: d }, (_, j) => Number(j + 1 < d && source[j] === source[j + 1]));
  const runs = panelRuns(members, width, s.width);

  /** The weights as the kernels read them. */
  const place = ({ scale, w1, b1, w2, b2, head, headBias }: NetworkWeights) => {
    for (const { panel, lane, m, u, length } of runs)
      for (let j = 0, to = panel * d * 32 + lane; j < d; j++, to += 32) {
        const r = scale[m * d + j]!;
        const from = j * s.width + u;
        if (j > 0 && goesOn[j - 1]!)
          for (let l = 0; l < length; l++) wide[to + l] = wide[to - 32 + l]! + r * w1[from + l]!;
        else for (let l = 0; l < length; l++) wide[to + l] = r * w1[from + l]!;
      }
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
    run.firstLayer(rows, at.start, at.knot, at.share, at.wide, d, at.b1, hidden, at.h1, 0);
    if (mask1) times(h1, mask1, rows);
    run.dense(at.h1, width, rows * slots, width, at.w2, at.b2, width, at.h2, width, 0);
    if (mask2) times(h2, mask2, rows);
    for (let m = 0; m < members; m++)
      run.dense(at.h2 + m * width * 4, hidden, rows, width, at.head + m * width * outputs * 4, at.headBias + m * outputs * 4, outputs, at.z + m * outputs * 4, members * outputs, NONE); // biome-ignore format: one call
  };

  /** Where a mask says so, and 0 where the unit was not above 0: rows x hidden by a mask of rows x members x width. */
  const times = (h: Float32Array, mask: Float32Array, rows: number, above: Float32Array = h) => {
    for (let r = 0; r < rows; r++)
      for (let m = 0; m < members; m++) {
        const to = r * hidden + m * width;
        const from = (r * members + m) * s.width;
        for (let u = 0; u < s.width; u++) h[to + u] = above[to + u]! > 0 ? h[to + u]! * mask[from + u]! : 0;
      }
  };

  return {
    lossAndGradient(weights, { rows, x, q, exposure, event, mask1, mask2 }) {
      place(weights);
      enter(x, 0, rows, true);
      forward(rows, mask1, mask2);

      // Loss, and its slopes in the logits.
      const each = 1 / (members * rows);
      const gamma = new Float32Array(weights.gamma.length);
      const dGamma = new Float64Array(gamma.length);
      const headBias = new Float32Array(weights.headBias.length);
      const shared = new Float64Array(own);
      const dShared = new Float64Array(own);
      let loss = 0;
      for (let r = 0; r < rows; r++) {
        covariates(weights.gamma, q, r, shared);
        dShared.fill(0);
        for (let m = 0; m < members; m++) {
          const cell = (r * members + m) * outputs;
          for (let b = 0; b < bins; b++) {
            const seen = exposure[r * bins + b]!;
            let total = 1;
            for (let o = b * causes, end = o + causes; o < end; o++) {
              const logit = z[cell + o]! + shared[o]!;
              const e = Math.exp(logit);
              dz[cell + o] = e;
              total += e;
              loss -= logit * event[r * own + o]!;
            }
            if (seen > 0) loss += seen * Math.log(total);
            for (let o = b * causes, end = o + causes; o < end; o++) {
              const slope = ((dz[cell + o]! / total) * seen - event[r * own + o]!) * each;
              dz[cell + o] = slope;
              dShared[o]! += slope;
              headBias[m * own + o]! += slope;
            }
          }
        }
        for (let o = 0; o < own; o++)
          for (let k = 0; k < s.covariates; k++)
            dGamma[k * causes + (o % causes)]! +=
              dShared[o]! * q[(r * bins + Math.floor(o / causes)) * s.covariates + k]!;
      }
      gamma.set(dGamma);

      // Heads, and what reaches the second layer.
      const head = new Float32Array(weights.head.length);
      turn(h2, rows, hidden, hidden, turned);
      for (let m = 0; m < members; m++) {
        panels(dz, m * outputs, members * outputs, rows, outputs, 8, packed);
        run.dense(at.turned + m * width * rows * 4, rows, width, rows, at.packed, at.none, outputs, at.dHead + m * width * outputs * 4, outputs, NONE); // biome-ignore format: one call
        const found = floats(at.dHead + m * width * outputs * 4, width * outputs);
        for (let u = 0; u < s.width; u++)
          for (let o = 0; o < own; o++) head[(m * s.width + u) * own + o] = found[u * outputs + o]!;
        run.dense(at.dz + m * outputs * 4, members * outputs, rows, outputs, at.headBack + m * width * outputs * 4, at.none, width, at.d2 + m * width * 4, hidden, NONE); // biome-ignore format: one call
      }
      if (mask2) times(d2, mask2, rows, h2);
      else run.mask(at.d2, at.h2, rows * hidden);

      // Second layer, whose rows are those of all members.
      const under = rows * slots;
      turn(h1, under, width, width, turned);
      panels(d2, 0, width, under, width, 8, packed);
      run.dense(at.turned, under, width, under, at.packed, at.none, width, at.dW2, width, NONE);
      const w2 = new Float32Array(weights.w2.length);
      const dW2 = floats(at.dW2, width * width);
      for (let i = 0; i < s.width; i++) w2.set(dW2.subarray(i * width, i * width + s.width), i * s.width);
      const b2 = sums(d2, under, width, s.width);
      run.dense(at.d2, width, under, width, at.w2Back, at.none, width, at.d1, width, NONE);
      if (mask1) times(d1, mask1, rows, h1);
      else run.mask(at.d1, at.h1, rows * hidden);

      // First layer: the stacked scale_m * W1, and from it both.
      panels(d1, 0, hidden, rows, hidden, 32, packed);
      run.firstLayer(d, at.startBack, at.knotBack, at.shareBack, at.packed, rows, at.none, hidden, at.dWide, NONE);
      const b1 = sums(d1, under, width, s.width);
      const scale = new Float32Array(weights.scale.length);
      const w1 = new Float32Array(weights.w1.length);
      for (let j = d - 1; j >= 0; j--) {
        const row = j * s.width;
        const beyond = goesOn[j]! ? hidden : 0;
        for (let m = 0; m < members; m++) {
          const from = j * hidden + m * width;
          if (beyond) for (let u = 0; u < s.width; u++) dWide[from + u]! += dWide[from + beyond + u]!;
          const r = weights.scale[m * d + j]!;
          let sum = 0;
          for (let u = 0; u < s.width; u++) {
            const g = dWide[from + u]!;
            sum += g * weights.w1[row + u]!;
            w1[row + u]! += g * r;
          }
          scale[m * d + j] = sum;
        }
      }
      return { loss: loss * each, gradient: { scale, w1, b1, w2, b2, head, headBias, gamma } };
    },
    probabilities(weights, x, q) {
      place(weights);
      const rows = x.length / d;
      const cells = causes + 1;
      const mean = new Float32Array(rows * bins * cells);
      const shared = new Float64Array(own);
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
  function covariates(gamma: Float32Array, q: Float32Array, row: number, out: Float64Array): void {
    for (let b = 0; b < bins; b++)
      for (let c = 0; c < causes; c++) {
        let sum = 0;
        for (let k = 0; k < s.covariates; k++) sum += q[(row * bins + b) * s.covariates + k]! * gamma[k * causes + c]!;
        out[b * causes + c] = sum;
      }
  }
}

/** The units of all members cut where a panel of 32 ends: unit u of member m and the next ones stand in it from a lane on. */
function panelRuns(members: number, width: number, units: number) {
  const runs: { panel: number; lane: number; m: number; u: number; length: number }[] = [];
  for (let m = 0; m < members; m++)
    for (let u = 0; u < units; ) {
      const at = m * width + u;
      const length = Math.min(units - u, 32 - (at % 32));
      runs.push({ panel: at >> 5, lane: at % 32, m, u, length });
      u += length;
    }
  return runs;
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
