import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CalendarEffects } from '../../models/forecast/calendarEffects.ts';
import { evenDays } from '../../models/forecast/calendarEffects.ts';
import { hazards, incidenceAt, incidenceOver } from '../../models/hazards.ts';
import { pacedBins } from '../../models/pacedBins.ts';
import { withinBin } from '../../models/withinBin.ts';
import { calendar, DAY } from '../../src/time.ts';
import { testSeed } from '../arbitraries.ts';

const berlin = calendar('Europe/Berlin');
const edges = Float64Array.of(0, 0.5, 7, 14, 30, 60, 120, 365);
const grid = hazards(edges, 2);
const p = Float64Array.from({ length: 21 }, (_, k) => [0.9, 0.06, 0.04][k % 3]! + [-0.02, 0.01, 0.01][k % 3]! * Math.floor(k / 3)); // biome-ignore format: one table
const F = new Float64Array(2);
const NOW = Date.UTC(2026, 2, 18, 9);

const working: CalendarEffects = { of: {}, weight: (day) => (berlin.weekday(day) > 5 ? 0.01 : 1.396) };
const anyEffects = fc.array(fc.double({ min: 0.01, max: 3, noNaN: true }), { minLength: 7, maxLength: 7 }).map((week): CalendarEffects => ({ of: {}, weight: (day) => week[berlin.weekday(day) - 1]! })); // biome-ignore format: one arbitrary

test('with even days it is what the model itself says, at any day, with the end of the quarter or without', () => {
  for (const strength of [0, 0.75]) {
    const within = withinBin(edges, strength, berlin);
    const paced = pacedBins(edges, strength, berlin);
    const pace = () => evenDays;
    for (const days of [0, 0.2, 0.5, 3, 7, 13.6, 20, 44.25, 119, 200, 365, 500]) {
      incidenceAt(grid, p, 0, within.clock(NOW, days), F);
      const plain = [...F];
      incidenceOver(grid, p, 0, paced.shares(NOW, days, pace), F);
      expect([...F]).toEqual(plain.map((f) => expect.closeTo(f, 9)));
    }
  }
});

test('nothing is won at a weekend where nothing ever is, and Monday brings it', () => {
  const paced = pacedBins(edges, 0, berlin);
  const pace = () => working;
  const saturday = berlin.startOfDay(Date.UTC(2026, 2, 21));
  const by = (days: number) => {
    incidenceOver(grid, p, 0, paced.shares(saturday, days, pace), F);
    return F[0]!;
  };
  expect(by(2)).toBeLessThan(0.06 * by(3));
  // A whole week has its usual share.
  incidenceAt(grid, p, 0, 7, F);
  expect(Math.abs(by(7) / F[0]! - 1)).toBeLessThan(0.03);
});

test('incidence grows with time and all of it stays within 1, whatever the calendar', () => {
  const anyDays = fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(
      anyEffects,
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.nat(400 * 24),
      anyDays,
      (effects, strength, hours, days) => {
        // biome-ignore format: one call
        const paced = pacedBins(edges, strength, berlin);
        const pace = () => effects;
        let before = [0, 0];
        for (const day of days.sort((a, b) => a - b)) {
          const open = incidenceOver(grid, p, 0, paced.shares(NOW + hours * (DAY / 24), day, pace), F);
          expect(F[0]! + F[1]! + open).toBeCloseTo(1, 9);
          for (const [c, f] of F.entries()) expect(f).toBeGreaterThanOrEqual(before[c]! - 1e-12);
          before = [...F];
        }
      },
    ),
    { seed: testSeed, numRuns: 100 },
  );
});
