import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { digamma } from '../../src/stats/digamma.ts';
import { gaussLegendre } from '../../src/stats/gaussLegendre.ts';
import { logHyp2f1 } from '../../src/stats/hyp2f1.ts';
import { incompleteBeta } from '../../src/stats/incompleteBeta.ts';
import { logGamma } from '../../src/stats/logGamma.ts';

/** Made by special.py with mpmath. */
const golden = JSON.parse(readFileSync(new URL('./special.json', import.meta.url), 'utf8')) as Record<
  'logGamma' | 'digamma' | 'logHyp2f1' | 'incompleteBeta',
  number[][]
>;
const functions: Record<keyof typeof golden, (...x: number[]) => number> = {
  logGamma: (x) => logGamma(x!),
  digamma: (x) => digamma(x!),
  logHyp2f1: (a, b, c, z) => logHyp2f1(a!, b!, c!, z!),
  incompleteBeta: (x, a, b) => incompleteBeta(x!, a!, b!),
};

describe.each(Object.keys(functions) as (keyof typeof golden)[])('golden: %s', (name) => {
  test.each(golden[name])('%#: %s', (...row) => {
    const expected = row.at(-1)!;
    const got = functions[name](...row.slice(0, -1));
    expect(Math.abs(got - expected)).toBeLessThan(2e-12 * Math.max(0.1, Math.abs(expected)));
  });
});

test('outside their range they say so', () => {
  expect(logGamma(0)).toBeNaN();
  expect(digamma(-1)).toBeNaN();
  expect(() => logHyp2f1(1, 1, 2, 1)).toThrow('expected positive a, b, c');
  expect(incompleteBeta(0, 2, 3)).toBe(0);
  expect(incompleteBeta(1, 2, 3)).toBe(1);
});

test('Gauss-Legendre is exact for polynomials up to degree 2 n - 1', () => {
  for (const n of [1, 2, 5, 16]) {
    const { nodes, weights } = gaussLegendre(n);
    for (let degree = 0; degree <= 2 * n - 1; degree++) {
      const sum = nodes.reduce((total, u, k) => total + weights[k]! * u ** degree, 0);
      expect(sum).toBeCloseTo(1 / (degree + 1), 13);
    }
  }
});
