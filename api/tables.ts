import type { z } from '@hono/zod-openapi';
import { tableExplainer } from '../models/table/explainTable.ts';
import { Oddities } from '../models/table/recipe.ts';
import { tableOfRows } from '../models/table/tableModel.ts';
import { ForesellError } from '../src/errors.ts';
import { formatInstant } from '../src/time.ts';
import { problemOf } from './problem.ts';
import type { Language } from './reasons.ts';
import { fieldError } from './route.ts';
import type { modelInfo, scoreRequest } from './schemas.ts';
import type { ServedTable } from './servedTable.ts';
import { flatRecord, type TableScoreAnswer } from './tableAnswer.ts';
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
  const { opened, name } = served;
  const { reading, target, header, version, reads } = opened;
  if (!body.records)
    throw new ForesellError('field-invalid', `ids: ${name} is a model of a table and knows no ids; send records`, {
      path: 'ids',
    });
  const good: { at: number; record: Readonly<Record<string, unknown>> }[] = [];
  const items: Item[] = body.records.map((record, i): Item => {
    const checked = flatRecord.safeParse(record);
    const lacks = checked.success ? reads.filter((column) => !Object.hasOwn(checked.data, column)) : [];
    const id = checked.success ? idIn(checked.data, reading.id, i) : null;
    if (checked.success && lacks.length === 0) {
      good.push({ at: i, record: checked.data });
      return { id };
    }
    const error = checked.success
      ? new ForesellError(
          'column-missing',
          `records[${i}]: no column ${lacks.map((column) => `"${column}"`).join(', ')}; null says that it is not known`,
          { path: `records[${i}]` },
        )
      : fieldError(checked.error, ['records', i]);
    return { id, error: problemOf(error) };
  });
  const failed = items.findIndex((item) => 'error' in item);
  if (failed >= 0 && (good.length === 0 || body.allOrNothing)) {
    const { error } = items[failed] as { error: ReturnType<typeof problemOf> };
    throw new ForesellError(error.code, error.detail, { path: `records[${failed}]` });
  }
  const table = tableOfRows(good.map(({ record }) => record), reads); // biome-ignore format: one call
  const odd = new Oddities();
  const answers = opened.answers(table, odd);
  const limit = body.reasons ?? (good.length <= 100 ? 5 : 0);
  const explain = limit > 0 ? tableExplainer(opened) : undefined;
  const told = tableItems(opened, table, answers, { explain, limit, language });
  good.forEach(({ at }, row) => {
    items[at] = { ...told[row]!, id: items[at]!.id };
  });
  return {
    model: name,
    version,
    task: target.task,
    ...(target.task === 'binary' ? { positive: target.positive } : {}),
    lowSkill: header.lowSkill,
    notes: odd.all(),
    items,
  };
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
