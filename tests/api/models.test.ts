import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { modelList } from '../../api/schemas/models.ts';
import { type ScoreJson, score, scoreAnswer, scoreHistory, scorePage } from '../../api/schemas/scores.ts';
import type { Store } from '../../src/store/store.ts';
import { modelNames, subjects } from '../../src/subjects/index.ts';
import { companyStore, NOW, plainEngine, wholeBundle } from './company.ts';

/** The same routes for every model: deals, leads and customers. */

const folder = mkdtempSync(join(tmpdir(), 'foresell-models-'));
let store: Store;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  store = await companyStore(wholeBundle(), folder);
  const engine = plainEngine(store);
  for (const model of modelNames) engine.serve(`plain-${model}`, model);
  app = createApp(engine, { now: () => NOW, onFailure: (error) => console.error(error) });
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});
const ask = async (path: string, body?: object, headers: Record<string, string> = {}) => {
  const answer = await app.request(`http://127.0.0.1:3000${path}`, {
    headers: { host: '127.0.0.1:3000', 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
};

/** Of each model: one that is open, one that has ended, and the words of its two sides. */
const cases = [
  { model: 'deal', open: 'd45', ended: ['d0', 'deal-closed'], within: null },
  { model: 'lead', open: 'l15', ended: ['l1', 'lead-closed'], within: 90 },
  { model: 'churn', open: 'a5', ended: ['a1', 'account-closed'], within: 180 },
] as const;

describe.each(cases)('$model', ({ model, open, ended, within }) => {
  const { sides, of, noun } = subjects[model];

  test('scores by id: order kept, a score or an error each, what the number is of', async () => {
    const { status, body } = await ask(`/v1/scores/${model}`, { ids: [ended[0], open, 'nobody'], curve: true });
    expect(status).toBe(200);
    const { items } = scoreAnswer.parse(body);
    expect(items[0]).toMatchObject({ error: { code: ended[1], detail: expect.stringContaining(`scores are for ${noun.open}`) } }); // biome-ignore format: one check
    expect(items[2]).toMatchObject({ id: 'nobody', error: { code: `${of}-unknown` } });
    const given = items[1] as ScoreJson;
    expect(given).toMatchObject({ model, id: `crm:${open}`, outcome: sides.positive, withinDays: within });
    for (const point of given.curve!) {
      expect(Object.keys(point).sort()).toEqual(['date', 'open', sides.positive, sides.negative].sort());
      expect(Number(point[sides.positive]) + Number(point[sides.negative]) + point.open).toBeCloseTo(1, 9);
    }
  });

  test('gives reasons in words of both languages', async () => {
    const texts = async (language: string) => {
      const { body } = await ask(`/v1/scores/${model}/${open}`, undefined, { 'accept-language': language });
      return score.parse(body).reasons.map((reason) => reason.text);
    };
    const [en, th] = [await texts('en'), await texts('th')];
    expect(en.length).toBeGreaterThan(2);
    expect(en.join()).not.toMatch(/[\u0e01-\u0e3a\u0e40-\u0e7f]/);
    for (const text of th) expect(text).toMatch(/[\u0e01-\u0e3a\u0e40-\u0e7f]/);
    // No reason is called by the name of a feature.
    expect(en.join()).not.toMatch(/_/);
  });

  test('lists those that are open, once each, and keeps a history', async () => {
    const ids: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const { body } = await ask(`/v1/scores/${model}?limit=4${next && `&cursor=${next}`}`);
      const page = scorePage.parse(body);
      ids.push(...page.items.map((item) => item.id));
      next = page.next;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain(`crm:${open}`);
    expect(ids).not.toContain(`crm:${ended[0]}`);
    const kept = scoreHistory.parse((await ask(`/v1/scores/${model}/${open}/history`)).body);
    expect(kept.items.length).toBeGreaterThan(0);
    for (const item of kept.items) expect(item).toMatchObject({ model, outcome: sides.positive, stale: false });
  });

  test('a record of another model is refused with the field at fault', async () => {
    const other = model === 'deal' ? { lead: { id: 'x' } } : { deal: { id: 'x', createdAt: '2026-01-01' } };
    const { status, body } = await ask(`/v1/scores/${model}`, { records: [other] });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: expect.stringMatching(/^field-/), path: expect.stringContaining('records[0]') });
  });
});

describe('whole records', () => {
  const one = async (model: string, record: object) => {
    const { body } = await ask(`/v1/scores/${model}`, { records: [record] });
    return scoreAnswer.parse(body).items[0]!;
  };

  test('a lead that nobody stored is scored, moves with what happened to it, and is not stored', async () => {
    const lead = { id: 'new-1', source: 'web', createdAt: '2026-05-01T09:00:00+07:00' };
    const quiet = (await one('lead', { lead })) as ScoreJson;
    const mail = { id: 'm1', kind: 'email', direction: 'in', at: '2026-05-18T10:00:00+07:00' };
    const busy = (await one('lead', { lead, activities: [mail] })) as ScoreJson;
    expect(quiet).toMatchObject({ model: 'lead', id: 'new-1', outcome: 'converted' });
    expect(busy.probability).not.toBe(quiet.probability);
    expect((await ask('/v1/scores/lead/new-1')).status).toBe(404);
    const converted = await one('lead', { lead: { ...lead, convertedAt: '2026-05-10' } });
    expect(converted).toMatchObject({ error: { code: 'lead-closed' } });
  });

  test('a customer with subscriptions, or with two orders; with neither the question does not arise', async () => {
    const account = { id: 'new-2', industry: 'food', createdAt: '2025-01-01' };
    const subscription = { id: 's', startedAt: '2025-08-01', amount: '900.00', currency: 'THB', interval: 'month' };
    const held = (await one('churn', { account, subscriptions: [subscription] })) as ScoreJson;
    expect(held).toMatchObject({ model: 'churn', id: 'new-2', outcome: 'left', withinDays: 180 });
    const ticket = { id: 't', openedAt: '2026-05-15', priority: 'high' };
    const troubled = (await one('churn', { account, subscriptions: [subscription], tickets: [ticket] })) as ScoreJson;
    expect(troubled.probability).not.toBe(held.probability);
    const order = (id: string, at: string) => ({ id, at });
    const orders = [order('o1', '2026-02-01'), order('o2', '2026-04-01')];
    expect(await one('churn', { account, orders })).toMatchObject({ outcome: 'left' });
    expect(await one('churn', { account, orders: orders.slice(1) })).toMatchObject({ error: { code: 'account-outside' } }); // biome-ignore format: one check
    const gone = { ...subscription, cancelledAt: '2026-03-01' };
    expect(await one('churn', { account, subscriptions: [gone] })).toMatchObject({ error: { code: 'account-closed' } });
  });
});

test('the registry has all three; a model that there is not is a 404 that names them', async () => {
  const { items } = modelList.parse((await ask('/v1/models')).body);
  expect(items.map((item) => [item.model, item.served])).toEqual(modelNames.map((name) => [name, `plain-${name}`]));
  for (const item of items) for (const feature of item.features) expect(feature.label.th).not.toBe('');
  for (const path of [
    '/v1/scores/renewal',
    '/v1/scores/renewal/a1',
    '/v1/scores/renewal/a1/history',
    '/v1/models/renewal',
  ]) {
    // biome-ignore format: one list
    const { status, body } = await ask(path);
    expect({ path, status }).toEqual({ path, status: 404 });
    expect(body).toMatchObject({ code: 'model-unknown', detail: expect.stringContaining('deal, lead, churn') });
  }
});
