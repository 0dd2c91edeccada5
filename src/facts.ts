import type { Company } from './company.ts';
import { parseMinor } from './money.ts';
import { noRates, type RateTable } from './money-rates.ts';
import { type Column, type EntityKind, type Fact, fieldName, type RecordDeclaration, type RecordKind, type RowOf, records } from './records.ts'; // biome-ignore format: one import
import { type Instant, knownAfter, parseInstant } from './time.ts';
import type { FactSource, History } from './world.ts';

/** A row as the store keeps it: what came, and the instant at which the engine first saw it. */
export type Stored<K extends RecordKind = RecordKind> = RowOf<K> & { readonly importedAt: Instant };
type Loose = Readonly<Record<string, unknown>> & { readonly importedAt: Instant; readonly knownAt: number | null };

/** A fact and everybody it is about. */
export interface Told {
  readonly fact: Fact;
  readonly about: Readonly<Partial<Record<EntityKind, string>>>;
}

/**
 * The facts that one record tells, each with its two times: the only place where rows become facts.
 *
 * - A fact is known when it happened (a bare date: by the next local midnight), later where `known_at` says so, and
 *   earlier only for kinds declared `planned`.
 * - A fixed column enters with the record's creation. A mutable column's first value is the `old_value` of its first
 *   change; without any change, or where only two exports show that it changed, it is known from the (first) import's
 *   instant only, unless the company marked it fixed.
 * - A record without its creation time is first known at import.
 *
 * @param row the record · @param changes its change rows, in any order · @param lines an order's lines
 */
export function factsOf<K extends RecordKind>(
  kind: K,
  row: Stored<K>,
  changes: readonly Stored<'change'>[],
  company: Company,
  lines: readonly Stored<'orderLine'>[] = [],
): readonly Told[] {
  const declaration: RecordDeclaration = records[kind];
  const cells = row as unknown as Loose;
  const { facts, key } = planOf(kind);
  const id = idOf(key, cells);
  const history =
    changes.length === 0
      ? []
      : [...changes].sort((a, b) => a.at - b.at || knownAt(a.at, a, company) - knownAt(b.at, b, company));
  const told: Told[] = [];

  for (const { name, at: atField, creation, planned, fields: sources, about } of facts) {
    const happened = cells[atField] as number | null;
    if (happened === null && !creation) continue;
    const at = happened ?? row.importedAt;
    const known =
      happened === null ? row.importedAt : planned && row.knownAt !== null ? row.knownAt : knownAt(at, row, company);
    const fact: Record<string, unknown> = { kind: name, id: `${name}:${id}`, at, knownAt: known };
    for (const [field, source] of sources) fact[field] = source === undefined ? id : cells[source];
    if (name === 'closed') {
      fact['cause'] ??= fact['outcome'];
      fact['amountMinor'] = amountAt(at, history, cells, company) ?? fact['amountMinor'];
    }
    told.push({ fact: fact as unknown as Fact, about: aboutOf(about, cells, id) });
    if (name === 'order') for (const line of lines) told.push(lineFact(line, id, at, known, cells));
  }

  if (isEntity(kind)) told.push(...stateFacts(kind, declaration, cells, id, history, company));
  if (kind === 'deal') told.push(...earlierCloses(cells, id, history, aboutOf(closedAbout(), cells, id), company));
  return told;
}

/** What a declaration says of its facts, with the names of fields looked up once: a file has many rows of a kind. */
interface FactPlan {
  readonly name: string;
  /** Field of the row that holds when it happened. */
  readonly at: string;
  /** The record's own creation, which a record without that time has at its import. */
  readonly creation: boolean;
  readonly planned: boolean;
  /** Field of the fact and field of the row; undefined = the row's id. */
  readonly fields: readonly (readonly [string, string | undefined])[];
  readonly about: AboutPlan;
}
type AboutPlan = readonly (readonly [EntityKind, string | undefined])[];
interface Plan {
  readonly key: readonly string[];
  readonly facts: readonly FactPlan[];
}

