import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { type ScoreJson, score, scoreAnswer, scoreHistory, scorePage } from '../../api/schemas/scores.ts';
import { DAY } from '../../src/time.ts';
import { scratch } from '../src/store/scratch.ts';
import { bundle, companyStore, LIVE, NOW, plainEngine, sharedApp, testApp } from './company.ts';

const app = sharedApp();

describe('POST /v1/scores/deal', () => {
  it('keeps the order and gives a score or an error per item', async () => {
    const { post } = app();
    const answer = await post('/v1/scores/deal', { ids: ['d45', 'nope', 'crm:d41', 'd3', 7] });
    expect(answer.status).toBe(200);
    const body = scoreAnswer.parse(await answer.json());
    expect(body.items.map((item) => item.id)).toEqual(['crm:d45', 'nope', 'crm:d41', 'd3', null]);
    const codes = body.items.map((item) => ('error' in item ? item.error.code : 'score'));
    expect(codes).toEqual(['score', 'deal-unknown', 'score', 'deal-closed', 'field-invalid']);
    const bad = body.items[4]!;
    expect('error' in bad && bad.error.path).toBe('ids[4]');
  });

  it('gives in a batch the very score that it gives alone, whatever else fails', async () => {
    const { post } = app();
    const ids = Array.from({ length: 1000 }, (_, i) => (i % 27 === 5 ? `bad${i}` : `d${40 + (i % 30)}`));
    const body = scoreAnswer.parse(await (await post('/v1/scores/deal', { ids, reasons: 0 })).json());
    expect(body.items).toHaveLength(1000);
    const alone = scoreAnswer.parse(await (await post('/v1/scores/deal', { ids: ['d44'], reasons: 0 })).json());
    expect(body.items[4]).toEqual(alone.items[0]);
    expect(body.items.filter((item) => 'error' in item)).toHaveLength(ids.filter((id) => id.startsWith('bad')).length);
  });

  it('refuses all where all or nothing was asked', async () => {
    const { post } = app();
    const answer = await post('/v1/scores/deal', { ids: ['d45', 'nope'], allOrNothing: true });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'deal-unknown' });
  });

  it('explains: base, reasons and the rest are the logit', async () => {
    const { post } = app();
    const body = scoreAnswer.parse(await (await post('/v1/scores/deal', { ids: ['d45'], curve: true })).json());
    const item = body.items[0] as ScoreJson;
    const sum = item.reasons.reduce((total, reason) => total + reason.contribution, item.baseValue);
    expect(sum + item.otherContribution).toBeCloseTo(Math.log(item.probability / (1 - item.probability)), 9);
    expect(item.reasons.length).toBeGreaterThan(0);
    expect(item.reasons.filter((reason) => reason.contribution > 0).length).toBeLessThanOrEqual(5);
    for (const reason of item.reasons) expect(Math.abs(reason.contribution)).toBeGreaterThanOrEqual(0.05);
    expect(new Set(item.reasons.map((reason) => reason.code)).size).toBe(item.reasons.length);
    for (const { won, lost, open } of item.curve!) expect(Number(won) + Number(lost) + open).toBeCloseTo(1, 9);
  });

  it('says reasons in Thai or English; code and params stay', async () => {
    const { post } = app();
    const reasonsIn = async (language: string) => {
      const answer = await post('/v1/scores/deal', { ids: ['d45'] }, { 'accept-language': language });
      expect(answer.headers.get('content-language')).toBe(language.slice(0, 2));
      return (scoreAnswer.parse(await answer.json()).items[0] as ScoreJson).reasons;
    };
    const [en, th] = [await reasonsIn('en-GB,en;q=0.9,th;q=0.1'), await reasonsIn('th')];
    expect(th.map(({ text: _, ...rest }) => rest)).toEqual(en.map(({ text: _, ...rest }) => rest));
    expect(th.map((reason) => reason.text).join()).toMatch(/[\u0e00-\u0e7f]/);
    expect(en.map((reason) => reason.text).join()).not.toMatch(/[\u0e01-\u0e3a\u0e40-\u0e7f]/);
  });

  it('gives no reasons and a wide band where the model has no skill', async () => {
    const { post } = await testApp({}, { lowSkill: true });
    const item = scoreAnswer.parse(await (await post('/v1/scores/deal', { ids: ['d45'] })).json())
      .items[0] as ScoreJson;
    expect(item).toMatchObject({ lowSkill: true, confidence: 'insufficient data', reasons: [] });
    expect(item.interval.high - item.interval.low).toBeGreaterThan(0.05);
  });

  it('names the place in a record that contradicts itself, and scores the others', async () => {
    const { post } = app();
    const deal = { id: 'x', amount: '5.00', currency: 'THB', createdAt: '2026-03-02T09:00:00Z' };
    const meeting = { id: 'm', kind: 'meeting', at: '2026-03-03T10:00:00Z', endedAt: '2026-03-03T11:00:00Z', participants: 2 }; // biome-ignore format: a row
    const records = [
      { deal, activities: [meeting] },
      { deal: { ...deal, currency: 'thb' } },
      { deal, activities: [{ ...meeting, endedAt: '2026-03-03T09:00:00Z' }] },
      { deal, activities: [{ ...meeting, participants: -5 }] },
    ];
    const { items } = scoreAnswer.parse(await (await post('/v1/scores/deal', { records })).json());
    expect(items.map((item) => ('error' in item ? item.error.path : 'score'))).toEqual([
      'score',
      'records[1].deal.currency',
      'records[2].activities[0].endedAt',
      'records[3].activities[0].participants',
    ]);
  });

  it.each([
    ['both', { ids: ['d45'], records: [{ deal: { id: 'x' } }] }, 'field-invalid', undefined],
    ['neither', {}, 'field-invalid', undefined],
    ['an unknown field', { ids: ['d45'], tenant: 'other' }, 'field-unknown', 'tenant'],
    ['a score of its own', { ids: ['d45'], probability: 1 }, 'field-unknown', 'probability'],
    ['no ids', { ids: [] }, 'field-invalid', 'ids'],
    ['too many ids', { ids: Array(1001).fill('d45') }, 'field-invalid', 'ids'],
    ['an instant to come', { ids: ['d45'], asOf: '2026-05-20T09:00:00Z' }, 'as-of-future', 'asOf'],
    ['an impossible instant', { ids: ['d45'], asOf: '2026-02-30' }, 'field-invalid', 'asOf'],
    ['too many reasons', { ids: ['d45'], reasons: 6 }, 'field-invalid', 'reasons'],
    ['a list', [], 'field-invalid', undefined],
  ])('refuses %s', async (_what, body, code, path) => {
    const { post } = app();
    const answer = await post('/v1/scores/deal', body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const problem = (await answer.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status: 400, code, requestId: expect.any(String) });
    if (path !== undefined) expect(problem['path']).toBe(path);
  });

  it('knows no other model, and says what to do before the first training', async () => {
    const { post } = app();
    const unknown = await post('/v1/scores/renewal', { ids: ['d45'] });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ code: 'model-unknown', detail: expect.stringContaining('deal, lead, churn') }); // biome-ignore format: one check
    const churn = await post('/v1/scores/churn', { ids: ['a1'] });
    expect(churn.status).toBe(409);
    expect(await churn.json()).toMatchObject({ code: 'model-untrained', detail: expect.stringContaining('foresell train --model churn') }); // biome-ignore format: one check
    const untrained = plainEngine(await companyStore());
    expect(() => untrained.pin('deal', LIVE)).toThrow(/foresell train/);
  });
});

