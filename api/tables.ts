import type { z } from '@hono/zod-openapi';
import { tableExplainer } from '../models/table/explainTable.ts';
import { Oddities } from '../models/table/recipe.ts';
import { tableOfRecords } from '../models/table/tableModel.ts';
import { ForesellError } from '../src/errors.ts';
import { formatInstant } from '../src/time.ts';
import { problemOf } from './problem.ts';
import type { Language } from './reasons.ts';
import { fieldError } from './route.ts';
import { pathText } from './schemas/common.ts';
import type { modelInfo } from './schemas/models.ts';
import type { scoreRequest } from './schemas/scores.ts';
import type { ServedTable } from './servedTable.ts';
import { flatRecord, MAX_TEXT, type TableScoreAnswer } from './tableAnswer.ts';
import { tableItems } from './tableItems.ts';
import { labelOf } from './tableReasons.ts';

type Item = TableScoreAnswer['items'][number];
type Body = z.infer<typeof scoreRequest>;

/**
 * Scores flat records with a table model: the order is kept, each gets an answer or an error of its own. A column that a
 * record lacks is an error that names it (null says that it is not known); further ones are ignored.
 * @throws ForesellError `field-invalid` for a request by ids, or where every record is malformed
 */
export function scoreTable(served: ServedTable, body: Body, language: Language): TableScoreAnswer {
  const { target, header, version } = served.opened;
  if (!body.records)
    throw new ForesellError('field-invalid', `ids: ${served.name} is a model of a table and knows no ids; send records`, { path: 'ids' }); // biome-ignore format: one sentence
  if (body.asOf !== undefined) throw timeless(served.name);
  const limit = body.reasons ?? (body.records.length <= 100 ? 5 : 0);
  const { items, notes, failed } = scoreRecords(served, body.records, limit, language, {
    list: 'records',
    place: (i) => i,
  });
  if (failed.length > 0 && (failed.length === items.length || body.allOrNothing)) {
    const { error } = items[failed[0]!] as { error: ReturnType<typeof problemOf> };
    throw new ForesellError(error.code, error.detail, { path: error.path ?? `records[${failed[0]}]` });
  }
  return {
    model: served.name,
    version,
    task: target.task,
    ...(target.task === 'binary' ? { positive: target.positive } : {}),
    lowSkill: header.lowSkill,
    notes,
    items,
  };
}

/** A record of a table is what it says, whenever that was: an instant asked for would be ignored without a word. */
export const timeless = (name: string): ForesellError =>
  new ForesellError('field-invalid', `asOf: ${name} is a model of a table and knows no time; leave it out`, { path: 'asOf' }); // biome-ignore format: one sentence

/**
 * A score or an error of each record, in order.
 * @param records what came; an error stands for one that could not be read
 * @param whole where they stand in the request; a record without an id of its own is named by its place there
 */
export function scoreRecords(
  { opened }: ServedTable,
  records: readonly unknown[],
  limit: number,
  language: Language,
  whole: { readonly list: string; place(i: number): number },
): { readonly items: Item[]; readonly notes: string[]; readonly failed: readonly number[] } {
  const { reading, reads } = opened;
  const good: { at: number; record: Readonly<Record<string, unknown>> }[] = [];
  const failed: number[] = [];
  const items: Item[] = records.map((record, i): Item => {
    const fault = record instanceof ForesellError ? record : faultOf(record, reads, [whole.list, whole.place(i)]);
    const id = isRecord(record) ? idIn(record, reading.id, whole.place(i)) : null;
    if (fault) {
      failed.push(i);
      return { id, error: problemOf(fault) };
    }
    good.push({ at: i, record: record as Readonly<Record<string, unknown>> });
    return { id };
  });
  if (good.length === 0) return { items, notes: [], failed };
  const table = tableOfRecords(good.map(({ record }) => record), opened); // biome-ignore format: one call
  const odd = new Oddities();
  const answers = opened.answers(table, odd);
  const explain = limit > 0 ? tableExplainer(opened) : undefined;
  const told = tableItems(opened, table, answers, { explain, limit, language });
  good.forEach(({ at }, row) => {
    items[at] = { ...told[row]!, id: items[at]!.id };
  });
  return { items, notes: odd.all(), failed };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Error);

/** What is wrong with a record; undefined where it can be scored. */
export function faultOf(
  record: unknown,
  reads: readonly string[],
  path: readonly PropertyKey[],
): ForesellError | undefined {
  if (!isFlat(record)) return fieldError(flatRecord.safeParse(record).error!, path);
  const lacks = reads.filter((column) => !Object.hasOwn(record, column));
  if (lacks.length === 0) return undefined;
  const where = pathText(path);
  const names = lacks.map((column) => `"${column}"`).join(', ');
  return new ForesellError('column-missing', `${where}: no column ${names}; null says that it is not known`, { path: where }); // biome-ignore format: one sentence
}

/** What `flatRecord` says, without its cost: a record whose values are texts, finite numbers, yes or no, or null. */
function isFlat(record: unknown): record is Readonly<Record<string, unknown>> {
  if (!isRecord(record)) return false;
  for (const name in record) {
    const value = record[name];
    if (typeof value === 'number' ? !Number.isFinite(value) : typeof value === 'string' ? value.length > MAX_TEXT : typeof value !== 'boolean' && value !== null) return false; // biome-ignore format: one look
  }
  return true;
}

const idIn = (record: Readonly<Record<string, unknown>>, column: string | null, place: number): string => {
  const value = column !== null && Object.hasOwn(record, column) ? record[column] : null;
  return value === null || value === '' ? String(place) : String(value);
};

/** A table model as `GET /v1/models` tells of it. */
export function tableInfo({ name, opened, createdAt }: ServedTable): z.infer<typeof modelInfo> {
  const { version, header, reads } = opened;
  const summary = Object.fromEntries(
    Object.entries(header.metrics['mixture'] ?? {}).filter((entry): entry is [string, number] => entry[1] !== null),
  );
  return {
    model: name,
    served: version,
    featuresHash: header.featuresHash,
    features: reads.map((column) => ({
      name: column,
      label: labelOf(opened.reading, column),
      unit: 'none',
      idea: column,
    })),
    grades: [],
    versions: [{ version, createdAt: formatInstant(createdAt), served: true, lowSkill: header.lowSkill, summary }],
    promotions: [],
  };
}
