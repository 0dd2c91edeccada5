import { describe, expect, it } from 'vitest';
import { jsonName } from '../../api/schemas/rows.ts';
import { type ScoreJson, scoreAnswer } from '../../api/schemas/scores.ts';
import { customerRecord, type DealRecord, dealRecord } from '../../api/schemas/wholeRecords.ts';
import { formatMinor } from '../../src/money.ts';
import { fieldName, type RecordDeclaration, type RecordKind, records } from '../../src/records.ts';
import type { Store } from '../../src/store/store.ts';
import { companyStore, plainEngine, sharedApp, wholeBundle } from './company.ts';

type Json = Record<string, unknown>;

/** A stored row as the JSON that a caller would send. */
function json(kind: RecordKind, row: object): Json {
  const declaration: RecordDeclaration = records[kind];
  const cells = row as Json;
  const currency = (cells['currency'] as string | null) ?? 'THB';
  const out: Json = {};
  for (const [name, column] of Object.entries(declaration.columns)) {
    const value = cells[fieldName(name, column.type)];
    if (value === null || value === undefined) continue;
    if (column.type === 'time') out[jsonName(name)] = new Date(value as number).toISOString();
    else if (column.type === 'money') out[jsonName(name)] = formatMinor(value as number, currency);
    else out[jsonName(name)] = value;
  }
  return out;
}

/** Everything that is stored of a deal, as one record. */
function recordOf(store: Store, id: string): DealRecord {
  const of = <K extends RecordKind>(kind: K, holds: (row: Json) => boolean) =>
    [...store.rows(kind)].filter((row) => holds(row as unknown as Json)).map((row) => json(kind, row));
  const [deal] = of('deal', (row) => row['id'] === id);
  const account = deal!['accountId'];
  const lines = (order: Json) => ({ ...order, lines: of('orderLine', (row) => row['orderId'] === order['id']) });
  return {
    deal: deal!,
    changes: of('change', (row) => row['kind'] === 'deal' && row['id'] === id),
    activities: of('activity', (row) => row['dealId'] === id),
    quoteLines: of('quoteLine', (row) => row['dealId'] === id),
    dealContacts: of('dealContact', (row) => row['dealId'] === id),
    account: of('account', (row) => row['id'] === account)[0]!,
    orders: of('order', (row) => row['accountId'] === account).map(lines),
  } as DealRecord;
}

/** Without what says that one was kept and the other not. */
const plain = ({ trend: _, ...rest }: ScoreJson) => rest;

