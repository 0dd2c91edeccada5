import { expect, test } from 'vitest';
import { lbfgs } from '../../../src/optim/lbfgs.ts';
import { random } from '../../../src/random.ts';

test('Rosenbrock valley in 10 dimensions', () => {
  const n = 10;
  const result = lbfgs((x, g) => {
    g.fill(0);
    let f = 0;
    for (let i = 0; i + 1 < n; i++) {
      const a = x[i + 1] - x[i] ** 2;
      f += 100 * a * a + (1 - x[i]) ** 2;
      g[i] += -400 * a * x[i] - 2 * (1 - x[i]);
      g[i + 1] += 200 * a;
    }
    return f;
  }, new Float64Array(n).fill(-1.2));
  expect(result.converged).toBe(true);
  for (const value of result.x) expect(value).toBeCloseTo(1, 5);
});

test('an ill-conditioned quadratic, twice the same', () => {
  const stream = random(5);
  const target = Float64Array.from({ length: 40 }, () => stream.normal());
  const f = (x: Float64Array, g: Float64Array) => {
    let value = 0;
    for (let i = 0; i < x.length; i++) {
      const scale = 10 ** (i / 8);
      g[i] = scale * (x[i] - target[i]);
      value += 0.5 * scale * (x[i] - target[i]) ** 2;
    }
    return value;
  };
  const start = new Float64Array(40);
  const options = { valueTolerance: 0, maxIterations: 5000 };
  const [a, b] = [lbfgs(f, start, options), lbfgs(f, start, options)];
  expect(a.x).toEqual(b.x);
  expect(start.every((value) => value === 0)).toBe(true);
  for (let i = 0; i < 40; i++) expect(a.x[i]).toBeCloseTo(target[i], 5);
});

test('steps back out of where the function is not defined', () => {
  const result = lbfgs((x, g) => {
    g[0] = 1 - 0.01 / x[0];
    return x[0] > 0 ? x[0] - 0.01 * Math.log(x[0]) : Number.NaN;
  }, Float64Array.of(0.5));
  expect(result.x[0]).toBeCloseTo(0.01, 6);
});

test('already there; not finite at the start; out of iterations', () => {
  const bowl = (x: Float64Array, g: Float64Array) => {
    g[0] = 2 * x[0];
    return x[0] ** 2;
  };
  expect(lbfgs(bowl, Float64Array.of(0))).toMatchObject({ iterations: 0, converged: true });
  expect(lbfgs(() => Number.NaN, Float64Array.of(1)).converged).toBe(false);
  expect(lbfgs(bowl, Float64Array.of(9), { maxIterations: 0 }).converged).toBe(false);
  expect(lbfgs(() => 1, new Float64Array(0))).toMatchObject({ value: 1, converged: true });
});
