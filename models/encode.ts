import type { Frame, FrameColumn } from '../src/frame.ts';
import { rowsOf } from '../src/frame.ts';
import { lastAtMost } from '../src/time.ts';

/**
 * A frame as numbers for the learners: piecewise-linear numbers, one-hot words, ordered target encoding of many-valued
 * words. Fitted on training rows only (`fitEncoder.ts`); the fitted state is plain JSON and travels in the artifact.
 */
export interface Encoder {
  readonly codes: readonly Code[];
  /** Columns of the encoded matrix. */
  readonly width: number;
  /** For each encoded column, the index in `sources` of the feature it comes from. */
  readonly source: readonly number[];
  /** Features in use, in order. Constant ones are left out. */
  readonly sources: readonly string[];
}

export type Code =
  | {
      readonly kind: 'piecewise';
      readonly feature: string;
      /** log1p first. */
      readonly log: boolean;
      readonly median: number;
      /** An is-missing column follows. */
      readonly missing: boolean;
      /** Ascending, at least two. */
      readonly edges: readonly number[];
    }
  | {
      readonly kind: 'standard';
      readonly feature: string;
      readonly log: boolean;
      readonly median: number;
      readonly missing: boolean;
      readonly mean: number;
      readonly sd: number;
    }
  | {
      readonly kind: 'onehot';
      readonly feature: string;
      /** Column 0 stands for rare, unseen and missing; level i has column i + 1. */
      readonly levels: readonly string[];
    }
  | {
      readonly kind: 'target';
      readonly feature: string;
      readonly prior: number;
      /** Level: successes and resolved outcomes known at the end of training. */
      readonly tallies: Readonly<Record<string, readonly [successes: number, resolved: number]>>;
    };

/** What ordered target encoding may look at: one resolved outcome an entity. */
export interface Outcomes {
  readonly entity: readonly string[];
  /** 1 = success (won), 0 = resolved otherwise, NaN = not resolved. */
  readonly success: Float64Array;
  /** When the outcome became known. */
  readonly knownAt: Float64Array;
  /** Rows without time: a row is encoded by the outcomes of the other folds, whenever they became known. */
  readonly fold?: Int32Array;
}

const SMOOTHING = 20;
/** The open ends of the encoding are clamped: values far outside training cannot run away. */
const LOW = -3;
const HIGH = 4;
export const PIECEWISE_ENDS = [LOW, HIGH] as const;
/** The same of standardised numbers, either way. */
export const STANDARD_END = 5;

/** Beyond this a cell says nothing that this bound does not; squares and cubes of it still are numbers. */
export const HUGE = 1e15;

/** A cell as the learners may read it: not finite = missing (NaN), huge = the bound. */
export const tame = (x: number): number => (Number.isFinite(x) ? Math.min(Math.max(x, -HUGE), HUGE) : Number.NaN);

/**
 * e_t = (x - b_{t-1}) / (b_t - b_{t-1}), below 0 only in the first bin, above 1 only in the last, clamped to [-3, 4].
 * Source: Gorishniy et al., On Embeddings for Numerical Features (2022), eq. 1; open ends are ours.
 */
export function piecewise(x: number, edges: readonly number[], out: Float32Array, offset: number): void {
  const bins = edges.length - 1;
  for (let t = 0; t < bins; t++) {
    let e = (x - edges[t]!) / (edges[t + 1]! - edges[t]!);
    if (t > 0 && e < 0) e = 0;
    if (t < bins - 1 && e > 1) e = 1;
    out[offset + t] = e < LOW ? LOW : e > HIGH ? HIGH : e;
  }
}

/** Columns that a code takes. */
export function widthOf(code: Code): number {
  switch (code.kind) {
    case 'piecewise':
      return code.edges.length - 1 + (code.missing ? 1 : 0);
    case 'standard':
      return 1 + (code.missing ? 1 : 0);
    case 'onehot':
      return code.levels.length + 1;
    case 'target':
      return 2;
  }
}

/** An encoder of given codes, in their order; a feature may have several. */
export function assemble(codes: readonly Code[]): Encoder {
  const source = codes.flatMap((code, i) => new Array<number>(widthOf(code)).fill(i));
  return { codes, width: source.length, source, sources: codes.map((code) => code.feature) };
}

/** One resolved outcome an entity (its last row's level), in order of when it became known. */
export function resolvedOnce(column: FrameColumn & { type: 'category' }, outcomes: Outcomes) {
  const lastRow = new Map<string, number>();
  outcomes.entity.forEach((id, row) => {
    if (column.codes[row]! >= 0 && !Number.isNaN(outcomes.success[row]!)) lastRow.set(id, row);
  });
  return [...lastRow.values()]
    .map((row) => ({
      level: column.levels[column.codes[row]!]!,
      success: outcomes.success[row]!,
      at: outcomes.knownAt[row]!,
    }))
    .sort((a, b) => a.at - b.at);
}

/**
 * Encodes rows. With `outcomes` (training rows) target encoding uses only outcomes known before each row's as-of time;
 * without, the tallies at the end of training.
 * @param shared into memory that another thread can be handed without a copy
 * @returns rows x width, row-major
 */
