import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { factsAnswer } from '../../api/facts.ts';
import { type ScoreJson, scoreAnswer } from '../../api/schemas/scores.ts';
import { openStore } from '../../src/store/open.ts';
import { DAY, formatInstant } from '../../src/time.ts';
import { world } from '../../src/world.ts';
import { scratch } from '../src/store/scratch.ts';
import { bundle, companyStore, LIVE, NOW, plainEngine, sharedApp, testApp } from './company.ts';

const email = (id: string, more: object = {}) => ({
  kind: 'email',
  id,
  at: '2026-05-20T06:20:00Z',
  direction: 'in',
  dealId: 'd45',
  userId: 'u1',
  ...more,
});

async function made(folder?: string) {
  const app = await testApp({}, {}, folder);
  const facts = (facts: readonly object[], headers: Record<string, string> = {}, more: object = {}) =>
    app.post('/v1/facts', { facts, ...more }, headers);
  const scoreOf = async (id: string, ask: object = {}) => {
    const answer = await app.post('/v1/scores/deal', { ids: [id], reasons: 0, ...ask });
    return scoreAnswer.parse(await answer.json()).items[0] as ScoreJson;
  };
  return { ...app, facts, scoreOf };
}

describe('POST /v1/facts', () => {
  const app = sharedApp();

  it('stores a message read into tone and intents, and the score sees it at once, as of its arrival', async () => {
    const { facts, scoreOf, store } = await made();
    const [before, other] = [await scoreOf('d45'), await scoreOf('d41')];
    const answer = await facts([email('m1', { subject: 'Re: offer', body: 'Great price, thank you! Please send the contract.' })]); // biome-ignore format: one request
    expect(answer.status).toBe(200);
    const said = factsAnswer.parse(await answer.json());
    expect(said).toMatchObject({ source: 'crm', added: 1, changed: 0, unchanged: 0 });
    expect(said.items).toEqual([{ kind: 'activity', id: 'crm:m1', status: 'added' }]);
    const past = world(store.source(), NOW).past('deal', 'crm:d45');
    const [read] = past.all('activity').filter(({ id }) => id === 'activity:crm:m1');
    expect(read).toMatchObject({ knownAt: NOW, channel: 'email', sentiment: expect.any(Number) });
    expect(read!.sentiment!).toBeGreaterThan(0);
    const after = await scoreOf('d45');
    expect(after.asOf).toBe(said.arrivedAt);
    expect(after.probability).not.toBe(before.probability);
    // Nobody else is looked at again: the hour stands.
    const same = await scoreOf('d41');
    expect(same).toEqual(other);
    expect(Date.parse(same.asOf)).toBe(LIVE);
    // What was said of the hour before is still said of it.
    expect(await scoreOf('d45', { asOf: before.asOf })).toEqual(before);
    expect((await (await facts([email('m1', { subject: 'Re: offer', body: 'Great price, thank you! Please send the contract.' })])).json()) as object).toMatchObject({ unchanged: 1 }); // biome-ignore format: one check
  });

  it('counts at once what comes in at midnight where the company is: an arrival is an instant, not a bare date', async () => {
    const midnight = Date.parse('2026-05-20T17:00:00Z');
    const { post, store } = await testApp({}, { now: () => midnight });
    const said = factsAnswer.parse(await (await post('/v1/facts', { facts: [email('m9')] })).json());
    expect(said.arrivedAt).toBe('2026-05-20T17:00:00.000Z');
    expect(store.appends({ after: 0 }).map(({ later }) => later)).toEqual([[]]);
    const answer = await post('/v1/scores/deal', { ids: ['d45'], reasons: 0 });
    expect(scoreAnswer.parse(await answer.json()).items[0]).toMatchObject({ asOf: said.arrivedAt });
  });

  it('changes a record, keeps its history, and closes a deal', async () => {
    const { facts, scoreOf, post, ask, store } = await made();
    const told = await facts([
      { kind: 'deal', id: 'd45', amount: { minor: 99_900, currency: 'THB' } },
      { kind: 'change', changeKind: 'deal', id: 'd43', at: '2026-05-20T06:10:00Z', field: 'stage', oldValue: 'Offer', newValue: 'New' }, // biome-ignore format: one fact
      { kind: 'deal', id: 'd47', closedAt: '2026-05-20T06:15:00Z', outcome: 'won', stage: 'Won' },
    ]);
    expect(factsAnswer.parse(await told.json()).items.map(({ status }) => status)).toEqual(['changed', 'added', 'changed']); // biome-ignore format: one check
    const changed = await scoreOf('d45');
    expect(changed.amount).toEqual({ minor: 99_900, currency: 'THB' });
    const history = world(store.source(), NOW).past('deal', 'crm:d45').all('change').filter(({ field }) => field === 'amount'); // biome-ignore format: one look
    expect(history.map(({ value }) => value)).toEqual([5_500_050, 99_900]);
    expect((await scoreOf('d45', { asOf: '2026-05-20T06:00:00Z' })).amount).toEqual({ minor: 5_500_050, currency: 'THB' }); // biome-ignore format: one check
    const closed = await post('/v1/scores/deal', { ids: ['d47'] });
    expect((await closed.json()) as object).toMatchObject({ items: [{ error: { code: 'deal-closed' } }] });
    const listed = (await (await ask('/v1/scores/deal?limit=1000')).json()) as { items: ScoreJson[] };
    expect(listed.items.map(({ id }) => id)).not.toContain('crm:d47');
    expect(listed.items.find(({ id }) => id === 'crm:d45')!.probability).toBe(changed.probability);
  });

  it('lets nothing leak that is known, or happens, later', async () => {
    const { facts, scoreOf } = await made();
    const before = await scoreOf('d45');
    await facts([
      email('m2', { knownAt: '2026-05-20T09:00:00Z' }),
      email('m3', { at: '2026-05-20T10:00:00Z', kind: 'call' }),
      { kind: 'change', changeKind: 'deal', id: 'd45', at: '2026-05-21T06:00:00Z', field: 'stage', oldValue: 'Offer', newValue: 'Won' }, // biome-ignore format: one fact
    ]);
    const now = await scoreOf('d45', { asOf: new Date(NOW).toISOString() });
    const plain = ({ probability, byPeriodEnd }: { probability: number; byPeriodEnd: number }) => [probability, byPeriodEnd]; // biome-ignore format: one function
    const { facts: none, scoreOf: without } = await made();
    await none([email('m9', { dealId: 'd41' })]);
    expect(plain(now)).toEqual(plain(await without('d45', { asOf: new Date(NOW).toISOString() })));
    expect(await scoreOf('d45', { asOf: before.asOf })).toEqual(before);
  });

  it.each<[string, object, string, string]>([
    ['no kind', { id: 'm1' }, 'field-invalid', 'facts[1].kind'],
    ['a kind that is not', { kind: 'tweet', id: 'm1' }, 'field-invalid', 'facts[1].kind'],
    ['a field that is not', email('m1', { probability: 1 }), 'field-unknown', 'facts[1].probability'],
    ['a time that is not', email('m1', { at: '2026-02-30' }), 'field-invalid', 'facts[1].at'],
    ['no time', { kind: 'email', id: 'm1' }, 'field-invalid', 'facts[1].at'],
    ['an amount that is not', { kind: 'deal', id: 'd45', amount: '1e5' }, 'field-invalid', 'facts[1].amount'],
    ['an amount too fine', { kind: 'deal', id: 'd45', amount: '1.005', currency: 'THB' }, 'money-invalid', 'facts[1].amount'], // biome-ignore format: a row
    ['another currency', { kind: 'deal', id: 'd45', amount: { minor: 1, currency: 'USD' }, currency: 'THB' }, 'field-invalid', 'facts[1].amount'], // biome-ignore format: a row
    ['a currency that is not', { kind: 'deal', id: 'd45', currency: 'XQX' }, 'currency-unknown', 'facts[1].currency'],
    ['a control character', email('m1', { userId: 'a\u0001b' }), 'control-character', 'facts[1].userId'],
    ['a change of no form', { kind: 'change', changeKind: 'deal', id: 'd45', at: '2026-05-20', field: 'amount', newValue: 'much' }, 'money-invalid', 'facts[1].newValue'], // biome-ignore format: a row
    ['a column as custom', { kind: 'deal', id: 'd45', custom: { stage: 'x' } }, 'field-invalid', 'facts[1].custom.stage'], // biome-ignore format: a row
  ])('refuses all for %s, and says where', async (_what, bad, code, path) => {
    const { post, store } = app();
    const count = store.count('activity');
    const answer = await post('/v1/facts', { facts: [email('good'), bad] });
    expect(answer.status).toBe(400);
    expect((await answer.json()) as object).toMatchObject({ code, path, detail: expect.stringContaining(path) });
    expect(store.count('activity')).toBe(count);
  });

  it('does it once, however often it comes: 50 at a time, other bodies refused, the same after a restart', async () => {
    const folder = scratch();
    const { facts, store } = await made(folder);
    const key = { 'idempotency-key': 'k-1' };
    const all = await Promise.all(Array.from({ length: 50 }, () => facts([email('once')], key)));
    const codes = await Promise.all(all.map(async (answer) => [answer.status, await answer.text()] as const));
    const first = codes.find(([status]) => status === 200)!;
    for (const [status, body] of codes) {
      if (status === 200) expect(body).toBe(first[1]);
      else expect([status, (JSON.parse(body) as { code: string }).code]).toEqual([409, 'idempotency-running']);
    }
    const again = await facts([email('once')], key);
    expect([again.status, again.headers.get('idempotency-replayed'), await again.text()]).toEqual([200, 'true', first[1]]); // biome-ignore format: one check
    const other = await facts([email('other')], key);
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([422, 'idempotency-other']);
    expect((await facts([email('x')], { 'idempotency-key': 'two words' })).status).toBe(400);
    expect(store.appends({ after: 0 })).toHaveLength(1);
    // What failed may be tried again under the same key.
    expect((await facts([email('bad', { at: 'never' })], { 'idempotency-key': 'k-2' })).status).toBe(400);
    expect((await facts([email('bad')], { 'idempotency-key': 'k-2' })).status).toBe(200);
    store.close();
    const reopened = openStore(join(folder, 'company.db'), { now: () => NOW });
    const [kept] = reopened.append(NOW, [(appending) => appending.recall('', 'k-1')]);
    expect(kept).toMatchObject({ body: first[1] });
    reopened.close();
  });
});

