import type { Company } from '../company.ts';
import { tellsChanges } from '../factPlan.ts';
import { type ContactOf, collecting, contactLink, factsOf, type Removals, sortFacts, type Told } from '../facts.ts'; // biome-ignore format: one import
import { type RateTable, rateTable } from '../money-rates.ts';
import { type EntityKind, type Fact, type RecordDeclaration, type RecordKind, records } from '../records.ts';
import { knownAfter } from '../time.ts';
import type { FactSource, History } from '../world.ts';
import type { Connection } from './connection.ts';
import { rowsWhere, type StoredRow, scanRows } from './rows.ts';
import { factsStamp } from './settings.ts';
import { aloneOf } from './tables.ts';
import { workedOutOf } from './workedOut.ts';

const kinds = Object.keys(records) as RecordKind[];
const declarationOf = (kind: RecordKind): RecordDeclaration => records[kind];
const entities: readonly EntityKind[] = ['deal', 'lead', 'account', 'user', 'product'];

/** Kinds of record with a fact about an entity, and the columns by which they name it. */
export const about = new Map(
  entities.map((of) => [
    of,
    kinds.flatMap((kind) => {
      const columns = Object.values(declarationOf(kind).facts).flatMap((fact) => fact.about[of] ?? []);
      return [...new Set(columns)].map((column) => ({ kind, column }));
    }),
  ]),
);

/** Kinds of record that may belong to an account by the contact they name, and the column that names it. */
export const viaContact = kinds.flatMap((kind) => {
  const columns = Object.values(declarationOf(kind).facts).flatMap((fact) => fact.viaContact ?? []);
  return [...new Set(columns)].map((column) => ({ kind, column }));
});

type Reader = (...values: readonly (string | number | null)[]) => StoredRow[];

/** A source that can be told to read somebody again. */
export interface LazySource extends FactSource {
  forget(of: EntityKind, ids: readonly string[]): void;
  /** What one kind of record tells of somebody; nothing is kept. */
  part(of: EntityKind, id: string, kind: RecordKind): History;
}

/**
 * Facts read when asked for: one entity's rows, the changes of those rows and the lines of its orders.
 * Cost of a history: a look-up by index for each kind of record about the entity, and one for each row's changes.
 */
export function lazySource(db: Connection, company: Company): LazySource {
  const readers = new Map<string, Reader>();
  const reader = (kind: RecordKind, ...columns: readonly string[]): Reader => {
    const name = `${kind}:${columns.join()}`;
    let read = readers.get(name);
    const alone = aloneOf(declarationOf(kind));
    const more = alone && columns.length === 1 && columns[0] === alone.column ? alone.where : undefined;
    if (!read) readers.set(name, (read = rowsWhere(db, kind, columns, more) as Reader));
    return read;
  };
  const histories = new Map<string, History | undefined>();
  const ids = new Map<EntityKind, readonly string[]>();
  let rates: RateTable | undefined;

  let removals: Removals | undefined;
  const contactOf: ContactOf = (id) => {
    const [contact] = id === '' ? [] : (reader('contact', 'id')(id) as StoredRow<'contact'>[]);
    return contact && contactLink(contact, company);
  };

  const read = (of: EntityKind, id: string, isAsked: (kind: RecordKind) => boolean = () => true): History => {
    const history: { [kind: string]: Fact[] } = {};
    const seen = new Set<string>();
    const via = of === 'account' ? viaContact.filter(({ kind }) => isAsked(kind)) : [];
    const contacts = via.length > 0 ? (reader('contact', 'account_id')(id) as StoredRow<'contact'>[]) : [];
    const asked = [
      ...about.get(of)!.flatMap(({ kind, column }) => (isAsked(kind) ? [{ kind, column, value: id }] : [])),
      ...contacts.flatMap((contact) => via.map(({ kind, column }) => ({ kind, column, value: contact.id }))),
    ];
    for (const { kind, column, value } of asked) {
      for (const row of reader(kind, column)(value)) {
        const rowId = (row as unknown as { readonly id?: string }).id;
        if (rowId !== undefined) {
          if (seen.has(`${kind}:${rowId}`)) continue;
          seen.add(`${kind}:${rowId}`);
        }
        const changes = tellsChanges(kind) ? (reader('change', 'kind', 'id')(kind, rowId!) as StoredRow<'change'>[]) : []; // biome-ignore format: one choice
        const lines = kind === 'order' ? (reader('orderLine', 'order_id')(rowId!) as StoredRow<'orderLine'>[]) : [];
        removals ??= readRemovals(db);
        for (const { fact, about: whom } of factsOf(kind, row, changes, company, lines, contactOf, removals))
          if (whom[of] === id) (history[fact.kind] ??= []).push(fact);
      }
    }
    for (const facts of Object.values(history)) sortFacts(facts);
    return history as History;
  };
  const whole = (of: EntityKind, id: string): History | undefined => {
    const history = read(of, id);
    return Object.keys(history).length > 0 ? history : undefined;
  };

  return {
    company,
    get rates() {
      return (rates ??= readRates(db, company));
    },
    ids: (of) => {
      let all = ids.get(of);
      if (!all) ids.set(of, (all = readIds(db, of)));
      return all;
    },
    history: (of, id) => {
      const key = `${of}:${id}`;
      if (!histories.has(key)) histories.set(key, whole(of, id));
      return histories.get(key);
    },
    part: (of, id, kind) => read(of, id, (other) => other === kind),
    forget: (of, some) => {
      for (const id of some) histories.delete(`${of}:${id}`);
      ids.delete(of);
      removals = undefined;
    },
  };
}

