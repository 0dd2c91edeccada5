import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../api/cursor.ts';
import { gradeOf, intervalOf } from '../../api/grade.ts';
import type { FeatureWords } from '../../api/ports.ts';
import { explain, languageOf, moneyText, reasonText } from '../../api/reasons.ts';
import type { Frame } from '../../src/frame.ts';

const frame: Frame = {
  ids: ['d1'],
  asOf: Float64Array.of(0),
  columns: new Map([
    ['meetings', { type: 'number', values: Float64Array.of(4) }],
    ['calls', { type: 'number', values: Float64Array.of(Number.NaN) }],
    ['stage', { type: 'category', codes: Int32Array.of(0), levels: ['Offer'] }],
  ]),
};
const words = (name: string): FeatureWords | undefined =>
  name === 'stage'
    ? { label: { en: 'stage', th: 'ขั้น' }, idea: 'stage', unit: 'none' }
    : name.startsWith('m') || name.startsWith('c')
      ? { label: { en: name, th: name }, idea: 'contact', unit: 'count' }
      : undefined;

describe('reasons', () => {
  const given = (contributions: [string, number][], base = -1) => ({
    base,
    total: contributions.reduce((sum, [, value]) => sum + value, base),
    contributions: new Map(contributions),
    usual: new Map<string, number | string>([
      ['meetings', 1.25],
      ['stage', 'New'],
    ]),
  });

  it('adds up an idea, names its loudest feature that way, and keeps the rest apart', () => {
    const told = explain(given([['meetings', 0.5], ['calls', -0.2], ['stage', -0.4], ['small', 0.04]]), frame, 0, 5, words); // biome-ignore format: one call
    expect(told.reasons.map((reason) => [reason.code, reason.feature])).toEqual([
      ['contact', 'meetings'],
      ['stage', 'stage'],
    ]);
    expect(told.reasons[0]).toMatchObject({ value: 4, usual: 1.25 });
    expect(told.reasons[0]!.contribution).toBeCloseTo(0.3, 12);
    expect(told.otherContribution).toBeCloseTo(0.04, 12);
  });

  it('shows at most so many each way, the largest first', () => {
    const many = Array.from({ length: 20 }, (_, i): [string, number] => [`f${i}`, (i % 2 ? 1 : -1) * (0.1 + i / 100)]);
    const told = explain(given(many), frame, 0, 5, words);
    expect(told.reasons).toHaveLength(10);
    expect(told.reasons.slice(0, 5).map((reason) => reason.code)).toEqual(['f19', 'f17', 'f15', 'f13', 'f11']);
    const sum = told.baseValue + told.otherContribution + told.reasons.reduce((s, r) => s + r.contribution, 0);
    expect(sum).toBeCloseTo(given(many).total, 9);
  });

  it('says values with their unit in both languages', () => {
    const reason = { code: 'x', feature: 'meetings', contribution: 1 };
    const text = (
      unit: FeatureWords['unit'],
      value: number | string | null,
      usual: number | null,
      language: 'en' | 'th',
    ) => reasonText({ ...reason, unit, value, usual }, language, undefined, 'THB');
    expect(text('count', 4, 1.25, 'en')).toBe('Meetings: 4 (usual 1.3)');
    expect(text('days', 1, 12.4, 'en')).toBe('Meetings: 1 day (usual 12 days)');
    expect(text('ratio', 0.125, null, 'en')).toBe('Meetings: 12.5%');
    expect(text('money', 125_000_000, null, 'en')).toMatch(/1,250,000/);
    expect(text('none', null, null, 'en')).toBe('Meetings: not known');
    expect(text('days', 3, 9, 'th')).toBe('Meetings: 3 วัน (ปกติ 9 วัน)');
    expect(moneyText(50, 'JPY', 'en')).toContain('50');
    expect(moneyText(1_500, 'KWD', 'th')).toContain('1.500');
  });

  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['th', 'th'],
    ['TH-th', 'th'],
    ['fr, th;q=0.3, en;q=0.2', 'th'],
    ['en;q=0.9, th', 'th'],
    ['th;q=0', 'en'],
    [';;;q=x', 'en'],
  ])('hears %s as %s', (header, language) => {
    expect(languageOf(header)).toBe(language);
  });
});

describe('grades, intervals, cursors', () => {
  it('grades by stated cut-offs', () => {
    expect([1, 0.7, 0.699, 0.45, 0.2, 0.19, 0].map(gradeOf)).toEqual(['A', 'A', 'B', 'B', 'C', 'D', 'D']);
  });

  it('holds the probability and widens where the model was off or saw little', () => {
    for (const p of [0.001, 0.3, 0.999]) {
      const { low, high } = intervalOf(p, [{ n: 40, predicted: 0.3, observed: 0.4 }], 100);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThanOrEqual(p);
      expect(high).toBeGreaterThanOrEqual(p);
      expect(high).toBeLessThanOrEqual(1);
    }
    const width = (outcomes: number) => {
      const { low, high } = intervalOf(0.3, [], outcomes);
      return high - low;
    };
    expect(width(5)).toBeGreaterThan(width(500));
  });

  it('reads back its own cursors and no others', () => {
    const walk = { model: 'deal', sort: '-probability', filter: '' };
    const position = { version: 'v', asOf: 1, value: 0.123456789012345, id: 'crm:ด1' };
    const text = encodeCursor(position, walk);
    expect(decodeCursor(text, walk)).toEqual(position);
    expect(() => decodeCursor(text, { ...walk, sort: 'id' })).toThrow(/begin again/);
    for (const bad of ['', 'x', 'e30', Buffer.from('{"a":1}').toString('base64url')]) {
      expect(() => decodeCursor(bad, walk)).toThrow(/begin again/);
    }
  });
});
