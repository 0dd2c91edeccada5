import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { ForesellError } from '../src/errors.ts';
import { fitRidge, type RidgeFit, type RidgeFitter, type RidgeTask } from '../training/ridge.ts';
import { threadOf } from './thread.ts';

export interface RidgeAsked {
  readonly id: number;
  readonly task: RidgeTask;
}
export type RidgeAnswer =
  | { readonly id: number; readonly fit: RidgeFit }
  | {
      readonly id: number;
      readonly failed: { readonly code: string; readonly message: string; readonly blame: ForesellError['blame'] };
    };

/** From so many encoded numbers on, a thread is worth its start (some .3 s) and the copy of the rows. */
const WORTH = 4_000_000;

/**
 * Fits large ridges in a thread of their own, one after another, so that the network can train beside them; small ones,
 * and all on a single core, here. The bits are the same. When `work` is over, what is still being fitted is given up.
 * @param worth encoded numbers of a ridge from which it is fitted in the thread
 */
export async function withRidgeThread<T>(work: (fitter: RidgeFitter) => Promise<T>, worth = WORTH): Promise<T> {
  const waiting = new Map<number, { resolve(fit: RidgeFit): void; reject(error: unknown): void }>();
  let worker: Worker | undefined;
  let asked = 0;
  const failAll = (error: unknown) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    worker = undefined;
  };
  const started = (): Worker => {
    const thread = threadOf('ridgeWorker');
    thread.on('message', (answer: RidgeAnswer) => {
      const { resolve, reject } = waiting.get(answer.id)!;
      waiting.delete(answer.id);
      if ('fit' in answer) resolve(answer.fit);
      else reject(new ForesellError(answer.failed.code, answer.failed.message, { blame: answer.failed.blame }));
    });
    thread.on('error', failAll);
    thread.on('exit', (code) => failAll(new ForesellError('thread-ended', `a thread ended with code ${code}`, { blame: 'failure' }))); // biome-ignore format: one sentence
    return thread;
  };
  const fitter: RidgeFitter = async (task) => {
    if (task.data.rows * task.data.inputs < worth || availableParallelism() < 2) return fitRidge(task);
    return new Promise((resolve, reject) => {
      worker ??= started();
      const id = asked++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, task } satisfies RidgeAsked);
    });
  };
  try {
    return await work(fitter);
  } finally {
    await worker?.terminate();
  }
}
