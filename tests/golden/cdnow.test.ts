import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CDNOW_UNTIL, readCdnow } from '../../datasets/cdnow.ts';
import { bgNbdAlive, bgNbdExpected, fitBgNbd } from '../../models/clv/bgNbd.ts';
import { expectedValue, fitGammaGamma, populationMean } from '../../models/clv/gammaGamma.ts';
import { fitParetoNbd } from '../../models/clv/paretoNbd.ts';
import { customerOf, purchaseTable } from '../../models/clv/purchases.ts';
import { block } from './values.ts';

const folder = join(process.env['FORESELL_DATA'] ?? '/nowhere', 'cdnow');
const golden = block<{
  readonly bgnbd: Record<string, number>;
  readonly paretoNbd: Record<string, number>;
  readonly gammaGamma: Record<string, number> & { readonly E_first10: number[] };
}>('clv');

/** Relative 1e-3 for parameters, as published values agree among themselves. */
function near(got: object, expected: Record<string, number>, names: readonly string[]): void {
  for (const name of names) {
    const value = (got as Record<string, number>)[name]!;
    expect(Math.abs(value / expected[name]! - 1), `${name} = ${value}`).toBeLessThan(1e-3);
  }
}

describe.skipIf(!existsSync(folder))('golden: clv on CDNOW (needs FORESELL_DATA with cdnow)', () => {
  const rows = () =>
    readFileSync(join(folder, 'cdnow_customers_summary.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number) as [number, number, number, number])
      .map(([, x, tx, T]) => ({ x, tx, T }));
  // The published table of values has them in whole cents, half a cent up.
  const sample = () =>
    readCdnow(readFileSync(join(folder, 'CDNOW_sample.txt.gz'))).map(({ id, purchases }) => {
      const customer = customerOf(id, purchases, CDNOW_UNTIL)!;
      return { ...customer, meanValue: Math.round(customer.meanValue * 100 + 1e-7) / 100 };
    });

  test('BG/NBD: parameters, likelihood, one customer and all of them', () => {
    const fit = fitBgNbd(purchaseTable(rows()));
    near(fit, golden.bgnbd, ['r', 'alpha', 'a', 'b']);
    expect(Math.abs(fit.logLikelihood - golden.bgnbd['LL']!)).toBeLessThan(1e-3);
    const one = { x: 2, tx: 30.43, T: 38.86 };
    expect(bgNbdExpected(fit, one, 39)).toBeCloseTo(golden.bgnbd['E39_x2_tx30.43_T38.86']!, 4);
    expect(bgNbdAlive(fit, one)).toBeCloseTo(golden.bgnbd['pAlive_same']!, 4);
    const total = rows().reduce((sum, of) => sum + bgNbdExpected(fit, of, 39), 0);
    expect(Math.abs(total - golden.bgnbd['sumE39_allCustomers']!)).toBeLessThan(0.1);
  });

  test('Pareto/NBD: parameters and likelihood', () => {
    const fit = fitParetoNbd(purchaseTable(rows()));
    near(fit, golden.paretoNbd, ['r', 'alpha', 's', 'beta']);
    expect(Math.abs(fit.logLikelihood - golden.paretoNbd['LL']!)).toBeLessThan(1e-3);
  });

  test('Gamma-Gamma: parameters, likelihood, mean and customers', () => {
    const customers = sample();
    const fit = fitGammaGamma(customers);
    near(fit, golden.gammaGamma, ['p', 'q', 'v']);
    expect(fit.customers).toBe(golden.gammaGamma['n']);
    expect(Math.abs(fit.logLikelihood - golden.gammaGamma['LL']!)).toBeLessThan(1e-3);
    expect(populationMean(fit)).toBeCloseTo(golden.gammaGamma['populationMean']!, 3);
    for (const [i, expected] of golden.gammaGamma.E_first10.entries()) {
      expect(expectedValue(fit, customers[i]!)).toBeCloseTo(expected, 2);
    }
  });

  test('the raw sample comes down to the published counts', () => {
    const customers = sample();
    expect(customers.length).toBe(2357);
    expect(customers.reduce((sum, { x }) => sum + x, 0)).toBe(2457);
    expect(customers.filter(({ x }) => x === 0).length).toBe(1411);
  });
});
