import type { Statement } from 'better-sqlite3';
import type { Company } from '../company.ts';
import { tellsChanges } from '../factPlan.ts';
import { type EntityKind, fieldName, type RecordDeclaration, type RecordKind, records } from '../records.ts';
import { DAY, type Instant, knownAfter } from '../time.ts';
import { adjustmentBook } from './adjustments.ts';
import type { Connection } from './connection.ts';
import { readingOf } from './readings.ts';
import { layoutOf, quoted, type RawRow, rawColumns, type SqlValue } from './rows.ts';
import { factsStamp, readSetting, touchFacts, writeSetting } from './settings.ts';

/** Whom rows tell of. */
export type Touched = Readonly<Partial<Record<EntityKind, readonly string[]>>>;

/** Facts that came in one request, as every process learns of them. */
export interface Append {
  /** Ascending over all processes. */
  readonly seq: number;
  readonly stamp: number;
  /** When they arrived. */
  readonly at: Instant;
  /** Looks as of earlier instants see nothing of them; undefined = they may change any look of whom they touch. */
  readonly since: Instant | undefined;
  /** They define what everybody is read by (stages, rates, quotas): nothing that was read before holds. */
  readonly whole: boolean;
  /** Instants after the arrival at which more of them begins to count. */
  readonly later: readonly Instant[];
  readonly touched: Touched;
}

/** The records while facts are appended: what is there is seen with what was written so far. */
export interface Appending {
  /** Values of a row of that name. */
  find(kind: RecordKind, key: string): readonly SqlValue[] | undefined;
  /** What the newest change of a field says; undefined where there is none. */
  lastChange(kind: string, id: string, field: string): { readonly newValue: string | null } | undefined;
  /** Whether a complete export no longer had a record, and none has had it since. */
  isGone(kind: RecordKind, key: string): boolean;
  /** A new row; one without `known_at` is known from now. False where one of that name is there. */
  add(kind: RecordKind, row: RawRow): boolean;
  /** The answer to the same request when it came before. */
  recall(scope: string, key: string): { readonly hash: string; readonly body: string } | undefined;
  /** Keeps an answer in the commit of what it tells of, for a week. */
  remember(scope: string, key: string, answer: { readonly hash: string; readonly body: string }): void;
  /** What people put beside the forecast, and the undoing of it. */
  readonly adjustments: Pick<ReturnType<typeof adjustmentBook>, 'add' | 'find' | 'undoneBy'>;
  /** Makes the first part of ids known, so that bare ids of it are found. */
  nameSource(source: string): void;
  /** Other values of a row that is there. @param told whether changes tell of all that differs */
  replace(kind: RecordKind, row: RawRow, old: readonly SqlValue[], told: boolean): void;
}

/** So many are remembered; a process that was away for longer reads everything again. */
const REMEMBERED = 100_000;
/** How long the answer to a request that may come twice is kept. */
const KEPT_MS = 7 * DAY;
/** Setting with the sources that facts were posted under, as JSON. */
export const FACT_SOURCES = 'factSources';

const names = new Map<RecordKind, readonly string[]>();
function columnsOf(kind: RecordKind): readonly string[] {
  let known = names.get(kind);
  if (!known) names.set(kind, (known = Object.keys(records[kind].columns)));
  return known;
}
const cellOf = (kind: RecordKind, values: readonly SqlValue[], column: string): SqlValue =>
  values[columnsOf(kind).indexOf(column)] ?? null;

export interface AppendBook {
  /** Several works in one commit, each whole or not at all: what one throws undoes its own writes and is its answer. */
  readonly appendAll: <T>(
    company: Company,
    at: Instant,
    works: readonly ((appending: Appending) => T)[],
  ) => (T | { error: unknown })[];
  /** Those after a number, oldest first. */
  readonly appends: (after: number) => readonly Append[];
  readonly newestAppend: () => number;
  readonly appendsFrom: (at: Instant) => readonly Append[];
}

