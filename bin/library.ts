/**
 * Foresell in process: the engine that the commands and routes use, for programs in TypeScript or JavaScript.
 *
 *     import { defineFeature, defineLabel, fit, openEngine } from 'foresell';
 *
 *     const engine = await openEngine({ db: './foresell.db' });
 *     await engine.import('./export');
 *     await engine.train({ model: 'deal' });
 *     for (const score of engine.score({ model: 'deal' })) console.log(engine.describe(score, 'en'));
 *     engine.close();
 *
 * A company's own features and labels are files that `foresell.yaml` names, beside the database; the commands, the server
 * and this library read them alike, so that what was trained with them is served with them:
 *
 *     # foresell.yaml
 *     features: [./my-features.mjs]
 *     labels: [./my-labels.mjs]
 */
import type { Engine, Refusal, Score } from '../api/engine.ts';
import type { Forecast, ForecastAsk } from '../api/forecast.ts';
import type { ListAsk, Page } from '../api/lists.ts';
import type { Language } from '../api/reasons.ts';
import type { ScoreJson } from '../api/schemas/scores.ts';
import type { ColumnTable } from '../src/connectors/columns.ts';
import type { ImportReport } from '../src/connectors/import.ts';
import type { Table } from '../src/connectors/table.ts';
import { ForesellError } from '../src/errors.ts';
import type { Frame } from '../src/frame.ts';
import type { OwnFeature } from '../src/own.ts';
import { type Label, subjectOf } from '../src/subjects/index.ts';
import { type Instant, parseInstant } from '../src/time.ts';
import type { Rows, TableModel, TableModelOptions } from '../training/tables/model.ts';
import type { Trained } from '../training/train.ts';
import { readOwn } from './own.ts';

export { foresellClient } from '../api/client.ts';
export type { Engine, Refusal, Score } from '../api/engine.ts';
export type { Forecast } from '../api/forecast.ts';
export type { Page } from '../api/lists.ts';
export type { ScoreJson } from '../api/schemas/scores.ts';
export { defineOwnFeature as defineFeature } from '../features/own.ts';
export type { TableAnswers } from '../models/tableAnswers.ts';
export type { ImportReport } from '../src/connectors/import.ts';
export { ForesellError } from '../src/errors.ts';
export type { Words } from '../src/feature.ts';
export type { Frame, FrameColumn } from '../src/frame.ts';
export { type DanfoFrame, fromDanfo, toDanfo } from '../src/frame-io/danfo.ts';
export type { OwnFeature } from '../src/own.ts';
export type { Fact, FactKind, FactOf } from '../src/records.ts';
export { type Cause, defineLabel, type Label, type LabelEnding, type State } from '../src/subjects/index.ts';
export { DAY, type Instant } from '../src/time.ts';
export type { Future, Past } from '../src/world.ts';
export type { Rows, TableModel, TableModelOptions } from '../training/tables/model.ts';
export type { Trained } from '../training/train.ts';

/** An instant: ms since the epoch, a Date, or ISO 8601 text (a bare date: that day where the company is). */
export type When = Instant | Date | string;

export interface OpenEngineOptions {
  /** The company's database file; made where it is missing. */
  readonly db: string;
  /** Names the company's own features and labels; absent = `foresell.yaml` beside the database, where there is one. */
  readonly config?: string;
  /** Further ones, that only this program knows: another program refuses what was trained with them. */
  readonly features?: readonly OwnFeature[];
  readonly labels?: readonly Label[];
  /** The clock; absent = the machine's. */
  readonly now?: () => Instant;
}

/** The engine over one company's database. Every `model` is deal, lead, churn or the name of a label of the company's own. */
export interface OpenedEngine {
  /** All that routes and pages call. */
  readonly engine: Engine;
  /** Reads an export, all of it or nothing, as `foresell import`. `source`: csv (default), salesforce or hubspot. */
  import(
    path: string,
    how?: { readonly source?: string; readonly map?: string; readonly name?: string; readonly at?: When },
  ): Promise<ImportReport>;
  /** Learns from what was known before `until` (default: now), stores the version and lets the gate decide, as `foresell train`. */
  train(ask?: {
    readonly model?: string;
    readonly until?: When;
    readonly profile?: 'fast' | 'default' | 'best';
    readonly seed?: number;
    readonly onProgress?: (step: string, share?: number) => void;
  }): Promise<Trained>;
  /** Scores of the ids, in their order, an error for each that gets none; without ids, of all that are open then. */
  score(ask?: {
    readonly model?: string;
    readonly ids?: readonly string[];
    readonly asOf?: When;
    /** At most so many for and against; 5 unless said, 0 = none and ten times quicker. */
    readonly reasons?: number;
    readonly curve?: boolean;
  }): readonly (Score | Refusal)[];
  /** The latest scores of all that are open, a page at a time: the likeliest first unless said otherwise. */
  scores(model: string, ask?: Partial<ListAsk>): Page;
  /** What a period brings, in minor units; default: the fiscal quarter, as a whole. */
  forecast(ask?: {
    readonly period?: string;
    readonly from?: When;
    readonly to?: When;
    readonly by?: ForecastAsk['by'];
    readonly currency?: string;
    readonly parts?: ForecastAsk['parts'];
    readonly asOf?: When;
  }): Forecast;
  /** What a model reads of those that are open at an instant: a row each, a column a feature. */
  frame(ask: { readonly model: string; readonly asOf?: When }): Promise<Frame>;
  /** A score as routes say it, with its reasons in words. */
  describe(score: Score, language: Language): ScoreJson;
  close(): void;
}

