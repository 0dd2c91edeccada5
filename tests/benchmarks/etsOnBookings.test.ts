import { describe, expect, it } from 'vitest';
import { etsOnBookings } from '../../benchmarks/quality/etsOnBookings.ts';
import { topDown } from '../../models/forecast/topDown.ts';
import { ets } from '../../models/series/ets.ts';
import { WEEK } from '../../src/time.ts';

const steady = (weeks: number, minor: number) => Array.from({ length: weeks }, (_, k) => ({ at: k * WEEK + 1, minor }));
const period = { from: 39 * WEEK, to: 52 * WEEK, label: 'q' };

describe('a period by its bookings alone', () => {
  it('is what is booked and as much each week as there always was', () => {
    const asOf = 44 * WEEK;
    expect(etsOnBookings(steady(44, 100), asOf, 500, period)).toBeCloseTo(500 + 8 * 100, 3);
  });

  it('counts of the last week only what lies in the period', () => {
    const asOf = 43.5 * WEEK;
    const won = steady(44, 100).filter(({ at }) => at < asOf);
    const said = etsOnBookings(won, asOf, 400, { ...period, to: 45 * WEEK });
    expect(said).toBeGreaterThan(400 + 140);
    expect(said).toBeLessThan(400 + 160);
  });

  it('of a period to come counts its own weeks only', () => {
    expect(etsOnBookings(steady(30, 100), 30 * WEEK, 0, period)).toBeCloseTo(13 * 100, 3);
    const shifted = { from: 39.5 * WEEK, to: 40.25 * WEEK };
    expect(topDown(steady(30, 100), 30 * WEEK, 0, shifted, ets)).toBeCloseTo(75, 3);
  });

  it('knows nothing of what came after the look, and nothing where nothing was won', () => {
    const asOf = 44 * WEEK;
    const later = [...steady(44, 100), { at: asOf + 1, minor: 1e9 }];
    expect(etsOnBookings(later, asOf, 500, period)).toBe(etsOnBookings(steady(44, 100), asOf, 500, period));
    expect(etsOnBookings([], asOf, 7, period)).toBe(7);
  });
});
