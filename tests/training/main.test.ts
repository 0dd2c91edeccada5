import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { ForesellError } from '../../src/errors.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { DAY } from '../../src/time.ts';
import { open, runTraining } from '../../training/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresell-training-'));
const sim = simulate({ deals: 30, seed: 3, scenario: 'tiny' });
const source = simulatedSource(sim);
const real = openStore(join(folder, 'x.db'));
afterAll(() => {
  real.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The registry of a real database over a simulated company's facts. */
const store: Store = new Proxy(real, {
  get: (target, name) => {
    if (name === 'loadedSource') return () => source;
    if (name === 'company') return () => source.company;
    const value: unknown = Reflect.get(target, name, target);
    return typeof value === 'function' ? (value.bind(target) as unknown) : value;
  },
});
const run = (until: number, now: number) => runTraining(store, { model: 'deal', until, profile: 'fast', seed: 1, now });
const end = sim.clock.end;

test('train, serve, train again, fail: one version serves throughout', async () => {
  const first = await run(end - 60 * DAY, 1);
  expect(store.served('deal')).toBe(first.version);
  expect(store.promotions('deal')).toHaveLength(1);
  expect(open(store, 'deal', first.version).header).toEqual(first.header);

  // The same again is the same version: nothing is put, nothing is swapped.
  const again = await run(end - 60 * DAY, 2);
  expect(again.version).toBe(first.version);
  expect(store.versions('deal')).toHaveLength(1);
  expect(store.promotions('deal')).toHaveLength(1);

  // A later one is kept, and may not serve before it is shown to be better.
  const later = await run(end, 3);
  expect(later.version).not.toBe(first.version);
  expect(later.verdict.promote).toBe(false);
  expect(store.versions('deal').map((v) => v.version)).toEqual([later.version, first.version]);
  expect(store.served('deal')).toBe(first.version);

  // One that fails changes nothing and leaves the way free for the next.
  const error = await run(sim.clock.start - DAY, 4).catch((e: unknown) => e);
  expect((error as ForesellError).code).toBe('no-outcomes');
  expect(store.versions('deal')).toHaveLength(2);
  expect(store.served('deal')).toBe(first.version);
  expect((await run(end, 5)).version).toBe(later.version);
}, 60_000);

test('what somebody put into service while it trained stays', async () => {
  const other = openStore(join(folder, 'other.db'));
  const mine: Store = { ...other, loadedSource: () => source, company: () => source.company };
  const hand = { model: 'deal', version: 'by-hand', createdAt: 1, lowSkill: false, summary: {} };
  const trained = await runTraining(mine, {
    model: 'deal',
    until: end,
    profile: 'fast',
    seed: 1,
    now: 2,
    onProgress: () => {
      if (other.served('deal')) return;
      other.putVersion(hand, Uint8Array.from([1]));
      other.serve({ at: 1, model: 'deal', version: 'by-hand', previous: null, action: 'promote', reason: 'by hand' });
    },
  });
  expect(trained.verdict.promote).toBe(false);
  expect(other.served('deal')).toBe('by-hand');
  expect(other.versions('deal').map((v) => v.version)).toContain(trained.version);
  other.close();
}, 60_000);

test('a version that is not there is named', () => {
  expect(() => open(store, 'deal', 'none')).toThrow(ForesellError);
  expect(() => open(store, 'deal', 'none')).toThrow(/no version none/);
});
