import { Worker, type WorkerOptions } from 'node:worker_threads';
import { ForesellError } from '../src/errors.ts';

/** A thread that runs `bin/<name>.ts`: the built file, or from the sources the `.mjs` beside it that registers the loader. */
export function threadOf(name: 'scoreWorker' | 'fitWorker' | 'treeWorker', options: WorkerOptions = {}): Worker {
  const ending = import.meta.url.endsWith('.ts') ? '.mjs' : '.js';
  // Flags of this process are not for the thread: one that read its program from a string could start none.
  return new Worker(new URL(`./${name}${ending}`, import.meta.url), { execArgv: [], ...options });
}

/** An error on its way from a thread: errors of our own lose their class when they are posted. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly blame: ForesellError['blame'];
}

/** @param code of what is no error of our own */
export function failureOf(error: unknown, code: string): Failure {
  if (error instanceof ForesellError) return { code: error.code, message: error.message, blame: error.blame };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code, message, blame: 'failure' };
}

/** The error again, where it is told. */
export const errorOf = ({ code, message, blame }: Failure): ForesellError =>
  new ForesellError(code, message, { blame });

/** A thread that was not to end. */
export const threadEnded = (exitCode: number): ForesellError =>
  new ForesellError('thread-ended', `a thread ended with code ${exitCode}`, { blame: 'failure' });

/** What a thread could not catch itself. */
export const threadFailed = (error: unknown): ForesellError =>
  (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new ForesellError('memory-exhausted', 'a thread ran out of memory; give Node more, where the machine has it: NODE_OPTIONS=--max-old-space-size=8192 (in MB)', { blame: 'failure' }) // biome-ignore format: one sentence
    : errorOf(failureOf(error, 'thread-failed'));
