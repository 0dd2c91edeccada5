import type { Company } from '../company.ts';
import { parseMinor } from '../money.ts';
import type { Column, RecordDeclaration, RecordKind } from '../records.ts';
import type { SqlValue } from '../store/rows.ts';
import { changing } from '../store/tables.ts';
import type { RawRow, Writer } from '../store/writer.ts';
import { type Instant, parseInstant } from '../time.ts';
import { type Checked, textOfValue } from './validate.ts';

/** A row as it is to be kept, and the changes that tell how it came to differ. */
export interface Merged {
  readonly values: readonly SqlValue[];
  readonly changes: readonly RawRow[];
}

/**
 * What a later export says of a row that is already known; undefined where it says nothing new.
 *
 * A column that the file does not have says nothing. A value that differs replaces the old one and becomes a change
 * that is known from this import, unless the newest recorded change already led to it. A close, a delivery or another
 * late value that appears is a fact of its own and needs no change; one that disappears does: an outcome taken back is
 * a deal opened again, and its first outcome is kept as a change too.
 */
export function merge(
  kind: RecordKind,
  declaration: RecordDeclaration,
  row: Checked,
  old: readonly SqlValue[],
  present: readonly boolean[],
  company: Company,
  at: Instant,
  writer: Writer,
): Merged | undefined {
  const columns = Object.entries(declaration.columns);
  const last = row.values.length - 1;
  const values = row.values.map((value, i) => (i === last ? mergeCustom(old[i], value) : present[i] ? value : old[i]!));
  if (values.every((value, i) => value === old[i])) return undefined;
  if (!changing.has(kind)) return { values, changes: [] };

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
    if (column.known === 'late' && from === null) return;
    const [oldText, newText] = [textOfValue(from, column, currency), textOfValue(to, column, currency)];
    const recorded = writer.lastChange(kind, row.key, field);
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
  return { values, changes };
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
