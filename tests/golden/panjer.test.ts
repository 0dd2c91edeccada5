import { describe, expect, test } from 'vitest';
import { cumulantsOf, panjer, severityOf } from '../../models/forecast/compound.ts';
import { block } from './values.ts';

const golden = block<{ lambda: number; severityPmf: number[]; pmf0to6: number[] }>('panjerPoisson');

describe('golden: compound laws', () => {
  test('Poisson', () => {
    const law = panjer({ mean: golden.lambda, size: Number.POSITIVE_INFINITY }, [0, 1, 2], golden.severityPmf, 200);
    for (const [k, value] of golden.pmf0to6.entries()) expect(law[k]).toBeCloseTo(value, 9);
    expect(law.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 9);
  });

  test.each([0.7, 3, 40])('negative binomial of size %d: the mixture of Poisson laws by its number', (size) => {
    const severity = [0.2, 0.5, 0.3];
    const mean = 4;
    const law = panjer({ mean, size }, [0, 1, 3], severity, 2000);
    // The count's own law, by its ratio of neighbours, and the powers of the severity.
    const expected = new Float64Array(2000);
    let count = (size / (size + mean)) ** size;
    let power = new Float64Array(2000);
    power[0] = 1;
    for (let n = 0; n < 400; n++) {
      for (let k = 0; k < expected.length; k++) expected[k] += count * power[k];
      const next = new Float64Array(2000);
      for (let k = 0; k < next.length; k++) {
        next[k] = severity[0] * power[k] + (k > 0 ? severity[1] * power[k - 1] : 0) + (k > 2 ? severity[2] * power[k - 3] : 0);
      }
      power = next;
      count *= ((n + size) / (n + 1)) * (mean / (mean + size));
    }
    for (let k = 0; k < 100; k++) expect(law[k]).toBeCloseTo(expected[k], 9);
    const moment = (of: (k: number) => number) => law.reduce((sum, mass, k) => sum + mass * of(k), 0);
    const m = moment((k) => k);
    const [k1, k2, k3] = cumulantsOf({ mean: mean * 0.8, size, severity: { value: Float64Array.of(1, 3), mass: Float64Array.of(0.625, 0.375) } }); // biome-ignore format: one call
    expect(m).toBeCloseTo(k1, 5);
    expect(moment((k) => (k - m) ** 2) / k2).toBeCloseTo(1, 4);
    expect(moment((k) => (k - m) ** 3) / k3).toBeCloseTo(1, 3);
  });

  test('what lies beyond the lattice is held in its last cell', () => {
    const law = panjer({ mean: 5, size: 2 }, [1, 50], [0.5, 0.5], 12);
    expect(law.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 9);
  });

  test('amounts in few values keep their mean', () => {
    const amounts = Array.from({ length: 501 }, (_, i) => (i * 7919) % 1009);
    const { value, mass } = severityOf(amounts, 24)!;
    const above = amounts.filter((amount) => amount > 0);
    expect(value).toHaveLength(24);
    expect(value.reduce((sum, v, k) => sum + v * mass[k], 0)).toBeCloseTo(above.reduce((a, b) => a + b, 0) / above.length, 6); // biome-ignore format: one check
    expect(severityOf([0, -5])).toBeUndefined();
  });
});
