import { expect, test } from 'vitest';
import type { Encoder } from '../../../models/encode.ts';
import { assemble } from '../../../models/encode.ts';
import { hazards, type Placed, place } from '../../../models/hazards.ts';
import { predictTrees } from '../../../models/trees.ts';
import { random } from '../../../src/random.ts';
import { binned, binsOfFeature } from '../../../training/tables/binned.ts';
import { type BoostSettings, boosted } from '../../../training/tables/boosted.ts';

const settings: BoostSettings = {
  rounds: 1,
  learningRate: 1,
  leaves: 2,
  depth: 6,
  leastWeight: 0,
  lambda: 1,
  rowShare: 1,
  columnShare: 1,
  patience: 5,
};
const rows = 120;
const stream = random(7);
const number = (feature: string, missing: boolean) => ({ kind: 'standard' as const, feature, log: false, median: 0, missing, mean: 0, sd: 1 }); // biome-ignore format: one row
/** Two numbers, the second sometimes missing, and a word of three: columns 0, 1 and 2, 3 to 6. */
const encoder: Encoder = assemble([number('a', false), number('b', true), { kind: 'onehot', feature: 'c', levels: ['x', 'y', 'z'] }]); // biome-ignore format: one row
const { width } = encoder;
const x = new Float32Array(rows * width);
for (let i = 0; i < rows; i++) {
  x[i * width] = stream.below(6) - 2.5;
  const absent = stream.uniform() < 0.2;
  x[i * width + 1] = absent ? 0 : stream.below(7) - 3;
  x[i * width + 2] = absent ? 1 : 0;
  x[i * width + 3 + stream.below(4)] = 1;
}
const data = binned(encoder, x, rows);
const one = hazards([0, 1], 1);
const cause = Uint8Array.from({ length: rows }, (_, i) =>
  stream.uniform() < (x[i * width + 1]! > 0.5 ? 0.8 : 0.2) ? 1 : 0,
);
const placed = place(one, Float64Array.from(cause, (c) => (c ? 1 : 2)), cause); // biome-ignore format: one call
const all = Int32Array.from({ length: rows }, (_, i) => i);
const none = new Int32Array(0);

test('features: numbers cut between their values, whether missing, words; piecewise columns are not read', () => {
  expect(data.features.map((feature) => [feature.kind, feature.column, binsOfFeature(feature)])).toEqual([
    ['quantity', 0, 6],
    ['quantity', 1, 7],
    ['quantity', 2, 2],
    ['words', 3, 4],
  ]);
  for (let i = 0; i < rows; i++) {
    expect(data.codes[i]).toBe(x[i * width]! + 2.5);
    expect(x[i * width + 3 + data.codes[3 * rows + i]!]).toBe(1);
  }
});

test('one tree of two leaves is the split that a double loop over all columns and cuts finds best', () => {
  const p = predictTrees(boosted(data, one, placed, all, none, { ...settings, rounds: 0 }, 1).trees, 1, x, rows)[1]!;
  const start = Math.log(p / (1 - p));
  let best = { gain: -1, z: new Float64Array(rows) };
  for (let j = 0; j < width; j++)
    for (const at of new Set(all.map((i) => x[i * width + j]!))) {
      const goes = (i: number) => x[i * width + j]! <= at;
      const sums = [0, 0, 0, 0];
      for (let i = 0; i < rows; i++) {
        const side = goes(i) ? 0 : 2;
        sums[side]! += p - cause[i]!;
        sums[side + 1]! += p * (1 - p);
      }
      const [gl, hl, gr, hr] = sums as [number, number, number, number];
      if (hl === 0 || hr === 0) continue;
      const gain = gl ** 2 / (hl + 1) + gr ** 2 / (hr + 1) - (gl + gr) ** 2 / (hl + hr + 1);
      if (gain > best.gain + 1e-12)
        best = { gain, z: Float64Array.from(all, (i) => start + (goes(i) ? -gl / (hl + 1) : -gr / (hr + 1))) };
    }
  const { logits, rounds, trees } = boosted(data, one, placed, all, all, settings, 1);
  expect(rounds).toBe(1);
  const said = predictTrees(trees, 1, x, rows);
  for (let i = 0; i < rows; i++) {
    expect(logits[i]).toBeCloseTo(best.z[i]!, 6);
    expect(said[i * 2 + 1]).toBeCloseTo(1 / (1 + Math.exp(-best.z[i]!)), 6);
  }
});