const plans = new Map<RecordKind, Plan>();
function planOf(kind: RecordKind): Plan {
  const known = plans.get(kind);
  if (known) return known;
  const declaration: RecordDeclaration = records[kind];
  const fieldOf = (column: string) => fieldName(column, declaration.columns[column]!.type);
  const plan: Plan = {
    key: declaration.key.map(fieldOf),
    facts: Object.entries(declaration.facts).map(([name, fact]) => ({
      name,
      at: fieldName(fact.at, 'time'),
      creation: declaration.columns[fact.at]!.known === 'fixed' && isEntity(kind),
      planned: fact.planned === true,
      fields: Object.entries(fact.fields).map(([field, column]) => [
        field,
        column === 'id' ? undefined : fieldOf(column),
      ]),
      about: (Object.entries(fact.about) as [EntityKind, string][]).map(([entity, column]) => [
        entity,
        column === 'id' ? undefined : fieldName(column, 'ref'),
      ]),
    })),
  };
  plans.set(kind, plan);
  return plan;
}

const closedAbout = (): AboutPlan => planOf('deal').facts.find(({ name }) => name === 'closed')!.about;

function idOf(key: readonly string[], cells: Readonly<Record<string, unknown>>): string {
  return key.length === 1 ? String(cells[key[0]!] ?? '') : key.map((field) => cells[field] ?? '').join('|');
}

function knownAt(at: Instant, row: { readonly knownAt: number | null }, company: Company): Instant {
  return Math.max(knownAfter(at, company.calendar), row.knownAt ?? Number.NEGATIVE_INFINITY);
}

const isEntity = (kind: string): kind is EntityKind =>
  kind === 'deal' || kind === 'lead' || kind === 'account' || kind === 'user' || kind === 'product';

function aboutOf(about: AboutPlan, cells: Loose, id: string) {
  const out: Partial<Record<EntityKind, string>> = {};
  for (const [entity, field] of about) {
    const value = field === undefined ? id : (cells[field] as string | null);
    if (value) out[entity] = value;
  }
  return out;
}

function lineFact(line: Stored<'orderLine'>, orderId: string, at: Instant, known: Instant, order: Loose): Told {
  const { productId, quantity, unitPriceMinor, discount, currency } = line;
  return {
    fact: { kind: 'orderLine', id: `orderLine:${line.id}`, at, knownAt: known, orderId, productId, quantity, unitPriceMinor, discount, currency }, // biome-ignore format: a row
    about: { account: order['accountId'] as string },
  };
}

/** Mutable fields as change facts, starting with the value they had at creation where that can be known. */
function stateFacts(
  kind: EntityKind,
  declaration: RecordDeclaration,
  cells: Loose,
  id: string,
  history: readonly Stored<'change'>[],
  company: Company,
): Told[] {
  const told: Told[] = [];
  const about = { [kind]: id } as Partial<Record<EntityKind, string>>;
  const created = told0(declaration, cells, company);
  const push = (at: Instant, known: Instant, field: string, old: Cell, value: Cell, by: string | null, n: string) =>
    told.push({
      fact: { kind: 'change', id: `change:${id}:${field}:${n}`, at, knownAt: known, field, old, value, by },
      about,
    });

  for (const [field, column] of Object.entries(declaration.columns)) {
    if (column.known !== 'mutable') continue;
    const own = history.filter((change) => change.field === field);
    const typed = (text: string | null) => typedValue(text, column, cells, company);
    const current = cells[fieldName(field, column.type)] as Cell;
    if (own.length === 0) {
      if (current === null) continue;
      if (company.isFixed(kind, field)) push(created.at, created.knownAt, field, null, current, null, '0');
      else push(cells.importedAt, cells.importedAt, field, null, current, null, 'import');
      continue;
    }
    const first = typed(own[0]!.oldValue);
    // A change that two exports show says nothing of the time before the first of them.
    const seen = own[0]!.at === own[0]!.importedAt && own[0]!.knownAt === own[0]!.at && !company.isFixed(kind, field);
    const since = seen ? { at: cells.importedAt, knownAt: cells.importedAt } : created;
    if (first !== null) push(since.at, since.knownAt, field, null, first, null, '0');
    own.forEach((change, i) => {
      // Padded, because the id decides the order of changes of the same instant.
      const n = String(i + 1).padStart(6, '0');
      const value = typed(change.newValue);
      push(change.at, knownAt(change.at, change, company), field, typed(change.oldValue), value, change.by, n);
    });
  }
  // Custom columns are known from creation where the company says that they never change, else only from the import.
  for (const [field, value] of Object.entries((cells['custom'] ?? {}) as Record<string, string>)) {
    if (value === '') continue;
    const at = company.isFixed(kind, field) ? created : { at: cells.importedAt, knownAt: cells.importedAt };
    push(at.at, at.knownAt, field, null, value, null, '0');
  }
  for (const change of history) {
    if (change.field !== 'outcome' || change.newValue || !change.oldValue) continue;
    const known = knownAt(change.at, change, company);
    told.push({
      fact: { kind: 'reopened', id: `reopened:${id}:${change.at}`, at: change.at, knownAt: known, by: change.by },
      about,
    });
  }
  return told;
}
type Cell = string | number | null;

