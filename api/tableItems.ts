import type { TableExplainer } from '../models/table/explainTable.ts';
import type { OpenedTable } from '../models/table/tableModel.ts';
import type { TableAnswers } from '../models/tableAnswers.ts';
import type { ColumnTable } from '../src/connectors/columns.ts';
import type { Language } from './reasons.ts';
import type { TableScore } from './tableAnswer.ts';
import { tableReasons } from './tableReasons.ts';

/** How reasons are asked for. */
export interface Why {
  /** Undefined where the model has no skill, or none are wanted. */
  readonly explain: TableExplainer | undefined;
  /** At most so many each way. */
  readonly limit: number;
  readonly language: Language;
}

/** What is told of rows of a table, one item each, with its id still to be filled in. Cost: that of the explainer. */
export function tableItems(opened: OpenedTable, table: ColumnTable, answers: TableAnswers, why: Why): TableScore[] {
  const found = why.explain?.(table);
  return Array.from({ length: table.rows }, (_, row) => ({
    ...said(answers, row),
    ...(found ? tableReasons(opened, table, row, found[row]!, why.limit, why.language) : {}),
  }));
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function said(answers: TableAnswers, row: number): TableScore {
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
      return { id: null, value: answers.p50[row]!, mean: answers.mean[row]!, p10: answers.p10[row]!, p90: answers.p90[row]! }; // biome-ignore format: one answer
  }
}
