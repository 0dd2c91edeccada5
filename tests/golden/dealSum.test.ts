import { describe, expect, test } from 'vitest';
import { commonFactorSum } from '../../models/forecast/commonFactor.ts';
import { dealSum } from '../../models/forecast/dealSum.ts';
import { atLeast, meanOf, varianceOf } from '../../models/forecast/distribution.ts';
import { block } from './values.ts';

const golden = block<{
  deals_amount_prob: [number, number][];
  independentPmf: Record<string, number>;
  mean: number;
  var: number;
  pAtLeast60: number;
  'oneFactorRho0.1Pmf': Record<string, number>;
  oneFactorMean: number;
  oneFactorVar: number;
  poissonBinomial: { p: number[]; pmf: number[] };
}>('dealSum');
const amount = golden.deals_amount_prob.map(([a]) => a);
const p = golden.deals_amount_prob.map(([, q]) => q);

describe('golden: sums of deals', () => {
  test('independent', () => {
    const law = dealSum(amount, p);
    expect([...law.values]).toEqual(Object.keys(golden.independentPmf).map(Number));
    for (const [i, value] of Object.values(golden.independentPmf).entries()) expect(law.mass[i]).toBeCloseTo(value, 9);
    expect(meanOf(law)).toBeCloseTo(golden.mean, 9);
    expect(varianceOf(law)).toBeCloseTo(golden.var, 7);
    expect(atLeast(law, 60)).toBeCloseTo(golden.pAtLeast60, 9);
  });
  test('one shared factor, rho .1', () => {
    const law = commonFactorSum(amount, p, 0.1);
    const expected = Object.values(golden['oneFactorRho0.1Pmf']);
    for (const [i, value] of expected.entries()) expect(law.mass[i]).toBeCloseTo(value, 7);
    expect(meanOf(law)).toBeCloseTo(golden.oneFactorMean, 7);
    expect(varianceOf(law)).toBeCloseTo(golden.oneFactorVar, 5);
  });
  test('number of wins (Poisson-binomial)', () => {
    const law = dealSum([1, 1, 1], golden.poissonBinomial.p);
    for (const [i, value] of golden.poissonBinomial.pmf.entries()) expect(law.mass[i]).toBeCloseTo(value, 12);
  });
});