/**
 * Opens the engine over a company's database; close it when done.
 * @throws ForesellError those of `foresell.yaml` and the files it names; `database-...` for a file that is none
 */
export async function openEngine(options: OpenEngineOptions): Promise<OpenedEngine> {
  const { db, now = Date.now } = options;
  const own = await readOwn(options, { features: options.features ?? [], labels: options.labels ?? [] });
  const [{ openEngine: open }, { scoreJson }] = await Promise.all([
    import('../api/open.ts'),
    import('../api/present.ts'),
  ]);
  const engine = open({ db, own, now });
  const { store } = engine;
  const instant = (when: When): Instant => {
    const at = typeof when === 'string' ? parseInstant(when, store.company().settings.time_zone) : Number(when);
    if (at !== undefined && Number.isFinite(at)) return at;
    throw new ForesellError(
      'instant-invalid',
      `"${String(when)}" is no time; expected ISO 8601, as 2026-11-21T09:30:00Z`,
    );
  };
  const given = (when: When | undefined) => (when === undefined ? undefined : instant(when));
  return {
    engine,
    async import(path, how = {}) {
      const { openBundle } = await import('../src/connectors/open.ts');
      const { importBundle } = await import('../src/connectors/import.ts');
      const { source = 'csv', map } = how;
      const opened = await openBundle(path, { source, map, settings: store.company().settings });
      const { bundle, name } = opened;
      try {
        return await importBundle(store, bundle, {
          source: how.name ?? name,
          at: given(how.at) ?? now(),
          dryRun: false,
        });
      } finally {
        opened.close();
      }
    },
    async train(ask = {}) {
      const { runTraining } = await import('../training/main.ts');
      const { model = 'deal', profile = 'default', seed = 1, onProgress } = ask;
      const until = given(ask.until) ?? engine.liveAsOf() + 1;
      return runTraining(store, { model, until, profile, seed, now: now(), ...(onProgress ? { onProgress } : {}) });
    },
    score(ask = {}) {
      const { model = 'deal', reasons = 5, curve = false } = ask;
      const asOf = engine.asOf(given(ask.asOf));
      return engine.pin(model, asOf).scoreIds(ask.ids ?? engine.openIds(model, asOf), { reasons, curve });
    },
    scores: (model, ask = {}) =>
      engine.list(model, { sort: 'probability', descending: true, ownerId: undefined, grade: undefined, limit: 50, after: undefined, ...ask }), // biome-ignore format: one call
    forecast(ask = {}) {
      const asOf = engine.asOf(given(ask.asOf));
      const [from, to] = [given(ask.from), given(ask.to)];
      const asked = {
        ...(ask.period === undefined ? {} : { label: ask.period }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      };
      const { by = 'all', currency, parts } = ask;
      const period = engine.period(asked, asOf);
      return engine.forecast({ period, by, asOf, ...(currency ? { currency } : {}), ...(parts ? { parts } : {}) });
    },
    async frame({ model, asOf: when }) {
      const { featuresOf } = await import('../features/hash.ts');
      const { snapshot } = await import('../features/index.ts');
      const source = store.loadedSource();
      const asOf = engine.asOf(given(when));
      const rows = engine.openIds(model, asOf).map((id) => ({ id, asOf }));
      return snapshot(source, featuresOf(model, source.company), rows, subjectOf(model, source.company).of);
    },
    describe: (score, language) => scoreJson(score, engine, language),
    close: () => engine.close(),
  };
}

/**
 * Fits a model to a flat table, for a company that has only an export: `data` is rows as a program has them, a frame, a
 * table read before, or the path of a .csv, .csv.gz or .parquet. The task (binary, class, duration, amount) goes by what the
 * target says, or by `task`; `time` and `event` are a duration. Of a target of two values `predict` gives a probability a
 * row; `answers` tells whatever the task.
 *
 *     const model = await fit('./leads.csv', { target: 'converted', id: 'lead_id' });
 *     model.predict([{ source: 'web', employees: 40 }]);   // one probability a row
 *     writeFileSync('leads.model', model.save());          // loadModel(bytes) predicts the same
 *
 * @throws ForesellError `target-not-binary`, `target-one-class`, `column-missing`, `table-empty`, `rows-few`, `columns-none`
 */
export async function fit(
  data: string | Rows | Table | ColumnTable | Frame,
  options: TableModelOptions,
): Promise<TableModel> {
  const { fitTableModel } = await import('../training/tables/model.ts');
  if (typeof data !== 'string') return fitTableModel(data, options);
  const { readColumns } = await import('../src/connectors/tableBatches.ts');
  const { columnsAsWritten } = await import('../training/tables/asWritten.ts');
  return fitTableModel(await readColumns(data, { asText: columnsAsWritten(options), limited: true }), options);
}

/** A table model from the bytes that its `save` gave; checked before it is used. */
export async function loadModel(bytes: Uint8Array): Promise<TableModel> {
  const { loadTableModel } = await import('../training/tables/model.ts');
  return loadTableModel(bytes);
}
