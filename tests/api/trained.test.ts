import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { isRefusal, type Score } from '../../api/engine.ts';
import { startServer } from '../../api/main.ts';
import { openEngine } from '../../api/open.ts';
import { scoreAnswer } from '../../api/schemas/scores.ts';
import type { Store } from '../../src/store/store.ts';
import { subjects } from '../../src/subjects/index.ts';
import type { FactSource } from '../../src/world.ts';
import { profiles } from '../../training/profiles.ts';
import { trainModel } from '../../training/train.ts';
import { alone } from '../cli/run.ts';
import { scratch } from '../src/store/scratch.ts';
import { bundle, companyStore, LIVE, NOW } from './company.ts';

/** A company whose model was really trained. */
async function trained(deals: number, folder = scratch()) {
  const store = await companyStore(bundle(deals), folder);
  const { bytes, version, header } = await trainModel(store.loadedSource(), subjects.deal, {
    until: LIVE,
    profile: profiles.fast,
    seed: 1,
  });
  serve(store, version, bytes, header.lowSkill);
  return { store, version, bytes, header, engine: openEngine({ db: store, now: () => NOW }) };
}

function serve(store: Store, version: string, bytes: Uint8Array, lowSkill = false): void {
  store.putVersion({ model: 'deal', version, createdAt: NOW, lowSkill, summary: {} }, bytes);
  store.serve({
    at: NOW,
    model: 'deal',
    version,
    previous: store.served('deal') ?? null,
    action: 'promote',
    reason: '',
  });
}

describe('a server that runs', () => {
  it('keeps what it says of today by itself, and the next one finds it kept', async () => {
    const { store, version, engine } = await trained(160);
    engine.close();
    store.close();
    const day = async () => {
      const options = { db: store.path, host: '127.0.0.1', port: 0, origins: [], version: '0', log: () => {} };
      const running = await startServer(options);
      const history = async () => ((await (await fetch(`${running.url}/v1/forecast/history`)).json()) as { items: object[] }).items; // biome-ignore format: one call
      await expect.poll(history, { timeout: 15_000, interval: 50 }).toHaveLength(1);
      // The other periods follow, one at a time.
      await expect.poll(async () => ((await (await fetch(`${running.url}/v1/forecast/history?period=${new Date().getUTCFullYear()}`)).json()) as { items: object[] }).items, { timeout: 15_000, interval: 50 }).toHaveLength(1); // biome-ignore format: one check
      const items = await history();
      await running.stop();
      return items;
    };
    const first = await day();
    expect(first).toMatchObject([{ version }]);
    expect(await day()).toEqual(first);
  }, 60_000);
});

describe('a server that is still reading the records', () => {
  it('says how it is, and lets wait who asks for more', async () => {
    const { store, engine } = await trained(160);
    const [id] = engine.openIds('deal', LIVE);
    engine.close();
    store.close();
    const running = await startServer({ db: store.path, host: '127.0.0.1', port: 0, origins: [], version: '0', log: () => {} }); // biome-ignore format: one call
    // Asked at once: whether it was ready by then or not, nobody is refused.
    const ask = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ids: [id] }),
    };
    const [live, ready, score, list] = await Promise.all([
      fetch(`${running.url}/healthz`),
      fetch(`${running.url}/readyz`),
      fetch(`${running.url}/v1/scores/deal`, ask),
      fetch(`${running.url}/v1/scores/deal?limit=2`),
    ]);
    expect([live.status, ready.status, score.status, list.status]).toEqual([200, 200, 200, 200]);
    expect(await score.json()).toMatchObject({ items: [{ id }] });
    await running.stop();
  }, 60_000);

  it('can be stopped meanwhile', async () => {
    const { store, engine } = await trained(160);
    engine.close();
    store.close();
    const lines: string[] = [];
    const running = await startServer({ db: store.path, host: '127.0.0.1', port: 0, origins: [], version: '0', log: (line) => lines.push(line) }); // biome-ignore format: one call
    await running.stop();
    expect(lines).toEqual([]);
  }, 60_000);

  it('says of everything open the same, with pauses or at once', async () => {
    const { store, engine } = await trained(160);
    const asOf = engine.liveAsOf();
    let pauses = 0;
    await engine.scoreOpen('deal', async () => void pauses++);
    const ahead = engine.forecast({ period: engine.period({}, asOf), by: 'team', asOf });
    const other = openEngine({ db: store, now: () => NOW });
    expect(other.forecast({ period: other.period({}, asOf), by: 'team', asOf })).toEqual(ahead);
    expect(pauses).toBe(Math.ceil(engine.openIds('deal', asOf).length / 64));
    engine.close();
    store.close();
  }, 60_000);

  it('tells them to come again where it takes long', async () => {
    const { store, engine } = await trained(160);
    const app = createApp(engine, { now: () => NOW, warming: () => true });
    const answer = await app.request('http://localhost/v1/scores/deal?limit=2', { headers: { host: 'localhost' } });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.json()).toMatchObject({ code: 'warming' });
    expect((await app.request('http://localhost/healthz', { headers: { host: 'localhost' } })).status).toBe(200);
    engine.close();
    store.close();
  }, 60_000);
});

