import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { type TrainingAsk, trainingAnswer } from '../../api/trainingAnswer.ts';
import type { Store } from '../../src/store/store.ts';
import { companyStore, NOW, plainEngine, wholeBundle } from './company.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresell-training-'));
let store: Store;
let app: ReturnType<typeof createApp>;
let unable: ReturnType<typeof createApp>;
const started: [string, TrainingAsk][] = [];
beforeAll(async () => {
  store = await companyStore(wholeBundle(), folder);
  const engine = plainEngine(store);
  const running = { model: 'lead', startedAt: NOW, says: 'lead: training ridge: 2.0 s' };
  const trainer = {
    running: () => (started.length > 0 ? running : undefined),
    failure: (model: string) => (model === 'churn' ? 'no customers' : undefined),
    start: (model: string, ask: TrainingAsk) => {
      started.push([model, ask]);
      return running;
    },
  };
  app = createApp(engine, { now: () => NOW, trainer });
  unable = createApp(engine, { now: () => NOW });
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});
const ask = async (path: string, body?: object, of = app) => {
  const answer = await of.request(`http://127.0.0.1:3000${path}`, {
    headers: { host: '127.0.0.1:3000', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
};

describe('training over HTTP', () => {
  test('begins at once, as it was asked; how it stands and what came of the last can be looked at', async () => {
    const before = trainingAnswer.parse((await ask('/v1/models/lead/train')).body);
    expect(before).toEqual({ model: 'lead', running: null, last: null, failure: null });
    const { status, body } = await ask('/v1/models/lead/train', { profile: 'fast', seed: 3 });
    expect(status).toBe(200);
    expect(trainingAnswer.parse(body).running).toEqual({ startedAt: new Date(NOW).toISOString(), says: 'lead: training ridge: 2.0 s' }); // biome-ignore format: one check
    expect(started).toEqual([['lead', { profile: 'fast', seed: 3 }]]);
    const run = { at: NOW, model: 'churn', outcome: 'kept', version: 'abc', record: { verdict: { promote: false, reason: 'no better' } } } as const; // biome-ignore format: one record
    store.putRun(run);
    const { running, last, failure } = trainingAnswer.parse((await ask('/v1/models/churn/train')).body);
    expect({ running, failure }).toEqual({ running: null, failure: 'no customers' });
    expect(last).toMatchObject({ run: 'r1', outcome: 'kept', version: 'abc', reason: 'no better' });
  });

  test('what cannot be asked', async () => {
    expect((await ask('/v1/models/nothing/train', {})).status).toBe(404);
    expect((await ask('/v1/models/nothing/train')).status).toBe(404);
    expect(await ask('/v1/models/deal/train', { profile: 'great' })).toMatchObject({ status: 400, body: { path: 'profile' } }); // biome-ignore format: one check
    const until = new Date(NOW + 86_400_000).toISOString();
    expect(await ask('/v1/models/deal/train', { until })).toMatchObject({ status: 400, body: { code: 'as-of-future', path: 'until' } }); // biome-ignore format: one check
    expect(await ask('/v1/models/deal/train', {}, unable)).toMatchObject({ status: 409, body: { code: 'training-unavailable' } }); // biome-ignore format: one check
    expect(started).toHaveLength(1);
  });
});
