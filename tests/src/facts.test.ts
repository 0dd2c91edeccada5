import { describe, expect, test } from 'vitest';
import { company, parseSettings } from '../../src/company.ts';
import { factsOf, memorySource, type Stored } from '../../src/facts.ts';
import type { RecordKind } from '../../src/records.ts';
import { fieldName, type RecordDeclaration, records } from '../../src/records.ts';
import { dealState } from '../../src/subjects/deal.ts';
import { DAY, parseInstant } from '../../src/time.ts';
import { world } from '../../src/world.ts';

const zone = 'Asia/Bangkok';
const acme = (fixed: string[] = []) => company(parseSettings({ time_zone: zone, base_currency: 'THB', fixed }, 'test'));
const at = (text: string) => parseInstant(text, zone)!;
const IMPORTED = at('2026-06-01T12:00:00');

/** A stored row from the columns that matter; the others are empty. */
function row<K extends RecordKind>(kind: K, cells: Readonly<Record<string, unknown>>): Stored<K> {
  const declaration: RecordDeclaration = records[kind];
  const empty = Object.entries(declaration.columns).map(([name, column]) => [fieldName(name, column.type), null]);
  return { ...Object.fromEntries(empty), knownAt: null, custom: {}, importedAt: IMPORTED, ...cells } as Stored<K>;
}
const change = (
  field: string,
  when: string,
  oldValue: string | null,
  newValue: string | null,
  knownAt: number | null = null,
) => row('change', { kind: 'deal', id: 'd', field, at: at(when), oldValue, newValue, knownAt });
const deal = (cells: Readonly<Record<string, unknown>>) => row('deal', { id: 'd', currency: 'THB', ...cells });
const factsNamed = (kind: string, told: ReturnType<typeof factsOf>) => told.map(({ fact }) => fact).filter((fact) => fact.kind === kind); // biome-ignore format: one look

describe('when a fact is known', () => {
  test('a time of day is known at once, a bare date by the next local midnight', () => {
    const [exact] = factsNamed('deal', factsOf('deal', deal({ createdAt: at('2025-03-01T09:00:00') }), [], acme()));
    expect(exact).toMatchObject({ at: at('2025-03-01T09:00:00'), knownAt: at('2025-03-01T09:00:00') });
    const [bare] = factsNamed('deal', factsOf('deal', deal({ createdAt: at('2025-03-01') }), [], acme()));
    expect(bare).toMatchObject({ at: at('2025-03-01'), knownAt: at('2025-03-02') });
  });

  test('known_at delays a fact and never brings it forward, unless its kind may be planned', () => {
    const late = deal({ createdAt: at('2025-03-01T09:00:00'), knownAt: at('2025-03-05T00:00:00') });
    expect(factsNamed('deal', factsOf('deal', late, [], acme()))[0]!.knownAt).toBe(at('2025-03-05T00:00:00'));
    const early = deal({ createdAt: at('2025-03-01T09:00:00'), knownAt: at('2025-02-01T00:00:00') });
    expect(factsNamed('deal', factsOf('deal', early, [], acme()))[0]!.knownAt).toBe(at('2025-03-01T09:00:00'));
    const booked = { id: 'x', kind: 'meeting', dealId: 'd', at: at('2025-03-20T10:00:00'), knownAt: at('2025-03-10T08:00:00') }; // biome-ignore format: a row
    expect(factsNamed('activity', factsOf('activity', row('activity', booked), [], acme()))[0]!.knownAt).toBe(booked.knownAt); // biome-ignore format: one look
  });

  test('a deal without its creation time is known from the import', () => {
    const [fact] = factsNamed('deal', factsOf('deal', deal({}), [], acme()));
    expect(fact).toMatchObject({ at: IMPORTED, knownAt: IMPORTED });
  });
});

