import { readColumns } from '../../src/connectors/tableBatches.ts';
import { columnsAsWritten } from '../../training/tables/asWritten.ts';
import { type FittedModel, fitTableReport, type TableProfile } from '../../training/tables/model.ts';
import type { ColumnSchema } from '../../training/tables/schema.ts';
import type { TableTask } from '../../training/tables/targets.ts';
import { withTreeThreads } from '../treeThreads.ts';
import { readingOf, type TextFile } from './textFile.ts';

/** All that decides what `table fit` makes of a file, beside the file itself and the code. Plain JSON: a run keeps it. */
export interface FitAsk extends TextFile {
  readonly data: string;
  readonly target?: string | undefined;
  readonly task?: TableTask | undefined;
  readonly time?: string | undefined;
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  readonly drop: readonly string[];
  readonly keep: readonly string[];
  readonly text: readonly string[];
  readonly categories: readonly string[];
  readonly positive?: string | undefined;
  readonly times?: readonly number[] | undefined;
  readonly order?: string | undefined;
  readonly schema?: ColumnSchema | undefined;
  readonly profile: TableProfile;
  readonly budget?: number | undefined;
  readonly seed: number;
}

/** A fit with the size of the file it was learned from. */
export interface FittedFile {
  readonly fitted: FittedModel;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Reads a file and learns from it. @param onRead told once the file is read, before anything is learned
 * @throws ForesellError those of reading and of `fitTableReport`
 */
export async function fitFile(
  ask: FitAsk,
  onStep: (step: string) => void,
  onRead: (rows: number, columns: number) => void = () => {},
): Promise<FittedFile> {
  onStep('reading the file');
  const table = await readColumns(ask.data, {
    ...readingOf(ask),
    asText: columnsAsWritten(ask),
    limited: true,
    onRows: (rows) => onStep(`read ${rows.toLocaleString('en')} rows`),
  });
  const [rows, columns] = [table.rows, table.header.length];
  onRead(rows, columns);
  const fitted = await withTreeThreads((grow) =>
    fitTableReport(table, { ...ask, onStep, grow, seconds: () => performance.now() / 1000 }),
  );
  return { fitted, rows, columns };
}
