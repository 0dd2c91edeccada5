import { ForesellError } from '../../src/errors.ts';

/**
 * What the purchases of a customer come down to. Letters as in the literature: `x` purchases after the first, `tx` time
 * from the first to the last of them (0 where x = 0), `T` time from the first to now. One unit of time for all, days
 * unless said otherwise. Several purchases of a day count as one.
 */
export interface Purchases {
  readonly x: number;
  readonly tx: number;
  readonly T: number;
}

/** The same with the mean value of the `x` repeat purchases; 0 where there is none. */
export interface Customer extends Purchases {
  readonly id: string;
  readonly meanValue: number;
  /** Value of all purchases, the first too. */
  readonly spent: number;
}

/** A purchase: its day as a whole number, and what it was worth. */
export interface Purchase {
  readonly day: number;
  readonly value: number;
}

/**
 * A customer's purchases up to the end of the day `until`; undefined where there is none by then.
 * @param purchases in any order; those after `until` do not count
 */
export function customerOf(id: string, purchases: readonly Purchase[], until: number): Customer | undefined {
  const byDay = new Map<number, number>();
  for (const { day, value } of purchases) if (day <= until) byDay.set(day, (byDay.get(day) ?? 0) + value);
  if (byDay.size === 0) return undefined;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let total = 0;
  for (const [day, value] of byDay) {
    first = Math.min(first, day);
    last = Math.max(last, day);
    total += value;
  }
  const x = byDay.size - 1;
  const meanValue = x === 0 ? 0 : (total - byDay.get(first)!) / x;
  return { id, x, tx: last - first, T: until - first, meanValue, spent: total };
}

/** Customers as columns, one row for each different (x, t_x, T) with the number of customers that have it. */
export interface PurchaseTable {
  readonly x: Float64Array;
  readonly tx: Float64Array;
  readonly T: Float64Array;
  readonly count: Float64Array;
  readonly customers: number;
}

/**
 * Compresses customers for the likelihoods, which are the same for the same (x, t_x, T): of one-time buyers only the
 * different T are left. Refuses impossible rows (`purchases-invalid`). Cost O(n).
 */
export function purchaseTable(customers: readonly Purchases[]): PurchaseTable {
  const rows = new Map<string, { readonly of: Purchases; count: number }>();
  for (const of of customers) {
    const { x, tx, T } = of;
    if (!(Number.isInteger(x) && x >= 0 && tx >= 0 && T >= tx && Number.isFinite(T) && (x > 0 || tx === 0))) {
      throw new ForesellError(
        'purchases-invalid',
        `got x = ${x}, t_x = ${tx}, T = ${T}; expected whole x >= 0, 0 <= t_x <= T, and t_x = 0 where x = 0`,
        { blame: 'failure' },
      );
    }
    const key = `${x}|${tx}|${T}`;
    const row = rows.get(key);
    if (row) row.count++;
    else rows.set(key, { of, count: 1 });
  }
  const all = [...rows.values()];
  return {
    x: Float64Array.from(all, (row) => row.of.x),
    tx: Float64Array.from(all, (row) => row.of.tx),
    T: Float64Array.from(all, (row) => row.of.T),
    count: Float64Array.from(all, (row) => row.count),
    customers: customers.length,
  };
}

/** The table in another unit of time: all times divided by `unit`. */
export function scaledTable(table: PurchaseTable, unit: number): PurchaseTable {
  return { ...table, tx: table.tx.map((t) => t / unit), T: table.T.map((t) => t / unit) };
}

/** Rows that are enough to find the neighbourhood of the maximum. */
const ROUGH_ROWS = 800;

/** Every k-th row, some hundred of them: a sample of a large table; the table itself where it is small. */
export function thinnedTable(table: PurchaseTable): PurchaseTable {
  const step = Math.floor(table.x.length / ROUGH_ROWS);
  if (step <= 1) return table;
  const thin = (column: Float64Array) => column.filter((_, i) => i % step === 0);
  const count = thin(table.count);
  const customers = count.reduce((sum, n) => sum + n, 0);
  return { x: thin(table.x), tx: thin(table.tx), T: thin(table.T), count, customers };
}

/** Mean of T over customers: a unit in which the parameters are near 1; 1 where all are 0. */
export function meanT(table: PurchaseTable): number {
  let sum = 0;
  for (let i = 0; i < table.T.length; i++) sum += table.count[i]! * table.T[i]!;
  return sum > 0 ? sum / table.customers : 1;
}
