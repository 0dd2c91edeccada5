import { type Hazards, hazards, type Placed, place } from '../../models/hazards.ts';
import { takePlaced } from '../../models/networkFit.ts';
import type { TableTarget } from '../../models/tableAnswers.ts';
import { ForesellError } from '../../src/errors.ts';
import { type Frame, takeRows } from '../../src/frame.ts';
import { quantileSorted } from '../../src/stats/quantile.ts';

export { type TableAnswers, type TableTarget, tableAnswers } from '../../models/tableAnswers.ts';

/** Rows of a flat table and what became of them, any task as hazards: what the learner of `fit.ts` is given. */
export interface TableRows {
  readonly X: Frame;
  readonly grid: Hazards;
  readonly placed: Placed;
  /** What many-valued words are encoded by, from 0 to 1: 1 = success, or a rank; NaN = not known. */
  readonly success: Float64Array;
  readonly target: TableTarget;
  /** Amounts only: the values themselves. */
  readonly value?: Float64Array;
  /** Time order where there is one, ascending: the newest part then selects and tests. */
  readonly order?: Float64Array;
}

const NOTHING_SEEN = { score: [], rows: [], mean: [] };

/** A binary target: one bin, one cause; a row without the event is seen open through it. Column `positive` is its name. */
export function binaryRows(X: Frame, event: Uint8Array, positive = '1', order?: Float64Array): TableRows {
  sameRows(X, event, order);
  const grid = hazards([0, 1], 1);
  return {
    X,
    grid,
    placed: place(grid, Float64Array.from(event, (e) => (e ? 1 : 2)), event), // biome-ignore format: one call
    success: Float64Array.from(event),
    target: { task: 'binary', positive, map: null, seen: NOTHING_SEEN },
    ...ordered(order),
  };
}

/**
 * A target of several values: one bin, a cause for every level but the most frequent one, which is "still open". Levels
 * that no row has are left out. @param code level of each row, an index in `levels`
 * @throws ForesellError `class-invalid` for a code without level, or more than 255 levels
 */
export function classRows(
  X: Frame,
  code: ArrayLike<number>,
  levels: readonly string[],
  order?: Float64Array,
): TableRows {
  // biome-ignore format: one signature
  sameRows(X, code, order);
  const counts = new Float64Array(levels.length);
  for (let i = 0; i < code.length; i++) {
    if (!(code[i]! >= 0 && code[i]! < levels.length))
      throw new ForesellError('class-invalid', `row ${i}: class ${code[i]}; expected 0 to ${levels.length - 1}`);
    counts[code[i]!]! += 1;
  }
  const used = levels.map((_, k) => k).filter((k) => counts[k]! > 0);
  if (used.length > 256)
    throw new ForesellError('class-invalid', `${used.length} classes; a table's target may have up to 256`);
  const most = used.reduce((best, k) => (counts[k]! > counts[best]! ? k : best), used[0] ?? 0);
  const kept = [most, ...used.filter((k) => k !== most)];
  const placeOf = new Int32Array(levels.length);
  kept.forEach((k, i) => {
    placeOf[k] = i;
  });
  const cause = Uint8Array.from({ length: code.length }, (_, i) => placeOf[code[i]!]!);
  const grid = hazards([0, 1], Math.max(1, kept.length - 1));
  return {
    X,
    grid,
    placed: place(grid, Float64Array.from(cause, (c) => (c ? 1 : 2)), cause), // biome-ignore format: one call
    success: Float64Array.from(cause, (c) => (c ? 1 : 0)),
    target: { task: 'class', levels: kept.map((k) => levels[k]!) },
    ...ordered(order),
  };
}

/** Bins of time: about so many events in each, and at most so many bins. */
const EVENTS_PER_BIN = 25;
const MOST_TIME_BINS = 30;

/**
 * Edges of durations at quantiles of the event times, each a time at which something ended; the last is the longest time
 * seen, so that nothing that was watched is lost. Distinct and ascending from 0.
 */
export function timeEdges(time: ArrayLike<number>, cause: ArrayLike<number>): number[] {
  const ended: number[] = [];
  let longest = 0;
  for (let i = 0; i < time.length; i++) {
    if (cause[i]! > 0 && time[i]! > 0) ended.push(time[i]!);
    longest = Math.max(longest, time[i]!);
  }
  const sorted = Float64Array.from(ended).sort();
  const bins = Math.min(Math.max(Math.round(sorted.length / EVENTS_PER_BIN), 3), MOST_TIME_BINS);
  const edges = new Set<number>([0]);
  for (let k = 1; k <= bins && sorted.length; k++) edges.add(sorted[Math.ceil((k * sorted.length) / bins) - 1]!);
  if (edges.size < 2) edges.add(longest > 0 ? longest : 1);
  return [...edges].sort((a, b) => a - b);
}

/**
 * Durations with one cause or several. `time` in any unit (it is called days inside), `cause` 0 = censored, k = the k-th
 * of `causes`. @param edges bins of time; absent = `timeEdges`
 */
