import { beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { createEngine } from '../../api/createEngine.ts';
import { driftAnswer } from '../../api/driftAnswer.ts';
import type { Engine } from '../../api/engine.ts';
import type { OpenModel } from '../../api/ports.ts';
import { columnReference, countedRows, type Reference } from '../../models/drift/reference.ts';
import type { Store } from '../../src/store/store.ts';
import { DAY } from '../../src/time.ts';
import { bundle, companyStore, NOW, plainModel } from './company.ts';

/** 130 deals of 30 accounts, 100 of them closed since January; every third was won. */
function files(): Record<string, readonly string[] | string> {
  const all = bundle(130);
  const [header, ...deals] = all['deals.csv'] as string[];
  const spread = deals.map((line, i) => line.replace(/^(d\d+),a\d+/, `$1,a${i % 30}`));
  return { ...all, 'deals.csv': [header!, ...spread] };
}
const number = (id: string) => Number(id.replace(/^.*d/, ''));
const START = Date.parse('2025-12-01T00:00:00Z');

/** Versions that say of each deal, by its number, how likely it is; trained before any of them was. */
const says: Readonly<Record<string, (n: number) => number>> = {
  good: (n) => (n % 3 === 0 ? 0.8 : 0.15),
  alike: (n) => (n % 3 === 0 ? 0.8 : 0.15),
  poor: (n) => (n % 3 === 0 ? 0.2 : 0.7),
  late: (n) => (n % 3 === 0 ? 0.8 : 0.15),
};
let reference: Reference | undefined;

let store: Store;
let engine: Engine;
let clock = NOW;
beforeEach(async () => {
  clock = NOW;
  reference = undefined;
  store = await companyStore(files());
  engine = createEngine(
    store,
    {
      openModel: (subject, bytes, company): OpenModel => {
        const version = Buffer.from(bytes).toString('utf8');
        const plain = plainModel(company, version, false, subject);
        const p = says[version]!;
        return {
          ...plain,
          reference,
          trained: { ...plain.trained, to: version === 'late' ? NOW : START },
          predict: (frame) => {
            const probability = Float64Array.from(frame.ids, (id) => p(number(id)));
            return {
              ...plain.predict(frame),
              probability,
              endBy: (row, days) => {
                const ended = 1 - Math.exp(-days / 60);
                return Float64Array.of(ended * probability[row]!, ended * (1 - probability[row]!));
              },
            };
          },
        };
      },
      words: () => undefined,
    },
    () => clock,
  );
  for (const version of Object.keys(says)) {
    store.putVersion({ model: 'deal', version, createdAt: NOW - 10 * DAY, lowSkill: false, summary: {} }, Buffer.from(version)); // biome-ignore format: one call
  }
  return () => store.close();
});
const serve = (version: string) =>
  store.serve({ at: NOW, model: 'deal', version, previous: store.served('deal') ?? null, action: 'promote', reason: 'test' }); // biome-ignore format: one call

describe('two versions on later outcomes', () => {
  test('which is better, by how much, and the other way round', () => {
    const there = engine.compare('deal', 'good', 'poor');
    const back = engine.compare('deal', 'poor', 'good');
    expect(there.rows).toBeGreaterThan(100);
    expect(there.accounts).toBe(30);
    expect(there.sure).toBeGreaterThan(0.99);
    expect(back.sure).toBeLessThan(0.01);
    expect(there.lowerBy).toBeCloseTo(-back.lowerBy!, 12);
    expect(there.logLossAgainst! - there.logLoss!).toBeCloseTo(there.lowerBy!, 12);
    expect(engine.compare('deal', 'good', 'alike')).toMatchObject({ sure: 0.5, lowerBy: 0 });
  });
  test('nothing has ended since one of them was trained', () => {
    expect(engine.compare('deal', 'late', 'good')).toMatchObject({ rows: 0, sure: null, logLoss: null });
  });
});

describe('going back', () => {
  test('a version that turned out worse is taken down, and the record says why', () => {
    serve('good');
    serve('poor');
    const done = engine.watch('deal');
    expect(done).toMatchObject({ rolledBack: true, reason: expect.stringContaining('turned worse than the version before') }); // biome-ignore format: one check
    expect(store.served('deal')).toBe('good');
    expect(store.promotions('deal').at(-1)).toMatchObject({ action: 'rollback', version: 'good', previous: 'poor', reason: done.reason }); // biome-ignore format: one check
    expect(engine.watch('deal')).toEqual({ model: 'deal', rolledBack: false, reason: 'nothing served before' });
  });
  test('one that is better, or as good, stays; so does one of which too little is known', () => {
    serve('poor');
    serve('good');
    expect(engine.watch('deal').rolledBack).toBe(false);
    serve('alike');
    expect(engine.watch('deal').rolledBack).toBe(false);
    serve('late');
    expect(engine.watch('deal')).toMatchObject({ rolledBack: false, reason: expect.stringContaining('too few outcomes') }); // biome-ignore format: one check
    expect(store.served('deal')).toBe('late');
  });
});

describe('the shadow', () => {
  test('what it says is kept beside the scores that are told, and is not among them', () => {
    serve('good');
    expect(engine.keepShadow('deal')).toBe(0);
    engine.refresh('deal');
    store.setShadow('deal', { version: 'poor', since: NOW });
    const kept = engine.keepShadow('deal');
    expect(kept).toBe(engine.openIds('deal', engine.liveAsOf()).length);
    engine.keepShadow('deal'); // once more at the same instant changes nothing
    const scores = store.shadowScores('deal', 'poor');
    expect(scores).toHaveLength(kept);
    for (const { id, probability, asOf } of scores) {
      expect(probability).toBe(says['poor']!(number(id)));
      expect(asOf).toBe(engine.liveAsOf());
      expect(engine.history('deal', id).items.every(({ version }) => version === 'good')).toBe(true);
    }
    store.setShadow('deal', undefined);
    expect(store.shadow('deal')).toBeUndefined();
    expect(store.shadowScores('deal', 'poor')).toHaveLength(kept);
  });
});

describe('drift of what serves', () => {
  const ask = async (path: string) => {
    const app = createApp(engine, { now: () => clock, onFailure: (error) => console.error(error) });
    const answer = await app.request(`http://127.0.0.1:3000${path}`, { headers: { host: '127.0.0.1:3000' } });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
  test('a version that does not say what its training looked like cannot be told of', async () => {
    serve('good');
    const { status, body } = await ask('/v1/models/deal/drift');
    expect(status).toBe(200);
    expect(driftAnswer.parse(body)).toMatchObject({ level: null, why: expect.stringContaining('train again'), inputs: null }); // biome-ignore format: one check
  });
  test('columns, scores, outcomes and calibration, over HTTP', async () => {
    const steady = { type: 'number' as const, values: Float64Array.from({ length: 600 }, (_, i) => 100 + (i % 50)) };
    const groups = Array.from(steady.values, (_, i) => `a${i % 200}`);
    const column = columnReference(steady, countedRows(groups, Array.from(groups.keys())), []);
    reference = { columns: { deal_age_days: column }, scores: column, outcomes: { rate: 0.33, ended: 300, moved: 0.01 } }; // biome-ignore format: one answer
    serve('good');
    const { body } = await ask('/v1/models/deal/drift');
    const drift = driftAnswer.parse(body);
    // Deals of a hundred days and more in training, of some days now.
    expect(drift).toMatchObject({ model: 'deal', version: 'good', level: 'act', why: null });
    expect(drift.inputs).toMatchObject({ level: 'act', moved: [{ feature: 'deal_age_days', level: 'act' }] });
    expect(drift.outcomes).toMatchObject({ level: 'quiet' });
    expect(drift.calibration!.judged).toBeGreaterThan(40);
    expect(drift.rows).toBeGreaterThan(50);
  });
  test('no such model, or none that serves', async () => {
    expect((await ask('/v1/models/nobody/drift')).status).toBe(404);
    expect((await ask('/v1/models/lead/drift')).status).toBe(409);
  });
});

describe('when to train anew', () => {
  test('by schedule, by outcomes, by drift; any is enough, none is asked unless given', () => {
    expect(engine.due('deal', { everyDays: 1 })).toBeUndefined(); // the first is made by hand
    serve('good');
    expect(engine.due('deal', {})).toBeUndefined();
    expect(engine.due('deal', { everyDays: 28 })).toBeUndefined();
    clock += 20 * DAY;
    expect(engine.due('deal', { everyDays: 28 })).toMatch(/30 days ago/);
    clock = NOW;
    expect(engine.due('deal', { outcomes: 100 })).toMatch(/^100 more have ended/);
    expect(engine.due('deal', { outcomes: 101 })).toBeUndefined();
    expect(engine.due('deal', { drift: true })).toBeUndefined();
  });
  test('drift asks for one training a week', () => {
    const values = Float64Array.from({ length: 600 }, (_, i) => 100 + (i % 50));
    const groups = Array.from(values, (_, i) => `a${i % 200}`);
    const column = columnReference({ type: 'number', values }, countedRows(groups, Array.from(groups.keys())), []);
    reference = { columns: { deal_age_days: column }, scores: column, outcomes: { rate: 0.33, ended: 300, moved: 0.01 } }; // biome-ignore format: one answer
    serve('good');
    expect(engine.due('deal', { drift: true })).toBe('it has drifted');
    store.putVersion({ model: 'deal', version: 'newer', createdAt: NOW - DAY, lowSkill: false, summary: {} }, Buffer.from('good')); // biome-ignore format: one call
    expect(engine.due('deal', { drift: true })).toBeUndefined();
  });
});
