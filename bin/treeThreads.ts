import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Boosted } from '../training/tables/boosted.ts';
import { type Booster, type BoostRows, type BoostTask, growTrees } from '../training/tables/booster.ts';
import { errorOf, type Failure, threadEnded, threadFailed, threadOf } from './thread.ts';

export type TreesAsked = { readonly rows: BoostRows } | { readonly task: BoostTask };
export type TreesAnswer = { readonly grown: Boosted } | { readonly failed: Failure };

interface Job {
  readonly rows: BoostRows;
  readonly task: BoostTask;
  resolve(grown: Boosted): void;
  reject(error: unknown): void;
}

/** From so many bins of rows on, threads are worth their start (some .2 s each). */
const WORTH = 30_000;
const MOST_THREADS = 4;

/**
 * Grows the trees of larger tables in threads, one a core, each taking the next when it is done; those of small ones, and
 * all on a single core, here. The bits are the same. When `work` is over, or a thread has ended (out of memory, say), what is
 * still growing is given up, and what is asked for afterwards is refused.
 * @param worth rows x features from which threads grow · @param begin one of them
 */
export async function withTreeThreads<T>(
  work: (grow: Booster) => Promise<T>,
  worth = WORTH,
  begin = () => threadOf('treeWorker'),
): Promise<T> {
  const waiting: Job[] = [];
  const threads: Worker[] = [];
  const free: ((job: Job) => void)[] = [];
  const busy = new Set<Job>();
  let over: unknown;
  const failAll = (error: unknown) => {
    over ??= error;
    for (const { reject } of [...busy, ...waiting]) reject(over);
    waiting.length = 0;
    busy.clear();
  };
  const next = () => {
    while (free.length > 0 && waiting.length > 0) free.pop()!(waiting.shift()!);
  };
  const start = () => {
    const thread = begin();
    threads.push(thread);
    let known: BoostRows | undefined;
    let own: Job | undefined;
    const take = (job: Job) => {
      own = job;
      busy.add(job);
      // The rows go over once, not with every tree.
      if (known !== job.rows) thread.postMessage({ rows: job.rows } satisfies TreesAsked);
      known = job.rows;
      thread.postMessage({ task: job.task } satisfies TreesAsked);
    };
    thread.on('message', (answer: TreesAnswer) => {
      const job = own!;
      busy.delete(job);
      free.push(take);
      if ('grown' in answer) job.resolve(answer.grown);
      else job.reject(errorOf(answer.failed));
      next();
    });
    thread.on('error', (error) => failAll(threadFailed(error)));
    thread.on('exit', (code) => failAll(threadEnded(code)));
    free.push(take);
  };
  const cores = Math.min(availableParallelism(), MOST_THREADS);
  const grow: Booster = async (rows, task) => {
    const { features, rows: count } = rows.binned;
    if (cores < 2 || count * features.length < worth) return growTrees(rows, task);
    if (over !== undefined) throw over;
    return new Promise((resolve, reject) => {
      waiting.push({ rows, task, resolve, reject });
      if (free.length === 0 && threads.length < cores) start();
      next();
    });
  };
  try {
    return await work(grow);
  } finally {
    failAll(threadEnded(0));
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}