/** Everybody whom a fact is about: also those named by others only, whose own record never came. Sorted. */
function readIds(db: Connection, of: EntityKind): readonly string[] {
  const parts = about
    .get(of)!
    .map(({ kind, column }) => `SELECT "${column}" AS id FROM "${declarationOf(kind).table}" WHERE "${column}" IS NOT NULL`); // biome-ignore format: one statement
  return (db.prepare(parts.join(' UNION ')).pluck().all() as string[]).sort(byCode);
}

/** A quotation without `known_at` is known as any fact is: when it came into force, a bare date by the next midnight. */
export function readRates(db: Connection, company: Company): RateTable {
  const rows = [...scanRows(db, 'exchangeRate')];
  return rateTable(rows.map((row) => ({ ...row, knownAt: row.knownAt ?? knownAfter(row.at, company.calendar) })));
}

/**
 * The same facts from one scan of every table: for training and for whatever looks at everything. One read transaction, so
 * that an import that another process commits meanwhile is seen whole or not at all. Cost: all rows in memory.
 * @param stamp of the facts when the company was read: what was worked out of them is kept with the file
 */
export function scannedSource(db: Connection, company: Company, stamp?: number): FactSource {
  return db.transaction(() => {
    const collected = collecting(company, readRates(db, company));
    for (const told of allFacts(db, company)) if (told) collected.add(told);
    const source = collected.source();
    const ids = new Map(entities.map((of) => [of, [...source.ids(of)].sort(byCode)] as const));
    return { ...source, ids: (of: EntityKind) => ids.get(of)!, ...keptWith(db, company, stamp) };
  })();
}

/** Where what is worked out of the facts is kept: nowhere, where they are no longer those of the stamp. */
export function keptWith(db: Connection, company: Company, stamp: number | undefined): Pick<FactSource, 'workedOut'> {
  const workedOut = stamp !== undefined && stamp === factsStamp(db) ? workedOutOf(db, company, stamp) : undefined;
  return workedOut ? { workedOut } : {};
}

export const byCode = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** After so many rows whoever reads may do something else. */
const BREATH = 1000;

/**
 * Every fact of the file, a kind of record at a time; undefined now and then, when whoever reads may do something else.
 * @param without kinds of record that are left out
 */
export function* allFacts(
  db: Connection,
  company: Company,
  without: readonly RecordKind[] = [],
): Generator<Told | undefined> {
  const changes = yield* groupedWithBreaths(scanRows(db, 'change'), (row) => `${row.kind}:${row.id}`);
  const lines = yield* groupedWithBreaths(scanRows(db, 'orderLine'), (row) => row.orderId);
  const contactOf = readContacts(db, company);
  const removals = readRemovals(db);
  for (const kind of kinds) {
    if (without.includes(kind) || Object.keys(declarationOf(kind).facts).length === 0) continue;
    let rows = 0;
    for (const row of scanRows(db, kind, false)) {
      if (++rows % BREATH === 0) yield undefined;
      const id = (row as unknown as { readonly id?: string }).id;
      const own = tellsChanges(kind) ? (changes.get(`${kind}:${id}`) ?? []) : [];
      yield* factsOf(kind, row, own, company, kind === 'order' ? (lines.get(id!) ?? []) : [], contactOf, removals);
    }
  }
}

/** The accounts of all contacts. */
function readContacts(db: Connection, company: Company): ContactOf {
  const links = new Map<string, ReturnType<ContactOf>>();
  for (const contact of scanRows(db, 'contact', false)) links.set(contact.id, contactLink(contact, company));
  return (id) => links.get(id);
}

/** All that was found to be gone: few, so held in memory. */
export function readRemovals(db: Connection): Removals {
  const rows = grouped(scanRows(db, 'removal'), ({ kind, id }) => `${kind}:${id}`);
  return (kind, id) => rows.get(`${kind}:${id}`) ?? NONE;
}
const NONE: readonly never[] = [];

function* groupedWithBreaths<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
): Generator<undefined, ReadonlyMap<string, readonly T[]>> {
  const groups = new Map<string, T[]>();
  let n = 0;
  for (const item of items) {
    if (++n % BREATH === 0) yield undefined;
    addTo(groups, keyOf(item), item);
  }
  return groups;
}

export function grouped<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) addTo(groups, keyOf(item), item);
  return groups;
}

function addTo<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key);
  if (group) group.push(item);
  else groups.set(key, [item]);
}
