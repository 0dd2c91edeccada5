import { ForesellError } from '../src/errors.ts';
import type { Appending } from '../src/store/appends.ts';
import type { Store } from '../src/store/store.ts';
import type { Instant } from '../src/time.ts';

/** From one commit's end to the next: the disk is waited for, and everything else goes on in between. Requests that come in meanwhile share the next one. */
const PACE_MS = 5;
const RETRY_MS = 25;
const WAIT_MS = 10_000;
/** Requests that wait for the disk; more are told to come again. */
const MOST_WAITING = 1_000;

type Work = (appending: Appending, at: Instant) => unknown;
interface Job {
  readonly work: Work;
  readonly since: number;
  readonly done: (answer: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Writes of several requests in one commit, each whole or not at all, at most two hundred commits a second. Arrivals ascend
 * strictly, so that of two facts about one the later is never as of the same instant. While another process writes, it is
 * asked again instead of being waited for: everything else goes on.
 *
 * @param arrival the instant that counts as now
 * @param committed called after each commit
 */
export function appenderOf(store: Store, arrival: () => Instant, committed: () => void) {
  let waiting: Job[] = [];
  let timer: NodeJS.Timeout | undefined;
  let flushed = Number.NEGATIVE_INFINITY;
  let last: Instant | undefined;

  function flush(): void {
    timer = undefined;
    const jobs = waiting;
    if (jobs.length === 0) return;
    last ??= store.appends({ after: store.newestAppend() - 1 })[0]?.at ?? Number.NEGATIVE_INFINITY;
    const at = Math.max(arrival(), last + 1);
    try {
      const answers = store.append(at, jobs.map(({ work }) => (appending) => ({ answer: work(appending, at) })), 0); // biome-ignore format: one call
      flushed = performance.now();
      waiting = waiting.slice(jobs.length);
      last = at;
      answers.forEach((answer, i) => {
        if ('error' in answer) jobs[i]!.failed(answer.error);
        else jobs[i]!.done(answer.answer);
      });
      committed();
    } catch (error) {
      const isBusy = error instanceof ForesellError && error.code === 'database-busy';
      const now = performance.now();
      const over = jobs.filter(({ since }) => !isBusy || now - since > WAIT_MS);
      waiting = waiting.filter((job) => !over.includes(job));
      for (const { failed } of over) failed(error);
      if (waiting.length > 0) timer = setTimeout(flush, RETRY_MS);
    }
  }

  return {
    /** What the work answers, once it is on the disk. */
    submit: <T>(work: (appending: Appending, at: Instant) => T): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        if (waiting.length >= MOST_WAITING) {
          reject(new ForesellError('overloaded', 'too many facts wait for the disk; send them again in a second', { blame: 'failure', status: 503 })); // biome-ignore format: one sentence
          return;
        }
        waiting.push({ work, since: performance.now(), done: resolve as (answer: unknown) => void, failed: reject });
        if (timer === undefined) timer = setTimeout(flush, Math.max(0, flushed + PACE_MS - performance.now()));
      }),
  };
}
