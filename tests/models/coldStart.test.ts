import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  averagingWeights,
  betaBand,
  liftOdds,
  recordLift,
  recordTrust,
  shareOfSuccess,
  shrunkRateAlong,
  stackWeights,
  tiltToRate,
  WEAK_PRIOR,
} from '../../models/coldStart.ts';
import { hazards, incidence } from '../../models/hazards.ts';
import { random } from '../../src/random.ts';
import { betaQuantile } from '../../src/stats/betaQuantile.ts';
import { incompleteBeta } from '../../src/stats/incompleteBeta.ts';

describe('the beta law', () => {
  test('agrees with R: pbeta and qbeta', () => {
    expect(incompleteBeta(0.3, 2, 5)).toBeCloseTo(0.579825, 6);
    expect(incompleteBeta(0.01, 0.5, 30)).toBeCloseTo(0.5606656, 6);
    expect(betaQuantile(0.1, 1, 3)).toBeCloseTo(1 - 0.9 ** (1 / 3), 10);
    expect(betaQuantile(0.5, 7, 7)).toBeCloseTo(0.5, 10);
  });
  test('the quantile inverts the distribution; mirrored it is the other tail', () => {
    const shape = fc.double({ min: 0.1, max: 500, noNaN: true });
    fc.assert(
      fc.property(shape, shape, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (a, b, p) => {
        const x = betaQuantile(p, a, b);
        fc.pre(x > 1e-6 && x < 1 - 1e-6);
        expect(incompleteBeta(x, a, b)).toBeCloseTo(p, 5);
        expect(incompleteBeta(1 - x, b, a)).toBeCloseTo(1 - p, 5);
      }),
    );
  });
});

describe('shrinkage', () => {
  test('one level is (won + m p0) / (n + m); nothing known is the prior', () => {
    expect(shrunkRateAlong([{ won: 3, n: 5 }], { rate: 0.2, weight: 20 })).toEqual({ rate: 0.28, weight: 25 });
    expect(shrunkRateAlong([], WEAK_PRIOR)).toEqual(WEAK_PRIOR);
    expect(shrunkRateAlong([{ won: 0, n: 0 }], WEAK_PRIOR)).toEqual(WEAK_PRIOR);
  });
  test('an owner without outcomes has the rate of the team, a team without outcomes that of the company', () => {
    const company = { won: 30, n: 100 };
    const team = { won: 15, n: 20 };
    const none = { won: 0, n: 0 };
    const ofTeam = shrunkRateAlong([company, team], WEAK_PRIOR);
    expect(shrunkRateAlong([company, team, none], WEAK_PRIOR).rate).toBe(ofTeam.rate);
    expect(shrunkRateAlong([company, none], WEAK_PRIOR).rate).toBe(shrunkRateAlong([company], WEAK_PRIOR).rate);
    expect(ofTeam.rate).toBeGreaterThan(0.3);
    expect(ofTeam.rate).toBeLessThan(0.75);
  });

  /** Companies with a rate of the prior, n outcomes each: how often the 80 % band holds the rate. */
  const coverage = (n: number, rateOf: (u: number) => number): number => {
    const stream = random(31 + n);
    let held = 0;
    const companies = 1000;
    for (let k = 0; k < companies; k++) {
      const rate = rateOf(stream.uniform());
      let won = 0;
      for (let i = 0; i < n; i++) if (stream.uniform() < rate) won++;
      const { lo, hi } = betaBand(shrunkRateAlong([{ won, n }], WEAK_PRIOR));
      if (rate >= lo && rate <= hi) held++;
    }
    return held / companies;
  };
  test.each([0, 5, 20, 49])('after %i outcomes the band holds the rate of four companies in five', (n) => {
    // Beta(1, 3), by its inverse distribution: the prior itself.
    expect(coverage(n, (u) => 1 - (1 - u) ** (1 / 3))).toBeGreaterThan(0.76);
    expect(coverage(n, (u) => 1 - (1 - u) ** (1 / 3))).toBeLessThan(0.84);
  });
  test('companies unlike the prior (rates even from 10 to 60 %): close to nominal from 20 outcomes on', () => {
    for (const n of [20, 49]) {
      expect(coverage(n, (u) => 0.1 + 0.5 * u)).toBeGreaterThan(0.74);
      expect(coverage(n, (u) => 0.1 + 0.5 * u)).toBeLessThan(0.88);
    }
  });
  test('a band holds its rate, lies in [0, 1], narrows with outcomes and widens with disagreement', () => {
    const rate = fc.double({ min: 0, max: 1, noNaN: true });
    const weight = fc.double({ min: 1, max: 1000, noNaN: true });
    fc.assert(
      fc.property(rate, weight, fc.double({ min: 0, max: 0.05, noNaN: true }), (p, m, spread) => {
        const band = betaBand({ rate: p, weight: m }, spread);
        expect(band.lo).toBeGreaterThanOrEqual(0);
        expect(band.hi).toBeLessThanOrEqual(1);
        expect(band.lo).toBeLessThanOrEqual(Math.max(p, 1e-6));
        expect(band.hi).toBeGreaterThanOrEqual(Math.min(p, 1 - 1e-6));
      }),
      { numRuns: 50 },
    );
    const width = (m: number, spread = 0) => {
      const { lo, hi } = betaBand({ rate: 0.3, weight: m }, spread);
      return hi - lo;
    };
    expect(width(50)).toBeLessThan(width(20));
    expect(width(50, 0.01)).toBeGreaterThan(width(50));
  });
  test('one more outcome moves the rate by no more than 1 / (n + m + 1), the band by little', () => {
    for (let n = 0; n < 80; n++) {
      const before = shrunkRateAlong([{ won: Math.floor(n / 4), n }], WEAK_PRIOR);
      for (const won of [0, 1]) {
        const after = shrunkRateAlong([{ won: Math.floor(n / 4) + won, n: n + 1 }], WEAK_PRIOR);
        expect(Math.abs(after.rate - before.rate)).toBeLessThanOrEqual(1 / (n + WEAK_PRIOR.weight + 1) + 1e-12);
        const [a, b] = [betaBand(before), betaBand(after)];
        expect(Math.abs(a.lo - b.lo)).toBeLessThan(1.5 / (n + WEAK_PRIOR.weight + 1));
        expect(Math.abs(a.hi - b.hi)).toBeLessThan(1.5 / (n + WEAK_PRIOR.weight + 1));
      }
    }
  });
});

