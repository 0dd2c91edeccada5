import { expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { companyStore, NOW, plainEngine } from './company.ts';

it('scores and reads while the disk takes nothing, and says of a list that lacks scores that it does', async () => {
  const kept = await companyStore();
  let isFull = true;
  const store: Store = {
    ...kept,
    keepScores(scores) {
      if (isFull) throw new ForesellError('disk-full', `${kept.path}: the disk is full`, { blame: 'failure', status: 507 }); // biome-ignore format: one sentence
      kept.keepScores(scores);
    },
  };
  const engine = plainEngine(store);
  engine.serve('plain-1');
  const app = createApp(engine, { now: () => NOW });
  const ask = async (path: string, body?: object) => {
    const headers = { host: '127.0.0.1', 'content-type': 'application/json' };
    const init = body ? { method: 'POST', body: JSON.stringify(body), headers } : { headers };
    const answer = await app.request(`http://127.0.0.1${path}`, init);
    return {
      status: answer.status,
      json: (await answer.json()) as { readonly items: readonly { readonly probability: number }[] },
    };
  };
  const { status, json } = await ask('/v1/scores/deal', { ids: ['d45'], reasons: 3 });
  expect([status, json.items[0]!.probability > 0]).toEqual([200, true]);
  expect((await ask('/v1/scores/deal/d46')).status).toBe(200);
  const list = await ask('/v1/scores/deal?limit=1000');
  expect(list).toMatchObject({ status: 507, json: { code: 'disk-full', title: 'Insufficient Storage' } });
  expect(JSON.stringify(list.json)).not.toContain(kept.path); // where the file lies is nobody's business
  expect((await ask('/v1/scores/deal/d46/history')).status).toBe(507);

  isFull = false;
  expect((await ask('/v1/scores/deal?limit=1000')).json.items).toHaveLength(30);
  expect((await ask('/v1/scores/deal/d46/history')).json.items).toHaveLength(1);
  isFull = true;
  expect((await ask('/v1/scores/deal?limit=1000')).json.items).toHaveLength(30);
  kept.close();
});
