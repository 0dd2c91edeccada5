import type { Company } from '../src/company.ts';
import { changedFault } from '../src/connectors/validate.ts';
import { ForesellError } from '../src/errors.ts';
import { contactLink, factsOf, memorySource, type Stored, sortFacts, type Told } from '../src/facts.ts';
import { parseMinor } from '../src/money.ts';
import {
  type ColumnType,
  type Fact,
  fieldName,
  type RecordDeclaration,
  type RecordKind,
  records,
} from '../src/records.ts';
import { readingOf } from '../src/store/readings.ts';
import { type Instant, parseInstant } from '../src/time.ts';
import { type FactSource, type History, kindsIn } from '../src/world.ts';
import { changedColumn } from './changedColumn.ts';
import { jsonName } from './schemas/rows.ts';
import type { WholeRecord } from './schemas/wholeRecords.ts';

/** The ids that a store knows, by the id given. */
export type Resolve = (kind: RecordKind, id: string) => readonly string[];

/** A source in which one deal, lead or customer is as a record tells it, and the id that it has there. */
export interface Laid {
  readonly id: string;
  readonly source: FactSource;
}

/** Whom a whole record is about: the first of these that it holds. An account beside a deal only adds to what is stored. */
const roots = ['deal', 'lead', 'account'] as const;
/** The rows of a whole record by the name of their list, with their kind. */
export const recordLists = {
  deals: 'deal',
  activities: 'activity',
  quoteLines: 'quoteLine',
  dealContacts: 'dealContact',
  orders: 'order',
  subscriptions: 'subscription',
  invoices: 'invoice',
  tickets: 'ticket',
  surveys: 'survey',
  usage: 'usage',
  contacts: 'contact',
  campaignMembers: 'campaignMember',
  consents: 'consent',
} as const satisfies Readonly<Record<string, RecordKind>>;

type Json = Readonly<Record<string, unknown>>;
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const rootOf = (record: WholeRecord) => roots.find((kind) => kind in record)!;

/** The id that a record gives itself, to name it in an answer. */
export function idIn(record: WholeRecord): string | null {
  return text(((record as Json)[rootOf(record)] as Json)['id']) ?? null;
}

/**
 * Lays a whole record over what is stored; nothing is written. Whom it is about is what the record says and nothing
 * else; the account of a deal is what is stored plus what the record adds (the same fact counts once); norms and
 * everybody else's past come from below. Values without a history are known from `asOf`.
 */
