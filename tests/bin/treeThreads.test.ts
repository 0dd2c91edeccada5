import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { withTreeThreads } from '../../bin/treeThreads.ts';
import { assemble } from '../../models/encode.ts';
import { hazards, place } from '../../models/hazards.ts';
import { random } from '../../src/random.ts';
import { binned } from '../../training/tables/binned.ts';
import { type BoostRows, type BoostTask, growTrees } from '../../training/tables/booster.ts';

/** On one core everything is grown here, and there is no thread to test. */
const cores = availableParallelism();
const rows = 300;
const stream = random(4);
const number = (feature: string) => ({ kind: 'standard' as const, feature, log: false, median: 0, missing: false, mean: 0, sd: 1 }); // biome-ignore format: one row
const x = Float32Array.from({ length: rows * 2 }, () => stream.normal());
const cause = Uint8Array.from({ length: rows }, (_, i) => (x[i * 2]! + stream.normal() > 0 ? 1 : 0));
const grid = hazards([0, 1], 1);
const placed = place(grid, Float64Array.from(cause, (c) => (c ? 1 : 2)), cause); // biome-ignore format: one call
const given: BoostRows = { binned: binned(assemble(['a', 'b'].map(number)), x, rows), grid, placed };
const all = Int32Array.from({ length: rows }, (_, i) => i);
const task = (leaves: number): BoostTask => ({
  train: all.filter((i) => i % 3 > 0),
  held: all.filter((i) => i % 3 === 0),
  settings: { leaves, depth: 4, leastWeight: 1, lambda: 1, rounds: 20, learningRate: 0.2, rowShare: 0.8, columnShare: 0.5, patience: 5 }, // biome-ignore format: one row
  seed: leaves,
});

test.skipIf(cores < 2)(
  'trees that threads grow are those grown here, bit by bit, whichever is done first',
  async () => {
    const tasks = [2, 3, 4, 5, 6].map(task);
    const there = await withTreeThreads((grow) => Promise.all(tasks.map((one) => grow(given, one))), 0);
    expect(there).toEqual(tasks.map((one) => growTrees(given, one)));
  },
  60_000,
);

test.skipIf(cores < 2)(
  'what fails in a thread fails here, and says what it was',
  async () => {
    const broken = { ...task(2), train: undefined } as unknown as BoostTask;
    await expect(withTreeThreads((grow) => grow(given, broken), 0)).rejects.toMatchObject({ code: 'training-failed' });
  },
  60_000,
);