describe('scores that are kept', () => {
  it('keeps on a new version, on a change of a point or more, and daily; not twice for the same', async () => {
    const store = await companyStore();
    let now = LIVE;
    const engine = plainEngine(store, { now: () => now });
    engine.serve('plain-1');
    const count = () => engine.history('deal', 'd45').items.length;
    engine.latest('deal', 'd45');
    engine.latest('deal', 'd45');
    expect(count()).toBe(1);
    engine.serve('plain-2');
    engine.latest('deal', 'd45');
    expect(count()).toBe(2);
    expect(engine.history('deal', 'd45').items.map((item) => item.stale)).toEqual([true, false]);
    now = LIVE + DAY;
    const next = engine.latest('deal', 'd45');
    expect(count()).toBe(3);
    expect(next.trend).toMatchObject({ since: LIVE });
    engine.pin('deal', LIVE - 5 * DAY).scoreIds(['d45'], { reasons: 5, curve: false });
    expect(count()).toBe(3);
  });

  it('answers one deal and its history', async () => {
    const { ask } = await testApp();
    const one = await ask('/v1/scores/deal/d45');
    expect(score.parse(await one.json())).toMatchObject({
      id: 'crm:d45',
      asOf: '2026-05-20T06:00:00.000Z',
      stale: false,
    });
    const kept = scoreHistory.parse(await (await ask('/v1/scores/deal/crm%3Ad45/history')).json());
    expect(kept.items).toHaveLength(1);
    expect((await ask('/v1/scores/deal/d3')).status).toBe(409);
    expect((await ask('/v1/scores/deal/none')).status).toBe(404);
    const tag = one.headers.get('etag')!;
    expect((await ask('/v1/scores/deal/d45', { headers: { 'if-none-match': tag } })).status).toBe(304);
  });
});

