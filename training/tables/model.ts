import { createHash } from 'node:crypto';
import { type Artifact, loadArtifact, writeArtifact } from '../../models/artifact.ts';
import type { Table } from '../../src/connectors/table.ts';
import { ForesellError } from '../../src/errors.ts';
import { cellOf, type Frame, type FrameColumn, rowsOf } from '../../src/frame.ts';
import { binaryRows, fitTable, probabilities } from './fit.ts';
import { ABSENT, binaryTarget, inferFrame, type TableSchema } from './infer.ts';

/** Rows as a program has them: numbers, words, yes or no; null, undefined and NaN = not known. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

export interface TableModelOptions extends Pick<TableSchema, 'id' | 'drop' | 'categories'> {
  /** Column of what is to be told; it has two values. */
  readonly target: string;
  /** Which of the two; absent = 1, true, yes, won or converted, else the rarer. */
  readonly positive?: string;
  /** 1 unless said. */
  readonly seed?: number;
}

/** A fitted table: plain data behind `save`, so that the same bytes predict the same anywhere. */
export interface TableModel {
  /** Hash of its content. */
  readonly version: string;
  /** The value of the target whose probability is said. */
  readonly positive: string;
  /** Columns that it reads. */
  readonly columns: readonly { readonly name: string; readonly type: 'number' | 'category' }[];
  /** Of the mixture: how much the base rate, the ridges and the network count. */
  readonly weights: Readonly<Record<string, number>>;
  /** Columns that were left out, and why. */
  readonly notes: readonly string[];
  /**
   * P(positive) of each row. Words never met count as rare ones.
   * @throws ForesellError `column-missing`, `cell-invalid`
   */
  predict(data: Rows | Table | Frame): Float64Array;
  save(): Uint8Array;
}

/**
 * Fits the learner of `fitTable` to a flat table with a target of two values.
 * Cost: some tenths of a second for 200 rows, a few seconds for 1,000.
 * @throws ForesellError `table-empty`, `target-not-binary`, `target-missing`, `column-missing`, `columns-none`
 */
export async function fitTableModel(data: Rows | Table | Frame, options: TableModelOptions): Promise<TableModel> {
  const table = tableOf(data);
  const { target, positive: asked, seed = 1, ...schema } = options;
  if (table.rows === 0)
    throw new ForesellError('table-empty', `${table.path}: no rows; there is nothing to learn from`);
  const { event, positive } = binaryTarget(table, target, asked);
  const { frame, left } = inferFrame(table, { ...schema, drop: [...(schema.drop ?? []), target] });
  if (frame.columns.size === 0) {
    throw new ForesellError('columns-none', `${table.path}: no column is left to learn from beside "${target}"`);
  }
  const { state, weights } = await fitTable(binaryRows(frame, event), { seed });
  const yes = event.reduce((sum, e) => sum + e, 0);
  const network = state.network ? (await (await import('../../models/tf.ts')).tensorflow()).backend : 'none';
  const hash = createHash('sha256');
  for (const [name, cells] of table.cells) hash.update(`${name}\n${cells.join('\n')}\n`);
  const bytes = writeArtifact(
    {
      model: 'table',
      task: 'duration',
      features: [...frame.columns].map(([name, { type }]) => ({ name, type })),
      featuresHash: 'table',
      causes: [{ name: positive, positive: true }],
      withinDays: 1,
      chosen: 'mixture',
      lowSkill: (weights['constant'] ?? 0) === 1,
      insufficientData: false,
      trained: {
        from: 0,
        to: 0,
        rows: table.rows,
        entities: table.rows,
        outcomes: { [positive]: yes, other: table.rows - yes },
        seed,
        profile: 'table',
        backend: network,
        dataHash: hash.digest('hex'),
      },
      candidates: {},
      metrics: { weights },
      calibration: [],
      rho: 0,
      usual: {},
      leaks: [],
      notes: left.map(({ column, why }) => `${column} left out: ${why}`),
    },
    state,
  );
  return loadTableModel(bytes); // what is saved is what predicts
}

/**
 * A table model from the bytes that `save` gave.
 * @throws ForesellError `artifact-damaged`, `artifact-format`, `model-other` for a model of something else
 */
export function loadTableModel(bytes: Uint8Array): TableModel {
  const { header, state, version }: Artifact = loadArtifact(bytes);
  if (header.model !== 'table') {
    throw new ForesellError(
      'model-other',
      `version ${version.slice(0, 12)} is a model of ${header.model}, not of a table`,
    );
  }
  const weights: Record<string, number> = {};
  for (const [part, weight] of Object.entries(header.metrics['weights'] ?? {})) weights[part] = weight ?? 0;
  return {
    version,
    positive: header.causes[0]!.name,
    columns: header.features,
    weights,
    notes: header.notes,
    predict: (data) => probabilities(state, frameLike(header.features, tableOf(data))),
    save: () => bytes.slice(),
  };
}

/** Cells that say nothing, as `inferFrame` reads them. */
const said = (value: unknown): string =>
  value === null || value === undefined || Number.isNaN(value) ? '' : String(value).trim();

/** Rows or a frame as the text of a table. */
function tableOf(data: Rows | Table | Frame): Table {
  if ('cells' in data) return data;
  if ('columns' in data) {
    const n = rowsOf(data);
    const cells = [...data.columns].map(
      ([name, column]) => [name, Array.from({ length: n }, (_, row) => said(cellOf(column, row)))] as const,
    );
    return { path: 'frame', header: cells.map(([name]) => name), cells: new Map(cells), rows: n };
  }
  const header = [...new Set(data.flatMap((row) => Object.keys(row)))];
  const cells = header.map((name) => [name, data.map((row) => said(row[name]))] as const);
  return { path: 'rows', header, cells: new Map(cells), rows: data.length };
}

/** The columns that a model reads, of a table, in the form that they had when it was fitted. */
function frameLike(columns: TableModel['columns'], table: Table): Frame {
  const made = columns.map(({ name, type }): [string, FrameColumn] => {
    const cells = table.cells.get(name);
    if (!cells) {
      throw new ForesellError(
        'column-missing',
        `${table.path}: no column "${name}"; the model reads ${columns.map((column) => column.name).join(', ')}`,
      );
    }
    if (type === 'number') {
      const values = Float64Array.from(cells, (cell, row) => {
        const value = ABSENT.has(cell) ? Number.NaN : Number(cell);
        if (!ABSENT.has(cell) && !Number.isFinite(value)) {
          throw new ForesellError(
            'cell-invalid',
            `${table.path}: row ${row}: "${name}" is "${cell}"; the model was fitted on numbers there, or nothing`,
          );
        }
        return value;
      });
      return [name, { type, values }];
    }
    const levels = [...new Set(cells)].filter((cell) => !ABSENT.has(cell)).sort();
    const code = new Map(levels.map((level, i) => [level, i]));
    return [name, { type, levels, codes: Int32Array.from(cells, (cell) => code.get(cell) ?? -1) }];
  });
  return {
    ids: Array.from({ length: table.rows }, (_, i) => String(i)),
    asOf: new Float64Array(table.rows),
    columns: new Map(made),
  };
}
