import { sparseWasm } from './sparseWasm.ts';
import { kernelOver } from './wasm.ts';

/** What sparse.as exports; pointers are bytes into the memory. */
interface Kernel {
  scores4(rows: number, start: number, column: number, value: number, w: number, offset: number, score: number, stride: number): void; // biome-ignore format: one signature
  scores2(rows: number, start: number, column: number, value: number, w: number, offset: number, score: number, stride: number): void; // biome-ignore format: one signature
  scatter4(rows: number, start: number, column: number, value: number, score: number, gradient: number, stride: number): void; // biome-ignore format: one signature
  scatter2(rows: number, start: number, column: number, value: number, score: number, gradient: number, stride: number): void; // biome-ignore format: one signature
}

/**
 * Rows times effects, and back: of every row the sums over its inputs, and of every input the sums over its rows. Zero
 * inputs cost nothing, and encoded rows are half zeros. An effect has several terms (a cause at a clock), side by side.
 */
export interface Effects {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Numbers from one input, or row, to the next: the terms, and one that pads them to an even number. */
  readonly stride: number;
  /** inputs x stride, to be filled before `scores`. */
  readonly w: Float64Array;
  /** What every sum begins with: stride. */
  readonly offset: Float64Array;
  /** rows x stride: what `scores` leaves, and what `scatter` takes. */
  readonly score: Float64Array;
  /** inputs x stride: what `scatter` leaves. */
  readonly gradient: Float64Array;
  /** score = offset + x w */
  scores(): void;
  /** gradient = x' score */
  scatter(): void;
}

/** Non-zero inputs by row. */
interface Sparse {
  readonly start: Int32Array;
  readonly column: Uint16Array | Int32Array;
  readonly value: Float32Array;
}

/** Of the same inputs many models are fitted, one penalty after another: the last form of them is kept as long as they are. */
const kept = new WeakMap<Float32Array, { readonly rows: number; readonly effects: Effects }>();

/**
 * Effects of so many terms on rows x inputs. In WebAssembly SIMD where it is there and the inputs are fewer than 65,536,
 * else on plain arrays: the same sums in the same order, to the bit. Cost of the first call: a pass over `x`, and its non-zero entries once more in memory.
 */
export function effectsOn(x: Float32Array, rows: number, inputs: number, terms: number): Effects {
  const stride = terms + (terms % 2);
  const known = kept.get(x);
  if (known?.rows === rows && known.effects.stride === stride) return known.effects;
  const sparse = nonZero(x, rows, inputs);
  const effects = effectsInWasm(sparse, rows, inputs, stride) ?? plainEffects(sparse, rows, inputs, stride);
  kept.set(x, { rows, effects });
  return effects;
}

export function nonZero(x: Float32Array, rows: number, inputs: number): Sparse {
  let count = 0;
  for (const v of x) if (v !== 0) count++;
  const start = new Int32Array(rows + 1);
  const column = inputs < 65_536 ? new Uint16Array(count) : new Int32Array(count);
  const value = new Float32Array(count);
  let e = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < inputs; j++) {
      const v = x[i * inputs + j]!;
      if (v === 0) continue;
      column[e] = j;
      value[e++] = v;
    }
    start[i + 1] = e;
  }
  return { start, column, value };
}

function moments({ start, column, value }: Sparse, inputs: number): Pick<Effects, 'mean' | 'variance'> {
  const rows = Math.max(start.length - 1, 1);
  const mean = new Float64Array(inputs);
  const variance = new Float64Array(inputs);
  for (let e = 0; e < value.length; e++) {
    mean[column[e]!]! += value[e]! / rows;
    variance[column[e]!]! += value[e]! ** 2 / rows;
  }
  for (let j = 0; j < inputs; j++) variance[j] = Math.max(variance[j]! - mean[j]! ** 2, 0);
  return { mean, variance };
}

/** The plain loops, which the kernel is held to. */
export function plainEffects(sparse: Sparse, rows: number, inputs: number, stride: number): Effects {
  const { start, column, value } = sparse;
  const w = new Float64Array(inputs * stride);
  const offset = new Float64Array(stride);
  const score = new Float64Array(rows * stride);
  const gradient = new Float64Array(inputs * stride);
  return {
    ...moments(sparse, inputs),
    stride,
    w,
    offset,
    score,
    gradient,
    scores() {
      for (let i = 0; i < rows; i++) {
        const to = i * stride;
        for (let t = 0; t < stride; t++) score[to + t] = offset[t]!;
        for (let e = start[i]!; e < start[i + 1]!; e++) {
          const at = column[e]! * stride;
          for (let t = 0; t < stride; t++) score[to + t]! += value[e]! * w[at + t]!;
        }
      }
    },
    scatter() {
      gradient.fill(0);
      for (let i = 0; i < rows; i++) {
        const from = i * stride;
        for (let e = start[i]!; e < start[i + 1]!; e++) {
          const at = column[e]! * stride;
          for (let t = 0; t < stride; t++) gradient[at + t]! += value[e]! * score[from + t]!;
        }
      }
    },
  };
}

export function effectsInWasm(sparse: Sparse, rows: number, inputs: number, stride: number): Effects | undefined {
  if (!(sparse.column instanceof Uint16Array)) return undefined;
  let top = 128;
  const room = (bytes: number): number => {
    const at = top;
    top += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const at = {
    start: room(4 * (rows + 1)),
    column: room(2 * sparse.column.length),
    value: room(4 * sparse.value.length),
    w: room(8 * inputs * stride),
    offset: room(8 * stride),
    score: room(8 * rows * stride),
    gradient: room(8 * inputs * stride),
  };
  const kernel = kernelOver<Kernel>(sparseWasm, top);
  if (!kernel) return undefined;
  const { run, buffer } = kernel;
  new Int32Array(buffer, at.start, rows + 1).set(sparse.start);
  new Uint16Array(buffer, at.column, sparse.column.length).set(sparse.column);
  new Float32Array(buffer, at.value, sparse.value.length).set(sparse.value);
  const doubles = (from: number, count: number) => new Float64Array(buffer, from, count);
  const gradient = doubles(at.gradient, inputs * stride);
  const bytes = 8 * stride;
  // Four terms at a time, and the two that may be left.
  const fours = stride >> 2;
  const panels = (four: (shift: number) => void, two: (shift: number) => void) => {
    for (let k = 0; k < fours; k++) four(32 * k);
    if (stride % 4) two(32 * fours);
  };
  const { start, column, value } = at;
  return {
    ...moments(sparse, inputs),
    stride,
    w: doubles(at.w, inputs * stride),
    offset: doubles(at.offset, stride),
    score: doubles(at.score, rows * stride),
    gradient,
    scores: () =>
      panels(
        (shift) => run.scores4(rows, start, column, value, at.w + shift, at.offset + shift, at.score + shift, bytes),
        (shift) => run.scores2(rows, start, column, value, at.w + shift, at.offset + shift, at.score + shift, bytes),
      ),
    scatter() {
      gradient.fill(0);
      panels(
        (shift) => run.scatter4(rows, start, column, value, at.score + shift, at.gradient + shift, bytes),
        (shift) => run.scatter2(rows, start, column, value, at.score + shift, at.gradient + shift, bytes),
      );
    },
  };
}
