import { literal } from '../literal.ts';
import { fieldName, type RecordDeclaration, type RecordKind, type RowOf, records } from '../records.ts';
import type { Connection } from './connection.ts';
import { keyColumn, sqlColumn } from './tables.ts';

/** A row as the store keeps it. */
export type StoredRow<K extends RecordKind = RecordKind> = RowOf<K> & { readonly importedAt: number };

/** How a kind of record lies in its table: columns in order, with what the engine calls them. */
export interface Layout {
  readonly table: string;
  /** SQL column that names a row. */
  readonly key: string;
  /** SQL columns as declared, then known_at, custom, imported_at. */
  readonly columns: readonly string[];
  /** Field of each of them, then of `readings`. */
  readonly fields: readonly string[];
  /** SQL columns, and fields, of what was read out of the row's words; they come last. */
  readonly readings: readonly string[];
  /** Values in the order of the fields to a row as the engine holds it. */
  readonly row: (values: readonly SqlValue[]) => object;
  readonly select: string;
}

const layouts = new Map<string, Layout>();

/** @param people whether names, addresses and words of persons are among the columns: facts never hold them */
export function layoutOf(kind: RecordKind, people = true): Layout {
  const name = `${kind}:${people}`;
  const known = layouts.get(name);
  if (known) return known;
  const declaration: RecordDeclaration = records[kind];
  const named = Object.entries(declaration.columns).filter(([, column]) => people || column.type !== 'person');
  const columns = [...named.map(([name, column]) => sqlColumn(name, column)), 'known_at', 'custom', 'imported_at'];
  const readings = Object.keys(declaration.reading?.columns ?? {});
  const fields = [
    ...named.map(([name, column]) => fieldName(name, column.type)),
    ...['knownAt', 'custom', 'importedAt', ...readings],
  ];
  const value = (i: number): string => {
    if (fields[i] === 'custom') return `customOf(values[${i}])`;
    return named[i]?.[1].type === 'boolean' ? `booleanOf(values[${i}])` : `values[${i}]`;
  };
  const make = literal(['values', 'customOf', 'booleanOf'], fields.map((field, i) => [field, value(i)])); // biome-ignore format: one call
  const layout: Layout = {
    table: declaration.table,
    key: keyColumn(declaration),
    columns,
    fields,
    readings,
    row: (values) => make(values, customOf, booleanOf),
    select: `SELECT ${[...columns, ...readings].map((name) => `"${name}"`).join(', ')} FROM "${declaration.table}"`,
  };
  layouts.set(name, layout);
  return layout;
}

export type SqlValue = string | number | null;

/** A row in the order of its table's columns, without `imported_at`; `key` names it. */
export interface RawRow {
  readonly key: string;
  readonly values: readonly SqlValue[];
}

/** SQL columns of a raw row: as declared, known_at, custom; with its name in front where the source has no id of its own. */
export function rawColumns(kind: RecordKind) {
  const { key, columns, readings } = layoutOf(kind);
  const kept = columns.slice(0, -1);
  return { key, kept, readings, own: key === 'row_id' ? ['row_id', ...kept] : kept };
}

export const quoted = (names: readonly string[], prefix = ''): string => names.map((name) => `${prefix}"${name}"`).join(', '); // biome-ignore format: one list
const NO_CUSTOM: Readonly<Record<string, string>> = Object.freeze({});
const customOf = (text: SqlValue) => (text === null ? NO_CUSTOM : (JSON.parse(text as string) as Record<string, string>)); // biome-ignore format: one choice
const booleanOf = (value: SqlValue) => (value === null ? null : value === 1);

/** A row as read, as the engine holds it. */
export const decodeRow = <K extends RecordKind>(layout: Layout, values: readonly SqlValue[]): StoredRow<K> =>
  layout.row(values) as StoredRow<K>;

/**
 * Reads rows in the order in which they came, which decides between changes of the same instant.
 * @param people false leaves out the columns of persons, most of the bytes of a mailbox: enough for facts
 */
export function* scanRows<K extends RecordKind>(
  db: Connection,
  kind: K,
  people = true,
): IterableIterator<StoredRow<K>> {
  const layout = layoutOf(kind, people);
  const statement = db.prepare<[], SqlValue[]>(`${layout.select} ORDER BY rowid`).raw();
  for (const values of statement.iterate()) yield decodeRow<K>(layout, values);
}

/** Reads rows that a condition picks, as `scanRows` does. */
export function* rowsPicked<K extends RecordKind>(
  db: Connection,
  kind: K,
  where: string,
  values: readonly SqlValue[],
): IterableIterator<StoredRow<K>> {
  const layout = layoutOf(kind, false);
  const statement = db.prepare<SqlValue[], SqlValue[]>(`${layout.select} WHERE ${where} ORDER BY rowid`).raw();
  for (const row of statement.iterate(...values)) yield decodeRow<K>(layout, row);
}

/**
 * Reads the rows whose columns have values, without the columns of persons; prepared once.
 * @param more what else they must be, as an index says it
 */
export function rowsWhere<K extends RecordKind>(
  db: Connection,
  kind: K,
  columns: readonly string[],
  more?: string,
): (...values: readonly SqlValue[]) => StoredRow<K>[] {
  const layout = layoutOf(kind, false);
  const where = [...columns.map((column) => `"${column}" = ?`), ...(more ? [more] : [])].join(' AND ');
  const statement = db.prepare<SqlValue[], SqlValue[]>(`${layout.select} WHERE ${where} ORDER BY rowid`).raw();
  return (...values) => statement.all(...values).map((row) => decodeRow<K>(layout, row));
}
