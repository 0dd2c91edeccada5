import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { incidenceAt, softmaxBins } from '../../models/hazards.ts';
import { withinBin } from '../../models/withinBin.ts';
import { random } from '../../src/random.ts';
import { calendar, DAY } from '../../src/time.ts';

const edges = Float64Array.of(0, 7, 30, 90, 180);
const utc = calendar('UTC');
const strength = fc.double({ min: -3, max: 3, noNaN: true });
const asOf = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2026, 0, 1) });

describe('the clock inside a bin', () => {
  test('by hand: a quarter that ends 10 days into a bin of 20, twice the hazard in the 14 days before', () => {
    const at = Date.UTC(2025, 2, 22); // 10 days before 1 April
    const { clock } = withinBin(Float64Array.of(0, 20), Math.log(2), utc);
    // Weights: 10 days of 2, then 10 of 1: 30 in all.
    expect(clock(at, 10)).toBeCloseTo((20 * 20) / 30, 12);
    expect(clock(at, 15)).toBeCloseTo((20 * 25) / 30, 12);
    expect(clock(at, 20)).toBe(20);
  });

  test('edges stay, days keep their order, nothing changes without a push or beyond the last edge', () => {
    fc.assert(
      fc.property(asOf, strength, fc.double({ min: 0, max: 200, noNaN: true }), fc.double({ min: 0, max: 200, noNaN: true }), (from, gamma, a, b) => {
        const { clock } = withinBin(edges, gamma, utc);
        for (const edge of edges) expect(clock(from, edge)).toBeCloseTo(edge, 9);
        if (a <= b) expect(clock(from, a)).toBeLessThanOrEqual(clock(from, b) + 1e-9);
        if (a >= 180) expect(clock(from, a)).toBe(a);
        expect(withinBin(edges, 0, utc).clock(from, a)).toBe(a);
      }),
    ); // biome-ignore format: one property
  });

  test('the day of a clock is its inverse; what is missing stays missing', () => {
    fc.assert(
      fc.property(asOf, strength, fc.double({ min: 0, max: 250, noNaN: true }), (from, gamma, days) => {
        const { clock, day } = withinBin(edges, gamma, utc);
        expect(day(from, clock(from, days))).toBeCloseTo(days, 8);
      }),
    );
    expect(withinBin(edges, 1, utc).day(0, Number.NaN)).toBeNaN();
    expect(withinBin(edges, 1, utc).clock(0, Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });

  test('read at the clock, incidences still sum to 1 with what is open, and only grow', () => {
    const grid = { edges, causes: 2 };
    const draw = random(3);
    const p = softmaxBins(
      grid,
      Float64Array.from({ length: 8 }, () => draw.normal() - 1),
    );
    const { clock } = withinBin(edges, 0.8, utc);
    const F = new Float64Array(2);
    let before = [0, 0];
    for (let days = 0; days <= 200; days += 0.5) {
      const open = incidenceAt(grid, p, 0, clock(Date.UTC(2025, 4, 3, 7), days), F);
      expect(F[0]! + F[1]! + open).toBeCloseTo(1, 9);
      expect(F[0]!).toBeGreaterThanOrEqual(before[0]! - 1e-12);
      expect(F[1]!).toBeGreaterThanOrEqual(before[1]! - 1e-12);
      before = [...F];
    }
  });

  test('more is said to come before the end of the quarter than evenly', () => {
    const at = Date.UTC(2025, 5, 1);
    const toEnd = (Date.UTC(2025, 6, 1) - at) / DAY;
    expect(withinBin(Float64Array.of(0, 60), 0.5, utc).clock(at, toEnd)).toBeGreaterThan(toEnd);
  });
});
