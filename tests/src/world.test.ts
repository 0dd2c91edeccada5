import { describe, expect, test } from 'vitest';
import type { Told } from '../../src/facts.ts';
import type { Fact } from '../../src/records.ts';
import { DAY } from '../../src/time.ts';
import { future, world } from '../../src/world.ts';
import { START, sourceOf } from '../arbitraries.ts';

const at = (day: number) => START + day * DAY;
const told = (kind: string, day: number, known: number, about: Told['about'], fields: object = {}): Told => ({
  fact: { kind, id: `${kind}:${day}:${known}`, at: at(day), knownAt: at(known), ...fields } as unknown as Fact,
  about,
});
const days = (facts: readonly { readonly at: number }[]) => facts.map((fact) => (fact.at - START) / DAY);
const d = { deal: 'd', account: 'a' };

const source = sourceOf({
  rates: [{ from: 'EUR', to: 'THB', at: at(0), knownAt: at(0), rate: 36 }],
  told: [
    told('deal', 1, 1, d, { accountId: 'a', leadId: 'l', pipeline: null, currency: 'EUR' }),
    told('activity', 2, 2, d),
    told('activity', 3, 9, d),
    told('activity', 8, 5, d),
    told('change', 1, 1, { deal: 'd' }, { field: 'owner_id', value: 'u' }),
    told('change', 4, 4, { deal: 'd' }, { field: 'owner_id', value: 'v' }),
    told('change', 6, 6, { deal: 'd' }, { field: 'owner_id', value: null }),
    told('user', 0, 0, { user: 'u' }, { role: 'rep' }),
    told('account', 0, 7, { account: 'a' }, { industry: 'rice' }),
    told('lead', 0, 0, { lead: 'l' }, { source: 'fair' }),
    told('product', 0, 3, { product: 'p' }, { family: 'pumps' }),
    told('closed', 10, 11, d, { outcome: 'won' }),
  ],
});
const past = (day: number) => world(source, at(day)).past('deal', 'd');

describe('a past holds what happened and was known', () => {
  test('at the instant itself, and not before either time', () => {
    expect(days(past(1.9).all('activity'))).toEqual([]);
    expect(days(past(2).all('activity'))).toEqual([2]);
    expect(days(past(8).all('activity'))).toEqual([2, 8]);
    expect(days(past(9).all('activity'))).toEqual([2, 3, 8]);
    expect(past(10.5).last('closed')).toBeUndefined();
    expect(past(11).last('closed')?.outcome).toBe('won');
  });

  test('plans apart, from when they are known until they are due', () => {
    expect([4.9, 5, 7.9, 8].map((day) => days(past(day).planned('activity')))).toEqual([[], [8], [8], []]);
  });

  test('a window opens after its start', () => {
    expect(days(past(10).within('activity', 8))).toEqual([3, 8]);
    expect(days(past(10).within('activity', 8.1))).toEqual([2, 3, 8]);
    expect(days(past(10).within('activity', 0.1))).toEqual([]);
  });

  test('the newest value of a field; an emptied one is absent', () => {
    expect([1, 3, 4, 6].map((day) => past(day).value('owner_id'))).toEqual(['u', 'u', 'v', undefined]);
    expect([1, 6].map((day) => past(day).owner?.id)).toEqual(['u', undefined]);
  });

  test('its account, lead and products, as known then', () => {
    expect([6, 7].map((day) => past(day).account?.last('account')?.industry)).toEqual([undefined, 'rice']);
    expect(past(2).lead?.last('lead')?.source).toBe('fair');
    expect([2, 3].map((day) => past(day).product('p')?.last('product')?.family)).toEqual([undefined, 'pumps']);
    expect(past(2).product('p')).toBeUndefined();
    expect(past(2).baseMinor(100, 'EUR')).toBe(3600);
    expect(past(2).baseMinor(100, null)).toBe(100);
    expect(past(2).baseMinor(100, 'JPY')).toBeNaN();
  });
});

test('a world knows of an entity from its first fact, and makes each past once', () => {
  expect([0, 3].map((day) => world(source, at(day)).ids('product'))).toEqual([[], ['p']]);
  const now = world(source, at(3));
  expect(now.past('deal', 'd')).toBe(now.past('deal', 'd'));
  expect(now.past('deal', 'd').account).toBe(now.past('account', 'a'));
});

test('a future holds what happened or was learned after the look', () => {
  expect(days(future(source, 'deal', 'd', at(4), at(20)).all('activity'))).toEqual([3, 8]);
  expect(future(source, 'deal', 'd', at(4), at(10.5)).last('closed')).toBeUndefined();
  expect(future(source, 'deal', 'd', at(4), at(11)).last('closed')?.outcome).toBe('won');
});
