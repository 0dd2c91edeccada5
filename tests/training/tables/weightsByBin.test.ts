import { expect, test } from 'vitest';
import { hazardModel } from '../../../models/hazardModel.ts';
import { hazards, place } from '../../../models/hazards.ts';
import type { Frame } from '../../../src/frame.ts';
import { random } from '../../../src/random.ts';
import { calendar } from '../../../src/time.ts';
import { durationRows, fitTable, tableHazards } from '../../../training/tables/fit.ts';
import { stretchesOf, weightsByBin } from '../../../training/tables/weightsByBin.ts';

const grid = hazards([0, 1, 2, 3, 4], 1);
const ends = (counts: readonly number[]) => counts.flatMap((n, bin) => new Array<number>(n).fill(bin + 0.5));

test('neighbouring bins share a stretch until it holds enough events', () => {
  const starts = (counts: readonly number[]) => {
    const time = ends(counts);
    return stretchesOf(grid, place(grid, time, new Uint8Array(time.length).fill(1)));
  };
  expect(starts([5, 5, 5, 5])).toEqual([0]);
  expect(starts([60, 30, 30, 60])).toEqual([0, 1, 3]);
  expect(starts([300, 10, 10, 10])).toEqual([0]);
  expect(starts([300, 40, 40, 40])).toEqual([0, 1]);
});

test('a part that knows the beginning weighs there, another later; weights sum to 1 in each bin', () => {
  const time = ends([200, 200, 200, 200]);
  const placed = place(grid, time, new Uint8Array(time.length).fill(1));
  const bin = Int32Array.from({ length: 1600 }, (_, i) => i % 4);
  const early = Float64Array.from(bin, (b) => (b === 0 ? 0.9 : 0.4));
  const late = Float64Array.from(bin, (b) => (b === 0 ? 0.4 : 0.9));
  const [a, b] = weightsByBin(grid, placed, [early, late], new Float64Array(1600).fill(1), bin, Float64Array.of(0.3, 0.7)); // biome-ignore format: one call
  expect(a![0]).toBeGreaterThan(0.9);
  expect(a![3]).toBeLessThan(0.1);
  for (let k = 0; k < 4; k++) expect(a![k]! + b![k]!).toBeCloseTo(1, 9);
});

test('durations: probabilities of every bin, and the same of the same rows', async () => {
  const stream = random(23);
  const n = 300;
  const a = Float64Array.from({ length: n }, () => stream.normal());
  const time = Float64Array.from(a, (v) => -Math.log(stream.uniform()) * Math.exp(1 - v));
  const X: Frame = {
    ids: Array.from({ length: n }, (_, i) => `r${i}`),
    asOf: new Float64Array(n),
    columns: new Map([['a', { type: 'number', values: a }]]),
  };
  const event = Uint8Array.from(time, (t) => (t < 5 ? 1 : 0));
  const rows = durationRows(X, [0, 1, 2, 3, 4, 5], time.map((t) => Math.min(t, 5)), event); // biome-ignore format: one call
  const fitted = await fitTable(rows, { flexibleFrom: Number.POSITIVE_INFINITY });
  const p = tableHazards(fitted, X);
  const one = hazardModel(fitted.state, calendar('UTC', 1, 1)).predict(X);
  for (const [e, v] of one.entries()) expect(Math.abs(v - p[e]!)).toBeLessThan(0.1);
  expect(p).toHaveLength(n * 5 * 2);
  for (let cell = 0; cell < p.length; cell += 2) expect(p[cell]! + p[cell + 1]!).toBeCloseTo(1, 9);
  const [most, least] = [a.indexOf(Math.max(...a)), a.indexOf(Math.min(...a))];
  expect(p[most * 10 + 1]).toBeGreaterThan(p[least * 10 + 1]!);
  expect(tableHazards(await fitTable(rows, { flexibleFrom: Number.POSITIVE_INFINITY }), X)).toEqual(p);
}, 60_000);
