import { z } from '@hono/zod-openapi';
import { isCurrency, type Money } from '../src/money.ts';
import {
  type Column,
  fieldName,
  type RecordDeclaration,
  type RecordKind,
  type Records,
  records,
} from '../src/records.ts';
import type { SubjectKind } from '../src/subjects/index.ts';
import { DAY, parseInstant } from '../src/time.ts';

/**
 * The words of requests and answers. One schema gives validation, TypeScript type and OpenAPI; the schemas of records
 * follow from their declarations in `src/records.ts`.
 */

const MAX_TEXT = 2_000;
const MAX_BODY = 100_000;

export const instant = z
  .string()
  .max(40)
  .refine((text) => parseInstant(text, 'UTC') !== undefined, {
    message:
      'expected an ISO 8601 time such as 2026-11-21T09:00:00Z (a bare date means that day in the company\u2019s zone)',
  })
  .openapi({ format: 'date-time', example: '2026-11-21T09:00:00.000Z' });

export const money = z
  .strictObject({
    minor: z.int().openapi({ description: 'Minor units: satang, cents.' }),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .openapi({ description: 'ISO 4217.' }),
  })
  .openapi('Money', { example: { minor: 1250000, currency: 'THB' } });

const amount = z.union([
  z.string().regex(/^-?\d{1,15}(\.\d{1,4})?$/, 'expected a plain decimal such as "12500.00", or { minor, currency }'),
  money,
]);

/** The camelCase of a CSV header name; unlike inside the engine, money keeps its plain name. */
export const jsonName = (column: string): string => fieldName(column, 'text');