describe('whole records', () => {
  const app = sharedApp();

  it('scores a stored deal that is sent whole exactly as the stored one, its bare ids too', async () => {
    const { store, post } = app();
    const ids = Array.from({ length: 30 }, (_, i) => `crm:d${40 + i}`);
    const whole = ids.map((id) => recordOf(store, id));
    const bare = JSON.parse(JSON.stringify(whole).replaceAll('crm:', '')) as DealRecord[];
    const before = scoreAnswer.parse(await (await post('/v1/scores/deal', { ids })).json());
    for (const sent of [whole, bare]) {
      const answer = scoreAnswer.parse(await (await post('/v1/scores/deal', { records: sent })).json());
      expect(answer.items.map((item) => plain(item as ScoreJson))).toEqual(
        before.items.map((item) => plain(item as ScoreJson)),
      );
    }
  });

  it('stores nothing, and what it changes shows', async () => {
    const { store, post } = app();
    const counts = () => [store.count('deal'), store.count('activity'), store.scoreHistory('deal', 'crm:d41').length];
    const before = counts();
    const record = recordOf(store, 'crm:d41');
    const more = {
      ...record,
      activities: [
        ...(record.activities ?? []),
        ...[1, 2, 3].map((n) => ({ id: `new${n}`, kind: 'meeting' as const, at: `2026-05-1${n}T03:00:00Z` })),
      ],
    };
    const unknown = {
      deal: {
        id: 'brand-new',
        createdAt: '2026-05-01T00:00:00Z',
        amount: { minor: 5, currency: 'THB' },
        currency: 'THB',
      },
    };
    const answer = scoreAnswer.parse(
      await (await post('/v1/scores/deal', { records: [record, more, unknown] })).json(),
    );
    const [as, changed, fresh] = answer.items as ScoreJson[];
    expect(changed!.probability).not.toBe(as!.probability);
    expect(fresh).toMatchObject({ id: 'brand-new', amount: { minor: 5, currency: 'THB' } });
    expect(counts()).toEqual(before);
  });

  const deal = { id: 'n1', createdAt: '2026-05-01', currency: 'THB' };
  it.each([
    [
      'a string for a number',
      { deal, quoteLines: [{ id: 'q', quoteId: 'Q', at: '2026-05-02', currency: 'THB', quantity: '3' }] },
      'records[0].quoteLines[0].quantity',
    ],
    [
      'null for a needed field',
      { deal, activities: [{ id: 'a', kind: null, at: '2026-05-02' }] },
      'records[0].activities[0].kind',
    ],
    [
      'an unsafe whole number',
      { deal, activities: [{ id: 'a', kind: 'call', at: '2026-05-02', participants: 2 ** 53 }] },
      'records[0].activities[0].participants',
    ],
    ['a boolean for a number', { deal, account: { id: 'a', employees: true } }, 'records[0].account.employees'],
    ['an unknown field', { deal: { ...deal, score: 1 } }, 'records[0].deal.score'],
    ['an unknown part', { deal, tenant: 'x' }, 'records[0].tenant'],
    ['a deal without id', { deal: { createdAt: '2026-05-01' } }, 'records[0].deal.id'],
    ['a rolled-over date', { deal: { ...deal, createdAt: '2026-02-30' } }, 'records[0].deal.createdAt'],
    ['a word outside its list', { deal: { ...deal, outcome: 'maybe' } }, 'records[0].deal.outcome'],
    ['an amount with a separator', { deal: { ...deal, amount: '1,000' } }, 'records[0].deal.amount'],
    ['not a record', 'deal', 'records[0]'],
  ])('refuses %s with its path', async (_what, record, path) => {
    const { post } = app();
    const answer = await post('/v1/scores/deal', { records: [record] });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ path });
  });

  it.each([
    ['1e309', 'records[0].account.employees'],
    ['-1e999', 'records[0].account.employees'],
  ])('refuses %s as a number', async (text, path) => {
    const { post } = app();
    const body = `{"records":[{"deal":${JSON.stringify(deal)},"account":{"id":"a","employees":${text}}}]}`;
    const answer = await post('/v1/scores/deal', body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ path });
  });

  it('answers what only the engine can see item by item', async () => {
    const { post } = app();
    const records = [
      { deal: { ...deal, amount: { minor: 5, currency: 'USD' } } },
      { deal: { ...deal, amount: '1.234' } },
      { deal: { ...deal, closedAt: '2026-05-03T00:00:00Z', outcome: 'won' } },
      { deal: { ...deal, tenant: 'x' } },
      { deal },
    ];
    const answer = scoreAnswer.parse(await (await post('/v1/scores/deal', { records })).json());
    const told = answer.items.map((item) => ('error' in item ? [item.error.code, item.error.path] : 'score'));
    expect(told).toEqual([
      ['field-invalid', 'records[0].deal.amount'],
      ['field-invalid', 'records[1].deal.amount'],
      ['deal-closed', 'id'],
      ['field-unknown', 'records[3].deal.tenant'],
      'score',
    ]);
  });

  it('holds the documented record to its schema', () => {
    expect(dealRecord.safeParse({ deal: { id: 'x' } }).success).toBe(true);
  });
});

describe('a whole record of this hour', () => {
  const app = sharedApp();
  const score = async (record: object, more: object = {}) => {
    const answer = await app().post('/v1/scores/deal', { records: [record], ...more });
    return scoreAnswer.parse(await answer.json()).items[0] as ScoreJson;
  };
  const deal = { id: 'n1', accountId: 'a1', ownerId: 'u1', stage: 'New', amount: '5000.00', currency: 'THB' };
  const call = { id: 'm1', kind: 'call', direction: 'in', at: '2026-05-20T06:20:00Z' };

  it('is scored as of the newest thing that it tells of, also where it began within the hour', async () => {
    const born = await score({ deal: { ...deal, createdAt: '2026-05-20T06:10:00Z' } });
    expect(born).toMatchObject({ id: 'n1', asOf: '2026-05-20T06:10:00.000Z' });

    const old = { ...deal, createdAt: '2026-05-01T03:00:00Z' };
    const before = await score({ deal: old });
    expect(before.asOf).toBe('2026-05-20T06:00:00.000Z');
    const called = await score({ deal: old, activities: [call] });
    expect(called.asOf).toBe('2026-05-20T06:20:00.000Z');
    expect(called.probability).not.toBe(before.probability);
    expect(await score({ deal: old, activities: [call] }, { asOf: called.asOf })).toEqual(called);
  });

  it('leaves what is to come out of what now is, and an instant that was asked for as it is', async () => {
    const old = { ...deal, createdAt: '2026-05-01T03:00:00Z' };
    const booked = { ...call, kind: 'meeting', at: '2026-05-20T08:00:00Z' };
    expect((await score({ deal: old, activities: [booked] })).asOf).toBe('2026-05-20T06:00:00.000Z');
    const asked = await score({ deal: old, activities: [call] }, { asOf: '2026-05-20T06:05:00Z' });
    expect(asked.asOf).toBe('2026-05-20T06:05:00.000Z');
  });

  it('takes a change whose kind is null as one of the deal that it stands beside', async () => {
    const change = { kind: null, at: '2026-05-10T03:00:00Z', field: 'stage', oldValue: 'New', newValue: 'Offer' };
    const old = { ...deal, stage: 'Offer', createdAt: '2026-05-01T03:00:00Z' };
    const { kind: _, ...bare } = change;
    expect(await score({ deal: old, changes: [change] })).toEqual(await score({ deal: old, changes: [bare] }));
  });
});