describe('a trained model behind the engine', () => {
  it('scores, explains and forecasts; parts add up', async () => {
    const { engine, store, version, header } = await trained(160);
    const ids = engine.openIds('deal', LIVE);
    const ask = { model: 'deal', ids, asOf: LIVE, reasons: 5 };
    // The same where activities are read of those alone who are scored; neither takes the level from the other.
    const lean = store.leanSource();
    const within = (source: FactSource) =>
      openEngine({ db: { ...store, servingSource: () => source }, now: () => NOW });
    const { workedOut: _, ...scanned } = store.loadedSource();
    expect(within(lean.source).score(ask)).toEqual(within(scanned).score(ask));
    lean.close();
    const items = engine.score({ model: 'deal', ids, asOf: LIVE, reasons: 5 });
    expect(items).toHaveLength(30);
    for (const item of items) {
      expect(isRefusal(item)).toBe(false);
      const score = item as Score;
      expect(score.version).toBe(version);
      expect(score.probability).toBeGreaterThan(0);
      expect(score.probability).toBeLessThan(1);
      expect(score.byPeriodEnd).toBeLessThanOrEqual(1);
      const { closeDate } = score;
      if (closeDate) expect([closeDate.p10, closeDate.p50, closeDate.p90]).toEqual([closeDate.p10, closeDate.p50, closeDate.p90].sort()); // biome-ignore format: one check
      for (const [explained, p] of [
        [score, score.probability],
        [score.byPeriodEndReasons!, score.byPeriodEnd],
      ] as const) {
        // biome-ignore format: one loop
        const sum = explained.reasons.reduce((total, reason) => total + reason.contribution, explained.baseValue);
        expect(sum + explained.otherContribution).toBeCloseTo(Math.log(p / (1 - p)), 2);
      }
      if (header.lowSkill) expect(score.reasons).toEqual([]);
      for (const { feature, usual, range } of score.reasons) {
        if (typeof usual !== 'number' || feature === 'owner_record') continue;
        expect(range![0]).toBeLessThanOrEqual(usual);
        expect(range![1]).toBeGreaterThanOrEqual(usual);
      }
    }
    const { total, groups, deals } = engine.forecast({ period: engine.period({}, LIVE), by: 'owner', asOf: LIVE });
    expect(groups.reduce((sum, group) => sum + group.expectedMinor, 0)).toBe(total.expectedMinor);
    expect(deals.reduce((sum, deal) => sum + deal.expectedMinor, total.closedMinor + total.newMinor)).toBe(
      total.expectedMinor,
    );
  });

  it('says "insufficient data" below fifty outcomes', async () => {
    const { engine } = await trained(70);
    const score = engine.latest('deal', 'd45');
    expect(score).toMatchObject({ confidence: 'insufficient data', lowSkill: true, reasons: [] });
    const rate = engine.store.loadedSource();
    expect(rate.ids('deal')).toHaveLength(70);
  });

  it('is not ready with a damaged version, serves again after going back', async () => {
    const { store, engine, bytes, version } = await trained(70);
    const app = createApp(engine, { now: () => NOW });
    const ask = (path: string, init: RequestInit = {}) =>
      app.request(`http://localhost${path}`, {
        ...init,
        headers: { host: 'localhost', 'content-type': 'application/json' },
      });
    expect((await ask('/readyz')).status).toBe(200);
    const broken = Uint8Array.from(bytes);
    broken[broken.length >> 1]! ^= 1;
    serve(store, 'broken', broken);
    const ready = await ask('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ code: 'not-ready', detail: expect.stringContaining('damaged') });
    const refused = await ask('/v1/scores/deal/d45');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'model-refused' });
    expect(await (await ask('/')).text()).toContain('The model cannot be used');
    expect((await ask('/v1/models')).status).toBe(200);
    const back = await ask(`/v1/models/deal/versions/${version}/promote`, {
      method: 'POST',
      body: '{"reason":"damaged"}',
    });
    expect(back.status).toBe(200);
    expect((await ask('/readyz')).status).toBe(200);
    const answer = await ask('/v1/scores/deal', { method: 'POST', body: '{"ids":["d45"]}' });
    expect(scoreAnswer.parse(await answer.json()).version).toBe(version);
  });

  it('serves without TensorFlow.js', async () => {
    const folder = scratch();
    await trained(70, folder);
    const { code, out, err } = alone(new URL('./serving.ts', import.meta.url), [join(folder, 'company.db'), 'd45']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toEqual({ scored: true, tensorFlow: false });
  });
});
