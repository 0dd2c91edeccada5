import { setTimeout as wait } from 'node:timers/promises';
import { ForesellError } from '../src/errors.ts';
import { isUnwritten } from '../src/store/explain.ts';

const RETRY_MS = 50;
const WAIT_MS = 10_000;

/** Whether something was not written because another process is writing. */
export const isBusy = (error: unknown): boolean => error instanceof ForesellError && error.code === 'database-busy';

/** Whether something was not written because the disk took nothing: it is full, may not be written, or failed. Who only reads, or wants a score, need not mind. */
export const isOfDisk = (error: unknown): boolean => isUnwritten(error) && !isBusy(error);

/**
 * Does what writes as soon as no other process does, and asks again instead of waiting in the file: meanwhile everybody else is answered.
 * @throws ForesellError `database-busy` (503) after ten seconds
 */
export async function whenFree<T>(work: () => T): Promise<T> {
  const since = performance.now();
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() - since > WAIT_MS) throw error;
    }
    await wait(RETRY_MS);
  }
}
