import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import { createApp } from '../api/app.ts';
import type { Engine } from '../api/engine.ts';
import { laneOf } from '../api/lane.ts';
import { openEngine } from '../api/open.ts';
import type { ServedTable } from '../api/servedTable.ts';
import { togetherOf } from '../api/together.ts';
import { type OpenedTable, openTableModel } from '../models/table/tableModel.ts';
import { layers, tensorflow } from '../models/tf.ts';
import { importBundle } from '../src/connectors/import.ts';
import { openBundle } from '../src/connectors/open.ts';
import { random } from '../src/random.ts';
import { openStore } from '../src/store/open.ts';
import { fitTableModel } from '../training/tables/model.ts';
import { compareLoads, listening } from './load.ts';
import { type Bench, type Ratio, ratioOf } from './measure.ts';
import { fittedTrees, rowFor } from './peers/trees.ts';
import { setting, stockModel } from './setting.ts';

const EMPTY = 'an empty Hono route that reads its body';

/** One deal by id, another each time, their rows of features at hand: what is left is the score and its JSON. */
export const http: Bench = {
  name: 'http',
  says: 'POST /v1/scores/deal, one id without reasons, row of features at hand, 50 connections',
  run: () => againstEmpty(http, oneById),
};

/** The same with no row kept: its features are computed from its past. */
export const past: Bench = {
  name: 'http-past',
  says: 'the same with only the past at hand: features are computed for each request',
  run: () => againstEmpty(past, oneById, 0),
};

/** A whole record in the body. */
export const record: Bench = {
  name: 'http-record',
  says: 'POST /v1/scores/deal, a whole record with its history in the body, without reasons, 50 connections',
  run: () =>
    againstEmpty(record, (engine) => [JSON.stringify({ records: [wholeRecord(engine.liveAsOf())], reasons: 0 })]),
};

/** One deal by id against a service around trees, which is handed all of the row in the body. */
export const python: Bench = {
  name: 'http-xgboost',
  says: 'POST /v1/scores/deal as in http, against a small HTTP service around XGBoost in Python, 50 connections',
  run: async () => {
    const set = await setting();
    const trees = await fittedTrees(set, 'xgboost');
    if (!trees) return { name: python.name, says: python.says, skipped: 'no Python with xgboost' };
    try {
      return await served(async (engine, listen) => {
        const ours = { port: await listen(listenerOf(engine)), path: '/v1/scores/deal', bodies: oneById(engine) };
        const { port } = await trees.ask<{ readonly port: number }>({ do: 'serve' });
        // JSON knows no NaN: null is what a float array of Python reads as missing.
        const bodies = Array.from({ length: 64 }, (_, i) => JSON.stringify({ row: rowFor(set.frame, i * 7) }));
        const { times, p99Us } = await compareLoads(ours, { port, path: '/', bodies });
        const what = {
          ours: 'foresell',
          other: 'http.server of Python, a thread a connection, json, xgboost inplace_predict',
        };
        return { ...ratioOf(python, times, what), p99Us: { ours: p99Us[0], other: p99Us[1] } };
      });
    } finally {
      trees.close();
    }
  },
};

/** A deal of 90 days with a history like those of the company. */
function wholeRecord(asOf: number) {
  const day = (n: number) => new Date(asOf - n * 86_400_000).toISOString();
  return {
    deal: { id: 'W-1', stage: 'Proposal', amount: '125000.00', currency: 'THB', createdAt: day(90), expectedCloseDate: day(-30) },
    changes: [{ at: day(60), field: 'stage', oldValue: 'Qualification', newValue: 'Proposal' }],
    activities: Array.from({ length: 12 }, (_, i) => ({ id: `A-${i}`, kind: ['email', 'call', 'meeting'][i % 3]!, direction: i % 2 ? 'in' : 'out', at: day(80 - 6 * i) })),
  }; // biome-ignore format: rows
}

/** Of more deals than there are connections, so that no two requests at a time are likely to be of the same one. */
const oneById = (engine: Engine): string[] =>
  engine.openIds('deal', engine.liveAsOf()).slice(0, 64).map((id) => JSON.stringify({ ids: [id], reasons: 0 })); // biome-ignore format: one list