export function overlay(below: FactSource, record: WholeRecord, asOf: Instant, lookUp: Resolve, path: string): Laid {
  const { company } = below;
  const resolve = remembered(lookUp); // the same owner and product come up in every row
  const read = reader(company, asOf, resolve);
  const given = record as Json;
  const about = rootOf(record);
  const rootJson = given[about] as Json;
  const account = given['account'] as Json | undefined;
  const root = read(about, rootJson, `${path}.${about}`);
  const told: Told[] = [];
  /** Owners and the like in a change are ids too; other values must be of the form of their column, as in a file. */
  const known = (given: Stored<'change'>, at: string): Stored<'change'> => {
    const change = { ...given, field: changedColumn(given.kind, given.field) };
    const { columns }: RecordDeclaration = records[change.kind];
    const column = Object.hasOwn(columns, change.field) ? columns[change.field] : undefined;
    if (!column) return change; // one of the company's own
    const currency = change.kind === about ? ((root as { currency?: string | null }).currency ?? company.settings.base_currency) : undefined; // biome-ignore format: one choice
    for (const name of ['oldValue', 'newValue'] as const) {
      const fault = change[name] && changedFault(change.kind, column, name, change[name], { zone: company.settings.time_zone, currency }); // biome-ignore format: one call
      if (fault) throw new ForesellError('field-invalid', `${at}.${name}: ${fault.message}`, { path: `${at}.${name}` });
    }
    const { refers } = column;
    if (!refers) return change;
    const id = (value: string | null) => value && resolveOne(resolve, refers as RecordKind, value);
    return { ...change, oldValue: id(change.oldValue), newValue: id(change.newValue) };
  };
  const changes = eachOnce('change', record.changes ?? []).map(([change, i]) => {
    const at = `${path}.changes[${i}]`;
    return known(read('change', { ...change, kind: change.kind ?? about, id: change.id ?? rootJson['id'] ?? '' }, at), at); // biome-ignore format: one call
  });
  const changesOf = (kind: RecordKind, id: string) =>
    changes.filter(
      (change) => change.kind === kind && (resolveOne(resolve, kind, change.id) === id || change.id === id),
    );
  /** What a row says of whom it belongs to follows from where it stands. */
  const whose: Json = {
    dealId: about === 'deal' ? rootJson['id'] : undefined,
    leadId: about === 'lead' ? rootJson['id'] : undefined,
    accountId: account?.['id'] ?? rootJson['accountId'],
  };
  const implied = (kind: RecordKind): Json => {
    const { columns } = kindRead(kind);
    return Object.fromEntries(Object.entries(whose).filter(([name, id]) => id !== undefined && columns.has(name)));
  };

  /** What names a contact of the record alone is of that contact's account, as it is of a stored one. */
  const contacts = new Map(
    ((given['contacts'] as readonly Json[] | undefined) ?? []).map((json, i) => {
      const row = read('contact', json, `${path}.contacts[${i}]`, implied('contact'));
      return [row.id, contactLink(row, company)];
    }),
  );
  const contactOf = (id: string) => contacts.get(id);

  told.push(...factsOf(about, root, changesOf(about, root.id), company));
  if (account && about !== 'account') {
    const row = read('account', account, `${path}.account`);
    told.push(...factsOf('account', row, changesOf('account', row.id), company));
  }
  for (const [field, kind] of Object.entries(recordLists)) {
    const rows = given[field] as readonly Json[] | undefined;
    if (!rows) continue;
    const belongs = implied(kind);
    for (const [json, i] of eachOnce(kind, rows)) {
      const at = `${path}.${field}[${i}]`;
      const row = read(kind, json, at, belongs);
      const id = text((row as unknown as Json)['id']) ?? '';
      const own = eachOnce('orderLine', (json['lines'] as readonly Json[] | undefined) ?? []).map(([line, j]) =>
        read('orderLine', line, `${at}.lines[${j}]`, { orderId: json['id'] }),
      );
      told.push(...factsOf(kind, row, changesOf(kind, id), company, own, contactOf));
    }
  }

  const above = memorySource(company, told, below.rates);
  const merged = new Map<string, History | undefined>();
  return {
    id: root.id,
    source: {
      company,
      rates: below.rates,
      population: below.population ?? below,
      ids: (of) => [...new Set([...below.ids(of), ...above.ids(of)])],
      history: (of, id) => {
        if (of === about && id === root.id) return above.history(of, id);
        const added = above.history(of, id);
        if (!added) return below.history(of, id);
        const key = `${of}:${id}`;
        if (!merged.has(key)) merged.set(key, merge(below.history(of, id), added));
        return merged.get(key);
      },
    },
  };
}

/** Rows with their places; of those of one name the last, as in an import: a row that a caller's join has doubled did not happen twice. */
function eachOnce<R extends object>(kind: RecordKind, rows: readonly R[]): readonly (readonly [R, number])[] {
  const { key }: RecordDeclaration = records[kind];
  const names = key.map(jsonName);
  const nameOf = (row: object) => (names.length === 1 ? (row as Json)[names[0]!] : JSON.stringify(names.map((name) => (row as Json)[name] ?? null))); // biome-ignore format: one choice
  const places = new Map(rows.map((row, i) => [nameOf(row), i]));
  return [...places.values()].map((i) => [rows[i]!, i]);
}

/** Both histories; a fact with the same id counts once, as the record has it. */
export function merge(stored: History | undefined, added: History): History {
  if (!stored) return added;
  const out: { [kind: string]: Fact[] } = {};
  for (const kind of new Set([...kindsIn(stored), ...kindsIn(added)])) {
    const own = (added[kind] ?? []) as readonly Fact[];
    const known = new Set(own.map((fact) => fact.id));
    out[kind] = sortFacts([...((stored[kind] ?? []) as readonly Fact[]).filter((fact) => !known.has(fact.id)), ...own]);
  }
  return out as History;
}

function remembered(lookUp: Resolve): Resolve {
  const known = new Map<string, readonly string[]>();
  return (kind, id) => {
    const key = `${kind}:${id}`;
    let found = known.get(key);
    if (!found) known.set(key, (found = lookUp(kind, id)));
    return found;
  };
}

