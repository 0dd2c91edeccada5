import type { Company } from '../company.ts';
import { tellsChanges } from '../factPlan.ts';
import { type RecordDeclaration, type RecordKind, records } from '../records.ts';
import type { Connection } from './connection.ts';
import { type Defect, defectsOf } from './defects.ts';
import { changing, sqlColumn } from './tables.ts';

/** What a reader of the records should know before trusting them; counts are of rows in the database. */
export interface Audit {
  /** References whose record never came, by `file.column`. */
  readonly dangling: Readonly<Record<string, number>>;
  /** Rows without a creation time: known from the import only, left out of training. By file. */
  readonly missingCreatedAt: Readonly<Record<string, number>>;
  /** Rows that do not say when they were known. By file. */
  readonly defaultedKnownAt: Readonly<Record<string, number>>;
  /** Values overwritten by the source without a recorded change: known from the import only. By `file.column`. */
  readonly noHistory: Readonly<Record<string, number>>;
  /** Records with at least one recorded change of the field. By `file.column`. */
  readonly history: Readonly<Record<string, number>>;
  /** Deals with an outcome but no closing time, or the reverse: they stay open, since the other half is not guessed. */
  readonly halfClosed: number;
  /** Users who own no deal. */
  readonly usersWithoutDeals: number;
  /** Weaknesses that cost the forecast something, and what. */
  readonly defects: readonly Defect[];
}

/** Looks at every table once. Cost: a scan of each table and an index look-up for each reference. */
export function auditOf(db: Connection, company: Company): Audit {
  const dangling: Record<string, number> = {};
  const missingCreatedAt: Record<string, number> = {};
  const defaultedKnownAt: Record<string, number> = {};
  const noHistory: Record<string, number> = {};
  const history: Record<string, number> = {};
  const count = (sql: string, ...values: readonly string[]) => db.prepare<string[], number>(sql).pluck().get(...values)!; // biome-ignore format: one call
  const note = (figures: Record<string, number>, name: string, n: number) => {
    if (n > 0) figures[name] = n;
  };
  for (const kind of Object.keys(records) as RecordKind[]) {
    const { table, file, columns, facts }: RecordDeclaration = records[kind];
    if (count(`SELECT count(*) FROM (SELECT 1 FROM "${table}" LIMIT 1)`) === 0) continue;
    for (const [name, column] of Object.entries(columns)) {
      const sql = sqlColumn(name, column);
      if (column.type === 'ref' && column.refers && column.refers in records) {
        const to = records[column.refers as RecordKind].table;
        const where = `"${sql}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "${to}" t WHERE t.id = r."${sql}")`;
        note(dangling, `${file} ${name}`, count(`SELECT count(*) FROM "${table}" r WHERE ${where}`));
      }
      if (column.known === 'mutable' && changing.has(kind) && !company.isFixed(kind, name)) {
        const where = `"${sql}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.kind = ? AND c.id = r.id AND c.field = ?)`;
        note(noHistory, `${file} ${name}`, count(`SELECT count(*) FROM "${table}" r WHERE ${where}`, kind, name));
      }
    }
    const creation = Object.values(facts).find((fact) => columns[fact.at]?.known === 'fixed');
    // A member of a campaign who was never written to lacks nothing.
    if (creation && (creation.at === 'created_at' || tellsChanges(kind)))
      note(missingCreatedAt, file, count(`SELECT count(*) FROM "${table}" WHERE "${creation.at}" IS NULL`));
    note(defaultedKnownAt, file, count(`SELECT count(*) FROM "${table}" WHERE known_at IS NULL`));
  }
  const changes = db.prepare<[], { kind: RecordKind; field: string; n: number }>(
    'SELECT kind, field, count(DISTINCT id) AS n FROM changes GROUP BY kind, field ORDER BY kind, field',
  );
  for (const { kind, field, n } of changes.all()) note(history, `${records[kind].file} ${field}`, n);
  for (const kind of changing) {
    const { table } = records[kind as RecordKind];
    const orphans = `SELECT count(*) FROM changes c WHERE c.kind = ? AND NOT EXISTS (SELECT 1 FROM "${table}" t WHERE t.id = c.id)`;
    note(dangling, `changes.csv id (${kind})`, count(orphans, kind));
  }
  const halfClosed = count('SELECT count(*) FROM deals WHERE (closed_at IS NULL) <> (outcome IS NULL)');
  const usersWithoutDeals = count(
    'SELECT count(*) FROM users WHERE id NOT IN (SELECT owner_id FROM deals WHERE owner_id IS NOT NULL)',
  );
  return {
    dangling,
    missingCreatedAt,
    defaultedKnownAt,
    noHistory,
    history,
    halfClosed,
    usersWithoutDeals,
    defects: defectsOf(db, company),
  };
}