it('closes a deal again that was opened by mistake and then told with its old date', async () => {
  let clock = NOW;
  const { post } = await testApp({}, { now: () => clock });
  const told = async (deal: object) => {
    clock += 1_000;
    await post('/v1/facts', { facts: [{ kind: 'deal', id: 'd45', ...deal }] });
    const [item] = scoreAnswer.parse(await (await post('/v1/scores/deal', { ids: ['d45'], reasons: 0 })).json()).items;
    return item && 'error' in item ? item.error.code : 'open';
  };
  const won = { closedAt: '2026-05-19T03:00:00Z', outcome: 'won' };
  const open = { closedAt: null, outcome: null };
  const said: string[] = [];
  for (const deal of [won, open, won, open, won]) said.push(await told(deal));
  expect(said).toEqual(['deal-closed', 'open', 'deal-closed', 'open', 'deal-closed']);
});

describe('what JSON writes otherwise than files', () => {
  it('is a change of the column by its name in JSON, and a number however small', async () => {
    const { facts, store } = await made();
    const change = { kind: 'change', changeKind: 'deal', id: 'd45', at: '2026-05-20T06:20:00Z', field: 'expectedCloseDate', oldValue: '2026-06-18', newValue: '2026-07-15' }; // biome-ignore format: a row
    const usage = { kind: 'usage', accountId: 'a1', productId: 'p1', at: '2026-05-19T03:00:00Z', quantity: 1.5e-7 };
    expect((await facts([change, usage])).status).toBe(200);
    expect(world(store.source(), NOW + 1).past('deal', 'crm:d45').value('expected_close_date')).toBe(Date.parse('2026-07-15T00:00:00+07:00')); // biome-ignore format: one check
    expect([...store.rows('usage')].map(({ quantity }) => quantity)).toEqual([1.5e-7]);
  });
});

