import { describe, expect, test } from 'vitest';
import { type CalendarEffects, evenDays } from '../../../models/forecast/calendarEffects.ts';
import { creationRate } from '../../../models/forecast/creationRate.ts';
import { newBusiness as coming, type PastDeal } from '../../../models/forecast/newBusiness.ts';
import { random } from '../../../src/random.ts';
import { calendar, DAY, type Period, WEEK } from '../../../src/time.ts';

const NOW = Date.UTC(2026, 4, 20);
const utc = calendar('UTC');
const newBusiness = (deals: PastDeal[], asOf: number, of: Period, won: CalendarEffects = evenDays) =>
  coming(deals, asOf, of, utc, won);
const period = (days: number, from = NOW - 30 * DAY) => ({ from, to: NOW + days * DAY, label: 'then' });

/** Deals at a steady rate, half of them won, after some days with mean 40. */
function past(weeks: number, perWeek: number, seed: number): PastDeal[] {
  const stream = random(seed);
  return Array.from({ length: weeks * perWeek }, (): PastDeal => {
    const createdAt = NOW - stream.uniform() * weeks * WEEK;
    const closedAt = createdAt - 40 * DAY * Math.log(1 - stream.uniform());
    const won = stream.uniform() < 0.5;
    const open = closedAt > NOW;
    return { createdAt, closedAt: open ? undefined : closedAt, won: won && !open, amountMinor: won && !open ? 1000 : Number.NaN }; // biome-ignore format: a row
  });
}

describe('deals not yet created', () => {
  test('recovers rate, chance and worth of a steady past', () => {
    const { arrivals, created } = newBusiness(past(120, 12, 3), NOW, period(91))!;
    expect(Math.abs(created / (12 * 13) - 1)).toBeLessThan(0.1);
    // Half the share of (1 - e^(-t / 40)) averaged over the 91 days.
    const chance = 0.5 * (1 - (40 / 91) * (1 - Math.exp(-91 / 40)));
    expect(Math.abs(arrivals.chance / chance - 1)).toBeLessThan(0.1);
    expect(arrivals.mean).toBeCloseTo(created * arrivals.chance, 6);
    expect([...arrivals.severity.value]).toEqual(new Array(arrivals.severity.value.length).fill(1000));
  });

  test('a period that lies ahead takes what is won inside it alone: two halves are the whole', () => {
    const deals = past(120, 12, 4);
    const mean = (from: number, to: number) => newBusiness(deals, NOW, { from: NOW + from * DAY, to: NOW + to * DAY, label: '' })!.arrivals.mean; // biome-ignore format: one call
    // Weeks are counted from their middle, so that a cut inside a week moves a little.
    expect(mean(0, 35) + mean(35, 91)).toBeCloseTo(mean(0, 91), 6);
  });

  test('where nothing is won at weekends none is expected there, and as much in whole weeks', () => {
    const deals = past(120, 12, 7);
    const saturday = NOW + 3 * DAY;
    const working: CalendarEffects = { of: {}, weight: (day) => (utc.weekday(day) > 5 ? 0.01 : 1.396) };
    const mean = (days: number, effects: CalendarEffects) => newBusiness(deals, saturday, { from: saturday - 5 * DAY, to: saturday + days * DAY, label: '' }, effects)?.arrivals.mean ?? 0; // biome-ignore format: one call
    expect(mean(2, working)).toBeLessThan(0.02 * mean(2, evenDays));
    expect(Math.abs(mean(91, working) / mean(91, evenDays) - 1)).toBeLessThan(0.03);
  });

  test('years ahead: steady deals bring what they bring now, cuts add up, and nobody asks a calendar of another century', () => {
    const deals = past(120, 12, 8);
    const asked: number[] = [];
    const watched: CalendarEffects = { of: {}, weight: (day) => Math.min(1, asked.push(day)) };
    const mean = (from: number, to: number, effects = evenDays) => newBusiness(deals, NOW, { from: NOW + from * DAY, to: NOW + to * DAY, label: '' }, effects)!.arrivals.mean; // biome-ignore format: one call
    const year = mean(2000, 2000 + 364);
    // Twelve a week, half of them won, each for 1.
    expect(Math.abs(year / (12 * 52 * 0.5) - 1)).toBeLessThan(0.1);
    expect(Math.abs((mean(0, 700) + mean(700, 1500)) / mean(0, 1500) - 1)).toBeLessThan(0.01);
    expect(mean(365_000, 365_091, watched)).toBeGreaterThan(0);
    expect(Math.max(...asked)).toBeLessThan(NOW + 3 * 365 * DAY);
  });

  test('nothing is said of a period that is over, or by a past that is short, empty or without wins', () => {
    const deals = past(120, 12, 5);
    expect(newBusiness(deals, NOW, period(0))).toBeUndefined();
    expect(newBusiness(past(5, 12, 5), NOW, period(91))).toBeUndefined();
    expect(newBusiness([], NOW, period(91))).toBeUndefined();
    expect(
      newBusiness(
        deals.map((deal) => ({ ...deal, won: false })),
        NOW,
        period(91),
      ),
    ).toBeUndefined();
  });

  test('a deal that was closed before it was created counts as closed at once', () => {
    const slip: PastDeal = { createdAt: NOW - 50 * DAY, closedAt: NOW - 60 * DAY, won: true, amountMinor: 1000 };
    const { arrivals } = newBusiness([...past(120, 12, 6), slip], NOW, period(91))!;
    expect(arrivals.chance).toBeGreaterThan(0);
    expect(Number.isFinite(arrivals.mean)).toBe(true);
  });
});

describe('weekly numbers', () => {
  test('steady ones stay so, and chance alone has no further spread', () => {
    const counts = Array.from({ length: 150 }, () => 20);
    const { rate, size } = creationRate(counts, 13);
    for (const value of rate) expect(value).toBeCloseTo(20, 6);
    expect(size).toBe(Number.POSITIVE_INFINITY);
  });
  test('a level that doubled is followed, and widens the spread', () => {
    const counts = Array.from({ length: 100 }, (_, week) => (week < 70 ? 10 : 20));
    const { rate, size } = creationRate(counts, 13);
    expect(rate[0]).toBeGreaterThan(17);
    expect(size).toBeLessThan(100);
    expect(size).toBeGreaterThanOrEqual(2);
  });
  test('a time of year is known again', () => {
    const counts = Array.from({ length: 156 }, (_, week) => (week % 52 < 8 ? 5 : 20));
    const { rate } = creationRate(counts, 30);
    // Weeks 156 to 163 are the first of the fourth year; drawn to the usual and smoothed over nine weeks.
    expect(rate[3]).toBeLessThan(0.75 * rate[20]!);
  });
  test('no weeks at all, or none with a deal', () => {
    expect([...creationRate([], 2).rate]).toEqual([0, 0]);
    expect([...creationRate([0, 0, 0, 0, 0, 0, 0, 0, 0], 2).rate]).toEqual([0, 0]);
  });
});