export function encode(encoder: Encoder, frame: Frame, outcomes?: Outcomes, shared = false): Float32Array {
  const n = rowsOf(frame);
  const d = encoder.width;
  const out = shared ? new Float32Array(new SharedArrayBuffer(4 * n * d)) : new Float32Array(n * d);
  let offset = 0;
  for (const code of encoder.codes) {
    const column = frame.columns.get(code.feature);
    switch (code.kind) {
      case 'piecewise':
      case 'standard':
        encodeNumber(code, column, out, n, d, offset);
        break;
      case 'onehot':
        encodeOneHot(code, column, out, n, d, offset);
        break;
      case 'target':
        encodeTarget(code, column, frame, out, n, d, offset, outcomes);
        break;
    }
    offset += widthOf(code);
  }
  return out;
}

type NumberCode = Code & { kind: 'piecewise' | 'standard' };

function encodeNumber(
  code: NumberCode,
  column: FrameColumn | undefined,
  out: Float32Array,
  n: number,
  d: number,
  at: number,
) {
  const values = column?.type === 'number' ? column.values : undefined;
  const missingAt = code.kind === 'piecewise' ? code.edges.length - 1 : 1;
  for (let i = 0; i < n; i++) {
    const raw = values ? tame(values[i]!) : Number.NaN;
    const absent = Number.isNaN(raw);
    const x = absent ? code.median : code.log ? Math.log1p(Math.max(raw, 0)) : raw;
    const cell = i * d + at;
    if (code.kind === 'piecewise') piecewise(x, code.edges, out, cell);
    else out[cell] = Math.min(Math.max((x - code.mean) / code.sd, -STANDARD_END), STANDARD_END);
    if (code.missing) out[cell + missingAt] = absent ? 1 : 0;
  }
}

function encodeOneHot(
  code: Code & { kind: 'onehot' },
  column: FrameColumn | undefined,
  out: Float32Array,
  n: number,
  d: number,
  at: number,
) {
  const category = column?.type === 'category' ? column : undefined;
  const position = category?.levels.map((level) => code.levels.indexOf(level) + 1);
  for (let i = 0; i < n; i++) {
    const level = category ? category.codes[i]! : -1;
    out[i * d + at + (level < 0 ? 0 : position![level]!)] = 1;
  }
}

function encodeTarget(
  code: Code & { kind: 'target' },
  column: FrameColumn | undefined,
  frame: Frame,
  out: Float32Array,
  n: number,
  d: number,
  at: number,
  outcomes: Outcomes | undefined,
) {
  const category = column?.type === 'category' ? column : undefined;
  const write = (row: number, successes: number, resolved: number, prior: number) => {
    out[row * d + at] = shrunkRate(successes, resolved, prior);
    out[row * d + at + 1] = Math.log1p(resolved);
  };
  if (!category) {
    for (let i = 0; i < n; i++) write(i, 0, 0, code.prior);
    return;
  }
  if (!outcomes) {
    for (let i = 0; i < n; i++) {
      const level = category.codes[i]!;
      const tally = level < 0 ? undefined : code.tallies[category.levels[level]!];
      write(i, tally?.[0] ?? 0, tally?.[1] ?? 0, code.prior);
    }
    return;
  }
  if (outcomes.fold) {
    const tally = new Map<string, [number, number]>();
    const add = (key: string, success: number) => {
      const sum = tally.get(key) ?? [0, 0];
      tally.set(key, [sum[0] + success, sum[1] + 1]);
    };
    category.codes.forEach((level, i) => {
      const success = outcomes.success[i]!;
      if (level < 0 || Number.isNaN(success)) return;
      add(`${level}`, success);
      add(`${level} ${outcomes.fold![i]}`, success);
    });
    category.codes.forEach((level, i) => {
      const [all, n] = tally.get(`${level}`) ?? [0, 0];
      const [own, m] = tally.get(`${level} ${outcomes.fold![i]}`) ?? [0, 0];
      write(i, all - own, n - m, code.prior);
    });
    return;
  }
  // Prefix sums per level in order of when outcomes became known; a row reads those strictly before its as-of time.
  const series = new Map<string, { at: number[]; successes: number[] }>();
  for (const { level, success, at: known } of resolvedOnce(category, outcomes)) {
    let s = series.get(level);
    if (!s) series.set(level, (s = { at: [], successes: [] }));
    s.at.push(known);
    s.successes.push((s.successes.at(-1) ?? 0) + success);
  }
  for (let i = 0; i < n; i++) {
    const level = category.codes[i]!;
    const s = level < 0 ? undefined : series.get(category.levels[level]!);
    const resolved = s ? lastAtMost(s.at, frame.asOf[i]! - 1) + 1 : 0;
    write(i, resolved ? s!.successes[resolved - 1]! : 0, resolved, code.prior);
  }
}

/** te = (S + m p0) / (n + m): a rate of few outcomes is drawn to the prior, as if m more had come out at it. */
export function shrunkRate(successes: number, resolved: number, prior: number, m = SMOOTHING): number {
  return (successes + m * prior) / (resolved + m);
}

/** Mean of each encoded column: the baseline of explanations. */
export function columnMeans(x: Float32Array, width: number): Float32Array {
  const n = x.length / width;
  const sums = new Float64Array(width);
  for (let i = 0; i < n; i++) for (let j = 0; j < width; j++) sums[j]! += x[i * width + j]!;
  return Float32Array.from(sums, (s) => s / Math.max(n, 1));
}