describe('columns that the source overwrites', () => {
  const created = { createdAt: at('2025-03-01T09:00:00'), stage: 'Offer', amountMinor: 50_000 };

  test('without history their value is known from the import', () => {
    const [stage] = factsNamed('change', factsOf('deal', deal(created), [], acme()));
    expect(stage).toMatchObject({ field: 'stage', value: 'Offer', at: IMPORTED, knownAt: IMPORTED });
  });

  test('marked fixed, they are known from creation', () => {
    const told = factsNamed('change', factsOf('deal', deal(created), [], acme(['deal.amount'])));
    expect(told.find((fact) => 'field' in fact && fact.field === 'amount')).toMatchObject({ value: 50_000, at: created.createdAt, knownAt: created.createdAt }); // biome-ignore format: one look
  });

  test('with history the first value is the first old one, from creation', () => {
    const history = [change('amount', '2025-03-12T09:00:00', '400.00', '500.00')];
    const told = factsNamed('change', factsOf('deal', deal({ ...created, stage: null }), history, acme()));
    expect(told).toMatchObject([
      { field: 'amount', value: 40_000, at: created.createdAt },
      { field: 'amount', old: 40_000, value: 50_000, at: at('2025-03-12T09:00:00') },
    ]);
  });

  test('a change that two exports show says nothing of the time before the first of them', () => {
    const later = IMPORTED + DAY;
    const seen = { ...change('amount', '2025-03-12', '400.00', '500.00', later), at: later, importedAt: later };
    const told = factsNamed('change', factsOf('deal', deal({ ...created, stage: null }), [seen], acme()));
    expect(told.map((fact) => [fact.at, 'value' in fact && fact.value])).toEqual([
      [IMPORTED, 40_000],
      [later, 50_000],
    ]);
  });

  test('changes of one instant stay in the order in which they came, also beyond nine', () => {
    const names = Array.from({ length: 12 }, (_, i) => `S${i}`);
    const history = names.slice(1).map((name, i) => change('stage', '2025-03-12T09:00:00', names[i]!, name));
    const source = memorySource(acme(), factsOf('deal', deal({ ...created, amountMinor: null }), history, acme()));
    const past = world(source, at('2025-04-01')).past('deal', 'd');
    expect(past.all('change').map((fact) => fact.value)).toEqual(names);
    expect(past.value('stage')).toBe('S11');
  });

  test('custom columns are known from the import, or from creation where marked fixed', () => {
    const custom = { custom: { channel: 'web', score: '7' } };
    const told = factsNamed('change', factsOf('deal', deal({ createdAt: created.createdAt, ...custom }), [], acme(['deal.channel']))); // biome-ignore format: one look
    expect(told).toMatchObject([
      { field: 'channel', value: 'web', knownAt: created.createdAt },
      { field: 'score', value: '7', knownAt: IMPORTED },
    ]);
  });
});

describe('what a close reveals', () => {
  const closed = { createdAt: at('2025-03-01T09:00:00'), closedAt: at('2025-04-01T10:00:00'), outcome: 'won', amountMinor: 90_000 }; // biome-ignore format: a row

  test('nothing before the close; cause is the outcome where not given', () => {
    const source = memorySource(acme(), factsOf('deal', deal(closed), [], acme()));
    const before = world(source, closed.closedAt - 1).past('deal', 'd');
    expect([dealState(before), before.all('closed')]).toEqual(['open', []]);
    const after = world(source, closed.closedAt).past('deal', 'd');
    expect(after.last('closed')).toMatchObject({ outcome: 'won', cause: 'won', amountMinor: 90_000 });
  });

  test('the amount booked is the one in force at the close', () => {
    const history = [
      change('amount', '2025-03-20T10:00:00', '700.00', '800.00'),
      change('amount', '2025-05-20T10:00:00', '800.00', '900.00'),
    ];
    const [fact] = factsNamed('closed', factsOf('deal', deal({ ...closed, currency: null }), history, acme()));
    expect(fact).toMatchObject({ amountMinor: 80_000 });
  });

  test('a deal that was opened again keeps its first close and is open until the next', () => {
    const history = [
      change('outcome', '2025-03-10T10:00:00', null, 'lost'),
      change('outcome', '2025-03-20T10:00:00', 'lost', null),
      change('outcome', '2025-04-01T10:00:00', null, 'won'),
    ];
    const source = memorySource(acme(), factsOf('deal', deal(closed), history, acme()));
    const stateOn = (day: string) => dealState(world(source, at(day)).past('deal', 'd'));
    expect(['2025-03-05', '2025-03-15', '2025-03-25', '2025-04-05'].map(stateOn)).toEqual([
      'open',
      'lost',
      'open',
      'won',
    ]);
    expect(world(source, at('2025-05-01')).past('deal', 'd').all('closed')).toHaveLength(2);
  });
});

describe('facts of activities and orders', () => {
  test('a booked meeting is planned until it happens; how it went is known when it ended', () => {
    const meeting = row('activity', {
      id: 'x',
      kind: 'meeting',
      dealId: 'd',
      at: at('2025-03-20T10:00:00'),
      endedAt: at('2025-03-20T11:00:00'),
      outcome: 'held',
      knownAt: at('2025-03-10T08:00:00'),
    });
    const source = memorySource(acme(), factsOf('activity', meeting, [], acme()));
    const on = (time: string) => world(source, at(time)).past('deal', 'd');
    expect(on('2025-03-09T00:00:00').planned('activity')).toHaveLength(0);
    expect(on('2025-03-12T00:00:00').planned('activity')).toHaveLength(1);
    expect(on('2025-03-20T10:30:00').all('activity')).toHaveLength(1);
    expect(on('2025-03-20T10:30:00').all('activityEnded')).toHaveLength(0);
    expect(on('2025-03-20T11:00:00').last('activityEnded')?.outcome).toBe('held');
  });

  test('lines have the time and account of their order; a delivery is known when it came', () => {
    const order = row('order', { id: 'o', accountId: 'a', at: at('2025-04-02T09:00:00'), deliveredAt: at('2025-04-02T09:00:00') + 5 * DAY }); // biome-ignore format: a row
    const line = row('orderLine', { id: 'l', orderId: 'o', productId: 'p', quantity: 2, unitPriceMinor: 100, currency: 'THB' }); // biome-ignore format: a row
    const told = factsOf('order', order, [], acme(), [line]);
    expect(told.map(({ fact, about }) => [fact.kind, about.account])).toEqual([['order', 'a'], ['orderLine', 'a'], ['delivered', 'a']]); // biome-ignore format: a row
    expect(told[1]!.fact).toMatchObject({ at: order.at, orderId: 'o', productId: 'p', quantity: 2 });
    const past = world(memorySource(acme(), told), at('2025-04-03T00:00:00')).past('account', 'a');
    expect([past.all('orderLine').length, past.all('delivered').length]).toEqual([1, 0]);
  });
});

