import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chiSquareTail } from '../../../src/stats/chiSquare.ts';
import { gaussHermite } from '../../../src/stats/gaussHermite.ts';
import { normalCdf, normalQuantile } from '../../../src/stats/normal.ts';
import { wilson } from '../../../src/stats/wilson.ts';

describe('normal law', () => {
  // SciPy 1.x, scipy.stats.norm.cdf
  test.each([
    [-30, 4.906713927147908e-198],
    [-8, 6.22096057427174e-16],
    [-5, 2.866515718791933e-7],
    [-2, 0.022750131948179195],
    [-0.3, 0.3820885778110474],
    [0, 0.5],
    [0.7, 0.758036347776927],
    [1.96, 0.9750021048517795],
    [4, 0.9999683287581669],
  ])('distribution function at %d', (x, expected) => {
    expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(1e-12);
  });
  // Python 3, statistics.NormalDist().inv_cdf
  test.each([
    [1e-12, -7.034483825301132],
    [1e-6, -4.753424308822899],
    [0.001, -3.090232306167813],
    [0.02425, -1.9729610513118845],
    [0.1, -1.2815515655446008],
    [0.3, -0.5244005127080407],
    [0.5, 0],
    [0.75, 0.6744897501960817],
    [0.975, 1.9599639845400536],
    [0.999999, 4.753424308817089],
  ])('quantile at %d', (p, expected) => {
    expect(normalQuantile(p)).toBeCloseTo(expected, 12);
  });
  test('one undoes the other where the continued fraction begins', () => {
    const p = 0.0001731742718542795; // once 1.0004e-11 off, with too few terms
    expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(1e-12);
  });
  test('one undoes the other', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-100, max: 1 - 1e-9, noNaN: true }), (p) => {
        expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(1e-11);
      }),
    );
  });
  test('ends and outside', () => {
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(normalQuantile(1.1)).toBeNaN();
    expect([normalCdf(-60), normalCdf(60)]).toEqual([0, 1]);
  });
});

// SciPy, scipy.stats.chi2.sf
test.each([
  [28.162434, 9, 0.0008960363366688471],
  [3.84, 1, 0.05004352124870519],
  [0.5, 20, 0.9999999999997906],
  [200, 20, 1.1253473960842808e-31],
])('chi-square tail at %d with %d degrees', (x, degrees, expected) => {
  expect(Math.abs(chiSquareTail(x, degrees) / expected - 1)).toBeLessThan(1e-10);
});

test('Gauss-Hermite gives the moments of the normal law', () => {
  for (const n of [1, 5, 15, 31]) {
    const { nodes, weights } = gaussHermite(n);
    let moment = 1;
    for (let k = 0; k < Math.min(2 * n, 14); k += 2) {
      const even = nodes.reduce((sum, z, i) => sum + weights[i] * z ** k, 0);
      expect(Math.abs(even / moment - 1)).toBeLessThan(1e-9);
      moment *= k + 1;
    }
  }
});

test('Wilson interval', () => {
  // R: binom::binom.confint(3, 10, method = "wilson")
  const { low, high } = wilson(3, 10);
  expect(low).toBeCloseTo(0.1077913, 6);
  expect(high).toBeCloseTo(0.6032219, 6);
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  expect(wilson(0, 5).low).toBe(0);
});
