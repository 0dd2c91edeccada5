import type { Company } from '../company.ts';
import { parseMinor } from '../money.ts';
import type { Column, RecordDeclaration, RecordKind } from '../records.ts';
import type { RawRow, SqlValue } from '../store/rows.ts';
import type { Staging } from '../store/staging.ts';
import { changing } from '../store/tables.ts';
import { type Instant, parseInstant } from '../time.ts';
import { type Checked, textOfValue } from './validate.ts';

/** A row as it is to be kept, and the changes that tell how it came to differ. */
export interface Merged {
  readonly values: readonly SqlValue[];
  readonly changes: readonly RawRow[];
  /** Whether the row as a whole is known from this import only. */
  readonly isRetold: boolean;
}

/** Kinds whose words and references are told as they were known over time: see `factsOf`. */
const VERSIONED: ReadonlySet<string> = new Set([
  'deal',
  'lead',
  'account',
  'user',
  'product',
  'subscription',
  'ticket',
]);

/**
 * What a later export says of a row that is already known; undefined where it says nothing new.
 *
 * - A column that the file does not have says nothing; nor does an empty `known_at`.
 * - A value that differs replaces the old one and becomes a change that is known from this import, unless the newest
 *   recorded change already led to it.
 * - A close, a delivery or another late value that appears is a fact of its own and needs no change; one that disappears
 *   does: an outcome taken back is a deal opened again, and its first outcome is kept as a change too.
 * - Where facts are told from the row as it stands (a quote line's quantity, an order's date, what a delivery date was
 *   before), no change can say what was known before. Then the row is known from this import on, as a whole: what was
 *   learned later never stands in the past, at the price that the past no longer has the row.
 *
 * @param mask bit i: the file has column i of the table
 */
export function merge(
  kind: RecordKind,
  declaration: RecordDeclaration,
  row: Checked,
  old: readonly SqlValue[],
  mask: number,
  company: Company,
  at: Instant,
  lastChange: Staging['lastChange'],
): Merged | undefined {
  const columns = Object.entries(declaration.columns);
  const values = overlay(old, row.values, mask);
  if (values.every((value, i) => value === old[i])) return undefined;
  const knownAt = columns.length;
  const last = values.length - 1;
  const told = toldBy(kind, declaration);
  const isRetold = columns.some(([name, column], i) => {
    if (values[i] === old[i] || !told.has(name)) return false;
    if (column.known === 'mutable') return false;
    if (VERSIONED.has(kind)) return column.known === 'fixed' && !isWord(name, column);
    return column.known === 'fixed' || old[i] !== null;
  });
  // A source that says when it knew is believed.
  if (isRetold && values[knownAt] === old[knownAt])
    values[knownAt] = Math.max(at, (old[knownAt] as number | null) ?? at);
  if (!changing.has(kind)) return { values, changes: [], isRetold };

  const currencyAt = columns.findIndex(([name]) => name === 'currency');
  const currency = (currencyAt < 0 ? null : (values[currencyAt] as string | null)) ?? company.settings.base_currency;
  const changes: RawRow[] = [];
  const record = (when: Instant, field: string, from: string | null, to: string | null, known: Instant | null = at) => {
    const cells = [kind, row.key, when, field, from, to];
    changes.push({ key: cells.map((cell) => cell ?? '').join('|'), values: [...cells, null, known, null] });
  };
  columns.forEach(([field, column], i) => {
    const [from, to] = [old[i]!, values[i]!];
    if (from === to) return;
    // An outcome that was taken back and is there again may have its old date: the change says when it came back.
    const isBack = field === 'outcome' && from === null && lastChange(kind, row.key, field)?.newValue === null;
    if (column.known === 'late' && from === null && !isBack) return;
    // Names and addresses stay with their person alone; of words that are read the first are needed again.
    if (column.type === 'person' && !declaration.reading?.from.includes(field)) return;
    const [oldText, newText] = [textOfValue(from, column, currency), textOfValue(to, column, currency)];
    const recorded = lastChange(kind, row.key, field);
    if (recorded && same(recorded.newValue, to, column, currency, company)) return;
    if (field === 'outcome' && to === null && recorded === undefined) {
      const closed = old[columns.findIndex(([name]) => name === 'closed_at')];
      if (typeof closed === 'number') record(closed, field, null, oldText, null);
    }
    record(at, field, oldText, newText);
  });
  const customs = [old[last], values[last]].map((text) => JSON.parse((text as string | null) ?? '{}') as Record<string, string>); // biome-ignore format: a row
  for (const field of new Set(customs.flatMap((custom) => Object.keys(custom)))) {
    const [from = null, to = null] = customs.map((custom) =>
      Object.hasOwn(custom, field) ? custom[field] : undefined,
    );
    if (from !== to) record(at, field, from, to);
  }
  return { values, changes, isRetold };
}

/** A row over an earlier one of the same name: what its file does not speak of stays as it was. */
export function overlay(old: readonly SqlValue[], values: readonly SqlValue[], mask: number): SqlValue[] {
  const last = values.length - 1;
  return values.map((value, i) => {
    if (i === last) return mergeCustom(old[i], value);
    if ((mask & (1 << i)) === 0) return old[i]!;
    return i === last - 1 ? (value ?? old[i]!) : value;
  });
}

const isWord = (name: string, { type }: Column): boolean =>
  name !== 'currency' && (type === 'text' || type === 'code' || type === 'person');

const toldColumns = new Map<RecordKind, ReadonlySet<string>>();
/** Columns that a kind's facts are told from; all of them where others read the rows as they stand. */
function toldBy(kind: RecordKind, { facts, columns }: RecordDeclaration): ReadonlySet<string> {
  let told = toldColumns.get(kind);
  if (!told) {
    const all = Object.values(facts);
    const names = all.flatMap((fact) => [fact.at, ...Object.values(fact.fields), ...Object.values(fact.about)]);
    told = new Set(all.length ? [...names, 'currency'] : Object.keys(columns));
    toldColumns.set(kind, told);
  }
  return told;
}

/** Custom columns of both; the newer file decides about those that it fills. */
function mergeCustom(old: SqlValue | undefined, value: SqlValue): SqlValue {
  if (value === null || old === null || old === undefined) return value ?? old ?? null;
  if (old === value) return value;
  const custom = Object.create(null) as Record<string, string>;
  for (const text of [old, value])
    for (const [name, cell] of Object.entries(JSON.parse(text as string) as Record<string, string>))
      custom[name] = cell;
  return JSON.stringify(custom);
}

/** Whether a recorded change's text means the value. */
function same(text: string | null, value: SqlValue, column: Column, currency: string, company: Company): boolean {
  if (text === null || value === null) return text === value;
  switch (column.type) {
    case 'time':
      return parseInstant(text, company.settings.time_zone) === value;
    case 'money':
      return parseMinor(text, currency) === value;
    case 'number':
    case 'integer':
      return Number(text) === value;
    default:
      return text === String(value);
  }
}
