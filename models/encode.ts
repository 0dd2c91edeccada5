import type { Frame, FrameColumn } from '../src/frame.ts';
import { rowsOf } from '../src/frame.ts';
import { lastAtMost } from '../src/time.ts';

/**
 * A frame as numbers for the learners: piecewise-linear numbers, one-hot words, ordered target encoding of many-valued
 * words. Fitted on training rows only; the fitted state is plain JSON and travels in the artifact.
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

export interface EncoderOptions {
  /** `piecewise` for the network and the additive ridge, `standard` for the plain linear candidate. */
  readonly numbers: 'piecewise' | 'standard';
  /** Independent units (deals), not landmark rows: sets the number of bins T = clamp(units / 40, 3, maxBins). */
  readonly units: number;
  readonly maxBins: number;
  /** Rows a word must have to get a column of its own; 10 unless said. */
  readonly minCount?: number;
}

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

const MIN_COUNT = 10;
const MAX_LEVELS = 32;
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

/** Quantile, type 7 (linear interpolation of order statistics, as R and NumPy by default), of sorted values. */
function quantile7(sorted: ArrayLike<number>, p: number): number {
  const h = (sorted.length - 1) * p;
  const low = Math.floor(h);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (h - low) * (sorted[high]! - sorted[low]!);
}

function skewness(values: Float64Array): number {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let m2 = 0;
  let m3 = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i]! - mean;
    m2 += (d * d) / n;
    m3 += (d * d * d) / n;
  }
  return m2 > 0 ? m3 / m2 ** 1.5 : 0;
}

/**
 * Edges of the piecewise-linear encoding: distinct quantiles at i/T; where one value holds more than a fifth of the
 * rows, also those of the other values, or a zero-inflated count would get a single bin.
 * @param sorted ascending, no NaN · @returns distinct ascending edges (one only for a constant)
 */
export function piecewiseEdges(sorted: Float64Array, bins: number): number[] {
  const edges = new Set<number>();
  for (let i = 0; i <= bins; i++) edges.add(quantile7(sorted, i / bins));
  let mode = Number.NaN;
  let most = 0;
  for (let i = 0, run = 0; i < sorted.length; i++) {
    run = i > 0 && sorted[i] === sorted[i - 1] ? run + 1 : 1;
    if (run > most) {
      most = run;
      mode = sorted[i]!;
    }
  }
  if (most > 0.2 * sorted.length) {
    const others = sorted.filter((v) => v !== mode);
    if (others.length) for (let i = 0; i <= bins; i++) edges.add(quantile7(others, i / bins));
  }
  // A sliver between nearly equal values (a day of 23 hours among days of 24) is no bin of its own.
  const sliver = 1e-3 * (quantile7(sorted, 0.95) - quantile7(sorted, 0.05));
  const kept: number[] = [];
  for (const edge of [...edges].sort((a, b) => a - b)) {
    if (kept.length === 0 || edge - kept.at(-1)! > sliver) kept.push(edge);
  }
  return kept;
}

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

/** Fits the encoder on all rows of a training frame. */
export function fitEncoder(frame: Frame, outcomes: Outcomes, options: EncoderOptions): Encoder {
  const codes: Code[] = [];
  for (const [feature, column] of frame.columns) {
    const code =
      column.type === 'number'
        ? fitNumber(feature, column.values, options)
        : fitCategory(feature, column, outcomes, options.minCount ?? MIN_COUNT);
    if (code) codes.push(code);
  }
  return assemble(codes);
}

/** An encoder of given codes, in their order; a feature may have several. */
export function assemble(codes: readonly Code[]): Encoder {
  const source = codes.flatMap((code, i) => new Array<number>(widthOf(code)).fill(i));
  return { codes, width: source.length, source, sources: codes.map((code) => code.feature) };
}

/** What a column knows, tamed, as a copy; and the least of it. */
function presentIn(values: Float64Array): { readonly present: Float64Array; readonly least: number } {
  const present = new Float64Array(values.length);
  let [n, least] = [0, Number.POSITIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = tame(values[i]!);
    if (Number.isNaN(value)) continue;
    present[n++] = value;
    if (value < least) least = value;
  }
  return { present: present.subarray(0, n), least };
}

function fitNumber(feature: string, values: Float64Array, options: EncoderOptions): Code | undefined {
  const { present, least } = presentIn(values);
  if (present.length === 0) return undefined;
  const missing = present.length < values.length;
  const log = least >= 0 && skewness(present) > 2;
  if (log) for (let i = 0; i < present.length; i++) present[i] = Math.log1p(present[i]!);
  const sorted = present.sort();
  const median = quantile7(sorted, 0.5);
  const varies = sorted[0] !== sorted[sorted.length - 1];
  if (!varies && !missing) return undefined;
  if (options.numbers === 'standard') {
    let [sum, squares] = [0, 0];
    for (const v of sorted) sum += v;
    const mean = sum / sorted.length;
    for (const v of sorted) squares += (v - mean) ** 2;
    const sd = Math.sqrt(squares / sorted.length) || 1;
    return { kind: 'standard', feature, log, median, missing, mean, sd };
  }
  const bins = Math.min(Math.max(Math.floor(options.units / 40), 3), options.maxBins);
  const edges = varies ? piecewiseEdges(sorted, bins) : [sorted[0]!, sorted[0]! + 1];
  return { kind: 'piecewise', feature, log, median, missing, edges };
}

function fitCategory(
  feature: string,
  column: FrameColumn & { type: 'category' },
  outcomes: Outcomes,
  minCount: number,
): Code | undefined {
  const counts = new Array<number>(column.levels.length).fill(0);
  for (const code of column.codes) if (code >= 0) counts[code]!++;
  const levels = column.levels.filter((_, i) => counts[i]! >= minCount);
  if (levels.length === 0) return undefined;
  if (levels.length <= MAX_LEVELS) {
    const others = column.codes.length - levels.reduce((s, level) => s + counts[column.levels.indexOf(level)]!, 0);
    if (levels.length === 1 && others === 0) return undefined;
    return { kind: 'onehot', feature, levels: [...levels].sort() };
  }
  const tallies: Record<string, [number, number]> = Object.create(null) as Record<string, [number, number]>;
  let won = 0;
  let resolved = 0;
  for (const { level, success } of resolvedOnce(column, outcomes)) {
    const tally = (tallies[level] ??= [0, 0]);
    tally[0] += success;
    tally[1]++;
    won += success;
    resolved++;
  }
  return { kind: 'target', feature, prior: resolved ? won / resolved : 0.5, tallies: { ...tallies } };
}

/** One resolved outcome an entity (its last row's level), in order of when it became known. */
function resolvedOnce(column: FrameColumn & { type: 'category' }, outcomes: Outcomes) {
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
