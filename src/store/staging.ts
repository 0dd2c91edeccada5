import { existsSync, rmSync } from 'node:fs';
import type { Statement } from 'better-sqlite3';
import type { Company, CompanySettings } from '../company.ts';
import { ForesellError } from '../errors.ts';
import { type RecordKind, records } from '../records.ts';
import { appendedSince } from './appends.ts';
import { type Audit, auditOf } from './audit.ts';
import type { Connection } from './connection.ts';
import { newestKnown } from './newest.ts';
import { fillReadings } from './readings.ts';
import { layoutOf, quoted, type RawRow, rawColumns, type SqlValue } from './rows.ts';
import { factsStamp, readCompany, touchFacts, writeSettings } from './settings.ts';

/** Where a staged row came from: which table of the bundle, its line, and which columns that table speaks of (bits). */
export interface Origin {
  readonly table: number;
  readonly line: number;
  readonly mask: number;
}

/** How far one table of a bundle has been staged. */
export interface Staged {
  readonly read: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly done: boolean;
}

/** A row that was not taken. */
export interface StagedReject {
  readonly file: string;
  readonly line: number;
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** A staged row whose name is already in the database. */
export interface Met extends Origin {
  readonly row: RawRow;
  readonly old: readonly SqlValue[];
}

/**
 * An import on its way in. Rows are checked and put, in short transactions, into a file of their own beside the
 * database (`FILE-import`), where nobody looks; at the end one short transaction (`BEGIN IMMEDIATE`) moves them into the
 * records. So readers see all of an import or nothing of it, the server goes on writing scores while a million rows are
 * read, and a run that was stopped goes on from its last batch when the same export comes again: the file remembers
 * how far each table was read and what was rejected.
 *
 * Rows by an id column in the records themselves (visible from a swap on) would need no second copy, but every query of
 * every reader would have to know of it. One transaction over the whole reading (what this was before) keeps every other
 * writer out for as long as the files take to read, and begins at nought again after a kill.
 */
export interface Staging {
  /** The company as the database has it. */
  company(): Company;
  /** Whether nothing was ever imported. */
  isEmpty(): boolean;
  progress(table: number): Staged;
  /** Keeps what was staged so far, in one commit. */
  checkpoint(table: number, progress: Staged): void;
  /** Adds a row; false where one of that name is already staged. */
  add(kind: RecordKind, row: RawRow, from: Origin): boolean;
  /** The staged row of that name. */
  staged(kind: RecordKind, key: string): (Origin & { readonly values: readonly SqlValue[] }) | undefined;
  restage(kind: RecordKind, row: RawRow, from: Origin): void;
  reject(reject: StagedReject): void;
  rejects(): IterableIterator<StagedReject>;
  /** Values of a row of that name, staged or in the records. */
  find(kind: RecordKind, key: string): readonly SqlValue[] | undefined;
  /** Staged rows that the records already have, a few thousand at a time. */
  met(kind: RecordKind): IterableIterator<readonly Met[]>;
  /** A row of the page just given replaces its record; the others of the page are taken to say nothing new. */
  replace(kind: RecordKind, row: RawRow): void;
  /** What an earlier run found when it had compared everything; undefined before that. */
  compared(): string | undefined;
  /** Keeps what comparing found, in one commit with the fates of the rows. */
  keepCompared(found: string): void;
  /** What the newest change of a field says, recorded or staged; undefined where there is none. */
  lastChange(kind: string, id: string, field: string): { readonly newValue: string | null } | undefined;
  /** Names of the records that a complete export no longer had and none has had since. */
  gone(kind: RecordKind): ReadonlySet<string>;
  /** How many records of a kind a source has told of, and those among them that this import does not have. */
  absent(kind: RecordKind, source: string): { readonly known: number; readonly keys: readonly string[] };
  /** Reads the words of rows that are new, once: the records keep what is read, and a text that changes keeps its first reading. */
  read(): void;
  /** The newest instant that what is staged tells of. */
  newestKnown(company: Company): number | undefined;
  /**
   * Moves everything into the records in one transaction and forgets the staging; `keep: false` undoes it, for a dry run.
   * @throws ForesellError `import-overtaken` where another process wrote records since the staging began
   */
  swap(ask: {
    readonly keep: boolean;
    readonly at: number;
    readonly source: string;
    readonly settings: CompanySettings | undefined;
    readonly changed: boolean;
    readonly report: (audit: Audit | undefined) => string;
  }): Audit;
}

/** Change of this layout makes older staging files unreadable, and so forgotten. */
const FORMAT = 2;
const PAGE = 2_000;
const FATES = { new: 0, replaces: 1, same: 2 } as const;
const ENDS = ['', '-wal', '-shm', '-journal'];

export const stagingPath = (path: string): string => `${path}-import`;

export function forgetStaging(path: string): void {
  for (const end of ENDS) rmSync(`${stagingPath(path)}${end}`, { force: true });
}

/**
 * Attaches the staging of an import, continued where the same one was stopped.
 * @param identity what tells this import from another: what an earlier run with another one left is forgotten
 */
export function openStaging(db: Connection, path: string, identity: string): Staging {
  const stamp = String(factsStamp(db));
  const wanted = JSON.stringify([FORMAT, identity, stamp]);
  if (existsSync(stagingPath(path)) && !isOurs(db, path, wanted)) forgetStaging(path);
  attach(db, path);
  db.exec(`
    CREATE TABLE IF NOT EXISTS st.about (identity TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS st.progress (n INTEGER PRIMARY KEY, read INTEGER, unchanged INTEGER, rejected INTEGER, done INTEGER);
    CREATE TABLE IF NOT EXISTS st.compared (found TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS st.rejects (n INTEGER PRIMARY KEY, file TEXT, line INTEGER, field TEXT, code TEXT, message TEXT);
  `);
  db.prepare('INSERT INTO st.about SELECT ? WHERE NOT EXISTS (SELECT 1 FROM st.about)').run(wanted);
  return stagingOf(db, path, stamp);
}

function attach(db: Connection, path: string): void {
  db.prepare('ATTACH DATABASE ? AS st').run(stagingPath(path));
  db.pragma('st.journal_mode = WAL');
  // What is staged can be read again from the export, so a power cut may cost the last batches but never their order.
  db.pragma('st.synchronous = NORMAL');
  db.pragma('st.secure_delete = OFF'); // the whole file goes
  db.pragma('st.cache_size = -24000');
}

/** Whether what lies there was staged by the same import on the records as they still are. */
function isOurs(db: Connection, path: string, wanted: string): boolean {
  try {
    db.prepare('ATTACH DATABASE ? AS st').run(stagingPath(path));
    const found = db.prepare('SELECT identity FROM st.about').pluck().get();
    return found === wanted && db.pragma('st.quick_check', { simple: true }) === 'ok';
  } catch (error) {
    if (typeof (error as { readonly code?: unknown }).code !== 'string') throw error;
    return false; // damaged, or stopped before it began
  } finally {
    if ((db.pragma('database_list') as readonly { readonly name: string }[]).some(({ name }) => name === 'st'))
      db.exec('DETACH DATABASE st');
  }
}

interface Sql {
  readonly add: string;
  readonly staged: string;
  readonly restage: string;
  readonly find: string;
  readonly met: string;
  readonly replace: string;
  readonly same: string;
  readonly width: number;
  readonly isOwn: boolean;
}

const ORIGIN = ['_table', '_line', '_mask'];

function stagingOf(db: Connection, path: string, stamp: string): Staging {
  const prepared = new Map<string, Statement<SqlValue[]>>();
  const statement = (text: string) => {
    let known = prepared.get(text);
    if (!known) prepared.set(text, (known = db.prepare<SqlValue[]>(text)));
    return known;
  };
  const sql = new Map<RecordKind, Sql>();
  const sqlOf = (kind: RecordKind): Sql => {
    const known = sql.get(kind);
    if (known) return known;
    const { table } = layoutOf(kind);
    const { key, kept, own, readings } = rawColumns(kind);
    begin();
    db.exec(
      `CREATE TABLE IF NOT EXISTS st."r_${table}" (${quoted([...own, ...ORIGIN, ...readings])}, _fate DEFAULT 0, UNIQUE ("${key}"))`,
    );
    const made: Sql = {
      add: `INSERT OR IGNORE INTO st."r_${table}" (${quoted([...own, ...ORIGIN])}) VALUES (${[...own, ...ORIGIN].map(() => '?').join(', ')})`,
      staged: `SELECT ${quoted([...kept, ...ORIGIN])} FROM st."r_${table}" WHERE "${key}" = ?`,
      restage: `UPDATE st."r_${table}" SET ${[...kept, ...ORIGIN].map((c) => `"${c}" = ?`).join(', ')} WHERE "${key}" = ?`,
      find: `SELECT ${quoted(kept)} FROM main."${table}" WHERE "${key}" = ?`,
      met: `SELECT s.rowid, s."${key}", ${quoted([...kept, ...ORIGIN], 's.')}, ${quoted(kept, 'm.')}
            FROM st."r_${table}" s CROSS JOIN main."${table}" m ON m."${key}" = s."${key}"
            WHERE s.rowid > ? AND s._fate = 0 ORDER BY s.rowid LIMIT ${PAGE}`,
      replace: `UPDATE st."r_${table}" SET ${kept.map((c) => `"${c}" = ?`).join(', ')}, _fate = ${FATES.replaces} WHERE "${key}" = ?`,
      same: `UPDATE st."r_${table}" AS s SET _fate = ${FATES.same} WHERE s.rowid > ? AND s.rowid <= ? AND s._fate = 0
             AND EXISTS (SELECT 1 FROM main."${table}" m WHERE m."${key}" = s."${key}")`,
      width: kept.length,
      isOwn: key !== 'row_id',
    };
    sql.set(kind, made);
    return made;
  };
  // A plain BEGIN: it writes to the staging only, so the database itself is never locked by it.
  const begin = () => {
    if (!db.inTransaction) db.exec('BEGIN');
  };
  const commit = () => {
    if (db.inTransaction) db.exec('COMMIT');
  };
  const exists = (table: string) =>
    db.prepare('SELECT 1 FROM st.sqlite_master WHERE name = ?').get(table) !== undefined;
  /** Whether records that this import speaks of were written since it began to compare. Facts of others may come meanwhile. */
  const wasOvertaken = (): boolean => {
    const moves = factsStamp(db) - Number(stamp);
    if (moves === 0) return false;
    const keys = appendedSince(db, Number(stamp), moves);
    return keys === undefined || keys.some(([kind, key]) => exists(`r_${layoutOf(kind).table}`) && staging.staged(kind, key) !== undefined); // biome-ignore format: one choice
  };
  // Those that an earlier run staged are among them.
  const kindsStaged = (): RecordKind[] =>
    (Object.keys(records) as RecordKind[]).filter((kind) => exists(`r_${layoutOf(kind).table}`));

  const staging: Staging = {
    company: () => readCompany(db),
    isEmpty: () => db.prepare('SELECT count(*) FROM (SELECT 1 FROM main.imports UNION ALL SELECT 1 FROM main.appends)').pluck().get() === 0, // biome-ignore format: one statement
    progress: (table) => {
      const row = statement('SELECT read, unchanged, rejected, done FROM st.progress WHERE n = ?').get(table) as
        | { read: number; unchanged: number; rejected: number; done: number }
        | undefined;
      return row ? { ...row, done: row.done === 1 } : { read: 0, unchanged: 0, rejected: 0, done: false };
    },
    checkpoint: (table, { read, unchanged, rejected, done }) => {
      begin();
      statement('INSERT OR REPLACE INTO st.progress (n, read, unchanged, rejected, done) VALUES (?, ?, ?, ?, ?)').run(table, read, unchanged, rejected, done ? 1 : 0); // biome-ignore format: one statement
      commit();
    },
    add: (kind, { key, values }, { table, line, mask }) => {
      const { add, isOwn } = sqlOf(kind);
      begin();
      const of = statement(add);
      const { changes } = isOwn ? of.run(...values, table, line, mask) : of.run(key, ...values, table, line, mask);
      return changes === 1;
    },
    staged: (kind, key) => {
      const { staged, width } = sqlOf(kind);
      const row = statement(staged).raw().get(key) as SqlValue[] | undefined;
      if (!row) return undefined;
      const [table, line, mask] = row.slice(width) as [number, number, number];
      return { values: row.slice(0, width), table, line, mask };
    },
    restage: (kind, { key, values }, { table, line, mask }) => {
      begin();
      statement(sqlOf(kind).restage).run(...values, table, line, mask, key);
    },
    reject: ({ file, line, field, code, message }) => {
      begin();
      statement('INSERT INTO st.rejects (file, line, field, code, message) VALUES (?, ?, ?, ?, ?)').run(file, line, field, code, message); // biome-ignore format: one statement
    },
    rejects: () =>
      db.prepare<[], StagedReject>('SELECT file, line, field, code, message FROM st.rejects ORDER BY n').iterate(),
    find: (kind, key) =>
      staging.staged(kind, key)?.values ??
      (statement(sqlOf(kind).find).raw().get(key) as readonly SqlValue[] | undefined),
    met: function* (kind) {
      const { met, same, width } = sqlOf(kind);
      const find = statement(met).raw();
      for (let after = 0; ; ) {
        const rows = find.all(after) as unknown as SqlValue[][];
        if (rows.length === 0) return;
        begin();
        yield rows.map((row) => {
          const [table, line, mask] = row.slice(2 + width, 5 + width) as [number, number, number];
          const values = row.slice(2, 2 + width);
          return { row: { key: row[1] as string, values }, table, line, mask, old: row.slice(5 + width) };
        });
        const until = rows.at(-1)![0] as number;
        statement(same).run(after, until);
        after = until;
      }
    },
    replace: (kind, { key, values }) => {
      statement(sqlOf(kind).replace).run(...values, key);
    },
    compared: () => db.prepare('SELECT found FROM st.compared').pluck().get() as string | undefined,
    keepCompared: (found) => {
      begin();
      db.prepare('INSERT INTO st.compared (found) VALUES (?)').run(found);
      commit();
    },
    lastChange: (kind, id, field) => {
      sqlOf('change');
      const newest = (schema: string) =>
        statement(
          `SELECT new_value AS "newValue", at, coalesce(known_at, at) AS known FROM ${schema} WHERE kind = ? AND id = ? AND field = ? ORDER BY at DESC, known_at DESC, rowid DESC LIMIT 1`,
        ).get(kind, id, field) as { newValue: string | null; at: number; known: number } | undefined;
      const [recorded, staged] = [newest('main.changes'), newest('st.r_changes')];
      if (!recorded || !staged) return staged ?? recorded;
      return staged.at > recorded.at || (staged.at === recorded.at && staged.known >= recorded.known) ? staged : recorded; // biome-ignore format: one choice
    },
    gone: (kind) =>
      new Set(
        db
          .prepare<[string], string>(
            `SELECT id FROM (SELECT id, event, row_number() OVER (PARTITION BY id ORDER BY at DESC, rowid DESC) AS n FROM main.removals WHERE kind = ?) WHERE n = 1 AND event = 'removed'`,
          )
          .pluck()
          .all(kind),
      ),
    absent: (kind, source) => {
      sqlOf(kind);
      commit();
      const { table } = layoutOf(kind);
      const { key } = rawColumns(kind);
      const whose = `substr(m."${key}", 1, length(?)) = ?`;
      const prefix = [`${source}:`, `${source}:`] as const;
      const known = db.prepare<[string, string], number>(`SELECT count(*) FROM main."${table}" m WHERE ${whose}`).pluck().get(...prefix)!; // biome-ignore format: one statement
      const keys = db
        .prepare<[string, string], string>(
          `SELECT m."${key}" FROM main."${table}" m WHERE ${whose} AND NOT EXISTS (SELECT 1 FROM st."r_${table}" s WHERE s."${key}" = m."${key}") ORDER BY m.rowid`,
        )
        .pluck()
        .all(...prefix);
      return { known, keys };
    },
    read: () => {
      for (const kind of kindsStaged()) {
        const isNew = `_fate = ${FATES.new}`;
        fillReadings(db, kind, `st."r_${layoutOf(kind).table}"`, isNew, undefined, (work) => {
          begin();
          work();
          commit();
        });
      }
    },
    newestKnown: (company) => {
      const kinds = new Set(kindsStaged());
      return newestKnown(db, company.calendar, false, (kind) => (kinds.has(kind) ? `st."r_${layoutOf(kind).table}"` : undefined)); // biome-ignore format: one call
    },
    swap: ({ keep, at, source, settings, changed, report }) => {
      commit();
      let isDone = !keep;
      db.exec('BEGIN IMMEDIATE');
      try {
        if (wasOvertaken()) {
          throw new ForesellError(
            'import-overtaken',
            'records were written by another process while this import was read; nothing of it was imported, run it again',
            { status: 409 },
          );
        }
        if (settings) writeSettings(db, settings);
        for (const kind of kindsStaged()) {
          const { table } = layoutOf(kind);
          const { key, kept, own, readings } = rawColumns(kind);
          db.prepare(
            `INSERT OR IGNORE INTO main."${table}" (${quoted([...own, ...readings, 'imported_at'])}) SELECT ${quoted([...own, ...readings])}, ? FROM st."r_${table}" WHERE _fate = ${FATES.new} ORDER BY rowid`,
          ).run(at);
          const set = kept.map((name) => `"${name}" = s."${name}"`).join(', ');
          db.exec(
            `UPDATE main."${table}" SET ${set} FROM st."r_${table}" s WHERE s."${key}" = "${table}"."${key}" AND s._fate = ${FATES.replaces}`,
          );
        }
        if (changed) touchFacts(db);
        if (!keep) {
          const audit = auditOf(db, readCompany(db));
          db.exec('ROLLBACK');
          return audit;
        }
        const { lastInsertRowid } = db
          .prepare('INSERT INTO main.imports (at, source, report) VALUES (?, ?, ?)')
          .run(at, source, report(undefined));
        db.exec('COMMIT');
        // The audit reads every table; nobody needs to wait for it.
        isDone = true;
        const audit = auditOf(db, readCompany(db));
        db.prepare('UPDATE main.imports SET report = ? WHERE id = ?').run(report(audit), lastInsertRowid);
        return audit;
      } catch (error) {
        if (db.inTransaction) db.exec('ROLLBACK');
        throw error;
      } finally {
        prepared.clear();
        sql.clear();
        db.exec('DETACH DATABASE st');
        if (isDone) forgetStaging(path);
      }
    },
  };
  return staging;
}
