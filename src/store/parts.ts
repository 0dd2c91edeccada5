import type { Company } from '../company.ts';
import { tellsChanges } from '../factPlan.ts';
import { type ContactOf, contactLink, factsOf, sortFacts } from '../facts.ts';
import { type EntityKind, type Fact, type RecordDeclaration, type RecordKind, records } from '../records.ts';
import type { FactSource, History } from '../world.ts';
import type { Connection } from './connection.ts';
import { rowsPicked, rowsWhere, type StoredRow } from './rows.ts';
import { about, grouped, type LazySource, readRemovals, viaContact } from './source.ts';
import { aloneOf } from './tables.ts';

type Whom = Readonly<Partial<Record<EntityKind, ReadonlySet<string>>>>;
const kinds = (Object.keys(records) as RecordKind[]).filter((kind) => Object.keys(records[kind].facts).length > 0);
const LISTED = 'IN (SELECT value FROM json_each(?))';
const json = (ids: Iterable<string>): string => JSON.stringify([...ids]);

/**
 * Reads all facts about some at once: of those given and, for deals, of the accounts and leads that they name. Of anybody
 * else, as users and products, it tells what `others` does.
 * Cost: a statement or two for each kind of record, and a look-up by index for each of those.
 */
export function partsOf(db: Connection, company: Company, others: LazySource) {
  const contact = rowsWhere(db, 'contact', ['id']);
  const contacts = new Map<string, ReturnType<ContactOf>>();
  const contactOf: ContactOf = (id) => {
    if (!contacts.has(id)) {
      const [row] = id === '' ? [] : contact(id);
      contacts.set(id, row && contactLink(row as StoredRow<'contact'>, company));
    }
    return contacts.get(id);
  };
  const removals = readRemovals(db);
  return (of: EntityKind, ids: readonly string[], population: FactSource): FactSource => {
    const whom = concerned(db, of, ids);
    const histories = new Map<EntityKind, Map<string, { [kind: string]: Fact[] }>>();
    for (const [entity, some] of Object.entries(whom))
      histories.set(entity as EntityKind, new Map([...some].map((id) => [id, {}])));
    for (const kind of kinds) {
      const rows = rowsAbout(db, kind, whom);
      if (rows.length === 0) continue;
      const named = tellsChanges(kind) ? rows.map((row) => (row as StoredRow<'deal'>).id) : [];
      const changes = grouped(named.length === 0 ? [] : rowsPicked(db, 'change', `kind = ? AND id ${LISTED}`, [kind, json(named)]), (row) => row.id ?? ''); // biome-ignore format: one look
      const lines = grouped(kind === 'order' ? rowsPicked(db, 'orderLine', `order_id ${LISTED}`, [json(named)]) : [], (row) => row.orderId); // biome-ignore format: one look
      for (const row of rows) {
        const { id } = row as StoredRow<'deal'>;
        const told = factsOf(kind, row, changes.get(id) ?? [], company, lines.get(id) ?? [], contactOf, removals);
        for (const { fact, about } of told) {
          for (const entity in about) {
            const history = histories.get(entity as EntityKind)?.get(about[entity as EntityKind]!);
            if (history) (history[fact.kind] ??= []).push(fact);
          }
        }
      }
    }
    for (const some of histories.values())
      for (const history of some.values()) for (const facts of Object.values(history)) sortFacts(facts);
    return {
      company,
      rates: population.rates,
      population,
      ids: population.ids,
      history(of, id) {
        const history = histories.get(of)?.get(id);
        if (!history) return others.history(of, id);
        return Object.keys(history).length > 0 ? (history as History) : undefined;
      },
    };
  };
}

/** Those asked for, and whom their features ask in turn. */
function concerned(db: Connection, of: EntityKind, ids: readonly string[]): Whom {
  if (of !== 'deal') return { [of]: new Set(ids) };
  const deals = [...rowsPicked(db, 'deal', `id ${LISTED}`, [json(ids)])];
  const those = (values: readonly (string | null)[]) => new Set(values.filter((id) => id !== null));
  return {
    deal: new Set(ids),
    account: those(deals.map(({ accountId }) => accountId)),
    lead: those(deals.map(({ leadId }) => leadId)),
  };
}

/** Rows of a kind about some, each once and in the order in which they came. */
function rowsAbout(db: Connection, kind: RecordKind, whom: Whom): readonly StoredRow[] {
  const declaration: RecordDeclaration = records[kind];
  const picks: string[] = [];
  const values: string[] = [];
  const pick = (where: string, ids: ReadonlySet<string>) => {
    picks.push(`SELECT rowid FROM "${declaration.table}" WHERE ${where}`);
    values.push(json(ids));
  };
  for (const [entity, ids] of Object.entries(whom)) {
    if (ids.size === 0) continue;
    for (const found of about.get(entity as EntityKind)!)
      if (found.kind === kind) pick(`"${found.column}" ${LISTED}`, ids);
    if (entity !== 'account') continue;
    const alone = aloneOf(declaration);
    for (const found of viaContact) {
      if (found.kind !== kind) continue;
      const more = alone?.column === found.column ? ` AND ${alone.where}` : '';
      pick(`"${found.column}" IN (SELECT id FROM contacts WHERE account_id ${LISTED})${more}`, ids);
    }
  }
  return picks.length === 0 ? [] : [...rowsPicked(db, kind, `rowid IN (${picks.join(' UNION ')})`, values)];
}
