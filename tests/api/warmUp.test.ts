import { expect, test } from 'vitest';
import type { Engine } from '../../api/engine.ts';
import { warmUp } from '../../api/warmUp.ts';

/** An engine of which only the reading matters. */
const reading = (warm: Engine['warm']) => ({ readiness: () => ({ ready: true }), warm }) as Partial<Engine> as Engine;
const never = (): void => {
  throw new Error('nothing follows');
};

test('stopped while it reads, it says so to those who wait, and never that all is there', async () => {
  let pauses = 0;
  const start = warmUp(reading(async (_, pause) => {
    for (;;) {
      await pause();
      pauses++;
    }
  }), never, never); // biome-ignore format: one call
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(pauses).toBeGreaterThan(0);
  const seen = start.read.then(() => start.isReading());
  await start.stop();
  expect(await seen).toBe(true);
});

test('where reading fails whoever waits is let through, and meets the same', async () => {
  const lines: string[] = [];
  const start = warmUp(reading(() => Promise.reject(new Error('damaged'))), (line) => lines.push(line), () => {}); // biome-ignore format: one call
  await start.read;
  expect(start.isReading()).toBe(false);
  expect(lines).toEqual([expect.stringContaining('damaged')]);
  await start.stop();
});