describe('hazards of a shrunk rate', () => {
  const grid = hazards([0, 10, 30, 90], 2);
  const p = Float64Array.of(0.9, 0.02, 0.08, 0.8, 0.1, 0.1, 0.7, 0.05, 0.25);
  test('the share of success is the rate; when things end stays as it was', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), (rate) => {
        const tilted = tiltToRate(grid, p, [true, false], rate);
        expect(shareOfSuccess(grid, tilted, [true, false])).toBeCloseTo(rate, 9);
        for (const t of [5, 10, 45, 90]) {
          const [a, b] = [incidence(grid, p, [t]), incidence(grid, tilted, [t])];
          expect(b[0]! + b[1]!).toBeCloseTo(a[0]! + a[1]!, 12);
        }
      }),
    );
  });
  test('a record multiplies the odds of success by what it says; with nothing known it moves nothing', () => {
    const share = shareOfSuccess(grid, p, [true, false]);
    const lift = recordLift(0.6, 0.3, 1);
    const lifted = shareOfSuccess(grid, liftOdds(grid, p, [true, false], lift), [true, false]);
    expect(lifted / (1 - lifted)).toBeCloseTo(((share / (1 - share)) * (0.6 / 0.4)) / (0.3 / 0.7), 8);
    for (const odd of [Number.NaN, 0, 1]) expect(recordLift(odd, 0.3, 1)).toBe(0);
    expect(liftOdds(grid, p, [true, false], 0)).toEqual(p);
  });
  test('records count in full below 50 outcomes, not from 200 on, and no outcome in between takes much away', () => {
    expect([0, 49, 50, 200, 5000].map(recordTrust)).toEqual([1, 1, 1, 0, 0]);
    for (let n = 0; n < 250; n++) {
      expect(recordTrust(n) - recordTrust(n + 1)).toBeGreaterThanOrEqual(0);
      expect(recordTrust(n) - recordTrust(n + 1)).toBeLessThan(0.007);
    }
  });
  test('with one cause there is nothing to share out', () => {
    const one = Float64Array.of(0.9, 0.1);
    expect(tiltToRate(hazards([0, 1], 1), one, [true], 0.3)).toEqual(one);
  });
});

describe('weights of a mixture', () => {
  test('without rows they are the pseudo outcomes; with many the better part wins; between they grow steadily', () => {
    const stream = random(5);
    const better = Array.from({ length: 400 }, () => 0.5 + 0.4 * stream.uniform());
    const worse = better.map(() => 0.5);
    const of = (n: number) =>
      stackWeights([worse.slice(0, n), better.slice(0, n)], new Float64Array(n).fill(1), [1, 1])[1]!;
    expect(of(0)).toBeCloseTo(0.5, 6);
    expect(of(400)).toBeGreaterThan(0.95);
    for (let n = 0; n < 399; n++) expect(Math.abs(of(n + 1) - of(n))).toBeLessThanOrEqual(1 / (n + 3));
  });
  test('averaging weights sum to 1 and follow the losses', () => {
    const w = averagingWeights([10, 12, 30], 0.5);
    expect(w.reduce((s, v) => s + v, 0)).toBeCloseTo(1, 12);
    expect(w[0]! / w[1]!).toBeCloseTo(Math.E, 9);
  });
});
