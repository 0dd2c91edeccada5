import type { Frame, FrameColumn } from '../src/frame.ts';
import { rowsOf } from '../src/frame.ts';
import { type Calendar, DAY, type Instant } from '../src/time.ts';

/** What is known of a future stretch of days besides the row's features; one gamma a cause, shared by all members. */
export const covariateNames = ['quarter_end', 'expected_end'] as const;
export const COVARIATES = covariateNames.length;

/** Frame columns that say how many days ahead an end is expected: the rep's close date, the end of a contract. */
const EXPECTED_ENDS = ['expected_close_in_days', 'contract_end_in_days'] as const;

/** The one of them that is among these columns; a model reads at most one. */
export const expectedEndIn = (columns: Iterable<string>): string => {
  const there = new Set(columns);
  return EXPECTED_ENDS.find((name) => there.has(name)) ?? EXPECTED_ENDS[0];
};

const expectedEndColumn = ({ columns }: Frame): FrameColumn | undefined => {
  const name = EXPECTED_ENDS.find((end) => columns.has(end));
  return name === undefined ? undefined : columns.get(name);
};

export const PUSH_DAYS = 14;
export const NEAR_DAYS = 7;

/**
 * q_b of every row and bin: the share of the bin inside the last two weeks of a fiscal quarter, and the share of it
 * within 7 days of the expected end: of a deal by its rep, of a contract (0 where there is none). Both in [0, 1].
 * @param edges bin edges in days from the row's as-of · @param from first row · @param to row after the last
 * @param room memory that is used again: what is returned then holds until it is given the next time
 * @returns rows x bins x 2, row-major
 */
export function binCovariates(
  frame: Frame,
  edges: readonly number[],
  calendar: Calendar,
  from = 0,
  to = rowsOf(frame),
  room?: Float32Array,
): Float32Array {
  const n = to - from;
  const bins = edges.length - 1;
  const size = n * bins * COVARIATES;
  const out = !room || room.length < size ? new Float32Array(size) : room.length > size ? room.subarray(0, size) : room;
  if (room) for (let e = 0; e < size; e++) out[e] = 0;
  const expected = expectedEndColumn(frame);
  const ends = quarterEnds(frame.asOf.subarray(from, to), edges.at(-1)!, calendar);
  for (let i = 0; i < n; i++) {
    const asOf = frame.asOf[from + i]!;
    const close = expected?.type === 'number' ? expected.values[from + i]! : Number.NaN;
    let next = 0;
    while (ends[next]! <= asOf) next++;
    for (let b = 0; b < bins; b++) {
      const from = edges[b]!;
      const to = edges[b + 1]!;
      let push = 0;
      for (let e = next; e < ends.length; e++) {
        const days = (ends[e]! - asOf) / DAY;
        if (days - PUSH_DAYS >= to) break;
        push += overlap(from, to, days - PUSH_DAYS, days);
      }
      const at = (i * bins + b) * COVARIATES;
      out[at] = push / (to - from);
      if (!Number.isNaN(close)) out[at + 1] = overlap(from, to, close - NEAR_DAYS, close + NEAR_DAYS) / (to - from);
    }
  }
  return out;
}

const overlap = (a: number, b: number, c: number, d: number): number => Math.max(0, Math.min(b, d) - Math.max(a, c));

/** The last two weeks of each fiscal quarter that end or begin within so many days of a look, in days from it. */
export function pushWindows(asOf: Instant, lastDay: number, calendar: Calendar): { from: number; to: number }[] {
  return quarterEnds(Float64Array.of(asOf), lastDay, calendar).map((end) => {
    const to = (end - asOf) / DAY;
    return { from: to - PUSH_DAYS, to };
  });
}

/** Ends of the fiscal quarters that any bin of any row can touch, ascending. */
function quarterEnds(asOf: Float64Array, lastDay: number, calendar: Calendar): number[] {
  const ends: number[] = [];
  if (asOf.length === 0) return ends;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const t of asOf) {
    if (t < low) low = t;
    if (t > high) high = t;
  }
  for (let at = low; ; ) {
    const { to } = calendar.quarter(at);
    ends.push(to);
    if (to > high + lastDay * DAY) return ends;
    at = to;
  }
}