describe('corrections after the close', () => {
  const won = { createdAt: at('2025-03-01T09:00:00'), closedAt: at('2025-04-01T09:00:00'), outcome: 'won', amountMinor: 12_000 }; // biome-ignore format: a row
  const closes = (cells: object, history: readonly Stored<'change'>[]) =>
    factsNamed('closed', factsOf('deal', deal(cells as Readonly<Record<string, unknown>>), history, acme()));

  test('an amount corrected after the close is not what was booked', () => {
    expect(closes(won, [change('amount', '2025-05-01T09:00:00', '100.00', '120.00')])).toMatchObject([{ amountMinor: 10_000 }]); // biome-ignore format: one look
  });

  test('one from before it, learned after it, counts from then', () => {
    const late = change('amount', '2025-03-20T09:00:00', '100.00', '120.00', at('2025-05-01T09:00:00'));
    expect(closes(won, [late])).toMatchObject([
      { amountMinor: 10_000, at: won.closedAt, knownAt: won.closedAt },
      { amountMinor: 12_000, at: won.closedAt, knownAt: late.knownAt },
    ]);
  });

  test('an outcome put right later was the wrong one until then', () => {
    const history = [
      change('outcome', '2025-04-01T09:00:00', null, 'lost'),
      change('outcome', '2025-06-01T09:00:00', 'lost', 'won'),
    ];
    const source = memorySource(acme(), factsOf('deal', deal(won), history, acme()));
    const state = (when: string) => dealState(world(source, at(when)).past('deal', 'd'));
    expect(['2025-03-15', '2025-04-15', '2025-06-15'].map(state)).toEqual(['open', 'lost', 'won']);
    const closed = closes(won, history);
    expect(closed.map((fact) => [fact.at, fact.knownAt, 'outcome' in fact && fact.outcome])).toEqual([
      [won.closedAt, won.closedAt, 'lost'],
      [won.closedAt, at('2025-06-01T09:00:00'), 'won'],
    ]);
  });

  test('also where the correction moved the close itself', () => {
    const history = [
      change('outcome', '2025-04-01T09:00:00', null, 'lost'),
      change('outcome', '2025-06-01T09:00:00', 'lost', 'won'),
    ];
    const moved = { ...won, closedAt: at('2025-06-01T09:00:00') };
    const source = memorySource(acme(), factsOf('deal', deal(moved), history, acme()));
    const state = (when: string) => dealState(world(source, at(when)).past('deal', 'd'));
    expect(['2025-03-15', '2025-04-15', '2025-06-15'].map(state)).toEqual(['open', 'lost', 'won']);
  });

  test('a closing time without an outcome closes nothing: whether it was won is not guessed', () => {
    expect(closes({ ...won, outcome: null }, [])).toEqual([]);
  });
});

test('a word of the creation that was filled in or put right later was another until then', () => {
  const own = { createdAt: at('2025-03-01T09:00:00'), pipeline: 'renewal' };
  const history = [
    change('pipeline', '2025-06-01T09:00:00', 'new', 'renewal'),
    change('pipeline', '2025-04-01T09:00:00', null, 'new'),
  ];
  const source = memorySource(acme(), factsOf('deal', deal(own), history, acme()));
  const pipeline = (when: string) => world(source, at(when)).past('deal', 'd').last('deal')?.pipeline;
  expect(['2025-02-01', '2025-03-15', '2025-04-15', '2025-06-15'].map(pipeline)).toEqual([undefined, null, 'new', 'renewal']); // biome-ignore format: one look
});

test('a line of an order is not known before it says so', () => {
  const order = row('order', { id: 'o', accountId: 'a', at: at('2025-03-01T09:00:00') });
  const line = row('orderLine', { id: 'l', orderId: 'o', currency: 'THB', knownAt: at('2025-04-01T09:00:00') });
  const [fact] = factsNamed('orderLine', factsOf('order', order, [], acme(), [line]));
  expect(fact).toMatchObject({ at: order.at, knownAt: line.knownAt });
});

test('a company’s own column with history is known by its history, fixed or not', () => {
  const own = { createdAt: at('2025-03-01T09:00:00'), custom: { channel: 'shop' } };
  const history = [change('channel', '2025-05-01T09:00:00', 'web', 'shop')];
  for (const fixed of [[], ['deal.channel']]) {
    const source = memorySource(acme(fixed), factsOf('deal', deal(own), history, acme(fixed)));
    const channel = (when: string) => world(source, at(when)).past('deal', 'd').value('channel');
    expect(['2025-03-15', '2025-05-15', '2026-06-15'].map(channel)).toEqual(['web', 'shop', 'shop']);
  }
});
