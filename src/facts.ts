import type { Company } from './company.ts';
import { type AboutPlan, type FactPlan, isEntity, type Loose, planOf } from './factPlan.ts';
import { parseMinor } from './money.ts';
import { noRates, type RateTable } from './money-rates.ts';
import { isCancelled } from './orderStatus.ts';
import { asPresent, presences } from './presence.ts';
import { type Column, type EntityKind, type Fact, fieldName, type RecordDeclaration, type RecordKind, type RowOf, records } from './records.ts'; // biome-ignore format: one import
import { type Instant, knownAfter, parseInstant } from './time.ts';
import type { FactSource, History } from './world.ts';

/** A row as the store keeps it: what came, and the instant at which the engine first saw it. */
export type Stored<K extends RecordKind = RecordKind> = RowOf<K> & { readonly importedAt: Instant };

/** A fact and everybody it is about. */
export interface Told {
  readonly fact: Fact;
  readonly about: Readonly<Partial<Record<EntityKind, string>>>;
}

/** The account of a contact and when that was known; undefined for a contact whose record never came, or has none. */
export type ContactOf = (contactId: string) => { readonly accountId: string; readonly knownAt: Instant } | undefined;
const noContacts: ContactOf = () => undefined;

/** What `ContactOf` answers of a contact's row. */
export function contactLink(row: Stored<'contact'>, company: Company): ReturnType<ContactOf> {
  if (row.accountId === null) return undefined;
  const known = row.createdAt === null ? row.importedAt : knownAt(row.createdAt, row, company);
  return { accountId: row.accountId, knownAt: known };
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
 * - A cancelled order is one for as long as it was not known to be cancelled; so are its lines.
 * - Of a record that a complete export no longer had, nothing is told from then on. One that had ended stays as it ended.
 *
 * @param row the record · @param changes its change rows, in any order · @param lines an order's lines
 * @param contactOf accounts of contacts, for records that name a contact instead of an account
 * @param removals when it, or a line of it, was found to be gone, and to be back
 */
export function factsOf<K extends RecordKind>(
  kind: K,
  row: Stored<K>,
  changes: readonly Stored<'change'>[],
  company: Company,
  lines: readonly Stored<'orderLine'>[] = [],
  contactOf: ContactOf = noContacts,
  removals: Removals = noRemovals,
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

  for (const { name, at: atField, creation, planned, make, about, contact, ifAlone, words } of facts) {
    const happened = cells[atField] as number | null;
    if (happened === null && !creation) continue;
    // Whether it was won is not guessed: a closing time alone closes nothing, as an outcome without its time does not.
    if (name === 'closed' && cells['outcome'] === null) continue;
    const at = happened ?? row.importedAt;
    const known =
      happened === null ? row.importedAt : planned && row.knownAt !== null ? row.knownAt : knownAt(at, row, company);
    const fact = make(id, at, known, cells);
    const whom = aboutOf(about, cells, id);
    const versions =
      name === 'closed'
        ? closeAsKnown(fact, at, known, history, cells, company)
        : name === 'subscriptionTerm'
          ? termsAsKnown(fact, at, known, history, cells, company)
          : creation && history.length
            ? creationAsKnown(fact, known, words, history, company)
            : [fact];
    for (const version of versions) told.push({ fact: version as unknown as Fact, about: whom });
    const isNamed = ifAlone ? Object.keys(whom).length > 0 : whom.account !== undefined;
    const via = contact === undefined || isNamed ? undefined : contactOf((cells[contact] as string | null) ?? '');
    const how = ifAlone ? { viaContact: true } : {};
    if (via) for (const version of versions) told.push({ fact: { ...version, ...how, knownAt: Math.max(version['knownAt'] as number, via.knownAt) } as unknown as Fact, about: { account: via.accountId } }); // biome-ignore format: one sentence
    if (name === 'order') {
      for (const line of lines)
        told.push(...present([lineFact(line, id, at, known, cells)], removals('orderLine', line.id), company));
    }
  }

  if (isEntity(kind)) told.push(...stateFacts(kind, declaration, cells, id, history, company));
  if (kind === 'deal') told.push(...earlierCloses(cells, id, history, aboutOf(closedAbout(), cells, id), company));
  const stands = kind === 'order' ? orderFacts(told, cells, id, history, company) : told;
  const gone = removals(kind, id).filter((row) => row.event === 'returned' || !hasEnded(kind, cells, row.at, company));
  return present(stands, gone, company);
}

/** What was found to be gone, or back, of a record; in any order. */
export type Removals = (kind: RecordKind, id: string) => readonly Stored<'removal'>[];
const noRemovals: Removals = () => [];

const present = (told: readonly Told[], removals: readonly Stored<'removal'>[], company: Company): readonly Told[] =>
  removals.length === 0
    ? told
    : asPresent(
        told,
        presences(
          removals.map((row) => ({ knownAt: knownAt(row.at, row, company), isThere: row.event === 'returned' })),
        ),
      );

/** Whether a deal or lead had ended before it was gone: what was won stays won, and teaches. */
function hasEnded(kind: RecordKind, cells: Loose, at: Instant, { settings }: Company): boolean {
  if (kind !== 'deal' && kind !== 'lead') return false;
  const { converted, disqualified } = settings.lead;
  const status = cells['status'];
  if (kind === 'lead' && typeof status === 'string' && [...converted, ...disqualified].includes(status)) return true;
  const closed = cells['outcome'] === null ? null : cells['closedAt'];
  const ends = [closed, cells['convertedAt']].filter((end): end is number => typeof end === 'number');
  return ends.some((end) => end <= at);
}

/** An order and its lines while it stood, and each time that it was learned to be cancelled. */
function orderFacts(
  told: readonly Told[],
  cells: Loose,
  id: string,
  history: readonly Stored<'change'>[],
  company: Company,
): readonly Told[] {
  const moves = history.filter((change) => change.field === 'status');
  const news = moves.map((change) => ({ at: change.at, knownAt: knownAt(change.at, change, company), isThere: !isCancelled(change.newValue) })); // biome-ignore format: a row
  // Without history a status is known from the import only, as any overwritten value.
  const status = cells['status'] as string | null;
  const placed = cells['at'] as number;
  const fixed = company.isFixed('order', 'status');
  if (moves.length === 0 && isCancelled(status)) {
    const since = fixed ? knownAt(placed, cells, company) : cells.importedAt;
    news.push({ at: since, knownAt: since, isThere: false });
  }
  if (news.every(({ isThere }) => isThere)) return told;
  const about = { account: cells['accountId'] as string };
  const cancelled = news.flatMap(({ at, knownAt, isThere }, i): Told[] =>
    isThere || news[i - 1]?.isThere === false
      ? []
      : [{ fact: { kind: 'orderCancelled', id: `orderCancelled:${id}:${at}`, at, knownAt, orderId: id }, about }],
  );
  return [...asPresent(told, presences(news)), ...cancelled];
}

const closedAbout = (): AboutPlan => planOf('deal').facts.find(({ name }) => name === 'closed')!.about;

function idOf(key: readonly string[], cells: Readonly<Record<string, unknown>>): string {
  return key.length === 1 ? String(cells[key[0]!] ?? '') : key.map((field) => cells[field] ?? '').join('|');
}

function knownAt(at: Instant, row: { readonly knownAt: number | null }, company: Company): Instant {
  return Math.max(knownAfter(at, company.calendar), row.knownAt ?? Number.NEGATIVE_INFINITY);
}

function aboutOf(about: AboutPlan, cells: Loose, id: string) {
  const out: Partial<Record<EntityKind, string>> = {};
  for (const [entity, field] of about) {
    const value = field === undefined ? id : (cells[field] as string | null);
    if (value) out[entity] = value;
  }
  return out;
}

function lineFact(line: Stored<'orderLine'>, orderId: string, at: Instant, known: Instant, order: Loose): Told {
  const { productId, quantity, unitPriceMinor, discount, costMinor, currency } = line;
  const learned = Math.max(known, line.knownAt ?? known);
  return {
    fact: { kind: 'orderLine', id: `orderLine:${line.id}`, at, knownAt: learned, orderId, productId, quantity, unitPriceMinor, discount, costMinor, currency }, // biome-ignore format: a row
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

  for (const [field, column, current] of changingFields(declaration, cells, history)) {
    const own = history.filter((change) => change.field === field);
    const typed = (text: string | null) => typedValue(text, column, cells, company);
    if (own.length === 0) {
      if (current === null) continue;
      if (company.isFixed(kind, field)) push(created.at, created.knownAt, field, null, current, null, '0');
      else push(cells.importedAt, cells.importedAt, field, null, current, null, 'import');
      continue;
    }
    const first = typed(own[0]!.oldValue);
    // A change that two exports show says nothing of the time before the first of them.
    const seen = isSeen(own[0]!) && !company.isFixed(kind, field);
    const since = seen ? { at: cells.importedAt, knownAt: cells.importedAt } : created;
    if (first !== null) push(since.at, since.knownAt, field, null, first, null, '0');
    own.forEach((change, i) => {
      // Padded, because the id decides the order of changes of the same instant.
      const n = String(i + 1).padStart(6, '0');
      const value = typed(change.newValue);
      push(change.at, knownAt(change.at, change, company), field, typed(change.oldValue), value, change.by, n);
    });
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
const CUSTOM: Column = { type: 'text', required: false, known: 'mutable' };

/** What a source may overwrite, with its value now: mutable columns, and all that the declaration does not name. */
function* changingFields(
  declaration: RecordDeclaration,
  cells: Loose,
  history: readonly Stored<'change'>[],
): Generator<readonly [field: string, column: Column, current: Cell]> {
  for (const [field, column] of Object.entries(declaration.columns))
    if (column.known === 'mutable') yield [field, column, cells[fieldName(field, column.type)] as Cell];
  const custom = new Map(Object.entries((cells['custom'] ?? {}) as Record<string, string>));
  const names = new Set([...custom.keys(), ...history.map((change) => change.field)]);
  for (const field of names)
    if (!Object.hasOwn(declaration.columns, field)) yield [field, CUSTOM, custom.get(field) || null];
}

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

/**
 * The amount in force at the close as known by an instant, so that a later correction does not rewrite what was booked.
 * Undefined where history does not tell it: the row's own amount is then all there is.
 */
function amountAt(
  at: Instant,
  known: Instant,
  history: readonly Stored<'change'>[],
  cells: Loose,
  company: Company,
): number | undefined {
  const amounts = history.filter((change) => change.field === 'amount');
  const before = amounts.filter((change) => change.at <= at && knownAt(change.at, change, company) <= known).at(-1);
  const first = amounts[0];
  const text = before ? before.newValue : first && !isSeen(first) ? first.oldValue : null;
  if (!text) return undefined;
  return parseMinor(text, (cells['currency'] as string | null) ?? company.settings.base_currency);
}

/** Whether only two exports show the change: it happened at any time between them. */
const isSeen = (change: Stored<'change'>): boolean => change.at === change.importedAt && change.knownAt === change.at;

/**
 * The row's close as it was known over time: as it was first, then again whenever its outcome was put right or an older
 * amount was learned. All have the close's own `at`, so the newest known of them counts.
 */
function closeAsKnown(
  fact: Readonly<Record<string, unknown>>,
  at: Instant,
  known: Instant,
  history: readonly Stored<'change'>[],
  cells: Loose,
  company: Company,
): Record<string, unknown>[] {
  const learned = (change: Stored<'change'>) => Math.max(knownAt(change.at, change, company), known);
  const corrections = history.filter((c) => c.field === 'outcome' && c.at > at && c.oldValue && c.newValue);
  const times = new Set([known]);
  for (const change of history)
    if (corrections.includes(change) || (change.field === 'amount' && change.at <= at)) times.add(learned(change));
  const versions: Record<string, unknown>[] = [];
  for (const knownBy of [...times].sort((a, b) => a - b)) {
    const corrected = corrections.filter((change) => learned(change) <= knownBy).at(-1)?.newValue;
    const outcome = corrected ?? corrections[0]?.oldValue ?? fact['outcome'];
    const own = outcome === fact['outcome']; // the row's cause and reason belong to the outcome that it has now
    const version = {
      ...fact,
      id: versions.length ? `${fact['id']}:${knownBy}` : fact['id'],
      knownAt: knownBy,
      outcome,
      cause: (own ? fact['cause'] : null) ?? outcome,
      lostReason: own ? fact['lostReason'] : null,
      amountMinor: amountAt(at, knownBy, history, cells, company) ?? fact['amountMinor'],
    };
    const last = versions.at(-1);
    if (!last || last['outcome'] !== outcome || last['amountMinor'] !== version.amountMinor) versions.push(version);
  }
  return versions;
}

/**
 * A creation as it was known over time: with the words it had first, then again whenever one was put right or filled in,
 * which often happens only to those who were won. All have the same `at`, so the newest known of them counts.
 */
function creationAsKnown(
  fact: Readonly<Record<string, unknown>>,
  known: Instant,
  words: FactPlan['words'],
  history: readonly Stored<'change'>[],
  company: Company,
): Readonly<Record<string, unknown>>[] {
  const learned = (change: Stored<'change'>) => Math.max(knownAt(change.at, change, company), known);
  const own = words
    .map(([field, column]) => [field, history.filter((change) => change.field === column)] as const)
    .filter(([, changes]) => changes.length > 0);
  const times = new Set([known, ...own.flatMap(([, changes]) => changes.map(learned))]);
  return [...times]
    .sort((a, b) => a - b)
    .map((knownBy, i) => {
      const version: Record<string, unknown> = { ...fact, knownAt: knownBy };
      if (i > 0) version['id'] = `${fact['id']}:${knownBy}`;
      for (const [field, changes] of own) {
        const newest = changes.filter((change) => learned(change) <= knownBy).at(-1);
        version[field] = (newest ? newest.newValue : changes[0]!.oldValue) || null;
      }
      return version;
    });
}

/**
 * A subscription's end and amount as they were known over time: with what it started with, then again at each change.
 * What no change tells is known from the import only, unless the company marked it fixed: an end that a renewal wrote
 * over would tell, at the start, who renewed. Of several facts with one `at` the newest known counts.
 */
function termsAsKnown(
  fact: Readonly<Record<string, unknown>>,
  at: Instant,
  known: Instant,
  history: readonly Stored<'change'>[],
  cells: Loose,
  company: Company,
): Record<string, unknown>[] {
  const { columns }: RecordDeclaration = records.subscription;
  const events: { field: string; at: Instant; knownAt: Instant; value: Cell }[] = [];
  for (const [field, column] of Object.entries(columns)) {
    if (column.known !== 'mutable') continue;
    const name = fieldName(field, column.type);
    const own = history.filter((change) => change.field === field);
    const kept = company.isFixed('subscription', field);
    const sure = kept || (own[0] !== undefined && !isSeen(own[0]));
    const since = sure ? { at, knownAt: known } : { at: Math.max(at, cells.importedAt), knownAt: Math.max(known, cells.importedAt) }; // biome-ignore format: one choice
    const first = own[0] ? typedValue(own[0].oldValue, column, cells, company) : (cells[name] as Cell);
    if (first !== null) events.push({ field: name, ...since, value: first });
    for (const change of own) {
      const learned = Math.max(knownAt(change.at, change, company), known);
      events.push({ field: name, at: Math.max(change.at, at), knownAt: learned, value: typedValue(change.newValue, column, cells, company) }); // biome-ignore format: a row
    }
  }
  const fields = [...new Set(events.map(({ field }) => field))];
  const ats = [...new Set([at, ...events.map((event) => event.at)])].sort((a, b) => a - b);
  const told: Record<string, unknown>[] = [];
  for (const when of ats) {
    const began = Math.min(when === at ? known : Number.POSITIVE_INFINITY, ...events.filter((event) => event.at === when).map((event) => event.knownAt)); // biome-ignore format: one look
    const learned = [...new Set([began, ...events.filter((event) => event.at <= when && event.knownAt > began).map((event) => event.knownAt)])]; // biome-ignore format: one look
    let before: Record<string, unknown> | undefined;
    for (const knownBy of learned.sort((a, b) => a - b)) {
      const version: Record<string, unknown> = { ...fact, endsAt: null, amountMinor: null, at: when, knownAt: knownBy };
      if (told.length) version['id'] = `${fact['id']}:${when}:${knownBy}`;
      // Stable: of changes at one instant the later row counts.
      for (const field of fields) {
        const newest = events.filter((event) => event.field === field && event.at <= when && event.knownAt <= knownBy).sort((a, b) => a.at - b.at).at(-1); // biome-ignore format: one look
        version[field] = newest ? newest.value : null;
      }
      if (before && fields.every((field) => before![field] === version[field])) continue;
      told.push((before = version));
    }
  }
  return told;
}

/** Earlier closes: outcomes that were taken back or became another later, which the row itself no longer tells. */
function earlierCloses(
  cells: Loose,
  id: string,
  history: readonly Stored<'change'>[],
  about: Told['about'],
  company: Company,
): Told[] {
  const outcomes = history.filter((change) => change.field === 'outcome');
  const closedAt = cells['closedAt'] as number | null;
  /** Of a close with a date from before it was taken back: the row's own close would lie before the reopening. */
  const isBack = (change: Stored<'change'>, i: number) => !change.oldValue && closedAt !== null && outcomes.slice(0, i).some(({ at, newValue }) => !newValue && at > closedAt && at < change.at); // biome-ignore format: one look
  return outcomes.flatMap((change, i) => {
    if (!change.newValue || (i === outcomes.length - 1 && !isBack(change, i))) return [];
    // The row's own close, and what put that right, are told with it.
    if (closedAt !== null && (change.at === closedAt || (change.at > closedAt && change.oldValue))) return [];
    const known = knownAt(change.at, change, company);
    const fact = {
      kind: 'closed',
      id: `closed:${id}:${change.at}`,
      at: change.at,
      knownAt: known,
      dealId: id,
      outcome: change.newValue,
      cause: change.newValue,
      lostReason: null,
      amountMinor: amountAt(change.at, known, history, cells, company) ?? (cells['amountMinor'] as number | null),
      currency: cells['currency'] as string | null,
    } as const;
    return [{ fact: fact as unknown as Fact, about }];
  });
}

type Mutable = { [kind: string]: Fact[] };

/** Facts on their way into histories. */
export interface Collecting {
  add(told: Told): void;
  /** What was added, each list in order of (at, knownAt, id). */
  source(): FactSource;
}

/**
 * Collects facts into histories.
 * @param begin the history of somebody of whom the first fact is told; of kinds that it knows by itself none may be told
 */
export function collecting(
  company: Company,
  rates: RateTable = noRates,
  begin: (of: EntityKind, id: string) => History = () => ({}),
): Collecting {
  const histories = new Map<EntityKind, Map<string, Mutable>>();
  return {
    add({ fact, about }) {
      for (const entity in about) {
        const id = about[entity as EntityKind]!;
        let of = histories.get(entity as EntityKind);
        if (!of) histories.set(entity as EntityKind, (of = new Map()));
        let history = of.get(id);
        if (!history) of.set(id, (history = begin(entity as EntityKind, id) as Mutable));
        (history[fact.kind] ??= []).push(fact);
      }
    },
    source() {
      for (const of of histories.values()) for (const history of of.values()) Object.values(history).forEach(sortFacts);
      return {
        company,
        rates,
        ids: (of) => [...(histories.get(of)?.keys() ?? [])],
        history: (of, id) => histories.get(of)?.get(id) as History | undefined,
      };
    },
  };
}

/** An in-memory source. */
export function memorySource(company: Company, told: Iterable<Told>, rates?: RateTable): FactSource {
  const collected = collecting(company, rates);
  for (const each of told) collected.add(each);
  return collected.source();
}

export function sortFacts<F extends Fact>(facts: F[]): F[] {
  return facts.sort((a, b) => a.at - b.at || a.knownAt - b.knownAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
