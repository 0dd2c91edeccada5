import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { type ScoreJson, scoreAnswer } from '../../api/schemas/scores.ts';
import { whatIfAnswer } from '../../api/whatifAnswer.ts';
import type { Store } from '../../src/store/store.ts';
import { modelNames } from '../../src/subjects/index.ts';
import { DAY, formatInstant } from '../../src/time.ts';
import { companyStore, LIVE, NOW, plainEngine, testApp, wholeBundle } from './company.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresell-whatif-'));
let store: Store;
let engine: ReturnType<typeof plainEngine>;
let app: ReturnType<typeof createApp>;
beforeAll(async () => {
  store = await companyStore(wholeBundle(), folder);
  engine = plainEngine(store);
  for (const model of modelNames) engine.serve(`plain-${model}`, model);
  app = createApp(engine, { now: () => NOW, onFailure: (error) => console.error(error) });
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});
const post = async (body: unknown, headers: Record<string, string> = {}) => {
  const answer = await app.request('http://127.0.0.1:3000/v1/whatif', {
    method: 'POST',
    headers: { host: '127.0.0.1:3000', 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const ask = async (body: object, headers: Record<string, string> = {}) => {
  const { status, body: answer } = await post(body, headers);
  expect(status, JSON.stringify(answer)).toBe(200);
  return whatIfAnswer.parse(answer);
};
const logit = (p: number) => Math.log(p / (1 - p));
const later = (days: number) => formatInstant(LIVE + days * DAY);

describe('POST /v1/whatif', () => {
  it('answers before and after each copy in the order asked, with reasons that sum to the difference', async () => {
    const changes = [
      { field: 'amount', value: '60000.00' },
      { field: 'stage', value: 'New' },
      { field: 'expected_close_date', value: later(60) },
      { field: 'owner_id', value: 'u2' },
      { activity: { kind: 'meeting', participants: 4 } },
      [
        { field: 'amount', value: { minor: 3_000_000, currency: 'THB' } },
        { activity: { kind: 'call', direction: 'out' } },
      ],
    ];
    const answer = await ask({ model: 'deal', id: 'd45', changes });
    expect(answer).toMatchObject({
      id: 'crm:d45',
      model: 'deal',
      version: 'plain-deal',
      outcome: 'won',
      lowSkill: false,
    });
    expect(answer.note).toContain('not cause');
    expect(answer.before.probability).toBeCloseTo(engine.latest('deal', 'd45').probability, 12);
    expect(answer.items).toHaveLength(changes.length);
    answer.items.forEach((item, i) => {
      expect(item.changes).toEqual([changes[i]].flat());
      expect(item.probability).not.toBe(answer.before.probability);
      const { change, reasons, otherContribution } = item.difference!;
      expect(change).toBeCloseTo(logit(item.probability) - logit(answer.before.probability), 3);
      expect(reasons.reduce((sum, reason) => sum + reason.contribution, otherContribution)).toBeCloseTo(change, 9);
      for (const reason of reasons) expect(reason.because).toBe('edit');
    });
  });

  it('says what the same record with that history would be said of', async () => {
    // The very facts, imported instead of imagined, give the same number.
    const files = wholeBundle();
    const at = formatInstant(LIVE);
    const other = await companyStore({
      ...files,
      'changes.csv': [...(files['changes.csv'] as string[]), `deal,d45,${at},stage,Offer,New,u1`],
      'activities.csv': [...(files['activities.csv'] as string[]), `m1,meeting,,${at},d45,a0,,`],
    });
    const theirs = plainEngine(other);
    theirs.serve('plain-deal');
    const changes = [[{ field: 'stage', value: 'New' }, { activity: { kind: 'meeting', endedAt: later(1) } }]];
    const [item] = (await ask({ model: 'deal', id: 'd45', changes })).items;
    // Of a meeting that is not over nothing is told but that it began; the import has no end either.
    expect(item!.probability).toBeCloseTo(theirs.latest('deal', 'd45').probability, 9);
    other.close();
  });

  it('stores nothing, and says the same again', async () => {
    const body = { model: 'deal', id: 'd47', changes: [{ field: 'amount', value: '1.00' }] };
    const before = engine.latest('deal', 'd47').probability;
    const first = await ask(body);
    expect(await ask(body)).toEqual(first);
    expect(engine.latest('deal', 'd47').probability).toBe(before);
    expect(store.scoreHistory('deal', 'crm:d47')).toHaveLength(1);
  });

  it('a value that it has already changes nothing; a field may be called as in JSON', async () => {
    const { items, before } = await ask({
      model: 'deal',
      id: 'd45',
      changes: [
        { field: 'stage', value: 'Offer' },
        { field: 'expectedCloseDate', value: later(3) },
      ],
    });
    expect(items[0]!.probability).toBe(before.probability);
    expect(items[0]!.difference).toMatchObject({ reasons: [] });
    expect(items[1]!.probability).not.toBe(before.probability);
  });

  it('warns of what lies outside the 5th to 95th percentile of those alike, and of words hardly seen', async () => {
    const changes = [
      { field: 'amount', value: '99000000.00' },
      { field: 'amount', value: '50000.00' },
      { field: 'expected_close_date', value: later(300) },
    ];
    const en = await ask({ model: 'deal', id: 'd45', changes });
    const [far, near, late] = en.items;
    const amounts = store
      .loadedSource()
      .ids('deal')
      .flatMap((id) => {
        const history = store.loadedSource().history('deal', id)!;
        const amount = history.change!.filter((change) => change.field === 'amount').at(-1)?.value;
        return history.deal![0]!.currency === 'THB' && typeof amount === 'number' ? [amount] : [];
      })
      .sort((a, b) => a - b);
    const at = (p: number) => amounts[Math.round(p * (amounts.length - 1))]!;
    expect(far!.warnings).toMatchObject([
      { code: 'outOfRange', field: 'amount', unit: 'money', alike: amounts.length },
    ]);
    expect(Math.abs(far!.warnings[0]!.low! - at(0.05))).toBeLessThan(at(0.1) - at(0));
    expect(Math.abs(far!.warnings[0]!.high! - at(0.95))).toBeLessThan(at(1) - at(0.9));
    expect(near!.warnings).toEqual([]);
    expect(late!.warnings).toMatchObject([{ code: 'outOfRange', unit: 'days' }]);
    expect(late!.warnings[0]!.text).toMatch(/days to \d+ days/);
    const th = await ask({ model: 'deal', id: 'd45', changes }, { 'accept-language': 'th' });
    expect(th.items[0]!.warnings[0]!.text).toContain('มูลค่าอยู่นอกช่วง');
    expect(th.note).toContain('ไม่ใช่เหตุและผล');
    for (const { text } of th.items[1]!.difference!.reasons) expect(text).toContain('แทน');
  });

  it('answers of an earlier instant as known then', async () => {
    const asOf = formatInstant(LIVE - 10 * DAY);
    const answer = await ask({ model: 'deal', id: 'd41', asOf, changes: [{ activity: { kind: 'email' } }] });
    const [item] = engine.score({ model: 'deal', ids: ['d41'], asOf: LIVE - 10 * DAY, reasons: 0 });
    expect(answer.asOf).toBe(asOf);
    expect(answer.before.probability).toBeCloseTo((item as { probability: number }).probability, 12);
  });

  it('takes 64 copies and no more', async () => {
    const changes = (n: number) => Array.from({ length: n }, (_, i) => ({ field: 'amount', value: `${20_000 + 500 * i}.00` })); // biome-ignore format: one list
    const answer = await ask({ model: 'deal', id: 'd45', changes: changes(64), reasons: 1 });
    expect(answer.items).toHaveLength(64);
    for (const item of answer.items) expect(item.difference!.reasons.length).toBeLessThanOrEqual(2);
    expect(await post({ model: 'deal', id: 'd45', changes: changes(65) })).toMatchObject({ status: 400, body: { path: 'changes' } }); // biome-ignore format: one check
  });

  it('asks about leads and customers too', async () => {
    const lead = await ask({
      model: 'lead',
      id: 'l15',
      changes: [
        { activity: { kind: 'call', direction: 'out', outcome: 'answered' } },
        { field: 'owner_id', value: 'u3' },
      ],
    });
    expect(lead).toMatchObject({ outcome: 'converted', withinDays: 90 });
    expect(lead.items[0]!.probability).not.toBe(lead.before.probability);
    const customer = await ask({ model: 'churn', id: 'a5', changes: [{ activity: { kind: 'meeting' } }] });
    expect(customer).toMatchObject({ outcome: 'left', id: 'crm:a5' });
    expect(customer.items[0]!.probability).not.toBe(customer.before.probability);
  });

  it('gives no reasons of a model without skill', async () => {
    const plain = plainEngine(store, { lowSkill: true });
    const copies = [[{ field: 'amount', value: '5000.00' }]];
    const answer = plain.whatIf({ model: 'deal', id: 'd45', asOf: LIVE, copies, reasons: 5 });
    expect(answer.copies[0]!.difference).toBeNull();
  });
});

describe('POST /v1/whatif refuses', () => {
  const of = (change: unknown, more: object = {}) => ({ model: 'deal', id: 'd45', changes: [change], ...more });
  it.each<[string, unknown, number, string, string | undefined]>([
    ['a field that nobody can act on, and lists those one can', of({ field: 'created_at', value: 'x' }), 400, 'field-unknown', 'changes[0].field'],
    ['a stage that ends it', of({ field: 'stage', value: 'Won' }), 400, 'change-ends', 'changes[0]'],
    ['a stage that there is not', of({ field: 'stage', value: 'Nowhere' }), 400, 'field-invalid', 'changes[0].value'],
    ['an owner that there is not', of({ field: 'owner_id', value: 'nobody' }), 400, 'field-invalid', 'changes[0].value'],
    ['an amount that is none', of({ field: 'amount', value: 'much' }), 400, 'field-invalid', 'changes[0].value'],
    ['an amount of nothing', of({ field: 'amount', value: '0' }), 400, 'field-invalid', 'changes[0].value'],
    ['an amount of another currency', of({ field: 'amount', value: { minor: 5, currency: 'USD' } }), 400, 'field-invalid', 'changes[0].value'],
    ['a stage made of money', of({ field: 'stage', value: { minor: 5, currency: 'THB' } }), 400, 'field-invalid', 'changes[0].value'],
    ['a date that is none', of({ field: 'expected_close_date', value: 'soon' }), 400, 'field-invalid', 'changes[0].value'],
    ['a date out of sight', of({ field: 'expected_close_date', value: '2099-01-01' }), 400, 'field-invalid', 'changes[0].value'],
    ['a field twice in one copy', of([{ field: 'stage', value: 'New' }, { field: 'stage', value: 'Offer' }]), 400, 'field-invalid', 'changes[0][1].field'],
    ['both a field and an activity', of({ field: 'stage', value: 'New', activity: { kind: 'call' } }), 400, 'field-invalid', 'changes[0]'],
    ['neither', of({}), 400, 'field-invalid', 'changes[0]'],
    ['an unknown word', of({ field: 'stage', value: 'New', why: 'x' }), 400, 'field-unknown', 'changes[0].why'],
    ['an activity of no kind', of({ activity: { kind: 'lunch' } }), 400, 'field-invalid', 'changes[0].activity.kind'],
    ['an activity that ends before it begins', of({ activity: { kind: 'call', endedAt: '2020-01-01' } }), 400, 'field-invalid', 'changes[0].activity.endedAt'],
    ['an activity of another deal', of({ activity: { kind: 'call', dealId: 'd46' } }), 400, 'field-unknown', 'changes[0].activity.dealId'],
    ['no changes', { model: 'deal', id: 'd45', changes: [] }, 400, 'field-invalid', 'changes'],
    ['no list', { model: 'deal', id: 'd45', changes: 'all' }, 400, 'field-invalid', 'changes'],
    ['an instant to come', of({ field: 'stage', value: 'New' }, { asOf: '2030-01-01' }), 400, 'as-of-future', 'asOf'],
    ['a closed deal', of({ field: 'amount', value: '5' }, { id: 'd0' }), 409, 'deal-closed', 'id'],
    ['an unknown deal', of({ field: 'amount', value: '5' }, { id: 'nobody' }), 404, 'deal-unknown', 'id'],
    ['an unknown model', of({ field: 'amount', value: '5' }, { model: 'weather' }), 404, 'model-unknown', 'model'],
    ['a field of deals on a lead', { model: 'lead', id: 'l15', changes: [{ field: 'amount', value: '5' }] }, 400, 'field-unknown', 'changes[0].field'],
    ['broken JSON', '{"model":', 400, 'body-malformed', undefined],
  ])('%s', async (_name, body, status, code, path) => {
    expect(await post(body)).toMatchObject({ status, body: { code, ...(path ? { path } : {}) } });
  }); // biome-ignore format: a table

  it('names what there is to change', async () => {
    const { body } = await post(of({ field: 'created_at', value: 'x' }));
    expect(body['detail']).toContain('amount, stage, expected_close_date, owner_id');
  });

  it('a key that may only read, and one that is none', async () => {
    const { newKey } = await import('../../api/keys.ts');
    const keys = (['read', 'score'] as const).map((role) => {
      const key = newKey();
      store.addKey({ id: key.id, hash: key.hash, role, name: role });
      return key;
    });
    const body = of({ field: 'stage', value: 'New' });
    const statuses = await Promise.all(
      [undefined, ...keys.map(({ key }) => key)].map(async (key) => (await post(body, key ? { authorization: `Bearer ${key}` } : {})).status), // biome-ignore format: one call
    );
    expect(statuses).toEqual([401, 403, 200]);
    for (const { id } of keys) store.revokeKey(id);
  });
});

describe('what came in since the hour', () => {
  it('counts before and after, as in the score; also of a deal that began in it', async () => {
    const { post } = await testApp();
    const told = async (path: string, body: object) => (await post(path, body)).json();
    const facts = [
      { kind: 'call', id: 'wi1', at: '2026-05-20T06:29:00Z', dealId: 'd48', direction: 'in' },
      { kind: 'deal', id: 'wi2', accountId: 'a1', ownerId: 'u1', stage: 'New', amount: '9000.00', currency: 'THB', createdAt: '2026-05-20T06:29:00Z' }, // biome-ignore format: a row
    ];
    await told('/v1/facts', { facts });
    const changes = [{ field: 'stage', value: 'Offer' }];
    for (const id of ['crm:d48', 'crm:wi2']) {
      const [score] = scoreAnswer.parse(await told('/v1/scores/deal', { ids: [id], reasons: 0 })).items as ScoreJson[];
      const answer = whatIfAnswer.parse(await told('/v1/whatif', { model: 'deal', id, changes }));
      expect([answer.asOf, answer.before.probability]).toEqual([score!.asOf, score!.probability]);
    }
    const asOf = formatInstant(LIVE);
    expect(whatIfAnswer.parse(await told('/v1/whatif', { model: 'deal', id: 'd48', changes, asOf })).asOf).toBe(asOf);
  });
});
