import type { Statement } from 'better-sqlite3';
import type { Company, CompanySettings } from '../company.ts';
import type { RecordKind } from '../records.ts';
import { type Audit, auditOf } from './audit.ts';
import type { Connection } from './connection.ts';
import { newestKnown } from './newest.ts';
import { layoutOf, type SqlValue } from './rows.ts';
import { readCompany, touchFacts, writeSettings } from './settings.ts';

/** A row in the order of its table's columns, without `imported_at`; `key` names it. */
export interface RawRow {
  readonly key: string;
  readonly values: readonly SqlValue[];
}

/** Writes records inside the one transaction of an import. */
export interface Writer {
  company(): Company;
  saveSettings(settings: CompanySettings): void;
  isEmpty(): boolean;
  /** Adds a row; false where one of that name is already there. */
  add(kind: RecordKind, row: RawRow, importedAt: number): boolean;
  /** The values of the row of that name, without `imported_at`. */
  find(kind: RecordKind, key: string): readonly SqlValue[] | undefined;
  /** Replaces a row's values; when it was first imported stays. */
  replace(kind: RecordKind, row: RawRow): void;
  /** What the newest recorded change of a field says; undefined where none is recorded. */
  lastChange(kind: string, id: string, field: string): { readonly newValue: string | null } | undefined;
  /** What a reader should know of the records as they now stand. */
  audit(): Audit;
  /** The newest instant that what was imported tells of. */
  newestKnown(): number | undefined;
  /** Dates all rows' import, for a sample that stands still at its end. */
  dateImports(at: number): void;
  log(at: number, source: string, report: string): void;
  /** Says to every reader that facts changed. */
  touch(): void;
}

export function writerOf(db: Connection): Writer {
  const prepared = new Map<string, Statement<SqlValue[]>>();
  const statement = (sql: string) => {
    let known = prepared.get(sql);
    if (!known) prepared.set(sql, (known = db.prepare<SqlValue[]>(sql)));
    return known;
  };
  const sql = new Map<RecordKind, { readonly add: string; readonly find: string; readonly replace: string }>();
  const sqlOf = (kind: RecordKind) => {
    let known = sql.get(kind);
    if (!known) {
      const { table, key, columns } = layoutOf(kind);
      const own = key === 'row_id' ? ['row_id', ...columns] : columns;
      const kept = columns.slice(0, -1);
      known = {
        add: `INSERT OR IGNORE INTO "${table}" (${own.map((c) => `"${c}"`).join(', ')}) VALUES (${own.map(() => '?').join(', ')})`,
        find: `SELECT ${kept.map((c) => `"${c}"`).join(', ')} FROM "${table}" WHERE "${key}" = ?`,
        replace: `UPDATE "${table}" SET ${kept.map((c) => `"${c}" = ?`).join(', ')} WHERE "${key}" = ?`,
      };
      sql.set(kind, known);
    }
    return known;
  };
  return {
    company: () => readCompany(db),
    saveSettings: (settings) => writeSettings(db, settings),
    isEmpty: () => statement('SELECT count(*) FROM imports').pluck().get() === 0,
    add: (kind, { key, values }, importedAt) => {
      const own = layoutOf(kind).key === 'row_id';
      const { changes } = own
        ? statement(sqlOf(kind).add).run(key, ...values, importedAt)
        : statement(sqlOf(kind).add).run(...values, importedAt);
      return changes === 1;
    },
    find: (kind, key) => statement(sqlOf(kind).find).raw().get(key) as readonly SqlValue[] | undefined,
    replace: (kind, { key, values }) => {
      statement(sqlOf(kind).replace).run(...values, key);
    },
    lastChange: (kind, id, field) =>
      statement(
        'SELECT new_value AS "newValue" FROM changes WHERE kind = ? AND id = ? AND field = ? ORDER BY at DESC, known_at DESC, rowid DESC LIMIT 1',
      ).get(kind, id, field) as { newValue: string | null } | undefined,
    audit: () => auditOf(db, readCompany(db)),
    newestKnown: () => newestKnown(db, readCompany(db).calendar, false),
    dateImports: (at) => {
      const tables = db
        .prepare("SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'imported_at'") // biome-ignore format: one statement
        .pluck()
        .all() as string[];
      for (const table of tables) db.prepare(`UPDATE "${table}" SET imported_at = ?`).run(at);
    },
    log: (at, source, report) => {
      db.prepare('INSERT INTO imports (at, source, report) VALUES (?, ?, ?)').run(at, source, report);
    },
    touch: () => touchFacts(db),
  };
}