function resolveOne(resolve: Resolve, kind: RecordKind, id: string): string {
  const found = resolve(kind, id);
  return found.length === 1 ? found[0]! : id;
}

/** A column as JSON has it and as a row has it. */
interface ColumnRead {
  readonly json: string;
  readonly field: string;
  readonly type: ColumnType;
  /** The kind whose id it holds. */
  readonly refers: RecordKind | undefined;
}
/** How rows of a kind are read. */
interface KindRead {
  readonly columns: ReadonlyMap<string, ColumnRead>;
  /** A row of which nothing is known, to be copied: a row has some twenty columns, and a request names five of them. */
  readonly unknown: Readonly<Record<string, unknown>>;
}
const kindsRead = new Map<RecordKind, KindRead>();

/** Worked out once a kind: names cost more than values. */
function kindRead(kind: RecordKind): KindRead {
  let known = kindsRead.get(kind);
  if (!known) {
    const declaration: RecordDeclaration = records[kind];
    const columns = Object.entries(declaration.columns).map(
      ([name, { type, refers }]): ColumnRead => ({
        json: jsonName(name),
        field: fieldName(name, type),
        type,
        refers: (refers ?? (type === 'key' ? kind : undefined)) as RecordKind | undefined,
      }),
    );
    const fields = ['importedAt', 'custom', 'knownAt', ...columns.map(({ field }) => field)];
    known = {
      columns: new Map(columns.map((column) => [column.json, column])),
      unknown: Object.fromEntries(fields.map((field) => [field, null])),
    };
    kindsRead.set(kind, known);
  }
  return known;
}

/**
 * Turns a checked JSON row into the row that `factsOf` reads: times to instants, money to minor units, ids to known ids.
 * `implied` says what the row itself does not.
 */
export function reader(company: Company, importedAt: Instant, resolve: Resolve) {
  return <K extends RecordKind>(kind: K, json: object, path: string, implied?: Json): Stored<K> => {
    const given = json as Json;
    const { columns, unknown } = kindRead(kind);
    const row: Record<string, unknown> = { ...unknown };
    row['importedAt'] = importedAt;
    row['custom'] = given['custom'] ?? {};
    const said =
      (given['currency'] as string | null | undefined) ?? (columns.has('currency') ? currencyIn(given) : undefined);
    const currency = said ?? company.settings.base_currency;
    const known = given['knownAt'] as string | null | undefined;
    row['knownAt'] = known ? time(known, company, `${path}.knownAt`) : null;
    const put = (name: string, value: unknown): void => {
      const column = columns.get(name);
      if (!column) return;
      const { field, type, refers } = column;
      if (value === undefined || value === null) row[field] = null;
      else if (type === 'time') row[field] = time(value as string, company, `${path}.${name}`);
      else if (type === 'money') row[field] = minor(value as MoneyGiven, currency, `${path}.${name}`);
      else row[field] = refers ? resolveOne(resolve, refers, value as string) : value;
    };
    for (const name in implied) put(name, implied[name]);
    for (const name in given) put(name, given[name]);
    if (said !== undefined) put('currency', said);
    return Object.assign(row, readingOf(kind, row)) as unknown as Stored<K>;
  };
}

/** The currency of a row that says it with its amount alone. */
const currencyIn = (row: Json): string | undefined =>
  Object.values(row).find((value): value is Exclude<MoneyGiven, string> => value !== null && typeof value === 'object' && 'minor' in value)?.currency; // biome-ignore format: one look

type MoneyGiven = string | { readonly minor: number; readonly currency: string };

export function time(text: string, company: Company, path: string): Instant {
  const at = parseInstant(text, company.settings.time_zone);
  if (at === undefined) {
    throw new ForesellError('field-invalid', `${path}: "${text}" is not an ISO 8601 time`, { path });
  }
  return at;
}

export function minor(value: MoneyGiven, currency: string, path: string): number {
  if (typeof value === 'object') {
    if (value.currency === currency) return value.minor;
    throw new ForesellError(
      'field-invalid',
      `${path}: in ${value.currency}, but the row\u2019s currency is ${currency}`,
      {
        path,
      },
    );
  }
  const parsed = parseMinor(value, currency);
  if (parsed === undefined) {
    throw new ForesellError('field-invalid', `${path}: "${value}" is not an amount of ${currency}`, { path });
  }
  return parsed;
}
