import type { Frame, FrameColumn } from '../src/frame.ts';
import { assemble, type Code, type Encoder, type Outcomes, resolvedOnce, tame } from './encode.ts';

export interface EncoderOptions {
  /** `piecewise` for the network and the additive ridge, `standard` for the plain linear candidate. */
  readonly numbers: 'piecewise' | 'standard';
  /** Independent units (deals), not landmark rows: sets the number of bins T = clamp(units / 40, 3, maxBins). */
  readonly units: number;
  readonly maxBins: number;
  /** Rows a word must have to get a column of its own; 10 unless said. */
  readonly minCount?: number;
}

const MIN_COUNT = 10;
const MAX_LEVELS = 32;

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
