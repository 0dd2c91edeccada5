import { describe, expect, test } from 'vitest';
import { lbfgs } from '../../../src/optim/lbfgs.ts';
import { ridgeLogistic } from '../../../src/optim/ridgeLogistic.ts';
import { random } from '../../../src/random.ts';

const stream = random(11);
const rows = 200;
const columns = 5;
const X = Float64Array.from({ length: rows * columns }, () => stream.normal());
const y = Uint8Array.from({ length: rows }, (_, i) =>
  stream.uniform() < 1 / (1 + Math.exp(1 - X[i * columns] + 0.5 * X[i * columns + 1])) ? 1 : 0,
);

describe('ridgeLogistic', () => {
  test('finds the minimum that L-BFGS finds', () => {
    const C = 0.3;
    const newton = ridgeLogistic(X, columns, y, { C });
    const other = lbfgs(
      (t, g) => {
        g.fill(0);
        let value = 0;
        for (let j = 0; j < columns; j++) {
          g[j] = t[j];
          value += 0.5 * t[j] ** 2;
        }
        for (let i = 0; i < rows; i++) {
          let z = t[columns];
          for (let j = 0; j < columns; j++) z += t[j] * X[i * columns + j];
          value += C * (Math.log1p(Math.exp(z)) - y[i] * z);
          const residual = C * (1 / (1 + Math.exp(-z)) - y[i]);
          for (let j = 0; j < columns; j++) g[j] += residual * X[i * columns + j];
          g[columns] += residual;
        }
        return value;
      },
      new Float64Array(columns + 1),
    );
    expect(newton.objective).toBeCloseTo(other.value, 8);
    for (let j = 0; j < columns; j++) expect(newton.coefficients[j]).toBeCloseTo(other.x[j], 5);
  });

  test('a weight of two equals the row twice', () => {
    const weight = Float64Array.from({ length: rows }, (_, i) => (i < 20 ? 2 : 1));
    const weighted = ridgeLogistic(X, columns, y, {}, weight);
    const repeated = ridgeLogistic(
      Float64Array.of(...X, ...X.slice(0, 20 * columns)),
      columns,
      Uint8Array.of(...y, ...y.slice(0, 20)),
    );
    expect(weighted.intercept).toBeCloseTo(repeated.intercept, 8);
    for (let j = 0; j < columns; j++) expect(weighted.coefficients[j]).toBeCloseTo(repeated.coefficients[j], 8);
  });

  test('separable classes stay finite; no columns give the log odds of the base rate', () => {
    const fit = ridgeLogistic(Float64Array.of(-2, -1, 1, 2), 1, [0, 0, 1, 1], { C: 1e6 });
    expect(Number.isFinite(fit.coefficients[0])).toBe(true);
    expect(ridgeLogistic(new Float64Array(0), 0, [1, 0, 0, 0]).intercept).toBeCloseTo(Math.log(1 / 3), 10);
  });

  test('one class only is refused', () => {
    expect(() => ridgeLogistic(Float64Array.of(1, 2), 1, [1, 1])).toThrow(/both classes/);
  });
});
