import { describe, expect, it } from 'vitest';
import { periodAt, periodBefore, periodKinds, yearBefore } from '../../src/periods.ts';
import { calendar, DAY, formatInstant, parseInstant } from '../../src/time.ts';

const bangkok = calendar('Asia/Bangkok', 10); // the fiscal year begins in October
const berlin = calendar('Europe/Berlin');

describe('the period of a kind at an instant', () => {
  it('holds it, and begins where the one before ends, for years on end', () => {
    const sunday = calendar('America/New_York', 4, 7);
    for (const company of [bangkok, berlin, sunday])
      for (const kind of periodKinds)
        for (let at = Date.parse('2019-12-20T05:00:00Z'); at < Date.parse('2027-02-01T00:00:00Z'); at += 3.3 * DAY) {
          const period = periodAt(company, kind, at);
          expect(period.from <= at && at < period.to).toBe(true);
          expect(company.period(period.label)).toEqual(period);
          expect(periodBefore(company, period).to).toBe(period.from);
        }
  });

  it('is named as asked for', () => {
    const at = Date.parse('2026-11-18T05:00:00Z');
    expect(periodKinds.map((kind) => periodAt(berlin, kind, at).label)).toEqual(['2026-W47', '2026-11', '2026-Q4', '2026']); // biome-ignore format: one check
    // A fiscal year that begins in October.
    expect(periodKinds.map((kind) => periodAt(bangkok, kind, at).label)).toEqual(['2026-W47', '2026-11', '2027-Q1', '2027']); // biome-ignore format: one check
    expect(periodAt(berlin, 'week', Date.parse('2027-01-02T12:00:00Z')).label).toBe('2026-W53');
  });
});

describe('periods before', () => {
  it.each([
    ['2026-Q1', '2025-Q4', '2025-Q1'],
    ['2026-Q3', '2026-Q2', '2025-Q3'],
    ['2026-01', '2025-12', '2025-01'],
    ['2026-11', '2026-10', '2025-11'],
    ['2026', '2025', '2025'],
    ['2027-W01', '2026-W53', '2026-W01'],
    ['2026-W01', '2025-W52', '2025-W01'],
    ['2026-W53', '2026-W52', '2025-W52'],
  ])('of %s: %s, and a year before %s', (label, before, year) => {
    for (const company of [bangkok, berlin]) {
      const period = company.period(label);
      expect(periodBefore(company, period)).toEqual(company.period(before));
      expect(yearBefore(company, period)).toEqual(company.period(year));
      expect(periodBefore(company, period).to).toBe(period.from);
    }
  });

  it('of any days: as many before, over the night in which clocks are moved too', () => {
    const period = { from: berlin.period('2026-04').from, to: Date.parse('2026-04-08T22:00:00Z'), label: '' }; // 8 days
    expect(formatInstant(periodBefore(berlin, period).from)).toBe('2026-03-23T23:00:00.000Z');
    expect(periodBefore(berlin, period).label).toBe('2026-03-24/2026-04-01');
    expect(periodBefore(berlin, period).to).toBe(period.from);
  });

  it.each(['1000', '1000-Q3', '1000-02', '1000-W05'])('of %s: none a year before, and it is named as asked for', (label) => {
    const period = bangkok.period(label);
    expect(() => yearBefore(bangkok, period)).toThrow(expect.objectContaining({ code: 'period-unknown', status: 400, path: 'period', message: expect.stringContaining(`"${label}"`) })); // biome-ignore format: one check
    if (label === '1000') expect(() => periodBefore(bangkok, period)).toThrow('"1000"');
    else expect(periodBefore(bangkok, period).to).toBe(period.from);
  }); // biome-ignore format: one table

  it('of days of the year 1000: none a year before', () => {
    const days = { from: parseInstant('1000-01-01', 'Asia/Bangkok')!, to: parseInstant('1000-02-01', 'Asia/Bangkok')!, label: '1000-01-01/1000-02-01' }; // biome-ignore format: a row
    expect(() => yearBefore(bangkok, days)).toThrow(expect.objectContaining({ code: 'period-unknown', path: 'from' }));
  });

  it('a year before 29 February is the 28th; the time of day stays', () => {
    const from = Date.parse('2028-02-29T03:30:00Z');
    const to = Date.parse('2028-03-01T17:00:00Z');
    const year = yearBefore(bangkok, { from, to, label: '' });
    expect([year.from, year.to].map(formatInstant)).toEqual(['2027-02-28T03:30:00.000Z', '2027-03-01T17:00:00.000Z']);
  });
});
