import { Worker, type WorkerOptions } from 'node:worker_threads';

/** A thread that runs `bin/<name>.ts`: the built file, or from the sources the `.mjs` beside it that registers the loader. */
export function threadOf(name: 'scoreWorker' | 'fitWorker' | 'treeWorker', options: WorkerOptions = {}): Worker {
  const ending = import.meta.url.endsWith('.ts') ? '.mjs' : '.js';
  return new Worker(new URL(`./${name}${ending}`, import.meta.url), options);
}