/** Appends facts on the store's own connection. */
export function appendBook(db: Connection): AppendBook {
  const prepared = new Map<string, Statement<SqlValue[]>>();
  const statement = (sql: string) => {
    let known = prepared.get(sql);
    if (!known) prepared.set(sql, (known = db.prepare<SqlValue[]>(sql)));
    return known;
  };

  const adjustments = adjustmentBook(db);

  /** One request's writes, and what is to be said of them. */
  function writer(company: Company, at: Instant) {
    const touched = new Map<EntityKind, Set<string>>();
    const keys: (readonly [RecordKind, string])[] = [];
    const later = new Set<Instant>();
    let since: Instant | undefined = Number.POSITIVE_INFINITY;
    let whole = false;
    const notBefore = (instant: Instant | undefined) => {
      since = instant === undefined || since === undefined ? undefined : Math.min(since, instant);
    };

    const find = (kind: RecordKind, key: string): readonly SqlValue[] | undefined => {
      const { key: name, kept } = rawColumns(kind);
      return statement(`SELECT ${quoted(kept)} FROM "${layoutOf(kind).table}" WHERE "${name}" = ?`).raw().get(key) as readonly SqlValue[] | undefined; // biome-ignore format: one statement
    };
    const touch = (of: EntityKind, id: SqlValue) => {
      if (typeof id !== 'string') return;
      let ids = touched.get(of);
      if (!ids) touched.set(of, (ids = new Set()));
      ids.add(id);
    };
    const accountOf = (contact: SqlValue) => {
      if (typeof contact !== 'string') return null;
      const row = find('contact', contact);
      return row ? cellOf('contact', row, 'account_id') : null;
    };
    /** Whom a row's facts are about: by the columns that its declaration names, or as the record that it belongs to. */
    const touchBy = (kind: RecordKind, values: readonly SqlValue[]): void => {
      if (kind === 'change' || kind === 'removal') {
        const [of, id] = [cellOf(kind, values, 'kind') as RecordKind, cellOf(kind, values, 'id') as string];
        keys.push([of, id]); // its record is another one now
        const record = find(of, id);
        if (record) touchBy(of, record);
        return;
      }
      if (kind === 'orderLine') {
        const order = find('order', cellOf(kind, values, 'order_id') as string);
        if (order) touchBy('order', order);
        return;
      }
      if (kind === 'contact') touch('account', cellOf(kind, values, 'account_id'));
      const declaration: RecordDeclaration = records[kind];
      const facts = Object.values(declaration.facts);
      // Quotas are read where they are asked for, and tell nothing of anybody.
      if (facts.length === 0 && kind !== 'quota') whole = true;
      for (const { about, viaContact } of facts) {
        for (const [of, column] of Object.entries(about) as [EntityKind, string][])
          touch(of, cellOf(kind, values, column));
        if (viaContact) touch('account', accountOf(cellOf(kind, values, viaContact)));
      }
    };
    /** Columns that hold a time, and `known_at`, where they are still to come: then more of the row begins to count. */
    const noteTimes = (kind: RecordKind, values: readonly SqlValue[]) => {
      const declaration: RecordDeclaration = records[kind];
      const times = Object.entries(declaration.columns).filter(([, column]) => column.type === 'time');
      const notBefore = (from: SqlValue) => {
        if (typeof from === 'number' && from > at) later.add(from);
      };
      for (const [name] of times) {
        const value = cellOf(kind, values, name);
        if (typeof value === 'number') notBefore(knownAfter(value, company.calendar));
      }
      notBefore(values.at(-2)!); // an instant, at midnight too
    };
    const written = (kind: RecordKind, { key, values }: RawRow) => {
      keys.push([kind, key]);
      touchBy(kind, values);
      noteTimes(kind, values);
    };

    const appending: Appending = {
      find,
      lastChange: (kind, id, field) =>
        statement(
          'SELECT new_value AS "newValue" FROM changes WHERE kind = ? AND id = ? AND field = ? ORDER BY at DESC, known_at DESC, rowid DESC LIMIT 1',
        ).get(kind, id, field) as { newValue: string | null } | undefined,
      isGone: (kind, key) =>
        statement('SELECT event FROM removals WHERE kind = ? AND id = ? ORDER BY at DESC, rowid DESC LIMIT 1')
          .pluck()
          .get(kind, key) === 'removed',
      add: (kind, { key, values: given }) => {
        const { own, readings } = rawColumns(kind);
        const values = given.with(-2, given.at(-2) ?? at);
        const fields = columnsOf(kind).map((name, i) => [fieldName(name, records[kind].columns[name as never]['type']), values[i]]); // biome-ignore format: one list
        const read = readingOf(kind, Object.fromEntries(fields) as object) as Readonly<Record<string, SqlValue>>;
        const all = [...own, ...readings, 'imported_at'];
        const { changes } = statement(
          `INSERT OR IGNORE INTO "${layoutOf(kind).table}" (${quoted(all)}) VALUES (${all.map(() => '?').join(', ')})`,
        ).run(...(own.length > values.length ? [key] : []), ...values, ...readings.map((name) => read[name] ?? null), at); // biome-ignore format: one row
        if (changes === 0) return false;
        written(kind, { key, values });
        // A field's first change also tells what it was before, from the record's beginning on.
        notBefore(kind === 'change' && isFirst(values) ? undefined : Math.min(at, values.at(-2) as number));
        return true;
      },
      recall: (scope, key) =>
        statement('SELECT hash, body FROM answered WHERE scope = ? AND key = ? AND at >= ?').get(scope, key, at - KEPT_MS) as { hash: string; body: string } | undefined, // biome-ignore format: one statement
      remember: (scope, key, { hash, body }) => {
        statement('DELETE FROM answered WHERE at < ?').run(at - KEPT_MS);
        statement('INSERT INTO answered (scope, key, hash, at, body) VALUES (?, ?, ?, ?, ?)').run(scope, key, hash, at, body); // biome-ignore format: one statement
      },
      adjustments,
      nameSource: (source) => {
        const known = JSON.parse(readSetting(db, FACT_SOURCES) ?? '[]') as string[];
        if (!known.includes(source)) writeSetting(db, FACT_SOURCES, JSON.stringify([...known, source].sort()));
      },
      replace: (kind, { key, values }, old, told) => {
        const { key: name, kept } = rawColumns(kind);
        statement(`UPDATE "${layoutOf(kind).table}" SET ${kept.map((c) => `"${c}" = ?`).join(', ')} WHERE "${name}" = ?`).run(...values, key); // biome-ignore format: one statement
        touchBy(kind, old);
        written(kind, { key, values });
        notBefore(told ? revealed(kind, values, old, at) : undefined);
      },
    };
    const isFirst = (values: readonly SqlValue[]): boolean => {
      const [of, id, when, field] = ['kind', 'id', 'at', 'field'].map((name) => cellOf('change', values, name));
      const earlier = statement('SELECT 1 FROM changes WHERE kind = ? AND id = ? AND field = ? AND at < ? LIMIT 1');
      if (earlier.get(of, id, field, when) !== undefined) return false;
      // Of two exports that differ: nothing is told of the time before.
      return !(when === at && values.at(-2) === at);
    };
    return {
      appending,
      said: () => ({ since, whole, keys, later: [...later].sort((a, b) => a - b), touched }),
    };
  }

  /**
   * Does several works in one commit (`BEGIN IMMEDIATE`), each whole or not at all: what one throws undoes its own writes
   * and is its answer. A failure of the database fails them all.
   */
  const appendAll = db.transaction(
    <T>(company: Company, at: Instant, works: readonly ((appending: Appending) => T)[]): (T | { error: unknown })[] => {
      const stamp = factsStamp(db) + 1;
      let isChanged = false;
      const answers = works.map((work): T | { error: unknown } => {
        const { appending, said } = writer(company, at);
        try {
          const answer = db.transaction(() => work(appending))();
          const { since, whole, keys, later, touched } = said();
          if (keys.length === 0) return answer;
          isChanged = true;
          statement('INSERT INTO appends (stamp, at, since, whole, later, keys, touched) VALUES (?, ?, ?, ?, ?, ?, ?)').run(
            stamp, at, since ?? null, whole ? 1 : 0, JSON.stringify(later), JSON.stringify(keys),
            JSON.stringify(Object.fromEntries([...touched].map(([of, ids]) => [of, [...ids]]))),
          ); // biome-ignore format: one row
          return answer;
        } catch (error) {
          if (typeof (error as { readonly code?: unknown }).code === 'string' && (error as { code: string }).code.startsWith('SQLITE')) throw error; // biome-ignore format: one look
          return { error };
        }
      });
      if (isChanged) {
        touchFacts(db);
        statement('DELETE FROM appends WHERE seq <= (SELECT max(seq) FROM appends) - ?').run(REMEMBERED);
      }
      return answers;
    },
  );

  const read = db.prepare('SELECT * FROM appends WHERE seq > ? ORDER BY seq');
  return {
    appendAll: appendAll.immediate as AppendBook['appendAll'],
    appends: (after) => (read.all(after) as Kept[]).map(appendOf),
    newestAppend: () => (db.prepare('SELECT max(seq) FROM appends').pluck().get() as number | null) ?? 0,
    appendsFrom: (at) => (db.prepare('SELECT * FROM appends WHERE at >= ? ORDER BY seq').all(at) as Kept[]).map(appendOf), // biome-ignore format: one statement
  };
}

