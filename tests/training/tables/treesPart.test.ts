import { expect, test } from 'vitest';
import { assemble } from '../../../models/encode.ts';
import { hazards, nllOfProbabilities, place } from '../../../models/hazards.ts';
import type { HazardRows } from '../../../models/networkFit.ts';
import { predictTrees } from '../../../models/trees.ts';
import { random } from '../../../src/random.ts';
import { binned } from '../../../training/tables/binned.ts';
import { treesPart } from '../../../training/tables/treesPart.ts';

/** Yes where two of four numbers have the same sign, with one in ten the other way: nothing is told by a column alone. */
const rows = 700;
const stream = random(11);
const number = (feature: string) => ({ kind: 'standard' as const, feature, log: false, median: 0, missing: false, mean: 0, sd: 1 }); // biome-ignore format: one row
const encoder = assemble(['a', 'b', 'c', 'd'].map(number));
const x = Float32Array.from({ length: rows * 4 }, () => stream.normal());
const cause = Uint8Array.from({ length: rows }, (_, i) => (x[i * 4]! * x[i * 4 + 1]! > 0 !== stream.uniform() < 0.1 ? 1 : 0)); // biome-ignore format: one row
const grid = hazards([0, 1], 1);
const data: HazardRows = { rows, inputs: 4, x, q: new Float32Array(rows * 2), grid, placed: place(grid, Float64Array.from(cause, (c) => (c ? 1 : 2)), cause) }; // biome-ignore format: one value
const trees = binned(encoder, x, rows);
const all = Int32Array.from({ length: rows }, (_, i) => i);
const splits = [0, 1].map((k) => ({ train: all.filter((i) => i % 2 !== k), held: all.filter((i) => i % 2 === k) }));

test('what columns tell only together is told, of rows that the trees had not seen and by those that serve', async () => {
  const part = await treesPart(trees, data, splits, true, 2, 5);
  expect(part.parts).toHaveLength(2);
  const mean = (of: Float64Array) => of.reduce((sum, v) => sum + v, 0) / of.length;
  const unseen = mean(nllOfProbabilities(grid, part.unseen, data.placed));
  const best = -(0.9 * Math.log(0.9) + 0.1 * Math.log(0.1));
  expect(unseen).toBeGreaterThan(best);
  expect(unseen).toBeLessThan(0.55);
  expect(part.loss).toBeLessThan(0.6);
  // A shape of more leaves than one split needs was found better than stumps.
  expect(part.settings.leaves).toBeGreaterThan(3);
  const [first] = part.parts as [{ readonly kind: 'trees'; readonly trees: Parameters<typeof predictTrees>[0] }];
  expect(mean(nllOfProbabilities(grid, predictTrees(first.trees, 1, x, rows), data.placed))).toBeLessThan(unseen);
}, 120_000);

test('one block that is held out once: its trees serve, and it is judged once', async () => {
  const [one] = splits as [(typeof splits)[number]];
  const part = await treesPart(trees, data, [one, one], false, 2, 5);
  const serving = part.parts as unknown as { readonly trees: Parameters<typeof predictTrees>[0] }[];
  expect(serving.length).toBeLessThanOrEqual(2);
  const each = serving.map(({ trees: own }) => predictTrees(own, 1, x, rows));
  const said = Float64Array.from(each[0]!, (_, e) => each.reduce((sum, p) => sum + p[e]! / each.length, 0));
  for (const row of one.held.slice(0, 50)) expect(part.unseen[row * 2 + 1]).toBeCloseTo(said[row * 2 + 1]!, 5);
  for (const row of one.train.slice(0, 50)) expect(part.unseen[row * 2 + 1]).toBe(0);
}, 120_000);
