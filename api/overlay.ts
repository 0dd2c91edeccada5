import type { Company } from '../src/company.ts';
import { ForesellError } from '../src/errors.ts';
import { factsOf, memorySource, type Stored, sortFacts, type Told } from '../src/facts.ts';
import { parseMinor } from '../src/money.ts';
import {
  type ColumnType,
  type Fact,
  type FactKind,
  fieldName,
  type RecordDeclaration,
  type RecordKind,
  records,
} from '../src/records.ts';
import { type Instant, parseInstant } from '../src/time.ts';
import type { FactSource, History } from '../src/world.ts';
import { type DealRecord, jsonName } from './schemas.ts';

/** The ids that a store knows, by the id given. */
export type Resolve = (kind: RecordKind, id: string) => readonly string[];

/** A source in which one deal is as a record tells it, and the id that the deal has there. */
export interface Laid {
  readonly id: string;
  readonly source: FactSource;
}

/**
 * Lays a whole record over what is stored; nothing is written. The deal is what the record says and nothing else; its
 * account is what is stored plus what the record adds (the same fact counts once); norms and everybody else's past come
 * from below. Values without a history are known from `asOf`.
 */
export function overlay(below: FactSource, record: DealRecord, asOf: Instant, lookUp: Resolve, path: string): Laid {
  const { company } = below;
  const resolve = remembered(lookUp); // the same owner and product come up in every row
  const read = reader(company, asOf, resolve);
  const deal = read('deal', record.deal, `${path}.deal`);
  const told: Told[] = [];
  /** Owners and the like in a change are ids too. */
  const known = (change: Stored<'change'>): Stored<'change'> => {
    const refers = (records[change.kind] as RecordDeclaration).columns[change.field]?.refers;
    if (!refers) return change;
    const id = (value: string | null) => value && resolveOne(resolve, refers as RecordKind, value);
    return { ...change, oldValue: id(change.oldValue), newValue: id(change.newValue) };
  };
  const changes = (record.changes ?? []).map((change, i) => {
    const at = `${path}.changes[${i}]`;
    return known(read('change', { kind: 'deal', ...change, id: change.id ?? record.deal.id ?? '' }, at));
  });
  const changesOf = (kind: RecordKind, id: string) =>
    changes.filter(
      (change) => change.kind === kind && (resolveOne(resolve, kind, change.id) === id || change.id === id),
    );

  told.push(...factsOf('deal', deal, changesOf('deal', deal.id), company));
  const whose = { dealId: record.deal.id, accountId: record.deal.accountId };
  (record.activities ?? []).forEach((activity, i) => {
    const row = read('activity', { ...whose, ...activity }, `${path}.activities[${i}]`);
    told.push(...factsOf('activity', row, changesOf('activity', row.id), company));
  });
  (record.quoteLines ?? []).forEach((line, i) => {
    const row = read('quoteLine', { dealId: record.deal.id, ...line }, `${path}.quoteLines[${i}]`);
    told.push(...factsOf('quoteLine', row, [], company));
  });
  (record.dealContacts ?? []).forEach((contact, i) => {
    const row = read('dealContact', { dealId: record.deal.id, ...contact }, `${path}.dealContacts[${i}]`);
    told.push(...factsOf('dealContact', row, [], company));
  });
  if (record.account) {
    const row = read('account', record.account, `${path}.account`);
    told.push(...factsOf('account', row, changesOf('account', row.id), company));
  }
  (record.orders ?? []).forEach(({ lines, ...order }, i) => {
    const at = `${path}.orders[${i}]`;
    const row = read('order', { accountId: record.account?.id ?? record.deal.accountId, ...order }, at);
    const of = (lines ?? []).map((line, j) => read('orderLine', { orderId: order.id, ...line }, `${at}.lines[${j}]`));
    told.push(...factsOf('order', row, changesOf('order', row.id), company, of));
  });

  const above = memorySource(company, told, below.rates);
  const merged = new Map<string, History | undefined>();
  return {
    id: deal.id,
    source: {
      company,
      rates: below.rates,
      population: below.population ?? below,
      ids: (of) => [...new Set([...below.ids(of), ...above.ids(of)])],
      history: (of, id) => {
        if (of === 'deal' && id === deal.id) return above.history(of, id);
        const added = above.history(of, id);
        if (!added) return below.history(of, id);
        const key = `${of}:${id}`;
        if (!merged.has(key)) merged.set(key, merge(below.history(of, id), added));
        return merged.get(key);
      },
    },
  };
}

/** Both histories; a fact with the same id counts once, as the record has it. */
function merge(stored: History | undefined, added: History): History {
  if (!stored) return added;
  const out: { [kind: string]: Fact[] } = {};
  for (const kind of new Set([...Object.keys(stored), ...Object.keys(added)]) as Set<FactKind>) {
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

/** Turns a checked JSON row into the row that `factsOf` reads: times to instants, money to minor units, ids to known ids. */
function reader(company: Company, importedAt: Instant, resolve: Resolve) {
  return <K extends RecordKind>(kind: K, json: object, path: string): Stored<K> => {
    const declaration: RecordDeclaration = records[kind];
    const given = json as Readonly<Record<string, unknown>>;
    const row: Record<string, unknown> = { importedAt, custom: given['custom'] ?? {} };
    const currency = (given['currency'] as string | null | undefined) ?? company.settings.base_currency;
    const known = given['knownAt'] as string | null | undefined;
    row['knownAt'] = known ? time(known, company, `${path}.knownAt`) : null;
    for (const [name, column] of Object.entries(declaration.columns)) {
      const at = `${path}.${jsonName(name)}`;
      const value = given[jsonName(name)];
      row[fieldName(name, column.type)] =
        value === undefined || value === null
          ? null
          : typed(column.type, value, column.refers ?? (column.type === 'key' ? kind : undefined), at);
    }
    return row as unknown as Stored<K>;

    function typed(type: ColumnType, value: unknown, refers: string | undefined, at: string): unknown {
      if (type === 'time') return time(value as string, company, at);
      if (type === 'money') return minor(value as string | { minor: number; currency: string }, currency, at);
      if (refers) return resolveOne(resolve, refers as RecordKind, value as string);
      return value;
    }
  };
}

function time(text: string, company: Company, path: string): Instant {
  const at = parseInstant(text, company.settings.time_zone);
  if (at === undefined) {
    throw new ForesellError('field-invalid', `${path}: "${text}" is not an ISO 8601 time`, { path });
  }
  return at;
}

function minor(value: string | { minor: number; currency: string }, currency: string, path: string): number {
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
