import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { beforeEach, expect, test } from 'vitest';
import { withFitThread } from '../../bin/fitThread.ts';
import { withTreeThreads } from '../../bin/treeThreads.ts';
import type { RidgeTask } from '../../training/ridge.ts';
import type { BoostRows, BoostTask } from '../../training/tables/booster.ts';

/** What the threads do when they are asked, in place of their own program. */
let program = '';
let started: Worker[] = [];
const thread = (): Worker => {
  const limits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 };
  const one = new Worker(`require('node:worker_threads').parentPort.on('message', () => { ${program} })`, { eval: true, resourceLimits: limits }); // biome-ignore format: one call
  started.push(one);
  return one;
};
beforeEach(() => {
  started = [];
});

const cores = availableParallelism();
const rows = { binned: { rows: 1, features: [0] } } as unknown as BoostRows;
const task = {} as BoostTask;
const ridge = { data: { rows: 1, inputs: 1 } } as unknown as RidgeTask;
const works = {
  fit: <T>(work: (ask: () => Promise<unknown>) => Promise<T>) => withFitThread((hands) => work(() => hands.ridge(ridge)), 0, thread), // biome-ignore format: one call
  trees: <T>(work: (ask: () => Promise<unknown>) => Promise<T>) => withTreeThreads((grow) => work(() => grow(rows, task)), 0, thread), // biome-ignore format: one call
};
const codeOf = (asked: Promise<unknown>) => asked.then(() => 'answered', ({ code }: { code: string }) => code); // biome-ignore format: one call

test.skipIf(cores < 2).each([
  ['fit', 'process.exit(3)', 'thread-ended'],
  ['fit', 'throw new Error("odd")', 'thread-failed'],
  ['fit', 'const all = []; for (;;) all.push(new Array(1e5).fill({}));', 'memory-exhausted'],
  ['trees', 'process.exit(3)', 'thread-ended'],
  ['trees', 'throw new Error("odd")', 'thread-failed'],
  ['trees', 'const all = []; for (;;) all.push(new Array(1e5).fill({}));', 'memory-exhausted'],
] as const)('a thread of %s that does "%s" is told as %s, and whoever asks on is told too', async (which, does, code) => {
  program = does;
  const codes = await works[which](async (ask) => {
    const first = await Promise.all(Array.from({ length: 6 }, () => codeOf(ask())));
    return [...first, await codeOf(ask())];
  });
  expect(new Set(codes)).toEqual(new Set([code]));
}, 30_000); // biome-ignore format: one test

test.skipIf(cores < 2).each(['fit', 'trees'] as const)('what asks a thread of %s after the work is over is refused, and starts none', async (which) => {
  program = 'for (;;);';
  let later: (() => Promise<unknown>) | undefined;
  const left = await works[which](async (ask) => {
    later = ask;
    return [codeOf(ask())];
  });
  expect(await left[0]).toBe('thread-ended');
  const before = started.length;
  expect(await codeOf(later!())).toBe('thread-ended');
  expect(started).toHaveLength(before);
  for (const one of started) expect(one.threadId).toBe(-1); // ended
}, 30_000); // biome-ignore format: one test