test('more leaves and rounds say more of the rows they grew on; the same seed says the same', () => {
  const deep = { ...settings, leaves: 8, rounds: 30, learningRate: 0.3, rowShare: 0.8, columnShare: 0.7 };
  const first = boosted(data, one, placed, all, all, deep, 3);
  expect(first.loss).toBeLessThan(boosted(data, one, placed, all, all, settings, 3).loss);
  expect(boosted(data, one, placed, all, all, deep, 3)).toEqual(first);
});

test('trees on encoded rows say what they said of the bins they were grown on, words and missing numbers among them', () => {
  const deep = { ...settings, leaves: 12, rounds: 20, learningRate: 0.3 };
  const grid = hazards([0, 1, 3, 9], 2);
  const time = all.map((i) => 1 + stream.below(9) + (i % 2) / 2);
  const of: Placed = place(grid, time, all.map(() => stream.below(3))); // biome-ignore format: one call
  const { logits, trees } = boosted(data, grid, of, all, all, deep, 5);
  expect(trees.column.some((j) => j >= 3)).toBe(true);
  const said = predictTrees(trees, 2, x, rows);
  for (let cell = 0; cell < rows * 3; cell++)
    for (const c of [0, 1])
      expect(Math.log(said[cell * 3 + c + 1]! / said[cell * 3]!)).toBeCloseTo(logits[cell * 2 + c]!, 5);
});

test('several causes: a tree each, and probabilities that favour what came', () => {
  const word = (i: number) => data.codes[3 * rows + i]!;
  const three = Uint8Array.from(all, (i) => (word(i) === 1 ? 1 : word(i) === 2 ? 2 : 0));
  const grid = hazards([0, 1], 2);
  const of = place(grid, Float64Array.from(three, (c) => (c ? 1 : 2)), three); // biome-ignore format: one call
  const { logits, loss } = boosted(data, grid, of, all, all, { ...settings, rounds: 20, leaves: 4 }, 1);
  expect(loss).toBeLessThan(0.1);
  for (let i = 0; i < rows; i++) {
    const z = [0, logits[i * 2]!, logits[i * 2 + 1]!];
    expect(z.indexOf(Math.max(...z))).toBe(three[i]);
  }
});

test('of an amount that a column tells, trees say "just here": what bins start from is fitted beside them', () => {
  const grid = hazards([0, 1, 2, 3, 4, 5, 6, 7], 1);
  // Two columns in one: the value is 1 of 7, told by the word and the first number together, each way alike likely.
  const value = Float64Array.from(all, (i) => Math.min(6, data.codes[i]! + (data.codes[3 * rows + i]! > 1 ? 1 : 0)));
  const of = place(grid, value.map((v) => v + 0.5), new Uint8Array(rows).fill(1)); // biome-ignore format: one call
  const { logits } = boosted(data, grid, of, all, all, { ...settings, rounds: 150, leaves: 4, learningRate: 0.3 }, 1);
  let middle = 0;
  for (const i of all) {
    let open = 1;
    for (let b = 0; b <= value[i]!; b++) {
      const ends = 1 / (1 + Math.exp(-logits[i * 7 + b]!));
      if (b === value[i]) middle += (open * ends) / rows;
      open *= 1 - ends;
    }
  }
  expect(middle).toBeGreaterThan(0.9);
});
