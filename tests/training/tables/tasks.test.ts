import { expect, test } from 'vitest';
import { loadArtifact, writeArtifact } from '../../../models/artifact.ts';
import { integratedGradients, positiveBy } from '../../../models/explain.ts';
import { hazardModel } from '../../../models/hazardModel.ts';
import type { Frame } from '../../../src/frame.ts';
import { takeRows } from '../../../src/frame.ts';
import { random } from '../../../src/random.ts';
import { calendar } from '../../../src/time.ts';
import { fitTable, type TableFitOptions, tableDefaults } from '../../../training/tables/fit.ts';
import { amountRows, binaryRows, causeRows, classRows, type TableAnswers, tableAnswers, timeEdges } from '../../../training/tables/tasks.ts'; // biome-ignore format: one import

const stream = random(41);
const n = 160;
const a = Float64Array.from({ length: n }, () => stream.normal());
const word = Int32Array.from({ length: n }, () => stream.below(3));
const X: Frame = {
  ids: Array.from({ length: n }, (_, i) => `r${i}`),
  asOf: new Float64Array(n),
  columns: new Map([
    ['a', { type: 'number', values: a }],
    ['word', { type: 'category', codes: word, levels: ['x', 'y', 'z'] }],
  ]),
};
const event = Uint8Array.from(a, (v) => (stream.uniform() < 1 / (1 + Math.exp(-2 * v)) ? 1 : 0));
const quick: Partial<TableFitOptions> = { penalties: [0.1, 1], flexibleFrom: Number.POSITIVE_INFINITY };
/** The recipe for many rows, on few, and short. */
const many: Partial<TableFitOptions> = {
  ...quick,
  large: {
    ...tableDefaults.large,
    from: [100, 20],
    folds: 2,
    maxBins: 4,
    leastNetworkWeight: 0,
    network: { ...tableDefaults.large.network, members: 2, width: 8, epochs: 3, patience: 3 },
  },
};
const only = <T extends TableAnswers['task']>(answers: TableAnswers, task: T) => {
  if (answers.task !== task) throw new Error(`answers of ${answers.task}`);
  return answers as Extract<TableAnswers, { task: T }>;
};

test('classes: every level has a probability, each row sums to 1, whoever is likely is said to be', async () => {
  const code = Int32Array.from(a, (v) => (v > 0.7 ? 2 : v > -0.5 ? 1 : 0));
  const rows = classRows(X, code, ['low', 'middle', 'high', 'never']);
  const { state, target } = await fitTable(rows, quick);
  const { levels, p } = only(tableAnswers(state, target, X), 'class');
  expect([...levels].sort()).toEqual(['high', 'low', 'middle']);
  expect(levels[0]).toBe('middle');
  for (let row = 0; row < n; row++) expect(p[row * 3]! + p[row * 3 + 1]! + p[row * 3 + 2]!).toBeCloseTo(1, 9);
  const high = levels.indexOf('high');
  expect(p[a.indexOf(Math.max(...a)) * 3 + high]).toBeGreaterThan(0.5);
  expect(() => classRows(X, code, ['low'])).toThrow(/class/);
});

test('durations: edges are times at which something ended; quantiles ascend and survival falls', async () => {
  const time = Float64Array.from(a, (v) => Math.ceil(-10 * Math.log(stream.uniform()) * Math.exp(-v)));
  const cause = Uint8Array.from(time, (_, i) => (i % 5 === 0 ? 0 : 1 + (i % 2)));
  const edges = timeEdges(time, cause);
  expect(edges.slice(1).every((edge) => time.some((t, i) => t === edge && cause[i]! > 0))).toBe(true);
  const { state, target } = await fitTable(causeRows(X, time, cause, ['left', 'moved']), quick);
  const said = only(tableAnswers(state, target, X, [5, 10, 20]), 'duration');
  for (let row = 0; row < n; row++) {
    expect(said.p10[row]! <= said.median[row]! && said.median[row]! <= said.p90[row]!).toBe(true);
    for (let t = 0; t < 3; t++) {
      const at = row * 3 + t;
      expect(said.survival[at]! + said.incidence[at * 2]! + said.incidence[at * 2 + 1]!).toBeCloseTo(1, 9);
      if (t > 0) expect(said.survival[at]!).toBeLessThanOrEqual(said.survival[at - 1]! + 1e-12);
    }
  }
  expect(timeEdges([3, 4], [0, 0])).toEqual([0, 4]);
  expect(timeEdges([0], [1])).toEqual([0, 1]);
});

