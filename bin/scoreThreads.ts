import type { Worker } from 'node:worker_threads';
import { readBy } from './checkOutputs.ts';
import { writerFor } from './out.ts';
import { journal } from './score/journal.ts';
import type { Ask, ScoredRow, Told, Usual, Work } from './score/share.ts';
import { errorOf, threadEnded, threadFailed, threadOf } from './thread.ts';

/** What the threads are to do together. */
export interface Asked extends Omit<Ask, 'documents'> {
  readonly out: string;
  readonly threads: number;
  /** Changes with the records and the code. */
  readonly records: unknown;
  readonly step: (text: string) => void;
}

/**
 * Scores everything open in threads, each its share, and writes the file when all are through: the same rows as without
 * threads, by id. A first thread finds out what is usual, and ends; those that score read some hundred at a time, and wait
 * while what they have told is not yet written down. What was scored before a stop is kept beside the file and not
 * scored again. Memory: the rows of the file, and, in the first thread, all records but activities.
 */
export async function scoreInThreads(asked: Asked): Promise<readonly ScoredRow[]> {
  const { out, threads, records, step, ...rest } = asked;
  const write = writerFor(out, readBy({ db: rest.db }));
  const ask: Ask = { ...rest, documents: /\.(ndjson|jsonl)$/i.test(out) };
  const kept = journal(out, { ...ask, db: undefined, records });
  const started: Worker[] = [];
  try {
    step('reading what is usual');
    let found: Usual | undefined;
    await through({ ...ask, is: 'usual' }, started, (told) => {
      if (told.is === 'usual') found = told.usual;
    });
    const { ids, ...usual } = found!;
    const done = new Set(kept.rows.map(({ id }) => id));
    const left = ids.filter((id) => !done.has(id));
    const bound = (share: number) => Math.floor((share * left.length) / threads);
    const shares = Array.from({ length: threads }, (_, i) => left.slice(bound(i), bound(i + 1)));
    const take = (told: Told) => {
      if (told.is === 'scored') kept.add(told.rows);
      step(`scored ${kept.rows.length} of ${ids.length}`);
    };
    await Promise.all(shares.map((ids) => through({ ...ask, is: 'share', ids, usual }, started, take)));
  } catch (error) {
    await Promise.all(started.map((worker) => worker.terminate()));
    throw error;
  }
  const rows = [...kept.rows].sort((a, b) => (a.id < b.id ? -1 : 1));
  await write(
    rows.map((row) => ({
      ...row,
      get json() {
        return JSON.parse(row.document ?? 'null') as unknown;
      },
    })),
  );
  kept.remove();
  return rows;
}

/** Most objects of a reading die when some hundred are scored: a larger nursery copies few of them. */
const YOUNG_MB = 64;

/** Runs a thread to its end. */
function through(work: Work, started: Worker[], take: (told: Exclude<Told, { is: 'failed' }>) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = threadOf('scoreWorker', {
      workerData: work,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    started.push(worker);
    worker.on('message', (told: Told) => {
      if (told.is === 'failed') return reject(errorOf(told));
      take(told);
      worker.postMessage('taken');
    });
    worker.once('error', (error) => reject(threadFailed(error)));
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(threadEnded(code))));
  });
}