/** When the record itself came to be, and to be known. */
function told0(declaration: RecordDeclaration, cells: Loose, company: Company): { at: Instant; knownAt: Instant } {
  const fact = Object.values(declaration.facts).find((f) => declaration.columns[f.at]!.known === 'fixed');
  const at = fact ? (cells[fieldName(fact.at, 'time')] as number | null) : null;
  if (at === null) return { at: cells.importedAt, knownAt: cells.importedAt };
  return { at, knownAt: knownAt(at, cells, company) };
}

/** A change's text as the value of its column; null where empty or not of the column's form (import reported it). */
function typedValue(text: string | null, column: Column, cells: Loose, company: Company): Cell {
  if (text === null || text === '') return null;
  switch (column.type) {
    case 'money':
      return parseMinor(text, (cells['currency'] as string | null) ?? company.settings.base_currency) ?? null;
    case 'time':
      return parseInstant(text, company.settings.time_zone) ?? null;
    case 'number':
    case 'integer': {
      const value = Number(text);
      return Number.isFinite(value) ? value : null;
    }
    default:
      return text;
  }
}

/** The amount in force at the close, so that a later correction does not rewrite what was booked. */
function amountAt(at: Instant, history: readonly Stored<'change'>[], cells: Loose, company: Company) {
  const before = history.filter((change) => change.field === 'amount' && change.at <= at).at(-1);
  if (!before?.newValue) return undefined;
  return parseMinor(before.newValue, (cells['currency'] as string | null) ?? company.settings.base_currency);
}

/** Closes of earlier spells: outcomes that were taken back later, which the row itself no longer tells. */
function earlierCloses(
  cells: Loose,
  id: string,
  history: readonly Stored<'change'>[],
  about: Told['about'],
  company: Company,
): Told[] {
  const outcomes = history.filter((change) => change.field === 'outcome');
  return outcomes.flatMap((change, i) => {
    if (!change.newValue || !outcomes.slice(i + 1).some((later) => !later.newValue)) return [];
    if (change.at === cells['closedAt']) return [];
    const fact = {
      kind: 'closed',
      id: `closed:${id}:${change.at}`,
      at: change.at,
      knownAt: knownAt(change.at, change, company),
      dealId: id,
      outcome: change.newValue,
      cause: change.newValue,
      lostReason: null,
      amountMinor: amountAt(change.at, history, cells, company) ?? (cells['amountMinor'] as number | null),
      currency: cells['currency'] as string | null,
    } as const;
    return [{ fact: fact as unknown as Fact, about }];
  });
}

type Mutable = { [kind: string]: Fact[] };

/** Collects facts into histories, each list in order of (at, knownAt, id): an in-memory source. */
export function memorySource(company: Company, told: Iterable<Told>, rates: RateTable = noRates): FactSource {
  const histories = new Map<EntityKind, Map<string, Mutable>>();
  for (const { fact, about } of told) {
    for (const entity in about) {
      const id = about[entity as EntityKind]!;
      let of = histories.get(entity as EntityKind);
      if (!of) histories.set(entity as EntityKind, (of = new Map()));
      let history = of.get(id);
      if (!history) of.set(id, (history = {}));
      (history[fact.kind] ??= []).push(fact);
    }
  }
  for (const of of histories.values()) for (const history of of.values()) Object.values(history).forEach(sortFacts);
  return {
    company,
    rates,
    ids: (of) => [...(histories.get(of)?.keys() ?? [])],
    history: (of, id) => histories.get(of)?.get(id) as History | undefined,
  };
}

export function sortFacts<F extends Fact>(facts: F[]): F[] {
  return facts.sort((a, b) => a.at - b.at || a.knownAt - b.knownAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
