import { existsSync } from 'node:fs';
import { ForesellError } from '../errors.ts';
import { calendar, parseInstant } from '../time.ts';
import { readHeader, readRows } from './csv.ts';

/** A customer's transactions: the local day of each as a whole number since the epoch, and its amount. */
export interface Transactions {
  readonly id: string;
  readonly purchases: readonly { readonly day: number; readonly value: number }[];
}

const COLUMNS = ['customer_id', 'date', 'amount'] as const;
const DAY = 86_400_000;
/** Bad rows shown before the rest is only counted. */
const SHOWN = 5;

/**
 * Reads `customer_id,date,amount` (CSV, .gz too; further columns are passed over), customers in order of their first row.
 * A bare date is that day; a time with an offset is the day it was in `zone`.
 *
 * Errors, all naming file, line and what was got: `transactions-missing`, `transactions-columns`, `transactions-rows`
 * (an empty customer, a date that is none, an amount that is no number or below 0), `transactions-empty`.
 * @param seen told the number of rows now and then
 */
export async function readTransactions(
  path: string,
  zone: string,
  seen: (rows: number) => void = () => {},
): Promise<readonly Transactions[]> {
  if (!existsSync(path)) {
    throw new ForesellError('transactions-missing', `there is no file ${path}; give a CSV with ${COLUMNS.join(', ')}`, {
      path: '--transactions',
    });
  }
  const header = await readHeader(path);
  const [customerAt, dateAt, amountAt] = COLUMNS.map((name) => header.indexOf(name)) as [number, number, number];
  const missing = COLUMNS.filter((name) => !header.includes(name));
  if (missing.length) {
    throw new ForesellError(
      'transactions-columns',
      `${path}: no column "${missing[0]}"; it has ${header.join(', ')}; expected ${COLUMNS.join(', ')}; rename the columns`,
      { path: '--transactions' },
    );
  }
  const days = dayReader(zone);
  const customers = new Map<string, { day: number; value: number }[]>();
  const bad: string[] = [];
  let badRows = 0;
  let rows = 0;
  for await (const { line, cells, refused } of readRows(path, header.length)) {
    if (++rows % 50_000 === 0) seen(rows);
    const id = (cells[customerAt] ?? '').trim();
    const day = days(cells[dateAt] ?? '');
    const amount = (cells[amountAt] ?? '').trim();
    const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(amount) ? Number(amount) : Number.NaN;
    const wrong = refused?.message ?? wrongOf(id, day, cells[dateAt] ?? '', value, amount);
    if (wrong !== undefined) {
      badRows++;
      if (bad.length < SHOWN) bad.push(`line ${line}: ${wrong}`);
      continue;
    }
    const own = customers.get(id);
    if (own) own.push({ day: day!, value });
    else customers.set(id, [{ day: day!, value }]);
  }
  if (badRows > 0) {
    const more = badRows > bad.length ? `; and ${badRows - bad.length} more` : '';
    throw new ForesellError(
      'transactions-rows',
      `${path}: ${badRows} of ${rows} rows cannot be read: ${bad.join('; ')}${more}; mend them or leave them out`,
      { path: '--transactions' },
    );
  }
  if (customers.size === 0) {
    throw new ForesellError('transactions-empty', `${path}: no rows below the header; expected one a purchase`, {
      path: '--transactions',
    });
  }
  return [...customers].map(([id, purchases]) => ({ id, purchases }));
}

function wrongOf(id: string, day: number | undefined, date: string, value: number, amount: string): string | undefined {
  if (id === '') return 'customer_id is empty';
  if (day === undefined) return `date "${date.slice(0, 40)}" is not an ISO 8601 date such as 2026-11-21`;
  if (Number.isNaN(value)) return `amount "${amount.slice(0, 40)}" is not a plain number such as 1250.00`;
  if (value < 0) return `amount ${amount} is below 0; take returns off the purchase they belong to`;
  return undefined;
}

/** The local day of a time as written; undefined where it is none. Each text is read once. */
function dayReader(zone: string): (text: string) => number | undefined {
  const local = calendar(zone);
  const known = new Map<string, number | undefined>();
  return (text) => {
    if (known.has(text)) return known.get(text);
    const at = parseInstant(text, zone);
    const day = at === undefined ? undefined : Date.parse(local.date(at)) / DAY;
    if (known.size < 100_000) known.set(text, day);
    return day;
  };
}
