import { argsort } from '../../src/stats/argsort.ts';
import { auc } from '../../src/stats/auc.ts';
import { averagePrecision } from '../../src/stats/averagePrecision.ts';
import { brier } from '../../src/stats/brier.ts';
import { ece } from '../../src/stats/ece.ts';
import { logLoss } from '../../src/stats/logLoss.ts';
import { wilson } from '../../src/stats/wilson.ts';
import type { JudgedRows, Segment } from '../../training/evidence.ts';

/** What a report draws of judged rows; shares and probabilities from 0 to 1. */
export type Point = readonly [x: number, y: number];

/** Most points of a line: more is not seen. */
const MOST_POINTS = 160;

function thinned(points: readonly Point[]): Point[] {
  const step = Math.max(1, (points.length - 1) / MOST_POINTS);
  const kept: Point[] = [];
  for (let at = 0; at < points.length - 1; at += step) kept.push(points[Math.floor(at)]!);
  if (points.length) kept.push(points.at(-1)!);
  return kept;
}

/** Counts from the best-scored down, at each distinct score: rows taken, and how many of them were positive. */
function cuts(event: readonly number[], p: readonly number[]): { readonly taken: number; readonly found: number }[] {
  const order = argsort(p).reverse();
  const out = [{ taken: 0, found: 0 }];
  let found = 0;
  for (let i = 0; i < order.length; i++) {
    found += event[order[i]!]!;
    if (i + 1 < order.length && p[order[i + 1]!] === p[order[i]!]) continue;
    out.push({ taken: i + 1, found });
  }
  return out;
}

/** False positive rate against true positive rate. */
export function rocPoints(event: readonly number[], p: readonly number[]): Point[] {
  const all = event.reduce((sum, e) => sum + e, 0);
  const others = event.length - all;
  return thinned(cuts(event, p).map(({ taken, found }): Point => [(taken - found) / others, found / all]));
}

/** Recall against precision; the first point has the precision of the highest score. */
export function precisionRecallPoints(event: readonly number[], p: readonly number[]): Point[] {
  const all = event.reduce((sum, e) => sum + e, 0);
  const of = cuts(event, p).slice(1);
  const first: Point = [0, of.length ? of[0]!.found / of[0]!.taken : 0];
  return thinned([first, ...of.map(({ taken, found }): Point => [found / all, found / taken])]);
}

/** Share of the list from the best-ranked down, against the share of the positives in it. */
export function gainPoints(event: readonly number[], p: readonly number[]): Point[] {
  const all = event.reduce((sum, e) => sum + e, 0);
  return thinned(cuts(event, p).map(({ taken, found }): Point => [taken / event.length, found / all]));
}

export interface ReliabilityBin {
  readonly rows: number;
  readonly accounts: number;
  readonly said: number;
  readonly happened: number;
  /** 95 %, counting accounts rather than rows, since rows of one account are not independent. */
  readonly low: number;
  readonly high: number;
}

/** Tenths of the rows (fewer where there are few), in order of what was said. */
export function reliability({ p, event, group }: JudgedRows): ReliabilityBin[] {
  const order = argsort(p);
  const bins = Math.min(10, Math.max(1, Math.floor(p.length / 30)));
  return Array.from({ length: bins }, (_, b) => {
    const rows = Array.from(order.slice(Math.round((b * p.length) / bins), Math.round(((b + 1) * p.length) / bins)));
    const mean = (of: readonly number[]) => rows.reduce((sum, row) => sum + of[row]!, 0) / rows.length;
    const accounts = new Set(rows.map((row) => group[row]!)).size;
    const happened = mean(event);
    return { rows: rows.length, accounts, said: mean(p), happened, ...wilson(happened * accounts, accounts) };
  });
}

/** How many times the usual rate each tenth of the list holds, from the best-ranked down. */
export function liftByTenth(event: readonly number[], p: readonly number[]): number[] {
  const order = argsort(p).reverse();
  const rate = event.reduce((sum, e) => sum + e, 0) / event.length;
  const tenths = Math.min(10, event.length);
  return Array.from({ length: tenths }, (_, t) => {
    const rows = Array.from(
      order.slice(Math.round((t * order.length) / tenths), Math.round(((t + 1) * order.length) / tenths)),
    );
    return rows.reduce((sum, row) => sum + event[row]!, 0) / rows.length / rate;
  });
}

/** How many rows of each side were given a probability in each twentieth of the scale. */
export function distribution(event: readonly number[], p: readonly number[]) {
  const [positive, negative] = [new Array<number>(20).fill(0), new Array<number>(20).fill(0)];
  p.forEach((value, row) => {
    const bin = Math.min(19, Math.floor(value * 20));
    (event[row] ? positive : negative)[bin]!++;
  });
  return { positive, negative };
}

export interface Figures {
  readonly rows: number;
  readonly auc: number | null;
  readonly averagePrecision: number | null;
  readonly logLoss: number;
  readonly brier: number;
  readonly ece: number;
}

/** Figures of one method. Ranking needs both outcomes. */
export function figuresOf(event: readonly number[], p: readonly number[]): Figures {
  const both = event.includes(0) && event.includes(1);
  return {
    rows: event.length,
    auc: both ? auc(event, p) : null,
    averagePrecision: both ? averagePrecision(event, p) : null,
    logLoss: logLoss(event, p),
    brier: brier(event, p),
    ece: ece(event, p, 'width'),
  };
}

export interface SegmentRow {
  readonly level: number;
  readonly rows: number;
  readonly accounts: number;
  readonly said: number;
  readonly happened: number;
  readonly low: number;
  readonly high: number;
  readonly auc: number | null;
  readonly logLoss: number;
  /** Of a method that says the same of everybody here and knows the rate of this part: what is there to beat. */
  readonly rateLogLoss: number;
}

/** Fewer rows, or accounts, than this say nothing by themselves. */
const FEWEST_ROWS = 30;
const FEWEST_ACCOUNTS = 10;
const MOST_LEVELS = 10;

/** The levels of a segment that have enough rows, the largest first (ranges in their order). */
export function segmentRows({ p, event, group }: JudgedRows, { levels, codes }: Segment): SegmentRow[] {
  const rows = levels.flatMap((_, level): SegmentRow[] => {
    const of = codes.flatMap((code, row) => (code === level ? [row] : []));
    const accounts = new Set(of.map((row) => group[row]!)).size;
    if (of.length < FEWEST_ROWS || accounts < FEWEST_ACCOUNTS) return [];
    const e = of.map((row) => event[row]!);
    const s = of.map((row) => p[row]!);
    const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    const happened = mean(e);
    return [
      {
        level,
        rows: of.length,
        accounts,
        said: mean(s),
        happened,
        ...wilson(happened * accounts, accounts),
        auc: e.includes(0) && e.includes(1) ? auc(e, s) : null,
        logLoss: logLoss(e, s),
        rateLogLoss: logLoss(
          e,
          e.map(() => happened),
        ),
      },
    ];
  });
  if (typeof levels[0] === 'number') return rows;
  return rows.sort((a, b) => b.rows - a.rows).slice(0, MOST_LEVELS);
}