async function againstEmpty(bench: Bench, bodiesOf: (engine: Engine) => string[], rowsKept?: number): Promise<Ratio> {
  return served(async (engine, listen) => {
    const bodies = bodiesOf(engine);
    const empty = new Hono().post('/', async (c) => {
      await c.req.text();
      return c.json({});
    });
    const ours = { port: await listen(listenerOf(engine)), path: '/v1/scores/deal', bodies };
    const other = { port: await listen(plain(getRequestListener(empty.fetch))), path: '/', bodies };
    const { times, p99Us } = await compareLoads(ours, other);
    const ratio = ratioOf(bench, times, { ours: 'foresell', other: EMPTY });
    return { ...ratio, p99Us: { ours: p99Us[0], other: p99Us[1] } };
  }, rowsKept);
}

const plain =
  (answer: ReturnType<typeof getRequestListener>): RequestListener =>
  (request, response) =>
    void answer(request, response);

/** As the server listens: the lane first, then the app. */
export function listenerOf(engine: Engine, tables: readonly ServedTable[] = []): RequestListener {
  const answer = getRequestListener(createApp(engine, { now: Date.now, tables }).fetch);
  const lane = laneOf(engine, {
    tables: new Map(tables.map((table) => [table.name, table])),
    bodyBytes: 1_048_576,
    draining: () => false,
    together: togetherOf(engine),
  });
  return (request, response) => lane(request, response, () => void answer(request, response));
}

/** An engine over the company of the setting, in a database of its own with its network serving. */
export async function served<T>(
  work: (engine: Engine, listen: (listener: RequestListener) => Promise<number>) => Promise<T>,
  rowsKept?: number,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'foresell-bench-'));
  const open: Server[] = [];
  const engine = openEngine({
    db: await imported(folder),
    now: Date.now,
    lookEveryMs: 10,
    ...(rowsKept === undefined ? {} : { rowsKept }),
  });
  try {
    return await work(engine, (listener) => listening(listener, open));
  } finally {
    for (const server of open) server.close();
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function imported(folder: string): Promise<string> {
  const { files, artifact, bytes, source } = await setting();
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
  const store = openStore(join(folder, 'bench.db'));
  const { bundle } = await openBundle(folder, { source: 'csv' });
  const at = artifact.header.trained.to;
  await importBundle(store, bundle, { source: 'csv', at, dryRun: false });
  const { version } = artifact;
  store.putVersion({ model: 'deal', version, createdAt: at, lowSkill: false, summary: {} }, bytes);
  store.serve({ at, model: 'deal', version, previous: null, action: 'promote', reason: source.company.settings.name });
  store.close();
  return join(folder, 'bench.db');
}

const ROWS = 1_000;
const NUMBERS = Array.from({ length: 12 }, (_, k) => `x${k}`);

/** A thousand rows of a flat table in one request, against what one would write first: a network smaller than ours. */
export const flat: Bench = {
  name: 'http-flat',
  says: `POST /v1/scores/{table}, ${ROWS} flat records of ${NUMBERS.length} numbers in one request, per row, one connection`,
  run: () => againstOrdinary(flat, smallNetwork, 'two layers of 64'),
};

/** The same against the same stack around the very model that we serve, as stock TensorFlow.js opens it. */
export const flatSame: Bench = {
  name: 'http-flat-same',
  says: 'the same against the ordinary stack around the same model',
  run: () => againstOrdinary(flatSame, sameModel, 'the same model, exported'),
};

/** Rows of numbers to probabilities. */
type Predict = (x: Float32Array, rows: number) => ArrayLike<number>;

function againstOrdinary(bench: Bench, predictBy: (table: OpenedTable) => Promise<Predict>, what: string) {
  return served(async (engine, listen) => {
    const rnd = random(SEED);
    const rows = Array.from({ length: 600 }, () => {
      const cells = NUMBERS.map(() => Math.round(rnd.normal() * 1000) / 1000);
      return { ...rowOf(cells), won: cells[0]! + cells[1]! * cells[2]! + rnd.normal() > 0 ? 'yes' : 'no' };
    });
    const model = await fitTableModel(rows, { target: 'won', profile: 'fast', seed: SEED });
    const table = { name: 'flat', opened: openTableModel(model.save()), createdAt: 0 };
    const records = Array.from({ length: ROWS }, (_, i) => {
      const { won: _won, ...row } = rows[i % rows.length]!;
      return row;
    });
    const ours = { port: await listen(listenerOf(engine, [table])), path: '/v1/scores/flat', bodies: [JSON.stringify({ records, reasons: 0 })] }; // biome-ignore format: one request
    const stack = ordinaryStack(await predictBy(table.opened));
    const other = { port: await listen(stack), path: '/', bodies: [JSON.stringify({ records })] };
    const { times, p99Us } = await compareLoads(ours, other, 1);
    const perRow = ({ medianUs, p10Us, p90Us }: (typeof times)[0]) => ({ medianUs: medianUs / ROWS, p10Us: p10Us / ROWS, p90Us: p90Us / ROWS }); // biome-ignore format: one row
    const ratio = ratioOf(bench, [perRow(times[0]), perRow(times[1])], {
      ours: 'foresell, the served table model',
      other: `Hono, JSON.parse, zod, tfjs-wasm (${what}), JSON.stringify`,
    });
    return { ...ratio, p99Us: { ours: p99Us[0], other: p99Us[1] } };
  });
}

const SEED = 7;
const rowOf = (cells: readonly number[]) => Object.fromEntries(NUMBERS.map((name, k) => [name, cells[k]!]));

/** A network that a team would begin with; it is not trained, as its weights do not change its speed. */
async function smallNetwork(): Promise<Predict> {
  const { tf } = await tensorflow('wasm');
  const tfl = await layers();
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 64, activation: 'relu', inputShape: [NUMBERS.length] }),
      tfl.layers.dense({ units: 64, activation: 'relu' }),
      tfl.layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
  });
  return (x, rows) => {
    const input = tf.tensor2d(x, [rows, NUMBERS.length]);
    const output = model.predict(input as never, { batchSize: rows }) as unknown as typeof input;
    const p = output.dataSync();
    tf.dispose([input, output]);
    return p as Float32Array;
  };
}

