import { createHash } from 'node:crypto';
import { loadArtifact, writeArtifact } from '../../models/artifact.ts';
import { trainedBy } from '../../models/networkFit.ts';
import { featuresOfRecipes, frameByRecipes, idOf, type Recipe } from '../../models/table/recipe.ts';
import { type OpenedTable, openTableModel, type Rows, tableOfRows } from '../../models/table/tableModel.ts';
import { usualByColumn } from '../../models/table/usual.ts';
import type { TableAnswers } from '../../models/tableAnswers.ts';
import { asWords, type ColumnTable, cellAt, takeTable } from '../../src/connectors/columns.ts';
import type { Table } from '../../src/connectors/table.ts';
import { columnsOf } from '../../src/connectors/tableBatches.ts';
import { ForesellError } from '../../src/errors.ts';
import { cellOf, type Frame, rowsOf } from '../../src/frame.ts';
import type { Evidence } from '../evidence.ts';
import { recorder } from '../runRecord.ts';
import { usualOf } from '../usual.ts';
import { columnsAsWritten } from './asWritten.ts';
import type { Booster } from './booster.ts';
import { tableEvidence } from './evidence.ts';
import { fitTable, tableProfiles } from './fit.ts';
import { type HeldOut, hasSkill, heldOut } from './heldOut.ts';
import { type ColumnVerdict, inferRecipes, noColumn } from './inferRecipes.ts';
import { type ColumnSchema, NO_SCHEMA } from './schema.ts';
import { type ScreenFindings, screenTable } from './screenTable.ts';
import type { TableProfile } from './settings.ts';
import { type ReadTarget, readTarget, type TargetAsk } from './targets.ts';
import { amountRows, binaryRows, causeRows, classRows, type TableRows } from './tasks.ts';

export type { Rows } from '../../models/table/tableModel.ts';

export interface TableModelOptions extends TargetAsk {
  /** Column that names the row; absent = the row number, from 0. */
  readonly id?: string | undefined;
  /** Columns that are not to be read. */
  readonly drop?: readonly string[] | undefined;
  /** Columns whose digits are names (codes), not quantities. */
  readonly categories?: readonly string[] | undefined;
  /** Columns that stay whatever the leak and drift screens say. */
  readonly keep?: readonly string[] | undefined;
  /** Columns of messages, Thai or English: words, tone and intents. */
  readonly text?: readonly string[] | undefined;
  readonly schema?: ColumnSchema | undefined;
  /** Column of time (numbers or dates), or `row`: the newest part selects and tests. */
  readonly order?: string | undefined;
  /** Durations: when survival is told, in the unit of the time column. */
  readonly times?: readonly number[] | undefined;
  /** Effort; `default` unless said. */
  readonly profile?: TableProfile | undefined;
  /** Seconds that a search of network settings may take; absent: as the profile has it. Needs `seconds`. */
  readonly budget?: number | undefined;
  /** 1 unless said. */
  readonly seed?: number | undefined;
  readonly onStep?: ((step: string) => void) | undefined;
  /** Who grows trees; absent: this thread. */
  readonly grow?: Booster | undefined;
  /** Seconds since some moment, for timings; absent: none are measured. */
  readonly seconds?: (() => number) | undefined;
}

export type { TableProfile } from './settings.ts';

/** A fitted table: plain data behind `save`, so that the same bytes predict the same anywhere. */
export interface TableModel {
  /** Hash of its content. */
  readonly version: string;
  /** The value of the target whose probability is said; '' where it is no yes or no. */
  readonly positive: string;
  /** Columns of a frame that it reads. */
  readonly columns: readonly { readonly name: string; readonly type: 'number' | 'category' }[];
  /** Of the mixture: how much the base rate, the ridges and the network count. */
  readonly weights: Readonly<Record<string, number>>;
  /** What a reader should know: columns left out, findings. */
  readonly notes: readonly string[];
  /**
   * P(positive) of each row. Words never met count as rare ones; text where numbers were counts as missing.
   * @throws ForesellError `column-missing`; `task-other` where the target is no yes or no: `answers` tells
   */
  predict(data: Rows | Table | ColumnTable | Frame): Float64Array;
  /** What is told of each row, whatever the task. */
  answers(data: Rows | Table | ColumnTable | Frame): TableAnswers;
  save(): Uint8Array;
}

