import { describe, expect, test } from 'vitest';
import { customFeatures, defineFeature, featureSets, snapshot } from '../../features/index.ts';
import type { Told } from '../../src/facts.ts';
import { cellOf, type Frame } from '../../src/frame.ts';
import type { Fact } from '../../src/records.ts';
import { DAY } from '../../src/time.ts';
import { START, sourceOf, testCompany } from '../arbitraries.ts';

const told = (deal: string, day: number, fields: object, knownDay = day): Told => ({
  fact: {
    id: `${deal}:${day}:${JSON.stringify(fields)}`,
    at: START + day * DAY,
    knownAt: START + knownDay * DAY,
    ...fields,
  } as unknown as Fact,
  about: { deal, account: 'a' },
});
const change = (deal: string, day: number, field: string, value: string | number | null) =>
  told(deal, day, { kind: 'change', field, old: null, value, by: null });
const deal = (id: string, day: number, currency = 'THB') =>
  told(id, day, { kind: 'deal', accountId: 'a', leadId: null, pipeline: null, currency });
const activity = (id: string, day: number, fields: object = {}, knownDay = day) =>
  told(id, day, { kind: 'activity', channel: 'meeting', direction: 'out', contactId: null, userId: null, participants: null, ...fields }, knownDay); // biome-ignore format: one fact
const at = (day: number) => START + day * DAY;
const column = (frame: Frame, name: string) => frame.ids.map((_, i) => cellOf(frame.columns.get(name)!, i));

describe('snapshot', () => {
  const source = sourceOf({
    rates: [
      { from: 'EUR', to: 'THB', at: at(0), knownAt: at(0), rate: 36 },
      { from: 'EUR', to: 'THB', at: at(10), knownAt: at(12), rate: 40 },
    ],
    told: [
      deal('x', 1),
      change('x', 1, 'stage', 'new'),
      change('x', 5, 'stage', 'talking'),
      change('x', 9, 'stage', 'new'),
      change('x', 2, 'expected_close_date', at(30)),
      change('x', 6, 'expected_close_date', at(50)),
      change('x', 8, 'expected_close_date', at(45)),
      change('x', 1, 'product', 'gold'),
      change('x', 1, 'seats', '12'),
      deal('e', 1, 'EUR'),
      change('e', 1, 'amount', 1000),
      activity('e', 20, {}, 15),
      activity('e', 13, {}, 14),
    ],
  });

  test('rows stay in the order given, each at its own instant', () => {
    const frame = snapshot(source, featureSets.deal, [
      { id: 'x', asOf: at(10) },
      { id: 'e', asOf: at(4) },
      { id: 'x', asOf: at(4) },
    ]);
    expect(frame.ids).toEqual(['x', 'e', 'x']);
    expect([...frame.asOf]).toEqual([at(10), at(4), at(4)]);
    expect([...frame.columns.keys()]).toEqual(featureSets.deal.map((feature) => feature.name));
    expect(column(frame, 'deal_age_days')).toEqual([9, 3, 3]);
    expect(column(frame, 'stage_current')).toEqual(['new', null, 'new']);
    expect(column(frame, 'stage_previous')).toEqual(['talking', null, null]);
    expect(column(frame, 'stage_change_count')).toEqual([2, 0, 0]);
    expect(column(frame, 'stage_change_count_1d')).toEqual([0, 0, 0]);
    expect(column(frame, 'stage_change_count_7d')).toEqual([2, 0, 0]);
    expect(column(frame, 'stage_back_count')).toEqual([1, 0, 0]);
    expect(column(frame, 'expected_close_in_days')).toEqual([35, null, 26]);
    expect(column(frame, 'expected_close_push_count')).toEqual([1, 0, 0]);
    expect(column(frame, 'expected_close_pull_count')).toEqual([1, 0, 0]);
    expect(column(frame, 'expected_close_shift_days')).toEqual([15, null, 0]);
  });

  test('amounts are in the base currency at the newest rate known at the look', () => {
    const rows = [2, 11, 12].map((day) => ({ id: 'e', asOf: at(day) }));
    expect(column(snapshot(source, featureSets.deal, rows), 'amount_current')).toEqual([36_000, 36_000, 40_000]);
  });

  test('a booked meeting is seen as planned until it begins, and never before it was booked', () => {
    const rows = [13.5, 14, 15, 20].map((day) => ({ id: 'e', asOf: at(day) }));
    const frame = snapshot(source, featureSets.deal, rows);
    expect(column(frame, 'meeting_planned_count')).toEqual([0, 0, 1, 0]);
    expect(column(frame, 'meeting_planned_in_days')).toEqual([null, null, 5, null]);
    expect(column(frame, 'activity_count')).toEqual([0, 1, 1, 2]);
  });

  test('own columns marked fixed are features: numbers where listed as such, else categories', () => {
    const set = customFeatures(testCompany);
    expect(set.map(({ name, type }) => [name, type])).toEqual([
      ['deal_custom_product', 'category'],
      ['deal_custom_seats', 'number'],
      ['account_custom_tier', 'category'],
    ]);
    const frame = snapshot(source, set, [{ id: 'x', asOf: at(2) }]);
    expect([...set].map(({ name }) => column(frame, name)[0])).toEqual(['gold', 12, null]);
  });

  test('no rows give empty columns', () => {
    const frame = snapshot(source, featureSets.deal, []);
    expect(frame.columns.size).toBe(featureSets.deal.length);
    expect(frame.ids).toEqual([]);
  });

  test('collected levels are sorted, whatever the order of rows', () => {
    const rows = [
      { id: 'x', asOf: at(6) },
      { id: 'x', asOf: at(2) },
      { id: 'e', asOf: at(2) },
    ];
    const there = snapshot(source, featureSets.deal, rows).columns.get('stage_current');
    const back = snapshot(source, featureSets.deal, rows.toReversed()).columns.get('stage_current');
    expect(there).toEqual({ type: 'category', codes: Int32Array.of(1, 0, -1), levels: ['new', 'talking'] });
    expect(back).toEqual({ type: 'category', codes: Int32Array.of(-1, 0, 1), levels: ['new', 'talking'] });
  });

  test('a word outside a fixed list, and a name given twice, are refused', () => {
    const base = { name: 'odd', unit: 'none', says: 'Odd.', label: { en: 'odd', th: 'แปลก' }, idea: 'odd' } as const;
    const odd = defineFeature({ ...base, type: 'category', levels: ['a'], compute: () => 'b' });
    const rows = [{ id: 'x', asOf: at(2) }];
    expect(() => snapshot(source, [odd], rows)).toThrow(expect.objectContaining({ code: 'feature-level-unknown' }));
    const fine = defineFeature({ ...base, type: 'number', compute: () => 1 });
    expect(() => snapshot(source, [fine, fine], rows)).toThrow(expect.objectContaining({ code: 'feature-twice' }));
  });
});