// The type of a record in JSON, from its declaration.
type Camel<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<Camel<B>>}` : S;
type JsonCell<C extends Column> = C['type'] extends 'number' | 'integer'
  ? number
  : C['type'] extends 'boolean'
    ? boolean
    : C['type'] extends 'money'
      ? string | Money
      : C extends { levels: readonly (infer L)[] }
        ? L
        : string;
type Columns<K extends RecordKind> = Records[K]['columns'];
/** A row of a kind as it comes in JSON: absent and null both mean empty. */
export type JsonRow<K extends RecordKind> = {
  readonly [N in keyof Columns<K> & string as Camel<N>]?: JsonCell<Columns<K>[N] & Column> | null | undefined;
} & { readonly knownAt?: string | null | undefined; readonly custom?: Readonly<Record<string, string>> | undefined };

function cell(column: Column): z.ZodType {
  switch (column.type) {
    case 'key':
    case 'ref':
      return z.string().min(1).max(200);
    case 'text':
      return z.string().max(MAX_TEXT);
    case 'person':
      return z.string().max(MAX_BODY);
    case 'code':
      return column.levels ? z.enum(column.levels as [string, ...string[]]) : z.string().min(1).max(200);
    case 'time':
      return instant;
    case 'number':
      return column.least === undefined ? z.number() : z.number().min(column.least);
    case 'integer':
      return column.least === undefined ? z.int() : z.int().min(column.least);
    case 'boolean':
      return z.boolean();
    case 'money':
      return amount;
  }
}

/** The strict schema of one kind of record; `implied` columns follow from where the row stands and may be left out. */
function row<K extends RecordKind>(kind: K, implied: readonly string[] = []): z.ZodType<JsonRow<K>> {
  const { spans = [] }: RecordDeclaration = records[kind];
  const named = spans.map(([from, to]) => [jsonName(from), jsonName(to)] as const);
  const fields = z.strictObject(rowShape(records[kind], implied)).superRefine((given, { addIssue }) => {
    const refuse = (field: string, message: string) => addIssue({ code: 'custom', path: [field], message });
    const { currency } = given;
    if (typeof currency === 'string' && !isCurrency(currency))
      refuse('currency', `"${currency}" is not an ISO 4217 code such as THB or EUR`);
    for (const [from, to] of named)
      if (endsBefore(given[from], given[to]))
        refuse(to, `${given[to]} lies before ${from} ${given[from]}; expected it at or after`);
  });
  return fields as unknown as z.ZodType<JsonRow<K>>;
}

/** Whether a time lies before another, as far as that can be told without the company's zone. A bare date lasts all day. */
function endsBefore(from: unknown, to: unknown): boolean {
  if (typeof from !== 'string' || typeof to !== 'string') return false;
  const isZoned = (text: string) => /T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(text);
  if (isZoned(from) !== isZoned(to)) return false;
  const [began, ended] = [parseInstant(from, 'UTC'), parseInstant(to, 'UTC')];
  if (began === undefined || ended === undefined) return false;
  return ended + (to.length === 10 ? DAY - 1 : 0) < began;
}

/** The fields of a row of a kind. @param implied columns that may be left out */
export function rowShape(declaration: RecordDeclaration, implied: readonly string[] = []): Record<string, z.ZodType> {
  const fields: Record<string, z.ZodType> = {};
  for (const [name, column] of Object.entries(declaration.columns)) {
    fields[jsonName(name)] = column.required && !implied.includes(name) ? cell(column) : cell(column).nullish();
  }
  fields['knownAt'] = instant.nullish();
  fields['custom'] = z.record(z.string().max(200), z.string().max(MAX_TEXT)).optional();
  return fields;
}

const order = z.strictObject({
  ...rowShape(records.order, ['account_id']),
  lines: z
    .array(row('orderLine', ['order_id']))
    .max(1_000)
    .optional(),
}) as unknown as z.ZodType<JsonRow<'order'> & { readonly lines?: readonly JsonRow<'orderLine'>[] | undefined }>;

/** A deal with its whole history: what `POST /v1/scores/deal` scores without storing it. */
export const dealRecord = z
  .strictObject({
    deal: row('deal'),
    changes: z
      .array(row('change', ['kind', 'id']))
      .max(2_000)
      .optional(),
    activities: z.array(row('activity')).max(5_000).optional(),
    quoteLines: z
      .array(row('quoteLine', ['deal_id']))
      .max(1_000)
      .optional(),
    dealContacts: z
      .array(row('dealContact', ['deal_id']))
      .max(1_000)
      .optional(),
    account: row('account').optional(),
    orders: z.array(order).max(2_000).optional(),
  })
  .openapi('DealRecord', {
    description:
      'One deal with its whole history, in the camelCase of the import bundle. Ids of rows inside may be left out where the place says them.',
  });
export type DealRecord = z.infer<typeof dealRecord>;

const list = <K extends RecordKind>(kind: K, implied: readonly string[], most = 2_000) =>
  z.array(row(kind, implied)).max(most).optional();
const changes = list('change', ['kind', 'id']);

/** A lead with its whole history: what `POST /v1/scores/lead` scores without storing it. */
export const leadRecord = z
  .strictObject({
    lead: row('lead'),
    changes,
    activities: list('activity', [], 5_000),
    campaignMembers: list('campaignMember', []),
  })
  .openapi('LeadRecord', {
    description: 'One lead with its whole history, in the camelCase of the import bundle.',
  });
export type LeadRecord = z.infer<typeof leadRecord>;

/** A customer with its whole history: what `POST /v1/scores/churn` scores without storing it. */
export const customerRecord = z
  .strictObject({
    account: row('account'),
    changes,
    subscriptions: list('subscription', ['account_id']),
    orders: z.array(order).max(2_000).optional(),
    invoices: list('invoice', ['account_id']),
    tickets: list('ticket', []),
    surveys: list('survey', []),
    usage: list('usage', ['account_id'], 5_000),
    contacts: list('contact', []),
    consents: list('consent', []),
    campaignMembers: list('campaignMember', []),
    deals: list('deal', ['account_id']),
    activities: list('activity', [], 5_000),
  })
  .openapi('CustomerRecord', {
    description:
      'One customer with its whole history, in the camelCase of the import bundle. Without subscriptions, two orders at least. Its deals, and the consents and campaigns of its contacts, count too: what is left out counts as none.',
  });
export type CustomerRecord = z.infer<typeof customerRecord>;

export type WholeRecord = DealRecord | LeadRecord | CustomerRecord;
/** What a model takes as a whole record, by whom it is about. */
export const wholeRecords: Readonly<Record<SubjectKind, z.ZodType<WholeRecord>>> = {
  deal: dealRecord,
  lead: leadRecord,
  account: customerRecord,
};

const id = z.string().min(1).max(200).openapi({ example: 'csv:D-1042' });
const reasonsAsked = z.int().min(0).max(5).openapi({ description: 'Reasons for and against, at most so many each.' });

const scoreOptions = {
  asOf: instant.optional().openapi({
    description:
      'What was known at this instant counts. Default: now, which is the hour, or when something of it came in since.',
  }),
  reasons: reasonsAsked.optional(),
  curve: z.boolean().optional().openapi({ description: 'Also the chance of each side, and of neither yet, by date.' }),
  allOrNothing: z.boolean().optional().openapi({ description: 'One bad item refuses the whole request.' }),
};
/** A request to score. Items stay unread here, so that each gets an answer or an error of its own (`itemId`, `wholeRecords`). */
export const scoreRequest = z
  .strictObject({
    ids: z
      .array(z.unknown())
      .min(1)
      .max(1_000)
      .optional()
      .openapi({ type: 'array', items: { type: 'string', minLength: 1, maxLength: 200 } }),
    records: z
      .array(z.unknown())
      .min(1)
      .max(1_000)
      .optional()
      .openapi({
        type: 'array',
        items: {
          anyOf: ['DealRecord', 'LeadRecord', 'CustomerRecord', 'FlatRecord'].map((name) => ({
            $ref: `#/components/schemas/${name}`,
          })),
        },
      }),
    ...scoreOptions,
  })
  .refine((body) => (body.ids === undefined) !== (body.records === undefined), {
    message: 'expected exactly one of "ids" and "records"',
  })
  .openapi('ScoreRequest');
