import { basename } from 'node:path';
import type { FittedModel } from '../../training/tables/model.ts';
import { type Language, nounOf } from '../backtest/words.ts';
import type { ReportContent } from './report.ts';

/** What the report of a flat table's model says, from its fit. */
export function tableContentOf(
  { model, opened, target, evidence }: FittedModel,
  file: string,
  language: Language,
): ReportContent {
  // biome-ignore format: one signature
  const { header } = opened;
  const binary = target.task === 'binary';
  return {
    company: basename(file),
    sample: false,
    zone: 'UTC',
    currency: 'USD',
    header,
    version: model.version,
    serves: false,
    noun: nounOf('rows', language),
    sides: binary ? { positive: target.positive, negative: target.negative } : { positive: '', negative: '' },
    side: (name) => name,
    evidence: evidence(),
    record: undefined,
    featureWords: () => undefined,
    table: { target: header.reading?.column ?? '' },
  };
}
