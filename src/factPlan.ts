import { literal } from './literal.ts';
import { type Column, type EntityKind, fieldName, type RecordDeclaration, type RecordKind, records } from './records.ts'; // biome-ignore format: one import
import type { Instant } from './time.ts';

/** A row by the names of its fields. */
export type Loose = Readonly<Record<string, unknown>> & {
  readonly importedAt: Instant;
  readonly knownAt: number | null;
};

/** Whether a kind of record is of those whom facts are about. */
export const isEntity = (kind: string): kind is EntityKind =>
  kind === 'deal' || kind === 'lead' || kind === 'account' || kind === 'user' || kind === 'product';

/** Kinds whose recorded changes tell facts. */
export const tellsChanges = (kind: RecordKind): boolean =>
  isEntity(kind) || kind === 'subscription' || kind === 'ticket' || kind === 'order';

/** What a declaration says of its facts, with the names of fields looked up once: a file has many rows of a kind. */
export interface FactPlan {
  readonly name: string;
  /** Field of the row that holds when it happened. */
  readonly at: string;
  /** The record's own creation, which a record without that time has at its import. */
  readonly creation: boolean;
  readonly planned: boolean;
  /** The fact, by the row's id, its two times and the row. */
  readonly make: (id: string, at: Instant, knownAt: Instant, cells: Loose) => Record<string, unknown>;
  readonly about: AboutPlan;
  /** Field of the row that names a contact, whose account it is about where none is named. */
  readonly contact: string | undefined;
  /** Only where the row names nobody else. */
  readonly ifAlone: boolean;
  /** Of a creation: words that a source may put right later, as field of the fact and column. Not the currency, in which the amounts are. */
  readonly words: readonly (readonly [field: string, column: string])[];
}
export type AboutPlan = readonly (readonly [EntityKind, string | undefined])[];
interface Plan {
  readonly key: readonly string[];
  readonly facts: readonly FactPlan[];
}

const plans = new Map<RecordKind, Plan>();
export function planOf(kind: RecordKind): Plan {
  const known = plans.get(kind);
  if (known) return known;
  const declaration: RecordDeclaration = records[kind];
  const fieldOf = (column: string) => fieldName(column, declaration.columns[column]!.type);
  const readings = (name: string) => (declaration.reading?.fact === name ? Object.keys(declaration.reading.columns) : []); // biome-ignore format: one choice
  const cell = (field: string) => `cells[${JSON.stringify(field)}]`;
  const plan: Plan = {
    key: declaration.key.map(fieldOf),
    facts: Object.entries(declaration.facts).map(([name, fact]) => ({
      name,
      at: fieldName(fact.at, 'time'),
      creation: declaration.columns[fact.at]!.known === 'fixed' && tellsChanges(kind),
      planned: fact.planned === true,
      make: literal(
        ['id', 'at', 'knownAt', 'cells'],
        [
          ['kind', JSON.stringify(name)],
          ['id', `${JSON.stringify(`${name}:`)} + id`],
          ['at', 'at'],
          ['knownAt', 'knownAt'],
          ...Object.entries(fact.fields).map(([field, column]) => [field, column === 'id' ? 'id' : cell(fieldOf(column))] as const), // biome-ignore format: a list
          // What was read out of the row's words is called alike in both.
          ...readings(name).map((field) => [field, `${cell(field)} ?? null`] as const),
        ],
      ),
      words: Object.entries(fact.fields).filter(([, column]) => isWord(declaration.columns[column]!) && column !== 'currency'), // biome-ignore format: one look
      about: (Object.entries(fact.about) as [EntityKind, string][]).map(([entity, column]) => [
        entity,
        column === 'id' ? undefined : fieldName(column, 'ref'),
      ]),
      contact: fact.viaContact === undefined ? undefined : fieldName(fact.viaContact, 'ref'),
      ifAlone: fact.ifAlone === true,
    })),
  };
  plans.set(kind, plan);
  return plan;
}

const isWord = ({ known, type }: Column): boolean => known === 'fixed' && (type === 'text' || type === 'code');
