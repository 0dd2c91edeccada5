import { describe, expect, it } from 'vitest';
import { periodBefore, yearBefore } from '../../src/periods.ts';
import { calendar, formatInstant } from '../../src/time.ts';

const bangkok = calendar('Asia/Bangkok', 10); // the fiscal year begins in October
const berlin = calendar('Europe/Berlin');

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

  it('a year before 29 February is the 28th; the time of day stays', () => {
    const from = Date.parse('2028-02-29T03:30:00Z');
    const to = Date.parse('2028-03-01T17:00:00Z');
    const year = yearBefore(bangkok, { from, to, label: '' });
    expect([year.from, year.to].map(formatInstant)).toEqual(['2027-02-28T03:30:00.000Z', '2027-03-01T17:00:00.000Z']);
  });
});
