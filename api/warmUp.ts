import { setTimeout as wait } from 'node:timers/promises';
import type { Engine } from './engine.ts';

/** Whoever waited for the server to be ready is answered before everything open is scored and the first forecast, which takes half a second, is worked out. */
const AFTER_MS = 500;

/** What a server does by itself when it starts. */
export interface WarmUp {
  /** Until everything that a score needs is read; for good where it was stopped before: whoever asks then would have it all read at once. */
  isReading(): boolean;
  /** When it is, or was stopped. */
  readonly read: Promise<void>;
  /** Ends at the next pause. */
  stop(): Promise<void>;
}

/**
 * Reads what a score needs, and scores one; half a second later everything open is scored, for lists, and the period is forecast that
 * people look at first. Others are answered in between. A company without a model has nothing to warm.
 * @param then what follows
 */
export function warmUp(engine: Engine, log: (line: string) => void, then: () => void): WarmUp {
  const ending = new AbortController();
  const { signal } = ending;
  let isReading = true;
  const pause = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  };
  /** Requests will meet the same, and say so. */
  const failed = (error: unknown): void => {
    if (!signal.aborted) log(`warming up failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`); // biome-ignore format: one sentence
  };
  const reading = async (): Promise<void> => {
    const { ready, missing } = engine.readiness();
    if (ready) await engine.warm('deal', pause);
    else log(`not ready to score: ${missing}`);
  };
  const following = async (): Promise<void> => {
    await wait(AFTER_MS, undefined, { ref: false, signal });
    if (engine.readiness().ready) {
      await engine.scoreOpen('deal', pause);
      const asOf = engine.liveAsOf();
      engine.forecast({ period: engine.period({}, asOf), by: 'team', asOf });
      await pause();
    }
  };
  const over = (): void => {
    isReading = false;
  };
  const read = reading().then(over, (error: unknown) => {
    if (signal.aborted) return;
    failed(error);
    over();
  });
  const all = read
    .then(following)
    .catch(failed)
    .then(() => {
      if (!signal.aborted) then();
    });
  return {
    isReading: () => isReading,
    read,
    async stop() {
      ending.abort();
      await all;
    },
  };
}