export function causeRows(
  X: Frame,
  time: Float64Array,
  cause: Uint8Array,
  causes: readonly string[],
  edges?: readonly number[],
  order?: Float64Array,
): TableRows {
  // biome-ignore format: one signature
  sameRows(X, time, order);
  const grid = hazards(edges ?? timeEdges(time, cause), Math.max(1, causes.length));
  return {
    X,
    grid,
    placed: place(grid, time, cause),
    success: Float64Array.from(cause, (c) => (c === 1 ? 1 : 0)),
    target: { task: 'duration', causes: causes.length ? [...causes] : ['event'] },
    ...ordered(order),
  };
}

/** Durations with one cause on given edges: `event` 0 = censored. */
export const durationRows = (X: Frame, edges: readonly number[], time: Float64Array, event: Uint8Array): TableRows =>
  causeRows(X, time, event, ['event'], edges);

/** Rows a value bin holds, and the most bins; the rows that half of a tail's bin must hold. */
const ROWS_PER_BIN = 16;
const MOST_VALUE_BINS = 24;
const TAIL_ROWS = 20;

/**
 * An amount as hazards along its own scale: value bins by quantiles, and in each the chance that the value ends there,
 * given that it is not below. Mean and quantiles then come from one law. The last bin is what is left when no other ended.
 * @throws ForesellError `amount-invalid` for a value that is not finite
 */
export function amountRows(X: Frame, value: Float64Array, order?: Float64Array): TableRows {
  sameRows(X, value, order);
  const bad = value.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) throw new ForesellError('amount-invalid', `row ${bad}: amount ${value[bad]}; expected a finite number`);
  const sorted = value.slice().sort();
  const n = sorted.length;
  const wanted = Math.min(Math.max(Math.floor(n / ROWS_PER_BIN), 2), MOST_VALUE_BINS);
  // Upper ends of the bins, each a value that occurs: (end of the bin before, end].
  const ends = new Set<number>();
  const endAt = (level: number) => n > 0 && ends.add(sorted[Math.max(1, Math.ceil(level * n)) - 1]!);
  for (let k = 1; k <= wanted; k++) endAt(k / wanted);
  // A tail holds most of what amounts differ by: its bin is halved while enough rows are beyond.
  for (let tail = 1 / wanted / 2; tail * n >= TAIL_ROWS && wanted === MOST_VALUE_BINS && tail > 1e-3; tail /= 2) {
    endAt(tail);
    endAt(1 - tail);
  }
  const upper = Float64Array.from([...ends].sort((a, b) => a - b));
  const bins = Math.max(1, upper.length);
  const bin = Int32Array.from(value, (v) => lowerBound(upper, v));
  const means: number[] = [];
  const inside: number[][] = [];
  for (let b = 0, from = 0; b < bins; b++) {
    let to = from;
    while (to < n && (b === bins - 1 || sorted[to]! <= upper[b]!)) to++;
    const own = sorted.subarray(from, to);
    means.push(own.length ? own.reduce((s, v) => s + v / own.length, 0) : 0);
    inside.push([0, 0.25, 0.5, 0.75, 1].map((q) => (own.length ? quantileSorted(own, q) : 0)));
    from = to;
  }
  const grid = hazards(Array.from({ length: Math.max(2, bins) }, (_, b) => b), 1); // biome-ignore format: one call
  const rank = Float64Array.from(value, (v) => (n > 1 ? (lowerBound(sorted, v) + upperBound(sorted, v) - 1) / 2 / (n - 1) : 0.5)); // biome-ignore format: one call
  const last = Math.max(1, bins - 1);
  return {
    X,
    grid,
    placed: {
      bin: Int32Array.from(bin, (b) => (bins === 1 ? 1 : Math.min(b, last))),
      fraction: new Float64Array(value.length),
      cause: Uint8Array.from(bin, (b) => (bins > 1 && b < last ? 1 : 0)),
    },
    success: rank,
    target: { task: 'amount', means, inside, levels: [0.1, 0.9] },
    value,
    ...ordered(order),
  };
}

/** Some of the rows, copied. */
export function takeTableRows(rows: TableRows, index: ArrayLike<number>): TableRows {
  const pick = (values: Float64Array) => Float64Array.from({ length: index.length }, (_, i) => values[index[i]!]!);
  return {
    ...rows,
    X: takeRows(rows.X, index),
    placed: takePlaced(rows.placed, index),
    success: pick(rows.success),
    ...(rows.value ? { value: pick(rows.value) } : {}),
    ...(rows.order ? { order: pick(rows.order) } : {}),
  };
}

const ordered = (order: Float64Array | undefined) => (order ? { order } : {});

function sameRows(X: Frame, values: ArrayLike<number>, order: ArrayLike<number> | undefined): void {
  for (const length of [values.length, ...(order ? [order.length] : [])])
    if (length !== X.ids.length)
      throw new ForesellError('rows-misfit', `${length} targets or times for ${X.ids.length} rows; expected one each`, { blame: 'failure' }); // biome-ignore format: one error
}

/** Number of values below v; of those not above it. */
const lowerBound = (sorted: Float64Array, v: number) => bound(sorted, (x) => x < v);
const upperBound = (sorted: Float64Array, v: number) => bound(sorted, (x) => x <= v);
function bound(sorted: Float64Array, before: (x: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
