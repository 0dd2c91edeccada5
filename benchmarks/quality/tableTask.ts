import type { Table } from '../../src/connectors/table.ts';
import { binaryTarget } from './inferFrame.ts';
import { type TableSet, takeTable } from './tableSets.ts';
import type { Fold } from './tableSplits.ts';

/** What a method is asked of a fold, and what came. */
export function taskOf(table: Table, set: TableSet, fold: Fold) {
  const { event, positive } = binaryTarget(table, set.target);
  const of = (rows: readonly number[]) => Uint8Array.from(rows, (row) => event[row]!);
  const { id, categories } = set.schema;
  return {
    came: of(fold.test),
    asked: {
      task: 'binary' as const,
      train: takeTable(table, fold.train),
      test: takeTable(table, fold.test),
      schema: { target: set.target, id, categories },
      target: of(fold.train),
      positive,
    },
  };
}