describe('GET /v1/scores/deal', () => {
  const walk = async (ask: Awaited<ReturnType<typeof testApp>>['ask'], query: string, between = () => {}) => {
    const items: ScoreJson[] = [];
    let cursor = '';
    do {
      const answer = await ask(`/v1/scores/deal?${query}${cursor}`);
      expect(answer.status).toBe(200);
      const page = scorePage.parse(await answer.json());
      items.push(...page.items);
      cursor = page.next ? `&cursor=${page.next}` : '';
      between();
    } while (cursor);
    return items;
  };

  it('lists every open deal once, in order, whatever the page size', async () => {
    const { ask } = app();
    const all = await walk(ask, 'limit=1000');
    expect(all).toHaveLength(30);
    const probabilities = all.map((item) => item.probability);
    expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
    for (const sort of ['probability', '-byPeriodEnd', 'amount', '-amount', 'id', '-id']) {
      const ids = (await walk(ask, `limit=7&sort=${sort}`)).map((item) => item.id);
      expect(new Set(ids).size).toBe(30);
    }
    const owned = await walk(ask, 'filter=owner:crm:u1&limit=3');
    expect(owned.length).toBeGreaterThan(0);
    expect(owned.every((item) => item.ownerId === 'crm:u1')).toBe(true);
    // 40 outcomes: no deal has a grade, and none is found by one.
    for (const grade of ['A', 'B', 'C', 'D']) expect(await walk(ask, `filter=grade:${grade}`)).toEqual([]);
    expect(all.every((item) => item.grade === null && item.insufficientData)).toBe(true);
  });

  it('finds by an owner whose id is bare, and says where there is none or several', async () => {
    const { ask } = app();
    const ids = async (owner: string) => (await walk(ask, `filter=owner:${owner}&sort=id`)).map(({ id }) => id);
    expect(await ids('u1')).toEqual(await ids('crm:u1'));
    expect((await ids('u1')).length).toBeGreaterThan(0);
    const unknown = await ask('/v1/scores/deal?filter=owner:u99');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ code: 'owner-unknown', path: 'filter', detail: expect.stringContaining('"u99"') }); // biome-ignore format: one check
    const { store } = app();
    const two = createApp(plainEngine({ ...store, resolveId: (kind, id) => (kind === 'user' ? [`crm:${id}`, `erp:${id}`] : store.resolveId(kind, id)) }), { now: () => NOW }); // biome-ignore format: one call
    const several = await two.request('http://127.0.0.1/v1/scores/deal?filter=owner:u1', { headers: { host: '127.0.0.1' } }); // biome-ignore format: one call
    expect(several.status).toBe(409);
    expect(await several.json()).toMatchObject({ code: 'owner-ambiguous', path: 'filter', detail: expect.stringContaining('crm:u1, erp:u1') }); // biome-ignore format: one check
  });

  it('lists deals of people whom no row of users names', async () => {
    const files = bundle();
    const people = (files['users.csv'] as readonly string[]).filter((row) => !row.startsWith('u3,'));
    const engine = plainEngine(await companyStore({ ...files, 'users.csv': people }), { now: () => LIVE });
    engine.serve('plain-1');
    const alone = createApp(engine, { now: () => NOW });
    const answer = await alone.request('http://127.0.0.1/v1/scores/deal?filter=owner:crm:u3', { headers: { host: '127.0.0.1' } }); // biome-ignore format: one call
    expect(scorePage.parse(await answer.json()).items.length).toBeGreaterThan(0);
  });

  it('finds by grade where outcomes are enough for one', async () => {
    const engine = plainEngine(await companyStore(bundle(100)), { now: () => LIVE });
    engine.serve('plain-1');
    const ask = { sort: 'probability' as const, descending: true, ownerId: undefined, limit: 1000, after: undefined };
    const all = engine.list('deal', { ...ask, grade: undefined }).items;
    const { grade } = all[0]!;
    const found = engine.list('deal', { ...ask, grade }).items.map((item) => item.id);
    expect(found).toEqual(all.filter((item) => item.grade === grade).map((item) => item.id));
    expect(found.length).toBeGreaterThan(0);
  });

  it('walks exactly while scores change and another version is promoted', async () => {
    const store = await companyStore();
    let now = LIVE;
    const engine = plainEngine(store, { now: () => now });
    engine.serve('plain-1');
    const ask = { sort: 'probability' as const, descending: true, ownerId: undefined, grade: undefined, limit: 4 };
    const whole = engine.list('deal', { ...ask, limit: 1000, after: undefined }).items.map((item) => item.id);
    const met: string[] = [];
    let page = engine.list('deal', { ...ask, after: undefined });
    let step = 0;
    for (;;) {
      met.push(...page.items.map((item) => item.id));
      if (!page.next) break;
      now += 2 * DAY; // every deal is scored anew, with other values
      if (++step === 3) engine.serve('plain-2');
      engine.refresh('deal');
      page = engine.list('deal', { ...ask, after: page.next });
    }
    expect(met).toEqual(whole);
  });

  it.each([
    'sort=name',
    'limit=0',
    'limit=1001',
    'limit=1e2',
    'filter=grade:E',
    'filter=stage:New',
    'cursor=abc',
    'x=1',
  ])('refuses ?%s', async (query) => {
    const { ask } = app();
    const answer = await ask(`/v1/scores/deal?${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ path: query.split('=')[0] });
  });

  it('refuses a cursor of another list', async () => {
    const { ask } = app();
    const { next } = scorePage.parse(await (await ask('/v1/scores/deal?limit=2')).json());
    expect((await ask(`/v1/scores/deal?limit=2&sort=amount&cursor=${next}`)).status).toBe(400);
  });

  it.each([-1, NOW + DAY, 8_640_000_000_000_001, Number.MAX_SAFE_INTEGER])(
    'refuses a forged cursor at instant %d',
    async (asOf) => {
      const { ask } = app();
      const { next } = scorePage.parse(await (await ask('/v1/scores/deal?limit=2')).json());
      const told = JSON.parse(Buffer.from(next!, 'base64url').toString('utf8')) as object;
      const forged = Buffer.from(JSON.stringify({ ...told, asOf })).toString('base64url');
      expect((await ask(`/v1/scores/deal?limit=2&cursor=${forged}`)).status).toBe(400);
    },
  );

  it('answers 503 where the disk has damaged the served version', async () => {
    const folder = scratch();
    const { ask, store } = await testApp({}, {}, folder);
    const raw = new Database(join(folder, 'company.db'));
    raw.prepare('UPDATE versions SET bytes = ?').run(Buffer.from('plain-2'));
    raw.close();
    for (const path of ['/readyz', '/v1/forecast', '/v1/scores/deal', '/v1/scores/deal/d45']) {
      expect([path, (await ask(path)).status]).toEqual([path, 503]);
    }
    expect((await ask('/')).status).toBe(200);
    store.close();
  });
});
