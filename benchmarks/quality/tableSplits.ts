import type { Table } from '../../src/connectors/table.ts';
import { random } from '../../src/random.ts';
import { bank, COIL_TRAIN, clv, coil, fifthRow, mlc, type TableSet, telco, xedu } from './tableSets.ts';

/** Row numbers that train and that test. */
export interface Fold {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** How a set is cut, and what is asked of our learner there. */
export interface TableSplit {
  readonly set: TableSet;
  /** Such as `fifth row`. */
  readonly split: string;
  /** Training rows are in order of time, older first, and the test is later than all of them. */
  readonly inTime: boolean;
  folds(table: Table): readonly Fold[];
  readonly asked: Readonly<Partial<Record<'auc' | 'hits800', number>>>;
  readonly askedMost: Readonly<Partial<Record<'logLoss', number>>>;
}

const every = (set: TableSet, asked: TableSplit['asked'], askedMost: TableSplit['askedMost'] = {}): TableSplit => ({
  set,
  split: 'fifth row',
  inTime: false,
  folds: (table) => [fifthRow(table.rows)],
  asked,
  askedMost,
});

const newestFifth = (set: TableSet, split: string, asked: TableSplit['asked']): TableSplit => ({
  set,
  split,
  inTime: true,
  folds: (table) => [lastFifth(inTime(table, set))],
  asked,
  askedMost: {},
});

/** The fixed splits, with what is asked of each. None was ever used to choose anything. */
export const tableSplits: readonly TableSplit[] = [
  every(telco, { auc: 0.842 }, { logLoss: 0.423 }),
  every(mlc, { auc: 0.918 }),
  every(xedu, { auc: 0.868 }, { logLoss: 0.437 }),
  newestFifth(xedu, 'newest fifth by Lead Number', { auc: 0.89 }),
  {
    set: coil,
    split: 'official',
    inTime: false,
    folds: (table) => [{ train: upTo(COIL_TRAIN), test: upTo(table.rows).slice(COIL_TRAIN) }],
    asked: { auc: 0.722, hits800: 110 },
    askedMost: {},
  },
  every(bank, { auc: 0.778 }),
  newestFifth(bank, 'newest fifth by row', {}),
  every(clv, {}),
  {
    set: telco,
    split: '5 folds',
    inTime: false,
    folds: (table) => stratified(table.cells.get(telco.target)!, 5, 0),
    asked: { auc: 0.847 },
    askedMost: { logLoss: 0.414 },
  },
];

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Row numbers by the set's column of time, as the file stands without one; equal times keep the file's order. */
function inTime(table: Table, { time }: TableSet): number[] {
  const rows = upTo(table.rows);
  if (time === undefined) return rows;
  const at = table.cells.get(time)!.map(Number);
  return rows.sort((a, b) => at[a]! - at[b]! || a - b);
}

function lastFifth(rows: readonly number[]): Fold {
  const cut = Math.floor(rows.length * 0.8);
  return { train: rows.slice(0, cut), test: rows.slice(cut) };
}

/**
 * `count` folds, each with the same share of every class: rows are shuffled by the seed, then dealt out class by class.
 * Rows within train and test keep the file's order.
 */
export function stratified(target: readonly string[], count: number, seed: number): Fold[] {
  const order = upTo(target.length);
  const stream = random(seed).fork('stratified');
  for (let i = order.length - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const fold = new Int32Array(target.length);
  let dealt = 0;
  for (const level of [...new Set(target)].sort())
    for (const row of order) if (target[row] === level) fold[row] = dealt++ % count;
  return upTo(count).map((k) => ({
    train: upTo(target.length).filter((row) => fold[row] !== k),
    test: upTo(target.length).filter((row) => fold[row] === k),
  }));
}