describe('a sample, whose clock stands still', () => {
  it('reads only whom an append touches, however long ago its week ended', async () => {
    const folder = scratch();
    const files = { ...bundle(), 'company.json': JSON.stringify({ name: 'Sample', time_zone: 'Asia/Bangkok', base_currency: 'THB', sample: true }) }; // biome-ignore format: a file
    await companyStore(files, folder).then((store) => store.close());
    const store = openStore(join(folder, 'company.db'), { now: () => NOW + 400 * DAY });
    const engine = plainEngine(store, { now: () => NOW + 400 * DAY });
    engine.serve('plain-1');
    const app = createApp(engine, { now: () => NOW + 400 * DAY });
    engine.score({ model: 'deal', ids: ['d45'], asOf: engine.liveAsOf(), reasons: 0 });
    const before = store.source();
    const at = formatInstant(engine.liveAsOf());
    for (const id of ['s1', 's2']) {
      const answer = await app.request('http://localhost/v1/facts', {
        method: 'POST',
        headers: { host: 'localhost', 'content-type': 'application/json' },
        body: JSON.stringify({ facts: [email(id, { at })] }),
      });
      expect(answer.status).toBe(200);
      expect(store.source().population).toBe(before); // all of it read again would be another
    }
    const told = store.loadedSource().history('deal', 'crm:d45')!.activity!;
    expect(told.filter(({ id }) => /crm:s[12]/.test(id))).toHaveLength(2);
    store.close();
  });
});
