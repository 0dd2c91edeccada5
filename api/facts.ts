import { z } from '@hono/zod-openapi';
import type { GivenFact } from '../src/connectors/append.ts';
import { ForesellError } from '../src/errors.ts';
import { formatMinor, type Money } from '../src/money.ts';
import { type RecordDeclaration, type RecordKind, records } from '../src/records.ts';
import { changedColumn } from './changedColumn.ts';
import { fieldError } from './route.ts';
import { instant } from './schemas/common.ts';
import { jsonName, rowShape } from './schemas/rows.ts';

/** Words of requests and answers about facts. A fact is a row of a record's file in JSON, with `kind` in front. */

const kinds = Object.keys(records) as readonly RecordKind[];
/** An activity may say at once which it is: they are most of what comes in. */
const activityKinds: ReadonlySet<string> = new Set(records.activity.columns.kind.levels);

/** A column that is called `kind` itself says whose: `activityKind`, `changeKind`. */
const nameOf = (kind: RecordKind, column: string): string => (column === 'kind' ? `${kind}Kind` : jsonName(column));

const schemas = new Map<RecordKind, z.ZodType<Readonly<Record<string, unknown>>>>();
function schemaOf(kind: RecordKind): z.ZodType<Readonly<Record<string, unknown>>> {
  let schema = schemas.get(kind);
  if (!schema) {
    const { kind: own, ...fields } = rowShape(records[kind]);
    schema = z.strictObject({ kind: z.string(), ...(own ? { [`${kind}Kind`]: own } : {}), ...fields });
    schemas.set(kind, schema);
  }
  return schema;
}

export const factsRequest = z
  .strictObject({
    source: z
      .string()
      .regex(/^[\w.-]{1,50}$/, 'expected up to 50 letters, digits, dots or dashes')
      .optional()
      .openapi({
        description:
          'First part of the ids of new records, as `import --name`. Default: the only source there is, else `api`.',
      }),
    facts: z
      .array(z.unknown())
      .min(1)
      .max(1_000)
      .openapi({
        type: 'array',
        items: {
          type: 'object',
          required: ['kind'],
          properties: {
            kind: { type: 'string', enum: [...kinds, ...activityKinds] },
            id: { type: 'string' },
            at: { type: 'string', format: 'date-time' },
            knownAt: { type: 'string', format: 'date-time' },
          },
          additionalProperties: true,
        },
      }),
  })
  .openapi('FactsRequest', {
    description:
      'Each fact is a row of a file of the import bundle in camelCase, with its `kind`: `deal`, `change`, `order` and so on, or that of an activity (`email`, `call`, `meeting`). A column that is itself called kind is `changeKind`, `surveyKind`, `activityKind`.',
  });

const count = z.int().min(0);
export const factsAnswer = z
  .object({
    arrivedAt: instant.openapi({ description: 'What does not say when it was known is known from here on.' }),
    source: z.string(),
    added: count,
    changed: count,
    unchanged: count,
    items: z.array(z.object({ kind: z.string(), id: z.string(), status: z.enum(['added', 'changed', 'unchanged']) })),
  })
  .openapi('FactsAnswer');
export type FactsAnswer = z.infer<typeof factsAnswer>;

export const factsExample: z.input<typeof factsRequest> = {
  source: 'csv',
  facts: [
    {
      kind: 'email',
      id: 'M-77',
      at: '2026-11-21T09:12:00+07:00',
      direction: 'in',
      dealId: 'D-1042',
      userId: 'U-3',
      subject: 'Re: quotation',
      body: 'Thank you, the price is fine. When can you deliver?',
    },
    {
      kind: 'change',
      changeKind: 'deal',
      id: 'D-1042',
      at: '2026-11-21T09:15:00+07:00',
      field: 'stage',
      oldValue: 'proposal',
      newValue: 'negotiation',
      by: 'U-3',
    },
  ],
};
export const factsAnswerExample: FactsAnswer = {
  arrivedAt: '2026-11-21T02:15:01.204Z',
  source: 'csv',
  added: 2,
  changed: 0,
  unchanged: 0,
  items: [
    { kind: 'activity', id: 'csv:M-77', status: 'added' },
    { kind: 'change', id: 'deal|csv:D-1042|1795227300000|stage|proposal|negotiation', status: 'added' },
  ],
};

/**
 * A fact as a row of its file.
 * @throws ForesellError `field-invalid`, `field-unknown` with the path of the field
 */
export function givenFact(json: unknown, i: number): GivenFact {
  const at = `facts[${i}]`;
  const asked = (json as { readonly kind?: unknown } | null)?.kind;
  const isActivity = typeof asked === 'string' && activityKinds.has(asked);
  const kind = isActivity ? 'activity' : kinds.find((known) => known === asked);
  if (kind === undefined) {
    throw new ForesellError('field-invalid', `${at}.kind: expected one of ${[...kinds, ...activityKinds].join(', ')}`, {
      path: `${at}.kind`,
    });
  }
  const whole = isActivity ? { ...(json as object), activityKind: asked } : json;
  const checked = schemaOf(kind).safeParse(whole);
  if (!checked.success) throw fieldError(checked.error, ['facts', i]);
  const row = checked.data;
  const pathOf = (column: string) => `${at}.${nameOf(kind, column)}`;
  const cells: Record<string, string> = {};
  const declaration: RecordDeclaration = records[kind];
  for (const [column, { type }] of Object.entries(declaration.columns)) {
    const value = row[nameOf(kind, column)];
    if (value === undefined) continue;
    cells[column] = type === 'money' ? moneyCell(value, row, cells, declaration, pathOf(column)) : cellOf(value);
  }
  if (kind === 'change') cells['field'] = changedColumn(cells['kind'] as RecordKind, cells['field']!);
  if (row['knownAt'] !== undefined) cells['known_at'] = cellOf(row['knownAt']);
  for (const [name, value] of Object.entries((row['custom'] ?? {}) as Record<string, string>)) {
    if (name === '' || name === 'known_at' || Object.hasOwn(declaration.columns, name)) {
      throw new ForesellError('field-invalid', `${at}.custom.${name}: is a column of its own; give it beside custom`, {
        path: `${at}.custom.${name}`,
      });
    }
    cells[name] = value;
  }
  return { kind, cells, pathOf };
}

const cellOf = (value: unknown): string =>
  value === null ? '' : typeof value === 'number' ? plainDecimal(value) : String(value);

/** A number as files write it: JavaScript and JSON write one below a millionth as `1e-7`, which no file may. */
function plainDecimal(value: number): string {
  const [digits, exponent] = String(value).split('e') as [string, string?];
  if (exponent === undefined) return digits;
  if (Number(exponent) > 0) return BigInt(value).toString();
  const sign = value < 0 ? '-' : '';
  return `${sign}0.${'0'.repeat(-Number(exponent) - 1)}${digits.replace(/[-.]/g, '')}`;
}

/** Money as a plain decimal; given in minor units it says its currency, which must be the row's. */
function moneyCell(
  value: unknown,
  row: Readonly<Record<string, unknown>>,
  cells: Record<string, string>,
  { columns }: RecordDeclaration,
  path: string,
): string {
  if (value === null || typeof value !== 'object') return cellOf(value);
  const { minor, currency } = value as Money;
  const own = row['currency'] ?? cells['currency'];
  if (own !== undefined && own !== currency) {
    throw new ForesellError('field-invalid', `${path}: in ${currency}, but the row\u2019s currency is ${own}`, {
      path,
    });
  }
  if (columns['currency']) cells['currency'] = currency;
  return formatMinor(minor, currency);
}
