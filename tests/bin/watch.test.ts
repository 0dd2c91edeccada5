import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../../api/engine.ts';
import { readWatch, trainsAs } from '../../bin/watch/settings.ts';
import { doneText, watchOnce } from '../../bin/watch/watch.ts';
import { openStore } from '../../src/store/open.ts';
import { scratch } from '../src/store/scratch.ts';

const settings = (yaml: string) => {
  const folder = scratch();
  writeFileSync(join(folder, 'foresell.yaml'), yaml);
  return readWatch({ db: join(folder, 'foresell.db') });
};

describe('when to look, by foresell.yaml', () => {
  test('schedule, drift and outcomes; each alone, or none', () => {
    expect(settings('retrain: { every: 28d, drift: true, outcomes: 200 }\nrollback: true')).toEqual({
      rule: { everyDays: 28, drift: true, outcomes: 200 },
      rollback: true,
      asked: true,
    });
    expect(settings('retrain: { outcomes: 50 }')).toMatchObject({
      rule: { outcomes: 50 },
      rollback: false,
      asked: true,
    });
    expect(settings('rollback: true')).toMatchObject({ rollback: true, asked: true });
    expect(settings('alarms: true')).toMatchObject({ rule: {}, rollback: false, asked: true });
    expect(settings('features: []').asked).toBe(false);
    expect(settings('retrain: { drift: false }').asked).toBe(false);
    expect(readWatch({ db: join(scratch(), 'foresell.db') }).asked).toBe(false);
  });
  test.each([
    'retrain: { every: monthly }',
    'retrain: { often: 3 }',
    'retrain: { outcomes: 0 }',
    'rollback: maybe',
    'alarms: loud',
  ])('%s is refused with what is expected', (yaml) => {
    expect(() => settings(yaml)).toThrow(expect.objectContaining({ code: 'config-invalid', message: expect.stringContaining('retrain: { every: 28d') })); // biome-ignore format: one check
  });
});

test('what is due is trained as the part train says, of which the command line sets another seed', () => {
  const folder = scratch();
  const place = { db: join(folder, 'foresell.db') };
  expect(trainsAs(place)).toEqual({ profile: 'default', seed: 1, changes: {}, budget: undefined });
  writeFileSync(join(folder, 'foresell.yaml'), 'train: { profile: fast, seed: 3, until: 2026-05-01, changes: { seeds: 1 } }\nretrain: { every: 28d }'); // biome-ignore format: one call
  expect(trainsAs(place)).toEqual({ profile: 'fast', seed: 3, changes: { seeds: 1 }, budget: undefined });
  expect(trainsAs(place, 7).seed).toBe(7);
});

describe('one look', () => {
  const look = { seed: 1, profile: 'fast', changes: {}, budget: undefined } as const;
  const served = () => {
    const store = openStore(join(scratch(), 'foresell.db'));
    store.putVersion({ model: 'deal', version: 'a', createdAt: 0, lowSkill: false, summary: {} }, Buffer.from('a'));
    store.serve({ at: 0, model: 'deal', version: 'a', previous: null, action: 'promote', reason: 'test' });
    return store;
  };
  const engine = (asked: string[]): Engine =>
    ({
      keepShadow: () => 3,
      watch: (model: string) => {
        asked.push(model);
        return { model, rolledBack: true, reason: 'worse' };
      },
      due: () => undefined,
      drift: () => ({ version: 'a', drift: { level: 'act', inputs: { level: 'act' }, scores: { level: 'look' }, outcomes: { level: 'quiet' }, calibration: { level: 'quiet' } } }), // biome-ignore format: one report
    }) as unknown as Engine;

  test('of every model that serves; going back only where it is set', async () => {
    const store = served();
    const asked: string[] = [];
    const on = { rule: {}, rollback: true, asked: true };
    const drift = { version: 'a', level: 'act', inputs: 'act', scores: 'look', outcomes: 'quiet', calibration: 'quiet' }; // biome-ignore format: one record
    const done = await watchOnce(store, engine(asked), on, look);
    expect(done).toEqual([{ model: 'deal', shadow: 3, rolledBack: true, why: 'worse', drift, trained: null }]);
    expect(doneText(done[0]!)).toBe('deal: went back: worse; drift act (inputs act, scores look, outcomes quiet, calibration quiet); 3 shadow scores kept'); // biome-ignore format: one sentence
    await watchOnce(store, engine(asked), { ...on, rollback: false }, look);
    expect(asked).toEqual(['deal']);
    expect(await watchOnce(store, engine(asked), on, { ...look, model: 'lead' })).toEqual([]);
    expect(asked).toEqual(['deal']);
    store.close();
  });
  test('never two at once', async () => {
    const store = served();
    await store.withLease('watch', async () => {
      const off = { rule: {}, rollback: false, asked: true };
      await expect(watchOnce(store, engine([]), off, look)).rejects.toMatchObject({ code: 'lease-held' });
    });
    store.close();
  });
});