/** A fit with what a person wants to see of it. */
export interface FittedModel {
  readonly model: TableModel;
  readonly bytes: Uint8Array;
  readonly opened: OpenedTable;
  readonly target: ReadTarget;
  readonly verdicts: readonly ColumnVerdict[];
  readonly findings: ScreenFindings;
  /** How well rows were told by what had not seen them. */
  readonly metrics: HeldOut;
  /** Rows that were learned from; fewer than those with a target where not all could be held. */
  readonly rowsUsed: number;
  /** What a report is drawn from; made when asked for. */
  evidence(): Evidence;
}

/**
 * Fits the learner of `fitTable` to a flat table: target, types of the columns, screens for leaks and drift, mixture.
 * Cost: a second or two for 300 rows, five to ten for 1,000.
 * @throws ForesellError those of `readTarget`, `inferRecipes`; `columns-none`, `order-unreadable`, `keep-unknown`
 */
export async function fitTableReport(data: ColumnTable, options: TableModelOptions): Promise<FittedModel> {
  const { id, drop = [], categories = [], text = [], order, seed = 1, profile = 'default', onStep } = options;
  const step = onStep ?? (() => {});
  step('reading the target');
  const schema = declared(options.schema ?? NO_SCHEMA, { categories, text });
  const target = readTarget(data, options, schema);
  if (options.times !== undefined && target.task !== 'duration')
    throw new ForesellError('times-unused', `--times is for durations; the target is read as ${target.task}`, {
      path: '--times',
    });
  const table = target.without === 0 ? data : takeTable(data, target.rows);
  const skip = new Map<string, string>();
  for (const name of drop) skip.set(name, 'dropped');
  if (id !== undefined) skip.set(id, 'names the row');
  if (order !== undefined && order !== 'row') skip.set(order, 'the order of time');
  if (options.target !== undefined) skip.set(options.target, 'the target');
  if (options.time !== undefined) skip.set(options.time, 'the time until the end');
  if (options.event !== undefined) skip.set(options.event, 'how it ended');
  step('inferring types');
  const keep = new Set([...(options.keep ?? []), ...Object.keys(schema.columns).filter((c) => schema.columns[c]!.keep)]); // biome-ignore format: one set
  for (const name of keep) if (!table.header.includes(name)) throw noColumn(table, name);
  const inferred = inferRecipes(table, skip, schema);
  const ids = idsFor(table, id);
  const asOf = order === undefined ? undefined : orderOf(table, order, schema, target.rows);
  const whole = frameByRecipes(inferred.recipes, table, ids);
  const frame: Frame = asOf ? { ...whole, asOf } : whole;
  if (frame.columns.size === 0) throw none(table, target, inferred.verdicts);
  step('looking for leaks and drift');
  const screened = screenTable(frame, inferred.recipes, target, keep, asOf !== undefined);
  const left = new Map(screened.left.map(({ column, why }) => [column, why]));
  const recipes = inferred.recipes.filter(({ column }) => !left.has(column));
  const verdicts = inferred.verdicts.map((verdict) => {
    const why = left.get(verdict.column);
    return why === undefined ? verdict : { column: verdict.column, type: 'left out' as const, why };
  });
  if (recipes.length === 0) throw none(table, target, verdicts);
  const names = featuresOfRecipes(recipes);
  const X: Frame = { ...frame, asOf: new Float64Array(table.rows), columns: new Map(names.map(({ name }) => [name, frame.columns.get(name)!])) }; // biome-ignore format: one frame
  step('learning');
  const rows = rowsFor(X, target, asOf);
  const listener = recorder(() => 0);
  const fitted = await fitTable(rows, {
    seed,
    large: { ...tableProfiles[profile], ...(options.budget === undefined ? {} : { searchSeconds: options.budget }) },
    treesOfFew: profile !== 'fast',
    pinned: [...X.columns.keys()], // screened above, where what is kept stays
    say: step,
    onEpoch: (k, report) => listener.onProgress(`network ${k + 1}`, undefined, report),
    ...(options.grow ? { grow: options.grow } : {}),
    ...(options.seconds ? { seconds: options.seconds } : {}),
  });
  const { curves } = listener.finish();
  const { state, weights } = fitted;
  const metrics = heldOut(rows, fitted);
  const network = state.mixture?.some(({ kind }) => kind === 'network') ? await trainedBy({}) : 'none';
  const outcomes = outcomesOf(target);
  const bytes = writeArtifact(
    {
      model: 'table',
      task: 'duration',
      features: names,
      featuresHash: 'table',
      causes: fitted.target.task === 'duration' ? fitted.target.causes.map((name, i) => ({ name, positive: i === 0 })) : Array.from({ length: state.causes }, (_, i) => ({ name: causeName(rows, i), positive: i === 0 })), // biome-ignore format: one choice
      withinDays: 1,
      chosen: 'mixture',
      lowSkill: (weights['constant'] ?? 0) > 0.9 || !hasSkill(rows, fitted),
      insufficientData: false,
      trained: {
        from: 0,
        to: 0,
        rows: table.rows,
        entities: table.rows,
        outcomes,
        seed,
        profile,
        backend: network,
        dataHash: hashOf(table),
      },
      candidates: {},
      metrics: { weights, ...metrics },
      calibration: [],
      rho: 0,
      usual: usualOf(X).usual,
      leaks: [...screened.leaks],
      notes: [
        ...verdicts.filter(({ type }) => type === 'left out').map(({ column, why }) => `${column} left out: ${why}`),
        ...screened.notes,
      ],
      table: fitted.target,
      reading: {
        column: options.target ?? options.time!,
        recipes: [...recipes],
        unread: table.header.filter((name) => !recipes.some(({ column }) => column === name)),
        id: id ?? null,
        usual: usualByColumn(recipes, X),
        labels: Object.fromEntries(
          recipes.flatMap(({ column }) => {
            const label = schema.columns[column]?.label;
            return label ? [[column, label]] : [];
          }),
        ),
        times: target.task === 'duration' ? [...(options.times ?? timesOf(target.time, target.cause))] : [],
      },
    },
    state,
  );
  const opened = openTableModel(bytes); // what is saved is what predicts
  return {
    model: modelOf(opened, bytes),
    bytes,
    opened,
    target,
    verdicts,
    findings: screened,
    metrics,
    rowsUsed: fitted.rowsUsed,
    evidence: () => tableEvidence(X, target, fitted, loadArtifact(bytes), screened.drifted, curves),
  };
}

