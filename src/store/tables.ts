import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, real, type SQLiteColumnBuilderBase, type SQLiteTable, sqliteTable, text } from 'drizzle-orm/sqlite-core'; // biome-ignore format: one import
import { type Column, fieldName, type RecordDeclaration, type RecordKind, records } from '../records.ts';
import type { RunOutcome } from './store.ts';

/** Kinds whose changes are recorded. */
export const changing: ReadonlySet<string> = new Set(records.change.columns.kind.levels);

/** Whether the source names the rows by an id of its own; else they are named by their key columns together. */
export const hasOwnId = (declaration: RecordDeclaration): boolean =>
  declaration.key.length === 1 && declaration.key[0] === 'id';

/** The SQL column that names a row. */
export const keyColumn = (declaration: RecordDeclaration): string => (hasOwnId(declaration) ? 'id' : 'row_id');

/** Name of a declared column in the table: money says that it is in minor units. */
export const sqlColumn = (name: string, column: Column): string => (column.type === 'money' ? `${name}_minor` : name);

function cell(name: string, column: Column): SQLiteColumnBuilderBase {
  const sql = sqlColumn(name, column);
  switch (column.type) {
    case 'time':
    case 'integer':
    case 'money':
    case 'boolean':
      return column.required ? integer(sql).notNull() : integer(sql);
    case 'number':
      return column.required ? real(sql).notNull() : real(sql);
    case 'key':
      return text(sql).primaryKey();
    default:
      return column.required ? text(sql).notNull() : text(sql);
  }
}

/** Of a kind whose rows belong to a contact's account only where they name nobody else: the contact's column, and that they do not. */
export function aloneOf({ facts }: RecordDeclaration): { readonly column: string; readonly where: string } | undefined {
  const fact = Object.values(facts).find(({ ifAlone }) => ifAlone);
  if (fact?.viaContact === undefined) return undefined;
  const where = Object.values(fact.about).map((column) => `"${column}" IS NULL`).join(' AND '); // biome-ignore format: one clause
  return { column: fact.viaContact, where };
}

/** The table of a kind of record, as its declaration says: one index on every column by which facts are looked up. */
function recordTable(kind: RecordKind): SQLiteTable {
  const declaration: RecordDeclaration = records[kind];
  const columns: Record<string, SQLiteColumnBuilderBase> = {};
  if (!hasOwnId(declaration)) columns['rowId'] = text('row_id').primaryKey();
  for (const [name, column] of Object.entries(declaration.columns))
    columns[fieldName(name, column.type)] = cell(name, column);
  columns['knownAt'] = integer('known_at');
  columns['custom'] = text('custom');
  columns['importedAt'] = integer('imported_at').notNull();
  for (const [name, type] of Object.entries(declaration.reading?.columns ?? {}))
    columns[name] = type === 'integer' ? integer(name) : real(name);

  const indexed = new Set(
    Object.values(declaration.facts).flatMap((fact) =>
      [...Object.values(fact.about), (fact.ifAlone ? undefined : fact.viaContact) ?? 'id'].filter(
        (column) => column !== 'id',
      ),
    ),
  );
  const alone = aloneOf(declaration);
  if (kind === 'orderLine') indexed.add('order_id');
  return sqliteTable(declaration.table, columns, (table) => {
    const column = (name: string) => (table as Record<string, never>)[name]!;
    const of = [...indexed].map((name) =>
      index(`${declaration.table}_${name}`).on(column(fieldName(name, declaration.columns[name]!.type))),
    );
    // Few rows name a contact only, and only they are looked up by it.
    if (alone) of.push(index(`${declaration.table}_${alone.column}`).on(column(fieldName(alone.column, 'ref'))).where(sql.raw(alone.where))); // biome-ignore format: one index
    if (kind === 'change') of.push(index('changes_of').on(column('kind'), column('id'), column('field')));
    return of;
  });
}

/** One table a kind of record. */
export const recordTables = Object.fromEntries(
  (Object.keys(records) as RecordKind[]).map((kind) => [kind, recordTable(kind)]),
) as { readonly [K in RecordKind]: SQLiteTable };

// drizzle-kit sees only what a module exports by name; a test holds this list to the declarations.
export const {
  stage,
  account,
  contact,
  user,
  team,
  lead,
  deal,
  change,
  removal,
  dealContact,
  activity,
  product,
  price,
  quoteLine,
  order,
  orderLine,
  invoice,
  subscription,
  ticket,
  survey,
  campaign,
  campaignMember,
  consent,
  usage,
  quota,
  exchangeRate,
} = recordTables;

/** Company settings as JSON and the counter that tells when facts changed. */
export const settings = sqliteTable('settings', { key: text('key').primaryKey(), value: text('value').notNull() });

/** What was imported, when and under which source name. */
export const imports = sqliteTable('imports', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  at: integer('at').notNull(),
  source: text('source').notNull(),
  report: text('report').notNull(),
});

/**
 * Facts that came one request at a time instead of by import: which rows, whom they tell of, and from when they count. A
 * process that sees a commit learns here what it has to read again. Only the newest are kept.
 */
export const appends = sqliteTable('appends', {
  seq: integer('seq').primaryKey({ autoIncrement: true }),
  stamp: integer('stamp').notNull(),
  at: integer('at').notNull(),
  since: integer('since'),
  whole: integer('whole', { mode: 'boolean' }).notNull(),
  later: text('later').notNull(),
  keys: text('keys').notNull(),
  touched: text('touched').notNull(),
});

/** Answers to requests that may come twice, by who asked and the key that he gave. */
export const answered = sqliteTable(
  'answered',
  {
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    hash: text('hash').notNull(),
    at: integer('at').notNull(),
    body: text('body').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.key] }), index('answered_at').on(table.at)],
);