interface Kept {
  readonly seq: number;
  readonly stamp: number;
  readonly at: number;
  readonly since: number | null;
  readonly whole: number;
  readonly later: string;
  readonly touched: string;
}
const appendOf = ({ seq, stamp, at, since, whole, later, touched }: Kept): Append => ({
  seq,
  stamp,
  at,
  since: since ?? undefined,
  whole: whole === 1,
  later: JSON.parse(later) as Instant[],
  touched: JSON.parse(touched) as Touched,
});

/** Rows appended since a stamp; undefined where not all of so many commits were appends. */
export function appendedSince(
  db: Connection,
  stamp: number,
  commits: number,
): readonly (readonly [RecordKind, string])[] | undefined {
  const rows = db.prepare('SELECT stamp, keys FROM appends WHERE stamp > ?').all(stamp) as {
    stamp: number;
    keys: string;
  }[];
  if (new Set(rows.map((row) => row.stamp)).size !== commits) return undefined;
  return rows.flatMap(({ keys }) => JSON.parse(keys) as [RecordKind, string][]);
}

/**
 * From when a look may see that a row has other values: what a source overwrites is told by changes that are known from
 * the arrival, what it fills in (a close, a delivery) by a fact that is known when it happened.
 */
function revealed(
  kind: RecordKind,
  values: readonly SqlValue[],
  old: readonly SqlValue[],
  at: Instant,
): Instant | undefined {
  const declaration: RecordDeclaration = records[kind];
  const columns = columnsOf(kind);
  let since: Instant | undefined = at;
  columns.forEach((name, i) => {
    if (values[i] === old[i] || since === undefined) return;
    const { known, type } = declaration.columns[name]!;
    if (known !== 'late') {
      // Told by a change, where changes of its kind are told.
      if (type !== 'person' && !tellsChanges(kind)) since = undefined;
      return;
    }
    const facts = Object.values(declaration.facts).filter((fact) => fact.at === name || Object.values(fact.fields).includes(name)); // biome-ignore format: one look
    for (const fact of facts) {
      const happened = values[columns.indexOf(fact.at)];
      if (typeof happened !== 'number' || old[i] !== null) since = undefined;
      else if (since !== undefined)
        since = Math.min(since, Math.max(happened, (values.at(-2) as number | null) ?? happened));
    }
  });
  if (values.at(-2) !== old.at(-2)) since = undefined;
  return since;
}
