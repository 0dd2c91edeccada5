import type { z } from '@hono/zod-openapi';
import { type TableExplanation, tableExplainer } from '../models/table/explainTable.ts';
import { Oddities } from '../models/table/recipe.ts';
import { type OpenedTable, tableOfRows } from '../models/table/tableModel.ts';
import type { TableAnswers } from '../models/tableAnswers.ts';
import { type ColumnTable, cellAt, numberOf } from '../src/connectors/columns.ts';
import { ForesellError } from '../src/errors.ts';
import { formatInstant } from '../src/time.ts';
import { problemOf } from './problem.ts';
import { eachWay, type Language, reasonText } from './reasons.ts';
import { fieldError } from './route.ts';
import type { modelInfo, reason, scoreRequest } from './schemas.ts';
import type { ServedTable } from './servedTable.ts';
import { flatRecord, type TableScoreAnswer } from './tableAnswer.ts';

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
  const why = explain?.(table);
  good.forEach(({ at }, row) => {
    const { id } = items[at]!;
    items[at] = { ...said(answers, row), id, ...(why ? reasonsOf(opened, table, row, why[row]!, answers, limit, language) : {}) }; // biome-ignore format: one answer
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

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function said(answers: TableAnswers, row: number): Item {
  switch (answers.task) {
    case 'binary': {
      const [low, high] = [answers.low[row]!, answers.high[row]!];
      return {
        id: null,
        probability: answers.probability[row]!,
        ...(Number.isFinite(low) ? { interval: { low, high } } : {}),
      };
    }
    case 'class': {
      const width = answers.levels.length;
      return { id: null, classes: Object.fromEntries(answers.levels.map((level, k) => [level, answers.p[row * width + k]!])) }; // biome-ignore format: one answer
    }
    case 'duration': {
      const { times, causes, survival, incidence } = answers;
      const curve = (of: (i: number) => number) => times.map((time, i) => ({ time, p: of(i) }));
      const n = times.length;
      return {
        id: null,
        median: orNull(answers.median[row]!),
        p10: orNull(answers.p10[row]!),
        p90: orNull(answers.p90[row]!),
        survival: curve((i) => survival[row * n + i]!),
        ...(causes.length > 1
          ? { incidence: Object.fromEntries(causes.map((cause, c) => [cause, curve((i) => incidence[(row * n + i) * causes.length + c]!)])) } // biome-ignore format: one answer
          : {}),
      };
    }
    case 'amount':
      return { id: null, value: answers.value[row]!, p10: answers.p10[row]!, p90: answers.p90[row]! };
  }
}

function reasonsOf(
  opened: OpenedTable,
  table: ColumnTable,
  row: number,
  { base, total, contributions }: TableExplanation,
  answers: TableAnswers,
  limit: number,
  language: Language,
): { baseValue: number; reasons: z.infer<typeof reason>[]; otherContribution: number } {
  const sorted = [...contributions]
    .map(([feature, contribution]) => ({ feature, contribution }))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.feature < b.feature ? -1 : 1));
  const shown = eachWay(sorted, ({ contribution }) => contribution, limit);
  // A calibration map moves the log odds that are said beyond those explained: that is part of what is not shown.
  const p = answers.task === 'binary' ? Math.min(Math.max(answers.probability[row]!, 1e-12), 1 - 1e-12) : undefined;
  const logit = p === undefined ? total : Math.log(p / (1 - p));
  const reasons = shown.map(({ feature, contribution }) => {
    const recipe = opened.reading.recipes.find(({ column }) => column === feature)!;
    const text = cellAt(table.columns.get(feature)!, row);
    const number = recipe.kind === 'number' ? numberOf(text) : Number.NaN;
    const value = recipe.kind === 'text' ? '…' : text === '' ? null : Number.isNaN(number) ? text.slice(0, 80) : number;
    const found = { code: feature, feature, unit: 'none' as const, value, usual: opened.header.usual[feature] ?? null, contribution }; // biome-ignore format: one reason
    const { code, contribution: by, ...params } = found;
    return { code, params, contribution: by, text: reasonText(found, language, undefined, 'USD') };
  });
  const sum = reasons.reduce((s, { contribution }) => s + contribution, 0);
  return { baseValue: base, reasons, otherContribution: logit - base - sum };
}

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
    features: reads.map((column) => ({ name: column, label: { en: column, th: column }, unit: 'none', idea: column })),
    grades: [],
    versions: [{ version, createdAt: formatInstant(createdAt), served: true, lowSkill: header.lowSkill, summary }],
    promotions: [],
  };
}
