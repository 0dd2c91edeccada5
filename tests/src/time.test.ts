import { describe, expect, test } from 'vitest';
import { calendar, DAY, formatInstant, knownAfter, parseInstant } from '../../src/time.ts';

const zones = ['Asia/Kathmandu', 'America/Sao_Paulo', 'Asia/Beirut', 'Africa/Cairo', 'America/New_York', 'Australia/Lord_Howe', 'UTC']; // biome-ignore format: a row

describe('days of a zone', () => {
  test('where clocks spring at midnight, the day begins at the first instant it has', () => {
    const day = parseInstant('2017-10-15', 'America/Sao_Paulo')!;
    expect(formatInstant(day)).toBe('2017-10-15T03:00:00.000Z');
    const sao = calendar('America/Sao_Paulo');
    expect(sao.startOfDay(day)).toBe(day);
    expect(sao.date(day)).toBe('2017-10-15');
    expect(formatInstant(knownAfter(day, sao))).toBe('2017-10-16T02:00:00.000Z');
  });

  test('a bare date of any day is known by the next midnight and not before', () => {
    for (const zone of zones) {
      const days = calendar(zone);
      for (let noon = Date.UTC(2017, 0, 1, 12); noon < Date.UTC(2024, 0, 1); noon += DAY) {
        const date = new Date(noon).toISOString().slice(0, 10);
        const at = parseInstant(date, zone)!;
        expect([zone, date, days.date(at), days.date(at - 1) < date]).toEqual([zone, date, date, true]);
        const known = knownAfter(at, days);
        expect([zone, date, known - at >= 23 * 3_600_000, days.date(known) > date]).toEqual([zone, date, true, true]);
      }
    }
  });
});

test('a year of two digits, or the zero date of a database, is refused and not moved to the last century', () => {
  for (const text of ['0001-01-01', '0001-01-01T00:00:00Z', '0026-11-21', '0099-12-31'])
    expect(parseInstant(text, 'UTC')).toBeUndefined();
});

test('a period of a Buddhist year is refused, with the Gregorian one that it is, and nothing else is', () => {
  const bangkok = calendar('Asia/Bangkok', 10);
  for (const [label, meant] of [
    ['2569', '2026'],
    ['2569-Q4', '2026-Q4'],
    ['2569-11', '2026-11'],
    ['2569-W47', '2026-W47'],
  ] as const)
    expect(() => bangkok.period(label)).toThrow(expect.objectContaining({ code: 'period-unknown', status: 400, path: 'period', message: expect.stringMatching(new RegExp(`"${label}".*beyond 2400.*Gregorian.*say ${meant}$`)) })); // biome-ignore format: one check
  expect(() => bangkok.period('9999')).toThrow(/beyond 2400, expected a Gregorian one$/);
  for (const label of ['1000', '2400', '2400-Q4', '2400-W52', '2400-12'])
    expect(bangkok.period(label).label).toBe(label);
});
