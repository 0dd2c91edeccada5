import { bootstrapMean } from '../../src/stats/bootstrap.ts';
import { logLossOf } from '../../src/stats/logLoss.ts';
import type { Happened } from './happened.ts';
import type { Said } from './said.ts';

/** One part of the rows. Log losses are of the question "within the horizon". */
export interface Slice {
  readonly name: string;
  readonly rows: number;
  readonly entities: number;
  /** Mean probability said by ours, and share that happened. */
  readonly said: number;
  readonly happened: number;
  readonly logLoss: number;
  readonly rivalLogLoss: number;
  /** Ours minus the rival's, with a 95 % interval by accounts. */
  readonly difference: { readonly value: number; readonly low: number; readonly high: number };
}

const BANDS = [
  { name: 'up to 30 days', below: 30 },
  { name: '30 to 90 days', below: 90 },
  { name: '90 to 180 days', below: 180 },
  { name: '180 to 365 days', below: 365 },
  { name: 'over a year', below: Number.POSITIVE_INFINITY },
];
/** Fewer rows than this say nothing by themselves; they are put together. */
const FEWEST = 20;
const MOST = 12;

export const ageBand = (days: number): string => BANDS.find(({ below }) => days < below)!.name;

/** By how long it had been open, youngest first. */
export function byAge(said: readonly Said[], happened: readonly Happened[], rival: string, seed: number): Slice[] {
  const of = groups(said, ({ ageDays }) => ageBand(ageDays));
  return BANDS.flatMap(({ name }) => (of.has(name) ? [slice(name, of.get(name)!, said, happened, rival, seed)] : []));
}

/** By stage (source, industry) at the look, most rows first; the small ones together. */
export function bySegment(said: readonly Said[], happened: readonly Happened[], rival: string, seed: number): Slice[] {
  const of = [...groups(said, ({ segment }) => segment || '(none)')].sort(
    (a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1),
  );
  const large = of.filter(([, rows], i) => rows.length >= FEWEST && i < MOST);
  const small = of.filter((entry) => !large.includes(entry)).flatMap(([, rows]) => rows);
  return [...large, ...(small.length ? [['(others)', small] as const] : [])].map(([name, rows]) =>
    slice(name, rows, said, happened, rival, seed),
  );
}

function groups(said: readonly Said[], key: (row: Said) => string): Map<string, number[]> {
  const of = new Map<string, number[]>();
  said.forEach((row, i) => {
    const list = of.get(key(row));
    if (list) list.push(i);
    else of.set(key(row), [i]);
  });
  return of;
}

function slice(
  name: string,
  rows: readonly number[],
  said: readonly Said[],
  happened: readonly Happened[],
  rival: string,
  seed: number,
): Slice {
  const mean = (of: (i: number) => number) => rows.reduce((sum, i) => sum + of(i), 0) / rows.length;
  const ours = (i: number) => logLossOf(happened[i]!.within, said[i]!.ours.within);
  const theirs = (i: number) => logLossOf(happened[i]!.within, said[i]!.rivals[rival]!.within);
  const { value, low, high } = bootstrapMean(
    rows.map((i) => said[i]!.account),
    rows.map((i) => ours(i) - theirs(i)),
    { level: 0.95, draws: 1000, seed },
  );
  return {
    name,
    rows: rows.length,
    entities: new Set(rows.map((i) => said[i]!.id)).size,
    said: mean((i) => said[i]!.ours.within),
    happened: mean((i) => happened[i]!.within),
    logLoss: mean(ours),
    rivalLogLoss: mean(theirs),
    difference: { value, low, high },
  };
}
