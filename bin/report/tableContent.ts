import { basename } from 'node:path';
import { labelOf } from '../../api/tableReasons.ts';
import type { OpenedTable } from '../../models/table/tableModel.ts';
import type { FittedModel } from '../../training/tables/model.ts';
import { type Language, nounOf } from '../backtest/words.ts';
import type { ReportContent } from './report.ts';

/** What the report of a flat table's model says, from its fit. */
export function tableContentOf(
  { opened, target, evidence }: FittedModel,
  file: string,
  language: Language,
): ReportContent {
  const negative = target.task === 'binary' ? target.negative : '';
  return { ...servedTableContent(opened, basename(file), language), sides: { positive: positiveOf(opened), negative }, evidence: evidence() }; // biome-ignore format: one record
}

/** The same from the model's file alone, which keeps none of the rows that judged it. */
export function servedTableContent(opened: OpenedTable, name: string, language: Language): ReportContent {
  const { header, version, reading } = opened;
  const columns = new Set(opened.reads);
  return {
    company: name,
    sample: false,
    zone: 'UTC',
    currency: 'USD',
    header,
    version,
    serves: false,
    noun: nounOf('rows', language),
    sides: { positive: positiveOf(opened), negative: '' },
    side: (side) => side,
    evidence: undefined,
    record: undefined,
    featureWords: (name) =>
      columns.has(name) ? { label: labelOf(reading, name), idea: name, unit: 'none' } : undefined,
    table: { target: reading.column },
  };
}

const positiveOf = ({ target }: OpenedTable): string => (target.task === 'binary' ? target.positive : '');
