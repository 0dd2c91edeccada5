import { type ColumnTable, columnBuilder, type RawColumn } from '../../src/connectors/columns.ts';
import { ForesellError } from '../../src/errors.ts';
import { calendar } from '../../src/time.ts';
import { type Artifact, type ArtifactHeader, loadArtifact } from '../artifact.ts';
import { type Executor, type HazardModel, hazardModel } from '../hazardModel.ts';
import { answersFrom, type TableAnswers, type TableTarget } from '../tableAnswers.ts';
import type { TableReading } from './reading.ts';
import { columnsOfWords, columnsRead, frameByRecipes, idOf, Oddities } from './recipe.ts';

/** A model of a flat table, opened for scoring. */
export interface OpenedTable {
  /** Hash of its content. */
  readonly version: string;
  readonly target: TableTarget;
  readonly reading: TableReading;
  readonly header: ArtifactHeader;
  readonly artifact: Artifact;
  readonly model: HazardModel;
  /** Columns of a table that it reads. */
  readonly reads: readonly string[];
  /** Those of them whose cells a reader is to keep as they are written, digits too. */
  readonly asWritten: ReadonlySet<string>;
  /**
   * What it says of rows. @param times when survival is told; absent = those it was fitted with
   * @throws ForesellError `column-missing`
   */
  answers(table: ColumnTable, odd?: Oddities, times?: readonly number[]): TableAnswers;
}

/**
 * A table model from the bytes of its file; everything is checked before it is used.
 * @throws ForesellError `artifact-damaged`, `artifact-format`, `model-other` for a model of something else
 */
export function openTableModel(bytes: Uint8Array, executor?: Executor): OpenedTable {
  const artifact = loadArtifact(bytes);
  const { header, state, version } = artifact;
  const { table: target, reading } = header;
  if (!target || !reading)
    throw new ForesellError(
      'model-other',
      `version ${version.slice(0, 12)} is a model of ${header.model}, not of a table`,
    );
  // A table has no calendar: its covariates have no weight.
  const model = hazardModel(state, calendar('UTC', 1, 1), executor);
  return {
    version,
    target,
    reading,
    header,
    artifact,
    model,
    reads: columnsRead(reading.recipes),
    asWritten: columnsOfWords(reading.recipes),
    answers: (table, odd = new Oddities(), times = reading.times) => {
      const ids = Array.from({ length: table.rows }, (_, row) => String(row));
      const p = model.predict(frameByRecipes(reading.recipes, table, ids, odd));
      return answersFrom(state, target, p, table.rows, times);
    },
  };
}

/** Ids of rows as they are told: the column's cells, and the row's number (from `first` on) where there are none. */
export function idsOf(table: ColumnTable, id: string | null, first: number): string[] {
  const column = id === null ? undefined : table.columns.get(id);
  return Array.from({ length: table.rows }, (_, row) => idOf(column, row, first + row));
}

/** Records as a program has them: numbers, words, yes or no; null, undefined and NaN = not known. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

/**
 * Records as a table; a column that any of them has. @param columns further ones, empty where no record has them
 * @param asText columns whose words are kept as they are written
 */
export function tableOfRows(
  rows: Rows,
  columns: readonly string[] = [],
  asText: ReadonlySet<string> = new Set(),
): ColumnTable {
  const header = [...new Set([...columns, ...rows.flatMap((row) => Object.keys(row))])];
  const made = header.map((name): [string, RawColumn] => [name, wordsOf(rows, name, asText.has(name))]);
  return { path: 'rows', header, columns: new Map(made), rows: rows.length };
}

/**
 * Records to be scored as a table of the columns that a model reads, of which each record must have a cell of its own. A column that is read as
 * numbers, and holds nothing else, is not written out first.
 */
export function tableOfRecords(
  rows: Rows,
  { reads, asWritten }: Pick<OpenedTable, 'reads' | 'asWritten'>,
): ColumnTable {
  const made = reads.map((name): [string, RawColumn] => {
    const isText = asWritten.has(name);
    return [name, (isText ? undefined : numbersOf(rows, name)) ?? wordsOf(rows, name, isText)];
  });
  return { path: 'records', header: reads, columns: new Map(made), rows: rows.length };
}

/** Undefined where a cell is something else, or none is a number. */
function numbersOf(rows: Rows, name: string): RawColumn | undefined {
  const values = new Float64Array(rows.length);
  let hasNumber = false;
  for (let i = 0; i < rows.length; i++) {
    const value = rows[i]![name];
    if (typeof value === 'number' && Number.isFinite(value)) {
      values[i] = value + 0; // no minus zero, as it is written
      hasNumber = true;
    } else if (value === null) values[i] = Number.NaN;
    else return undefined;
  }
  return hasNumber ? { kind: 'numbers', values, odd: { rows: new Int32Array(0), words: [] } } : undefined;
}

function wordsOf(rows: Rows, name: string, asText: boolean): RawColumn {
  const builder = columnBuilder(asText);
  for (const row of rows) builder.add(Object.hasOwn(row, name) ? cellText(row[name]) : '');
  return builder.done();
}

const cellText = (value: unknown): string =>
  value === null || value === undefined || Number.isNaN(value)
    ? ''
    : value instanceof Date
      ? value.toISOString()
      : String(value).trim();
