import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auc, aucNullError } from '../../../src/stats/auc.ts';
import { averagePrecision } from '../../../src/stats/averagePrecision.ts';
import { bootstrap, bootstrapMean } from '../../../src/stats/bootstrap.ts';
import { brier, brierParts } from '../../../src/stats/brier.ts';
import { confusion, f1, mcc } from '../../../src/stats/confusion.ts';
import { pearson, spearman } from '../../../src/stats/correlation.ts';
import { crpsEnsemble, crpsGaussian } from '../../../src/stats/crps.ts';
import { ece } from '../../../src/stats/ece.ts';
import { smape } from '../../../src/stats/forecastErrors.ts';
import { ks2 } from '../../../src/stats/ks2.ts';
import { largestRemainder } from '../../../src/stats/largestRemainder.ts';
import { lift } from '../../../src/stats/lift.ts';
import { logLoss } from '../../../src/stats/logLoss.ts';
import { psi } from '../../../src/stats/psi.ts';
import { quantile } from '../../../src/stats/quantile.ts';
import { ranks } from '../../../src/stats/ranks.ts';
import { totalVariation } from '../../../src/stats/totalVariation.ts';

const scored = fc.array(fc.record({ y: fc.integer({ min: 0, max: 1 }), p: fc.integer({ min: 0, max: 20 }) }), {
  minLength: 1,
  maxLength: 40,
});
const columns = (rows: readonly { y: number; p: number }[]) =>
  [rows.map((row) => row.y), rows.map((row) => row.p / 20)] as const;

describe('ranking', () => {
  test('auc equals the double loop over pairs, ties a half', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const [y, p] = columns(rows);
        let [pairs, right] = [0, 0];
        for (const a of rows) {
          for (const b of rows) {
            if (a.y !== 1 || b.y !== 0) continue;
            pairs++;
            right += a.p > b.p ? 1 : a.p === b.p ? 0.5 : 0;
          }
        }
        if (pairs === 0) expect(auc(y, p)).toBeNaN();
        else expect(auc(y, p)).toBeCloseTo(right / pairs, 12);
      }),
    );
  });
  test('metrics do not depend on the order of rows', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const [y, p] = columns(rows);
        const [y2, p2] = columns([...rows].reverse());
        for (const metric of [auc, averagePrecision, logLoss, brier]) {
          const [a, b] = [metric(y, p), metric(y2, p2)];
          if (Number.isNaN(a)) expect(b).toBeNaN();
          else expect(b).toBeCloseTo(a, 12);
        }
      }),
    );
  });
  test('midranks', () => expect([...ranks([10, 20, 20, 5])]).toEqual([2, 3.5, 3.5, 1]));
  test('null error of the AUC', () => expect(aucNullError(50, 50)).toBeCloseTo(Math.sqrt(101 / 30000), 12));
  test('lift takes at least one row', () => expect(lift([1, 0, 0, 0], [0.9, 0.1, 0.1, 0.1])).toBe(4));
});

describe('probabilities', () => {
  test('binned brier = reliability - resolution + uncertainty', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        // One probability a bin: then the binned score is the raw one.
        const [y, p] = columns(rows.map((row) => ({ y: row.y, p: Math.floor(row.p / 2) * 2 + 1 })));
        const held = p.map((value) => Math.min(0.95, value));
        const { reliability, resolution, uncertainty } = brierParts(y, held);
        expect(reliability - resolution + uncertainty).toBeCloseTo(brier(y, held), 10);
      }),
    );
  });
  test('a certain mistake costs a finite loss', () => expect(logLoss([1], [0])).toBeCloseTo(34.54, 2));
  test('calibrated by construction', () => expect(ece([1, 0], [0.5, 0.5], 'width')).toBe(0));
  test('no class said: mcc is 0', () => {
    const counts = confusion([1, 0], [0.1, 0.2], 0.5);
    expect(mcc(counts)).toBe(0);
    expect(f1(counts)).toBe(0);
  });
  test('columns of different lengths are refused', () => {
    expect(() => auc([1, 0], [0.5])).toThrow(/2 and 1 rows/);
  });
  test('NaN has no rank, and what is no probability no bin', () => {
    expect(() => auc([1, 0], [0.5, Number.NaN])).toThrow(/row 1 is NaN/);
    expect(() => ece([1, 0], [0.5, 1.5], 'width')).toThrow(/row 1 says 1.5/);
  });
});

