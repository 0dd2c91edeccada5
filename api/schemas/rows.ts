import { z } from '@hono/zod-openapi';
import { isCurrency, type Money } from '../../src/money.ts';
import {
  type Column,
  fieldName,
  type RecordDeclaration,
  type RecordKind,
  type Records,
  records,
} from '../../src/records.ts';
import { DAY, parseInstant } from '../../src/time.ts';
import { instant, money } from './common.ts';

/** Rows as they come in JSON: their schemas follow from the declarations in `src/records.ts`. */

const MAX_TEXT = 2_000;
const MAX_BODY = 100_000;

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
export function row<K extends RecordKind>(kind: K, implied: readonly string[] = []): z.ZodType<JsonRow<K>> {
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