/** Fits a model to rows, a frame or a table read before. */
export async function fitTableModel(
  data: Rows | Table | ColumnTable | Frame,
  options: TableModelOptions,
): Promise<TableModel> {
  const table = tableOf(data, columnsAsWritten(options));
  if (table.rows === 0)
    throw new ForesellError('table-empty', `${table.path}: no rows; there is nothing to learn from`);
  return (await fitTableReport(table, options)).model;
}

/**
 * A table model from the bytes that `save` gave.
 * @throws ForesellError `artifact-damaged`, `artifact-format`, `model-other` for a model of something else
 */
export const loadTableModel = (bytes: Uint8Array): TableModel => modelOf(openTableModel(bytes), bytes);

function modelOf(opened: OpenedTable, bytes: Uint8Array): TableModel {
  const { header, version, target } = opened;
  const weights: Record<string, number> = {};
  for (const [part, weight] of Object.entries(header.metrics['weights'] ?? {})) weights[part] = weight ?? 0;
  const answers = (data: Rows | Table | ColumnTable | Frame) => opened.answers(tableOf(data, opened.asWritten));
  return {
    version,
    positive: target.task === 'binary' ? target.positive : '',
    columns: header.features,
    weights,
    notes: header.notes,
    answers,
    predict: (data) => {
      const said = answers(data);
      if (said.task === 'binary') return said.probability;
      throw new ForesellError('task-other', `the model tells of a ${said.task}; ask for its answers`);
    },
    save: () => bytes.slice(),
  };
}

/** Whatever a program has, by columns. @param asText columns whose cells are kept as they are written */
function tableOf(data: Rows | Table | ColumnTable | Frame, asText: ReadonlySet<string>): ColumnTable {
  if ('cells' in data) return columnsOf(data, asText);
  if ('header' in data) return data;
  if ('ids' in data) {
    const rows = Array.from({ length: rowsOf(data) }, (_, i) => i);
    return tableOfRows(rows.map((i) => Object.fromEntries([...data.columns].map(([name, column]) => [name, cellOf(column, i)]))), [], asText); // biome-ignore format: one call
  }
  return tableOfRows(data, [], asText);
}

/** The schema with what options declare beside it. */
function declared(
  schema: ColumnSchema,
  { categories, text }: { readonly categories: readonly string[]; readonly text: readonly string[] },
): ColumnSchema {
  const columns = { ...schema.columns };
  const add = (name: string, type: 'category' | 'message') => {
    columns[name] = { ...(columns[name] ?? { missing: [], keep: false }), type };
  };
  for (const name of categories) add(name, 'category');
  for (const name of text) add(name, 'message');
  return { ...schema, columns };
}

function idsFor(table: ColumnTable, id: string | undefined): string[] {
  if (id === undefined) return Array.from({ length: table.rows }, (_, row) => String(row));
  const column = table.columns.get(id);
  if (!column) throw noColumn(table, id);
  const ids = Array.from({ length: table.rows }, (_, row) => idOf(column, row, row));
  return ids;
}