test('amounts: each value is in one bin (a double loop says which), means and quantiles lie within what was seen', async () => {
  const value = Float64Array.from(a, (v, i) => Math.round(Math.exp(1 + v + (i % 7) / 7) * 100));
  const rows = amountRows(X, value);
  if (rows.target.task !== 'amount') throw new Error('not an amount');
  const { means, inside } = rows.target;
  // Oracle: the bin of a value is the first whose largest value is not below it.
  value.forEach((v, row) => {
    const bin = inside.findIndex((of) => v <= of[4]!);
    expect(Math.min(bin, means.length - 1)).toBe(rows.placed.bin[row]);
  });
  const { state, target } = await fitTable(rows, quick);
  const said = only(tableAnswers(state, target, X), 'amount');
  for (let row = 0; row < n; row++) {
    expect(said.p10[row]! <= said.p50[row]! && said.p50[row]! <= said.p90[row]!).toBe(true);
    expect(said.mean[row]).toBeGreaterThanOrEqual(Math.min(...value));
    expect(said.mean[row]).toBeLessThanOrEqual(Math.max(...value));
  }
  const inBand = value.filter((v, row) => v >= said.p10[row]! && v <= said.p90[row]!).length / n;
  expect(inBand).toBeGreaterThan(0.65);
  const mean = value.reduce((s, v) => s + v / n, 0);
  expect(said.mean.reduce((s, v) => s + v / n, 0) / mean).toBeCloseTo(1, 1);
  expect(() => amountRows(X, value.map(() => Number.NaN))).toThrow(/amount NaN/); // biome-ignore format: one call
});

test('one row, one value, one class, no columns: the base rate, and never NaN', async () => {
  const one = takeRows(X, [0]);
  const bare: Frame = { ...X, columns: new Map() };
  for (const rows of [
    binaryRows(one, Uint8Array.of(1)),
    binaryRows(bare, event),
    classRows(one, [0], ['only']),
    classRows(bare, word, ['x', 'y', 'z']),
    amountRows(one, Float64Array.of(7)),
    amountRows(X, new Float64Array(n).fill(3)),
    amountRows(bare, a),
    causeRows(one, Float64Array.of(4), Uint8Array.of(1), ['gone']),
    causeRows(X, new Float64Array(n).fill(2), new Uint8Array(n), ['gone']),
  ]) {
    const { state, target, weights } = await fitTable(rows, quick);
    const said = tableAnswers(state, target, rows.X, [1, 2]);
    const numbers = said.task === 'binary' ? said.probability : said.task === 'class' ? said.p : said.task === 'amount' ? said.mean : said.survival; // biome-ignore format: one choice
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.every(Number.isFinite)).toBe(true);
    expect(Object.keys(weights)[0]).toBe('constant');
  }
}, 60_000);

test('many rows: the committee is the same for the same rows, is saved as it predicts, and its reasons add up', async () => {
  const first = await fitTable(binaryRows(X, event), many);
  const again = await fitTable(binaryRows(X, event), many);
  expect(first.state).toEqual(again.state);
  expect(Object.keys(first.weights)).toEqual(['constant', 'linear standard', 'linear piecewise', 'trees', 'network']);
  expect(first.unseen.rows).toHaveLength(n);
  const model = hazardModel(first.state, calendar('UTC', 1, 1));
  const p = model.predict(X);
  const saved = loadArtifact(writeArtifact({ ...about, table: first.target }, first.state));
  expect(saved.header.table).toEqual(first.target);
  const opened = hazardModel(saved.state, calendar('UTC', 1, 1)).predict(X);
  for (const [e, v] of opened.entries()) expect(Math.abs(v - p[e]!)).toBeLessThan(1e-6);
  const { x, q } = model.rows(takeRows(X, [5]));
  const { base, total, columns } = integratedGradients(model, x, q, positiveBy(1, [true]));
  expect(Math.abs(columns.reduce((s, v) => s + v, 0) - (total - base))).toBeLessThan(1e-3);
  expect(total).toBeCloseTo(Math.log(p[11]! / p[10]!), 5);
}, 60_000);

test('in time order the newest part judges, and a column that tells the date is left out', async () => {
  const order = Float64Array.from({ length: n }, (_, i) => i);
  const dated: Frame = { ...X, columns: new Map([...X.columns, ['day', { type: 'number', values: order }]]) };
  const fitted = await fitTable(binaryRows(dated, event, 'yes', order), many);
  expect(fitted.drifted.map(({ feature }) => feature)).toEqual(['day']);
  expect(Math.min(...fitted.unseen.rows)).toBe(128);
  expect(fitted.state.encoder.sources).not.toContain('day');
}, 60_000);

const about = {
  model: 'table',
  task: 'duration' as const,
  features: [],
  featuresHash: 'table',
  causes: [{ name: 'yes', positive: true }],
  withinDays: 1,
  chosen: 'mixture',
  lowSkill: false,
  insufficientData: false,
  trained: {
    from: 0,
    to: 0,
    rows: n,
    entities: n,
    outcomes: {},
    seed: 1,
    profile: 'table',
    backend: 'wasm',
    dataHash: '',
  },
  candidates: {},
  metrics: {},
  calibration: [],
  rho: 0,
  usual: {},
  leaks: [],
  notes: [],
};

test('many rows: a network that adds nothing to trees and ridges is fitted on one split and left out', async () => {
  const said: string[] = [];
  const least = { ...many.large!, leastNetworkWeight: 1 };
  const { weights } = await fitTable(binaryRows(X, event), { ...many, large: least, say: (what) => said.push(what) });
  expect(Object.keys(weights)).toEqual(['constant', 'linear standard', 'linear piecewise', 'trees']);
  expect(said.filter((what) => what.startsWith('network'))).toHaveLength(3); // its epochs
  expect(said.at(-1)).toMatch(/the network adds nothing to trees and ridges/);
});