/**
 * What people put beside the forecast: a manager's adjustment, a rep's commit, and the undoing of one. Only ever added to; what counts
 * follows from the rows (`adjustments.ts`).
 */
export const adjustments = sqliteTable(
  'adjustments',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    kind: text('kind').$type<'adjustment' | 'commit' | 'undo'>().notNull(),
    by: text('by').notNull(),
    node: text('node'),
    period: text('period').notNull(),
    from: integer('from').notNull(),
    to: integer('to').notNull(),
    amountMinor: integer('amount_minor').notNull(),
    currency: text('currency').notNull(),
    reason: text('reason').notNull(),
    author: text('author'),
    undoes: integer('undoes'),
  },
  (table) => [index('adjustments_of').on(table.from, table.to)],
);

/**
 * Forecasts as they were said, one a day and period; only ever added to. What a past day would say can be made anew from facts: this is what it did say,
 * by the version and the records of that day.
 */
export const forecastsSaid = sqliteTable(
  'forecasts_said',
  {
    /** Local date. */
    day: text('day').notNull(),
    from: integer('from').notNull(),
    to: integer('to').notNull(),
    period: text('period').notNull(),
    at: integer('at').notNull(),
    version: text('version').notNull(),
    currency: text('currency').notNull(),
    bookedMinor: integer('booked_minor').notNull(),
    expectedMinor: integer('expected_minor').notNull(),
    p10Minor: integer('p10_minor').notNull(),
    p50Minor: integer('p50_minor').notNull(),
    p90Minor: integer('p90_minor').notNull(),
    quotaMinor: integer('quota_minor'),
    quotaProbability: real('quota_probability'),
    openDeals: integer('open_deals').notNull(),
  },
  (table) => [primaryKey({ columns: [table.from, table.to, table.day] })],
);

/** What was learned of blending people and model, by kind of period; the newest counts, none is taken away. */
export const forecastBlends = sqliteTable(
  'forecast_blends',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    of: text('of').notNull(),
    body: text('body').notNull(),
  },
  (table) => [index('forecast_blends_of').on(table.of, table.id)],
);

/** Artifacts, never edited. `sha256` is of the bytes as stored, so that damage on disk is found. */
export const versions = sqliteTable(
  'versions',
  {
    model: text('model').notNull(),
    version: text('version').notNull(),
    createdAt: integer('created_at').notNull(),
    lowSkill: integer('low_skill', { mode: 'boolean' }).notNull(),
    summary: text('summary').notNull(),
    sha256: text('sha256').notNull(),
    bytes: blob('bytes', { mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.model, table.version] })],
);

/** The one version that is served of each model. */
export const served = sqliteTable('served', {
  model: text('model').primaryKey(),
  version: text('version').notNull(),
});

/** Every swap of the served pointer. */
export const promotions = sqliteTable('promotions', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  at: integer('at').notNull(),
  model: text('model').notNull(),
  version: text('version').notNull(),
  previous: text('previous'),
  action: text('action').$type<'promote' | 'rollback'>().notNull(),
  reason: text('reason').notNull(),
});

/** Every training, also one that was refused or failed. Only ever added to. */
export const trainingRuns = sqliteTable(
  'training_runs',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    model: text('model').notNull(),
    outcome: text('outcome').$type<RunOutcome>().notNull(),
    version: text('version'),
    record: text('record').notNull(),
    evidence: text('evidence'),
  },
  (table) => [index('training_runs_version').on(table.model, table.version)],
);

const scoreColumns = {
  model: text('model').notNull(),
  id: text('id').notNull(),
  asOf: integer('as_of').notNull(),
  version: text('version').notNull(),
  probability: real('probability').notNull(),
  byPeriodEnd: real('by_period_end').notNull(),
  grade: text('grade').notNull(),
  amountMinor: integer('amount_minor'),
  ownerId: text('owner_id'),
  body: text('body').notNull(),
};

/** Every score that was given. */
export const scores = sqliteTable('scores', scoreColumns, (table) => [
  primaryKey({ columns: [table.model, table.id, table.asOf, table.version] }),
]);

/** The newest score of each id and version: what lists are read from. */
export const latestScores = sqliteTable('latest_scores', scoreColumns, (table) => [
  primaryKey({ columns: [table.model, table.version, table.id] }),
  index('latest_scores_probability').on(table.model, table.version, table.probability, table.id),
]);

/** A version that is scored beside the one that serves, without being told to anybody. */
export const shadows = sqliteTable('shadows', {
  model: text('model').primaryKey(),
  version: text('version').notNull(),
  since: integer('since').notNull(),
});

/** What it would have said. */
export const shadowScores = sqliteTable(
  'shadow_scores',
  {
    model: text('model').notNull(),
    version: text('version').notNull(),
    id: text('id').notNull(),
    asOf: integer('as_of').notNull(),
    probability: real('probability').notNull(),
  },
  (table) => [primaryKey({ columns: [table.model, table.version, table.id, table.asOf] })],
);

/** API keys by their SHA-256. */
export const keys = sqliteTable('keys', {
  id: text('id').primaryKey(),
  hash: text('hash').notNull(),
  role: text('role').$type<'read' | 'score' | 'write' | 'admin'>().notNull(),
  name: text('name').notNull(),
  revokedAt: integer('revoked_at'),
});

/** Who is doing a kind of job now. `started` tells a reused process id from the holder's. */
export const leases = sqliteTable('leases', {
  kind: text('kind').primaryKey(),
  pid: integer('pid').notNull(),
  started: text('started').notNull(),
  heartbeat: integer('heartbeat').notNull(),
});