/**
 * Time order of rows, ascending. Numbers as they are, dates as instants.
 * @param rows where each row of the table stands in the file
 */
function orderOf(table: ColumnTable, order: string, schema: ColumnSchema, rows: Int32Array): Float64Array {
  if (order === 'row') return Float64Array.from({ length: table.rows }, (_, row) => row);
  const { recipes } = inferRecipes(
    { ...table, header: [order], columns: new Map([[order, table.columns.get(order)!]]) },
    new Map(),
    schema,
  );
  const kind = recipes[0]?.kind;
  const column = table.columns.get(order)!;
  const recipe: Recipe =
    kind === 'date'
      ? { ...(recipes[0] as Recipe & { kind: 'date' }), parts: ['age'] }
      : { kind: 'number', column: order, missing: [], missingNumbers: [] };
  const frame = frameByRecipes([recipe], table, idsFor(table, undefined));
  const [made] = [...frame.columns.values()];
  const values = made?.type === 'number' ? made.values : new Float64Array(0);
  const bad = values.findIndex(Number.isNaN);
  const first = cellAt(column, 0);
  if (bad >= 0 && Array.from(rows.keys()).every((row) => cellAt(column, row) === first))
    throw new ForesellError('order-unreadable', `${table.path}: "${order}" is "${first}" in every row; it puts them in no order; name another column, or row`); // biome-ignore format: one sentence
  if (bad >= 0)
    throw new ForesellError(
      'order-unreadable',
      `${table.path}: row ${rows[bad]}: "${order}" is "${cellAt(column, bad)}"; an order is a number or a date in every row`,
    );
  return recipe.kind === 'date' ? values.map((age) => -age) : values;
}

function none(table: ColumnTable, target: ReadTarget, verdicts: readonly ColumnVerdict[]): ForesellError {
  const shown = verdicts.slice(0, 10).map(({ column, why }) => `${column}: ${why}`);
  return new ForesellError(
    'columns-none',
    `${table.path}: no column is left to learn the ${target.task} target from (${shown.join('; ')}${verdicts.length > 10 ? '; …' : ''}); --schema says what a column is, --keep keeps a leak`,
  );
}

function rowsFor(X: Frame, target: ReadTarget, order: Float64Array | undefined): TableRows {
  switch (target.task) {
    case 'binary':
      return binaryRows(X, target.event, target.positive, order);
    case 'class':
      return classRows(X, target.code, target.classes, order);
    case 'duration':
      return causeRows(X, target.time, target.cause, target.causes, undefined, order);
    case 'amount':
      return amountRows(X, target.value, order);
  }
}

function causeName(rows: TableRows, i: number): string {
  const { target } = rows;
  return target.task === 'binary' ? target.positive : target.task === 'class' ? (target.levels[i + 1] ?? 'other') : 'value'; // biome-ignore format: one choice
}

function outcomesOf(target: ReadTarget): Record<string, number> {
  // A map: a class may be called as what every object has.
  const counts = new Map<string, number>();
  const add = (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1);
  if (target.task === 'binary') for (const e of target.event) add(e ? target.positive : 'other');
  else if (target.task === 'class') for (const c of target.code) add(target.classes[c]!);
  else if (target.task === 'duration') for (const c of target.cause) add(c ? target.causes[c - 1]! : 'censored');
  else counts.set('value', target.value.length);
  return Object.fromEntries(counts);
}

/** Times to tell survival at where none were asked: rounded quantiles of when something ended. */
function timesOf(time: Float64Array, cause: Uint8Array): number[] {
  const ended = time.filter((t, i) => cause[i]! > 0 && t > 0).sort();
  const all = ended.length ? ended : time.slice().sort();
  const at = (p: number) => Number(all[Math.min(all.length - 1, Math.floor(p * all.length))]!.toPrecision(2));
  return [...new Set([0.1, 0.25, 0.5, 0.75, 0.9].map(at))].filter((t) => t > 0);
}

/** Hash of what the cells say, however they are kept. */
function hashOf(table: ColumnTable): string {
  const hash = createHash('sha256');
  for (const [name, column] of table.columns) {
    hash.update(`${name}\n`);
    if (column.kind === 'numbers') {
      hash.update(Buffer.from(column.values.buffer, column.values.byteOffset, column.values.byteLength));
      hash.update(column.odd.words.join('\n'));
    } else {
      const { codes, words } = asWords(column);
      hash.update(words.join('\n'));
      hash.update(Buffer.from(codes.buffer, codes.byteOffset, codes.byteLength));
    }
  }
  return hash.digest('hex');
}