describe('distances and summaries', () => {
  const sample = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30 });
  test('ks2 equals the largest gap over all points', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const share = (x: number[], at: number) => x.filter((value) => value <= at).length / x.length;
        const gap = Math.max(...[...a, ...b].map((at) => Math.abs(share(a, at) - share(b, at))));
        expect(ks2(a, b)).toBeCloseTo(gap, 12);
      }),
    );
  });
  test('type 7 quantiles as NumPy gives them', () => {
    expect(quantile([3, 1, 2, 10], 0.25)).toBe(1.75);
    expect(quantile([3, 1, 2, 10], 0.9)).toBeCloseTo(7.9, 12);
    expect([quantile([5], 0.3), quantile([], 0.5)]).toEqual([5, Number.NaN]);
  });
  test('psi and total variation: 0 for the same, counts or shares, an empty bin stays finite', () => {
    expect(psi([10, 20], [1, 2])).toBeCloseTo(0, 12);
    expect(Number.isFinite(psi([0, 1], [1, 0]))).toBe(true);
    expect(totalVariation([1, 0], [0, 5])).toBe(1);
  });
  test('correlations', () => {
    expect(pearson([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    // SciPy: spearmanr([1, 2, 2, 3], [1, 3, 2, 4]) = 0.9486833
    expect(spearman([1, 2, 2, 3], [1, 3, 2, 4])).toBeCloseTo(0.9486833, 7);
    expect(pearson([1], [1])).toBeNaN();
  });
  test('a sure forecast: crps is the absolute error; both forms agree on a wide ensemble', () => {
    expect([crpsGaussian(3, 0, 5), crpsEnsemble([3], 5)]).toEqual([2, 2]);
  });
  test('smape of nothing said and nothing come is 0', () => expect(smape([0], [0])).toBe(0));
});

describe('largest remainder', () => {
  test('adds up, and no value moves by one or more', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { maxLength: 50 }), (values) => {
        const whole = largestRemainder(values);
        const sum = (list: Iterable<number>) => [...list].reduce((a, b) => a + b, 0);
        expect(sum(whole)).toBe(Math.round(sum(values)) + 0);
        for (const [i, value] of values.entries()) expect(Math.abs(whole[i] - value)).toBeLessThan(1);
      }),
    );
  });
  test('units go to the largest fractions, then in order', () => {
    expect([...largestRemainder([0.5, 0.7, 0.5, 0.3])]).toEqual([1, 1, 0, 0]);
    expect([...largestRemainder([1 / 3, 1 / 3, 1 / 3])]).toEqual([1, 0, 0]);
  });
  test('a total that cannot be reached is refused', () => {
    expect(() => largestRemainder([0.2, 0.2], 5)).toThrow(/cannot be rounded/);
  });
});

describe('bootstrap', () => {
  const cluster = ['a', 'a', 'b', 'c', 'd', 'd', 'd', 'e'];
  const values = [1, 2, 3, 4, -2, 0, 1, 2];
  const mean = (rows: Int32Array) => rows.reduce((sum, row) => sum + values[row], 0) / rows.length;
  test('the mean by sums is the mean by rows, draw for draw', () => {
    const [slow, fast] = [bootstrap(cluster, mean, { seed: 3 }), bootstrapMean(cluster, values, { seed: 3 })];
    for (const key of ['value', 'low', 'high', 'shareAboveZero'] as const) expect(fast[key]).toBeCloseTo(slow[key], 9);
    expect(slow.low).toBeLessThan(slow.value);
    expect(bootstrap(cluster, mean, { seed: 3 })).toEqual(slow);
  });
  test('rows of one cluster make the interval wider than if they were independent', () => {
    const rows = Array.from({ length: 200 }, (_, i) => i);
    const same = rows.map((i) => Math.floor(i / 20) % 2);
    const width = (clusters: number[]) => {
      const { low, high } = bootstrapMean(clusters, same, { seed: 1 });
      return high - low;
    };
    expect(width(rows.map((i) => Math.floor(i / 20)))).toBeGreaterThan(2 * width(rows));
  });
});
