import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  demandPattern,
  forecastSeries,
  type MethodName,
  methodNames,
  seriesMethods,
  withRegressors,
} from '../../../models/series/index.ts';
import { random } from '../../../src/random.ts';
import { testSeed } from '../../arbitraries.ts';

const golden = { sparse: [0, 0, 3, 0, 0, 0, 2, 0, 0, 1, 0, 0, 4], croston: 0.9214541 };

test("Croston as R's, SBA without its bias", () => {
  const y = Float64Array.from(golden.sparse);
  expect(seriesMethods.croston(y).forecast(2)[1]).toBeCloseTo(golden.croston, 6);
  expect(seriesMethods.sba(y).forecast(1)[0]).toBeCloseTo(0.95 * golden.croston, 6);
});

test('patterns: steady, sparse, fading, none', () => {
  const sparse = Array.from({ length: 40 }, (_, t) => (t % 4 === 3 ? 5 : 0));
  expect(demandPattern([3, 4, 2, 5, 3, 4], 1)).toBe('steady');
  expect(demandPattern(sparse, 1)).toBe('sparse');
  expect(demandPattern([...sparse, ...new Array<number>(20).fill(0)], 1)).toBe('fading');
  expect(demandPattern([0, 0, 0], 1)).toBe('none');
  expect(demandPattern([0, -1, 0, 0, 2, 0], 1)).toBe('steady');
});

describe('whatever the series, no NaN, ordered ends, the same again', () => {
  const value = fc.oneof(
    fc.integer({ min: 0, max: 50 }),
    fc.double({ min: -1e6, max: 1e9, noNaN: true }),
    fc.constant(0),
  );
  test.each(methodNames.filter((name) => name !== 'holt-winters-multiplicative'))('%s', (method: MethodName) => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 24 }), fc.constantFrom(1, 4), (y, season) => {
        const ask = { season, horizon: 5, method, origins: 2 };
        const said = forecastSeries(y, ask);
        for (const level of [80, 95] as const)
          for (let h = 0; h < 5; h++) {
            expect(Number.isFinite(said.mean[h])).toBe(true);
            expect(said.intervals[level].low[h]).toBeLessThanOrEqual(said.mean[h]);
            expect(said.intervals[level].high[h]).toBeGreaterThanOrEqual(said.mean[h]);
            expect(said.intervals[95].low[h]).toBeLessThanOrEqual(said.intervals[80].low[h]);
            if (y.every((v) => v >= 0)) expect(said.intervals[level].low[h]).toBeGreaterThanOrEqual(0);
          }
        expect(forecastSeries(y, ask)).toEqual(said);
      }),
      { seed: testSeed, numRuns: 6 },
    );
  });
});

test('constant, all zero, one point, a straight line', () => {
  expect([...forecastSeries([7, 7, 7, 7, 7, 7], { horizon: 2 }).mean]).toEqual([7, 7]);
  expect([...forecastSeries(new Array<number>(20).fill(0), { horizon: 2 }).intervals[95].high]).toEqual([0, 0]);
  expect(forecastSeries([3], { horizon: 1 }).mean[0]).toBeCloseTo(3, 9);
  const line = forecastSeries(
    Array.from({ length: 30 }, (_, t) => 10 + 2 * t),
    { horizon: 1, method: 'holt' },
  );
  expect(line.mean[0]).toBeCloseTo(70, 3);
});

test.each([
  [[1, 2], { horizon: 0 }, 'horizon-invalid'],
  [[1, 2], { horizon: 1e6 }, 'horizon-invalid'],
  [[1, 2], { horizon: 1, season: 0 }, 'season-invalid'],
  [[], { horizon: 1 }, 'series-empty'],
  [[1, Number.NaN], { horizon: 1 }, 'series-value'],
  [
    [1, -2, 3, 4, 5, 6, 7, 8],
    { horizon: 1, season: 2, method: 'holt-winters-multiplicative' as const },
    'series-not-positive',
  ],
])('refused: %j %j', (y, ask, code) => {
  expect(() => forecastSeries(y, ask)).toThrow(expect.objectContaining({ code }));
});

test('scaled values, scaled forecast', () => {
  const y = Array.from({ length: 48 }, (_, t) => 100 + t + 20 * Math.sin(t * 0.5236) + ((t * 7919) % 13));
  const [one, other] = [1, 1e6].map((scale) =>
    forecastSeries(
      y.map((v) => v * scale),
      { horizon: 6, season: 12 },
    ),
  );
  for (let h = 0; h < 6; h++) expect(other!.mean[h] / one!.mean[h] / 1e6).toBeCloseTo(1, 4);
});

test('intervals of many seeded series hold about what they say', () => {
  const r = random(testSeed);
  let [inside, outside] = [0, 0];
  for (let i = 0; i < 40; i++) {
    const y = Array.from({ length: 66 }, () => 50 + 5 * r.normal());
    const { intervals } = forecastSeries(y.slice(0, 60), { horizon: 6, method: 'ses' });
    for (let h = 0; h < 6; h++)
      if (y[60 + h]! >= intervals[80].low[h] && y[60 + h]! <= intervals[80].high[h]) inside++;
      else outside++;
  }
  expect(inside / (inside + outside)).toBeGreaterThan(0.7);
  expect(inside / (inside + outside)).toBeLessThan(0.9);
});

test('a promotion is recovered in proportion, noise is left out', () => {
  const r = random(testSeed + 1);
  const values = Float64Array.from({ length: 66 }, (_, t) => (t % 5 === 0 ? 1 : 0));
  const noise = Float64Array.from({ length: 66 }, () => r.normal());
  const y = Float64Array.from({ length: 60 }, (_, t) => 100 * Math.exp(0.3 * values[t] + 0.02 * r.normal()));
  const fit = withRegressors(seriesMethods.ses, [
    { name: 'promotion', values },
    { name: 'noise', values: noise },
  ])(y, 1);
  expect(fit.parameters['promotion']).toBeCloseTo(0.3, 1);
  expect(Math.abs(fit.parameters['noise']!)).toBeLessThan(0.02);
  const mean = fit.forecast(6);
  expect(mean[0] / mean[1]).toBeCloseTo(Math.exp(0.3), 1);
  expect(() => fit.forecast(7)).toThrow(expect.objectContaining({ code: 'regressor-short' }));
});
