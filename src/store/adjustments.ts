import type { Instant } from '../time.ts';
import type { Connection } from './connection.ts';

/** What people put beside a forecast. Nothing is ever changed or taken away: an undoing is a row of its own. */
export interface Adjustment {
  readonly id: number;
  /** When it arrived. */
  readonly at: Instant;
  /** A manager's number, a rep's, or the undoing of one of them. */
  readonly kind: 'adjustment' | 'commit' | 'undo';
  /** By what the forecast is grouped, and the group; null for the whole. */
  readonly by: string;
  readonly node: string | null;
  readonly period: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string;
  /** Id of the key that it was told with; null where the server asks for none. */
  readonly author: string | null;
  /** Of an undoing: which. */
  readonly undoes: number | null;
}

const COLUMNS = 'id, at, kind, "by", node, period, "from", "to", amount_minor AS amountMinor, currency, reason, author, undoes'; // biome-ignore format: one list

/** Adjustments on the store's own connection; whoever adds one is inside a transaction. */
export function adjustmentBook(db: Connection) {
  const insert = db.prepare(
    'INSERT INTO adjustments (at, kind, "by", node, period, "from", "to", amount_minor, currency, reason, author, undoes) VALUES (@at, @kind, @by, @node, @period, @from, @to, @amountMinor, @currency, @reason, @author, @undoes)',
  );
  const one = db.prepare<[number], Adjustment>(`SELECT ${COLUMNS} FROM adjustments WHERE id = ?`);
  const all = db.prepare<[], Adjustment>(`SELECT ${COLUMNS} FROM adjustments ORDER BY id`);
  const ofPeriod = db.prepare<[number, number], Adjustment>(`SELECT ${COLUMNS} FROM adjustments WHERE "from" = ? AND "to" = ? ORDER BY id`); // biome-ignore format: one call
  const undone = db.prepare<[number], number>('SELECT id FROM adjustments WHERE undoes = ?').pluck();
  return {
    add: (row: Omit<Adjustment, 'id'>): Adjustment => ({ ...row, id: Number(insert.run(row).lastInsertRowid) }),
    find: (id: number): Adjustment | undefined => one.get(id),
    /** The undoing of one, where there is. */
    undoneBy: (id: number): number | undefined => undone.get(id) as number | undefined,
    /** Oldest first; of one period, or all. */
    list: (period?: { readonly from: Instant; readonly to: Instant }): readonly Adjustment[] =>
      period ? ofPeriod.all(period.from, period.to) : all.all(),
  };
}
