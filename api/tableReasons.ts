import type { z } from '@hono/zod-openapi';
import type { Words } from '../features/feature.ts';
import type { Explained, TableExplanation } from '../models/table/explainTable.ts';
import { looseNumber } from '../models/table/looseNumber.ts';
import type { OpenedTable } from '../models/table/tableModel.ts';
import { type ColumnTable, cellAt } from '../src/connectors/columns.ts';
import { eachWay, type Language, reasonText } from './reasons.ts';
import type { reason } from './schemas/scores.ts';

/** Why a row of a table was told what it was, in words. */
export interface TableReasons {
  readonly explains: Explained;
  readonly baseValue: number;
  readonly reasons: z.infer<typeof reason>[];
  /** What is not shown: baseValue + reasons + this = what is said. */
  readonly otherContribution: number;
}

/** The `limit` largest contributions each way, of at least .05 log odds (or as much of an amount's spread), largest first. */
export function tableReasons(
  { reading }: OpenedTable,
  table: ColumnTable,
  row: number,
  { explains, base, total, unit, contributions }: TableExplanation,
  limit: number,
  language: Language,
): TableReasons {
  const sorted = [...contributions]
    .map(([feature, contribution]) => ({ feature, contribution }))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.feature < b.feature ? -1 : 1));
  const shown = eachWay(sorted, ({ contribution }) => contribution / unit, limit);
  const reasons = shown.map(({ feature, contribution }) => {
    const { typical: usual = null, range = null } = reading.usual[feature] ?? {};
    const params = { feature, unit: 'none' as const, value: valueIn(reading, table, feature, row), usual, range };
    const words = { label: labelOf(reading, feature), idea: feature, unit: params.unit };
    const text = reasonText({ code: feature, ...params, contribution }, language, words, 'USD');
    return { code: feature, params, contribution, text };
  });
  const sum = reasons.reduce((s, { contribution }) => s + contribution, 0);
  return { explains, baseValue: base, reasons, otherContribution: total - base - sum };
}

/** What a row says in a column that is read, as reasons show it: texts are not repeated. */
export function valueIn(
  reading: OpenedTable['reading'],
  table: ColumnTable,
  column: string,
  row: number,
): number | string | null {
  const recipe = reading.recipes.find((one) => one.column === column)!;
  const raw = table.columns.get(column)!;
  const text = cellAt(raw, row);
  if (text === '' || recipe.missing.includes(text)) return null;
  if (recipe.kind === 'text') return '…';
  if (recipe.kind !== 'number') return text.slice(0, 80);
  const plain = raw.kind === 'numbers' ? raw.values[row]! : Number.NaN;
  const number = Number.isNaN(plain) ? looseNumber(text, recipe.decimal) : plain;
  return Number.isNaN(number) ? text.slice(0, 80) : number;
}

/** What people call a column: as its schema says, else its header as words. */
export const labelOf = ({ labels }: OpenedTable['reading'], column: string): Words => {
  const words = headerWords(column);
  return labels[column] ?? { en: words, th: words };
};

/** `total_charges` and `TotalCharges` as `total charges` and `Total charges`. */
const headerWords = (header: string): string =>
  header
    .replaceAll(/[_.]+/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])(?=[a-z])/g, (_, before: string, next: string) => `${before} ${next.toLowerCase()}`)
    .trim() || header;
