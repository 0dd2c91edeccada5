import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { NetworkFit } from '../models/networkFit.ts';
import { type Hands, type NetworkTask, ownHands } from '../training/hands.ts';
import { fitRidge, type RidgeFit, type RidgeTask } from '../training/ridge.ts';
import { errorOf, type Failure, threadEnded, threadFailed, threadOf } from './thread.ts';

/** One of the two. */
export interface FitAsked {
  readonly id: number;
  readonly ridge?: RidgeTask;
  readonly network?: NetworkTask;
}
export type FitAnswer =
  | { readonly id: number; readonly fit: RidgeFit | NetworkFit }
  | { readonly id: number; readonly failed: Failure };

/** From so many encoded numbers on, a thread is worth its start (some .3 s). */
const WORTH = 1_000_000;

/**
 * Fits large ridges, and networks of a second seed, in a thread beside this one, one after another; what is small, and all on
 * a single core, here. The bits are the same. When `work` is over, or the thread has ended (out of memory, say), what is still
 * being fitted is given up, and what is asked for afterwards is refused.
 * @param worth encoded numbers from which something is fitted in the thread · @param start the thread
 */
export async function withFitThread<T>(
  work: (hands: Hands) => Promise<T>,
  worth = WORTH,
  start = () => threadOf('fitWorker'),
): Promise<T> {
  if (availableParallelism() < 2) return work(ownHands);
  const waiting = new Map<number, { resolve(fit: RidgeFit | NetworkFit): void; reject(error: unknown): void }>();
  let worker: Worker | undefined;
  let asked = 0;
  let over: unknown;
  const failAll = (error: unknown) => {
    over ??= error;
    for (const { reject } of waiting.values()) reject(over);
    waiting.clear();
  };
  const started = (): Worker => {
    const thread = start();
    thread.on('message', (answer: FitAnswer) => {
      const asker = waiting.get(answer.id); // none where it was given up
      waiting.delete(answer.id);
      if ('fit' in answer) asker?.resolve(answer.fit);
      else asker?.reject(errorOf(answer.failed));
    });
    thread.on('error', (error) => failAll(threadFailed(error)));
    thread.on('exit', (code) => failAll(threadEnded(code)));
    return thread;
  };
  const ask = <F extends RidgeFit | NetworkFit>(what: Omit<FitAsked, 'id'>): Promise<F> =>
    new Promise<RidgeFit | NetworkFit>((resolve, reject) => {
      if (over !== undefined) throw over;
      worker ??= started();
      const id = asked++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, ...what } satisfies FitAsked);
    }) as Promise<F>;
  const isSmall = ({ rows, inputs }: RidgeTask['data']) => rows * inputs < worth;
  try {
    return await work({
      ridge: async (ridge) => (isSmall(ridge.data) ? fitRidge(ridge) : ask<RidgeFit>({ ridge })),
      network: (network) => (isSmall(network.train) ? undefined : ask<NetworkFit>({ network })),
      shared: true,
    });
  } finally {
    failAll(threadEnded(0));
    await worker?.terminate();
  }
}
