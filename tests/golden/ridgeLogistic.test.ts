import { expect, test } from 'vitest';
import { ridgeLogistic } from '../../src/optim/ridgeLogistic.ts';
import { block } from './values.ts';

test('golden: ridgeLogistic (scikit-learn)', () => {
  const golden = block<{ X: number[][]; y: number[]; C: number; coef: number[]; intercept: number }>('ridgeLogistic');
  const fit = ridgeLogistic(Float64Array.from(golden.X.flat()), 2, golden.y, { C: golden.C });
  // The reference stopped where its own gradient is still 5e-5, so it is met to 2e-5 and the gradient here is checked.
  const reference = [...golden.coef, golden.intercept];
  const found = [...fit.coefficients, fit.intercept];
  const gradient = [found[0], found[1], 0];
  for (const [i, [a, b]] of golden.X.entries()) {
    const residual = 1 / (1 + Math.exp(-(found[0] * a + found[1] * b + found[2]))) - golden.y[i];
    for (const [j, value] of [a, b, 1].entries()) gradient[j] += golden.C * residual * value;
  }
  for (let j = 0; j < 3; j++) {
    expect(Math.abs(found[j] - reference[j])).toBeLessThan(2e-5);
    expect(Math.abs(gradient[j])).toBeLessThan(1e-8);
  }
});
