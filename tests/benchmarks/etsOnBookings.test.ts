import { describe, expect, it } from 'vitest';
import { etsOnBookings } from '../../benchmarks/quality/etsOnBookings.ts';
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

  it('knows nothing of what came after the look, and nothing where nothing was won', () => {
    const asOf = 44 * WEEK;
    const later = [...steady(44, 100), { at: asOf + 1, minor: 1e9 }];
    expect(etsOnBookings(later, asOf, 500, period)).toBe(etsOnBookings(steady(44, 100), asOf, 500, period));
    expect(etsOnBookings([], asOf, 7, period)).toBe(7);
  });
});