/** Our model as it is exported, fed as its metadata says: columns encoded, then the layers. Its one bin is of yes or no. */
async function sameModel({ artifact, model }: OpenedTable): Promise<Predict> {
  const predict = await stockModel(artifact);
  return (x, rows) => {
    const columns = NUMBERS.map((name, k) => [name, { type: 'number', values: Float64Array.from({ length: rows }, (_, i) => x[i * NUMBERS.length + k]!) }] as const); // biome-ignore format: a frame
    const encoded = model.rows({ ids: Array.from({ length: rows }, (_, i) => String(i)), asOf: new Float64Array(rows), columns: new Map(columns) }); // biome-ignore format: a frame
    const p = predict(encoded.x, encoded.q);
    return Float32Array.from({ length: rows }, (_, i) => p[(i * p.length) / rows + 1]!);
  };
}

/** What a team would write first around a network: it says nothing but the probability. */
function ordinaryStack(predict: Predict): RequestListener {
  const schema = z.strictObject({ records: z.array(z.strictObject(Object.fromEntries(NUMBERS.map((name) => [name, z.number()])))) }); // biome-ignore format: one schema
  const app = new Hono().post('/', async (c) => {
    const { records } = schema.parse(await c.req.json());
    const x = new Float32Array(records.length * NUMBERS.length);
    for (const [i, record] of records.entries())
      for (const [k, name] of NUMBERS.entries()) x[i * NUMBERS.length + k] = record[name]!;
    const p = predict(x, records.length);
    return c.json({ items: records.map((_, i) => ({ id: String(i), probability: p[i]! })) });
  });
  return plain(getRequestListener(app.fetch));
}