export const itemId = id;

const probability = z.number().min(0).max(1);
const language = z.object({ en: z.string(), th: z.string() });
export const reason = z
  .object({
    code: z.string().openapi({ description: 'The business idea; the same in every language.' }),
    params: z.object({
      feature: z.string(),
      unit: z.string(),
      value: z.union([z.number(), z.string(), z.null()]),
      usual: z.union([z.number(), z.string(), z.null()]),
      range: z
        .tuple([z.union([z.number(), z.string()]), z.union([z.number(), z.string()])])
        .nullable()
        .optional()
        .openapi({ description: 'What half of the training rows lie between.' }),
    }),
    contribution: z.number().openapi({
      description:
        'Logit units, above 0 speaks for `outcome`; of a table that tells amounts, in the unit of its target.',
    }),
    text: z.string(),
  })
  .openapi('Reason');
const explanation = z.object({
  baseValue: z.number().openapi({ description: 'Logit of the usual deal, lead or customer.' }),
  reasons: z.array(reason),
  otherContribution: z.number().openapi({ description: 'All that is not shown: base + reasons + this = the logit.' }),
});

export const score = z
  .object({
    id: z.string(),
    asOf: instant,
    model: z.string(),
    version: z.string(),
    featuresHash: z.string(),
    sample: z.boolean(),
    stale: z.boolean().openapi({ description: 'Something was learned since, or another version serves.' }),
    lowSkill: z.boolean(),
    confidence: z.enum(['calibrated', 'insufficient data']),
    insufficientData: z
      .boolean()
      .openapi({ description: 'Fewer than 50 known outcomes: read the interval; there is no grade.' }),
    outcome: z
      .string()
      .openapi({ description: 'What the probability is of: won (deal), converted (lead), left (churn).' }),
    withinDays: z.number().nullable().openapi({
      description: 'The probability is of `outcome` within so many days; null: of `outcome` ever, given that it ends.',
    }),
    probability: probability.openapi({
      description: 'Of `outcome`: for deals P(win) / (P(win) + P(loss)), for leads and churn P(within `withinDays`).',
    }),
    interval: z
      .object({ low: probability, high: probability })
      .openapi({ description: '80 % band of the probability.' }),
    byPeriodEnd: probability.openapi({ description: 'P(`outcome` by the end of the fiscal quarter).' }),
    period: z.object({ label: z.string(), from: instant, to: instant }),
    grade: z
      .enum(['A', 'B', 'C', 'D'])
      .nullable()
      .openapi({ description: 'A from .70, B from .45, C from .20, else D; null where outcomes are too few.' }),
    trend: z
      .object({ direction: z.enum(['up', 'down', 'flat']), change: z.number(), since: instant })
      .nullable()
      .openapi({ description: 'Against the score kept before; flat within one point.' }),
    closeDate: z
      .object({ p10: z.string(), p50: z.string(), p90: z.string() })
      .nullable()
      .openapi({ description: 'When it ends so, if it does.' }),
    amount: money.nullable(),
    amountEstimated: z.boolean().openapi({ description: 'No amount was given: list price times the usual ratio.' }),
    ownerId: z.string().nullable(),
    ...explanation.shape,
    byPeriodEndReasons: explanation.nullable(),
    curve: z
      .array(z.object({ date: z.string(), open: probability }).catchall(z.union([probability, z.string()])))
      .optional()
      .openapi({
        description:
          'By date: open, and each side by its word (deal: won, lost; lead: converted, disqualified; churn: left, stayed).',
      }),
  })
  .openapi('Score');
