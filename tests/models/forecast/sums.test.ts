import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commonFactorSum, estimateRho, givenLuck } from '../../../models/forecast/commonFactor.ts';
import { dealSum } from '../../../models/forecast/dealSum.ts';
import { atLeast, meanOf, quantileOf, varianceOf } from '../../../models/forecast/distribution.ts';
import { random } from '../../../src/random.ts';
import { normalQuantile } from '../../../src/stats/normal.ts';

/** The plain way: a map from sum to probability, one deal after the other. */
function convolution(amount: readonly number[], p: readonly number[]): Map<number, number> {
  let law = new Map([[0, 1]]);
  for (const [i, a] of amount.entries()) {
    const next = new Map<number, number>();
    for (const [sum, mass] of law) {
      next.set(sum, (next.get(sum) ?? 0) + mass * (1 - p[i]));
      next.set(sum + a, (next.get(sum + a) ?? 0) + mass * p[i]);
    }
    law = next;
  }
  return law;
}
const probability = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const dealsOf = (amount: fc.Arbitrary<number>, maxLength: number) =>
  fc.array(fc.record({ a: amount, p: probability }), { maxLength });

describe('law of a sum', () => {
  test('few deals, and many with a common divisor: exactly the convolution, whatever the sign', () => {
    fc.assert(
      fc.property(dealsOf(fc.integer({ min: -30, max: 90 }), 25), (deals) => {
        const [amount, p] = [deals.map((deal) => deal.a), deals.map((deal) => deal.p)];
        const law = dealSum(amount, p);
        const expected = convolution(amount, p);
        expect(law.width).toBe(0);
        for (const [i, value] of law.values.entries()) expect(law.mass[i]).toBeCloseTo(expected.get(value) ?? 0, 10);
        for (const x of [-50, 0, 1, 45, 200]) {
          let share = 0;
          for (const [sum, mass] of expected) if (sum >= x) share += mass;
          expect(atLeast(law, x)).toBeCloseTo(share, 9);
        }
      }),
    );
  });

  test('many deals of any size: the mean is within a cell, the lattice adds next to no variance, mass is one', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ a: fc.integer({ min: -5e8, max: 5e9 }), p: fc.double({ min: 0.01, max: 0.99, noNaN: true }) }),
          {
            minLength: 13,
            maxLength: 80,
          },
        ),
        (deals) => {
          const [amount, p] = [deals.map((deal) => deal.a), deals.map((deal) => deal.p)];
          const law = dealSum(amount, p);
          const mean = deals.reduce((sum, deal) => sum + deal.a * deal.p, 0);
          const variance = deals.reduce((sum, deal) => sum + deal.a ** 2 * deal.p * (1 - deal.p), 0);
          expect(law.mass.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
          expect(Math.abs(meanOf(law) - mean)).toBeLessThan(1e-9 * Math.abs(mean) + law.width);
          expect(Math.abs(Math.sqrt(varianceOf(law) / variance) - 1)).toBeLessThan(0.01);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('shared luck keeps the mean and widens the rest', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ a: fc.integer({ min: 1, max: 1e9 }), p: fc.double({ min: 0.01, max: 0.99, noNaN: true }) }),
          {
            minLength: 2,
            maxLength: 60,
          },
        ),
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        (deals, rho) => {
          const [amount, p] = [deals.map((deal) => deal.a), deals.map((deal) => deal.p)];
          const [alone, together] = [dealSum(amount, p), commonFactorSum(amount, p, rho)];
          expect(Math.abs(meanOf(together) / meanOf(alone) - 1)).toBeLessThan(1e-4);
          expect(varianceOf(together)).toBeGreaterThan(varianceOf(alone) * 0.999);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('quantiles rise with the level and lie between nothing and everything', () => {
    fc.assert(
      fc.property(dealsOf(fc.integer({ min: -1e6, max: 1e9 }), 40), (deals) => {
        const law = commonFactorSum(
          deals.map((deal) => deal.a),
          deals.map((deal) => deal.p),
          0.05,
        );
        let before = deals.reduce((sum, deal) => sum + Math.min(0, deal.a), 0);
        const most = deals.reduce((sum, deal) => sum + Math.max(0, deal.a), 0);
        for (const level of [0, 0.01, 0.1, 0.5, 0.9, 0.99, 1]) {
          const value = quantileOf(law, level);
          expect(value).toBeGreaterThanOrEqual(before - 1e-6 * Math.max(1, most));
          before = value;
        }
        expect(before).toBeLessThanOrEqual(most * (1 + 1e-9) + 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  test('a rare giant among many small deals is still seen', () => {
    const amount = [...Array.from({ length: 40 }, (_, i) => 1_000_003 + 7 * i), 9_000_000_001];
    const p = amount.map((a) => (a > 1e9 ? 0.001 : 0.5));
    expect(atLeast(dealSum(amount, p), 8_000_000_000)).toBeCloseTo(0.001, 9);
  });

  test('many deals of which none can happen: nothing for certain, and they change nothing beside others', () => {
    const none = Array.from({ length: 100 }, () => 0);
    const amount = none.map((_, i) => 1000 + i);
    for (const rho of [0, 0.05]) {
      const law = commonFactorSum(amount, none, rho);
      for (const level of [0.1, 0.5, 0.9]) expect(quantileOf(law, level)).toBe(0);
      const beside = commonFactorSum([...amount, 500, 700], [...none, 0.4, 0.6], rho);
      const alone = commonFactorSum([500, 700], [0.4, 0.6], rho);
      for (const level of [0.1, 0.5, 0.9]) expect(quantileOf(beside, level)).toBe(quantileOf(alone, level));
    }
  });

  test('no deals, deals of nothing, one deal, sure deals', () => {
    expect(quantileOf(dealSum([], []), 0.5)).toBe(0);
    expect(quantileOf(commonFactorSum([0, 0], [0.5, 0.1], 0.1), 0.9)).toBe(0);
    const one = commonFactorSum([700], [0.3], 0.1);
    expect([...one.values]).toEqual([0, 700]);
    expect(one.mass[1]).toBeCloseTo(0.3, 6);
    expect(quantileOf(dealSum([1, 2, 4], [1, 0, 1]), 0.5)).toBe(5);
  });
});

describe('against 100,000 draws', () => {
  const draws = 100_000;
  const seed = 20;
  // The sample's own noise in a quantile is about 1.7 standard deviations / sqrt(draws); .4 % is well above it here.
  test.each([
    [60, 0],
    [60, 0.03],
    [200, 0.05],
  ])(`%d deals with rho %d (seed ${seed}): p10, p50 and p90 within .4 %% of the mean`, (n, rho) => {
    const stream = random(seed);
    const amount = Float64Array.from({ length: n }, () => Math.round(1e7 * Math.exp(0.8 * stream.normal())));
    const p = Float64Array.from({ length: n }, () => 0.1 + 0.8 * stream.uniform());
    const thresholds = p.map(normalQuantile);
    const chance = new Float64Array(n);
    const sums = new Float64Array(draws);
    for (let k = 0; k < draws; k++) {
      // One luck serves 20 draws, and the lucks are stratified: as good a sample as fresh ones, in a twentieth of the time.
      if (k % 20 === 0) {
        const z = normalQuantile((k / 20 + stream.uniform()) / (draws / 20));
        for (let i = 0; i < n; i++) chance[i] = rho === 0 ? p[i] : givenLuck(thresholds[i], rho, z);
      }
      for (let i = 0; i < n; i++) if (stream.uniform() < chance[i]) sums[k] += amount[i];
    }
    sums.sort();
    const law = commonFactorSum(amount, p, rho);
    const mean = meanOf(law);
    for (const level of [0.1, 0.5, 0.9]) {
      expect(Math.abs(quantileOf(law, level) - sums[Math.floor(level * draws)]) / mean).toBeLessThan(0.004);
    }
  });

  test('2,000 deals: no staircase, as the exact mixture over a thousand lucks by the normal approximation', () => {
    const stream = random(4);
    const n = 2000;
    const amount = Float64Array.from({ length: n }, () => Math.round(1e7 * Math.exp(0.5 * stream.normal())));
    const p = Float64Array.from({ length: n }, () => 0.6 * stream.uniform());
    const law = commonFactorSum(amount, p, 0.1);
    const thresholds = p.map(normalQuantile);
    const samples: number[] = [];
    for (let k = 0; k < 1000; k++) {
      const z = normalQuantile((k + 0.5) / 1000);
      let [mean, variance] = [0, 0];
      for (let i = 0; i < n; i++) {
        const q = givenLuck(thresholds[i], 0.1, z);
        mean += q * amount[i];
        variance += q * (1 - q) * amount[i] ** 2;
      }
      for (let j = 0; j < 20; j++) samples.push(mean + Math.sqrt(variance) * normalQuantile((j + 0.5) / 20));
    }
    samples.sort((a, b) => a - b);
    for (const level of [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]) {
      expect(Math.abs(quantileOf(law, level) / samples[Math.round(level * samples.length)] - 1)).toBeLessThan(0.004);
    }
  });
});

describe('rho from the past', () => {
  function past(rho: number, seed: number, periods: number) {
    const stream = random(seed);
    return Array.from({ length: periods }, () => {
      const z = stream.normal();
      const p = Float64Array.from({ length: 200 }, () => 0.1 + 0.5 * stream.uniform());
      const amount = p.map(() => 1e6 * Math.exp(0.5 * stream.normal()));
      const won = p.map((q) => (stream.uniform() < givenLuck(normalQuantile(q), rho, z) ? 1 : 0));
      return { amount, p, won };
    });
  }
  test('recovered from many periods; near 0 where deals are independent', () => {
    expect(Math.abs(estimateRho(past(0.1, 1, 400)) - 0.1)).toBeLessThan(0.03);
    expect(estimateRho(past(0, 2, 400))).toBeLessThan(0.005);
  });
  test('held within [0, .3]; the default without a past or without doubt', () => {
    expect(estimateRho([])).toBe(0.03);
    expect(estimateRho([{ amount: [5], p: [1], won: [1] }])).toBe(0.03);
    expect(estimateRho([{ amount: [1, 1], p: [0.01, 0.01], won: [1, 1] }])).toBe(0.3);
    expect(estimateRho([{ amount: [1, 1], p: [0.5, 0.5], won: [1, 0] }])).toBe(0);
  });
});