describe('what a whole record tells wrongly or twice', () => {
  const app = sharedApp();
  const deal = { id: 'n1', accountId: 'a1', ownerId: 'u1', stage: 'New', amount: '5000.00', currency: 'THB', createdAt: '2026-05-01T03:00:00Z' }; // biome-ignore format: a row
  const item = async (record: object) => {
    const answer = await app().post('/v1/scores/deal', { records: [record] });
    return scoreAnswer.parse(await answer.json()).items[0]!;
  };
  const change = { at: '2026-05-10T03:00:00Z' };

  it.each([
    ['amount', { field: 'amount', oldValue: '5000.00', newValue: '7,000.00' }, 'newValue'],
    ['amount before', { field: 'amount', oldValue: 'much', newValue: '7000.00' }, 'oldValue'],
    ['date', { field: 'expected_close_date', newValue: 'soon' }, 'newValue'],
    ['date by its name in JSON', { field: 'expectedCloseDate', newValue: 'soon' }, 'newValue'],
    ['outcome', { field: 'outcome', newValue: 'maybe' }, 'newValue'],
  ])('refuses a change to a value that is no %s, which would count as none', async (_what, given, name) => {
    expect(await item({ deal, changes: [{ ...change, ...given }] })).toMatchObject({
      error: { code: 'field-invalid', path: `records[0].changes[0].${name}` },
    });
  });

  it('takes the field of a change by its name in JSON too, and a field of the company’s own', async () => {
    const moved = (field: string) => item({ deal, changes: [{ ...change, field, oldValue: '2026-06-01', newValue: '2026-07-01' }] }); // biome-ignore format: one call
    expect(await moved('expectedCloseDate')).toEqual(await moved('expected_close_date'));
    expect(await moved('expectedCloseDate')).not.toEqual(await moved('own_field'));
  });

  it('counts a row once that is there twice, as the last of them says', async () => {
    const call = { id: 'm1', kind: 'call', direction: 'in', at: '2026-05-12T03:00:00Z' };
    const once = await item({ deal, activities: [call] });
    expect(await item({ deal, activities: [{ ...call, direction: 'out' }, call] })).toEqual(once);
    expect(await item({ deal, activities: [call, { ...call, id: 'm2' }] })).not.toEqual(once);
  });

  it('reads the currency of an amount that says it where the row does not', async () => {
    const { currency: _, ...plain } = deal;
    const amount = { minor: 12_345, currency: 'USD' };
    expect(await item({ deal: { ...plain, amount } })).toMatchObject({ amount });
  });
});

it('scores a stored customer that is sent whole exactly as the stored one: its deals, consents and campaigns too', async () => {
  const files = {
    ...wholeBundle(),
    'consents.csv': ['contact_id,purpose,channel,given_at,withdrawn_at', ...[1, 2, 3, 4].map((i) => `c${i},news,email,2026-0${i}-01T03:00:00Z,${i % 2 ? '' : '2026-05-01T03:00:00Z'}`)],
    'campaign_members.csv': ['campaign_id,contact_id,lead_id,sent_at,opened_at', ...[2, 3, 5].map((i) => `m1,c${i},,2026-04-0${i}T03:00:00Z,2026-04-1${i}T03:00:00Z`)],
  }; // biome-ignore format: files
  const store = await companyStore(files);
  const engine = plainEngine(store);
  engine.serve('plain-churn', 'churn');
  const pin = engine.pin('churn');
  const options = { reasons: 0, curve: false };
  const all = <K extends RecordKind>(kind: K) => [...store.rows(kind)].map((row) => json(kind, row));
  const scored = [...store.rows('account')].flatMap((account) => {
    const [stored] = pin.scoreIds([account.id], options);
    if (!stored || 'error' in stored) return [];
    const own = <K extends RecordKind>(kind: K) => all(kind).filter((row) => row['accountId'] === account.id);
    const contacts = own('contact');
    const ofContacts = <K extends RecordKind>(kind: K) =>
      all(kind).filter((row) => contacts.some(({ id }) => id === row['contactId']));
    const about = new Set([account.id, ...own('deal').map(({ id }) => id), ...own('subscription').map(({ id }) => id)]);
    const record = customerRecord.parse({
      account: json('account', account),
      changes: all('change').filter(({ id }) => about.has(id)),
      subscriptions: own('subscription'),
      orders: own('order').map((order) => ({ ...order, lines: all('orderLine').filter((line) => line['orderId'] === order['id']) })),
      contacts,
      consents: ofContacts('consent'),
      campaignMembers: ofContacts('campaignMember'),
      deals: own('deal'),
      activities: own('activity'),
    }); // biome-ignore format: a record
    return [[pin.scoreRecord(record, options, 'records[0]'), stored] as const];
  });
  expect(scored.length).toBeGreaterThan(3);
  const said = (score: unknown) => (score as { probability?: number; error?: Error }).probability ?? score;
  for (const [whole, stored] of scored) expect(said(whole)).toBe(said(stored));
});