export type ScoreJson = z.infer<typeof score>;

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string().optional(),
    path: z.string().optional().openapi({ description: 'The field at fault, as records[3].deal.createdAt.' }),
  })
  .openapi('Problem', {
    example: {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'field-invalid',
      detail: 'records[0].deal.createdAt: expected an ISO 8601 time such as 2026-11-21T09:00:00Z',
      requestId: '6f1c2f0e-6a58-4b53-9a3e-0f4a51c0b7aa',
      path: 'records[0].deal.createdAt',
    },
  });

export const scoreAnswer = z
  .object({
    asOf: instant,
    model: z.string(),
    version: z.string(),
    sample: z.boolean(),
    items: z
      .array(z.union([score, z.object({ id: z.string().nullable(), error: problem })]))
      .openapi({ description: 'In the order asked: a score or an error each.' }),
  })
  .openapi('ScoreAnswer');

export const scorePage = z
  .object({
    model: z.string(),
    version: z.string(),
    asOf: instant,
    sample: z.boolean(),
    items: z.array(score),
    next: z.string().nullable().openapi({ description: 'Cursor of the next page; null on the last.' }),
  })
  .openapi('ScorePage');
export const scoreHistory = z
  .object({ id: z.string(), model: z.string(), sample: z.boolean(), items: z.array(score) })
  .openapi('ScoreHistory');

const version = z.object({
  version: z.string(),
  createdAt: instant,
  served: z.boolean(),
  lowSkill: z.boolean(),
  summary: z.record(z.string(), z.unknown()),
});
export const modelInfo = z
  .object({
    model: z.string(),
    served: z.string().nullable(),
    featuresHash: z.string().nullable(),
    features: z.array(z.object({ name: z.string(), label: language, unit: z.string(), idea: z.string() })),
    grades: z.array(z.object({ grade: z.string(), from: z.number() })),
    versions: z.array(version),
    promotions: z.array(
      z.object({
        at: instant,
        version: z.string(),
        previous: z.string().nullable(),
        action: z.enum(['promote', 'rollback']),
        reason: z.string(),
      }),
    ),
  })
  .openapi('Model');
export const modelList = z.object({ items: z.array(modelInfo) }).openapi('ModelList');

/** `records[3].deal.createdAt` of a zod path. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );
}
