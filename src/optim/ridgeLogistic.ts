import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { ForesellError } from '../errors.ts';
import { sameLength } from '../stats/check.ts';

export interface RidgeLogistic {
  readonly coefficients: Float64Array;
  readonly intercept: number;
  /** 0.5 |w|^2 + C sum of weighted log losses at the solution. */
  readonly objective: number;
  readonly iterations: number;
}

export interface RidgeLogisticOptions {
  /** Weight of the data against the penalty, as in scikit-learn. */
  readonly C: number;
  readonly maxIterations: number;
  readonly tolerance: number;
}

const defaults: RidgeLogisticOptions = { C: 1, maxIterations: 100, tolerance: 1e-10 };

/**
 * Logistic regression with a ridge penalty: min 0.5 |w|^2 + C sum_i v_i logloss(y_i, w.x_i + b), the intercept b not
 * penalised. Iteratively reweighted least squares, that is Newton with Cholesky, halved until the objective falls.
 *
 * `X`: rows x columns, row-major; `event` 0 or 1; `weight` one a row (default 1; an integer weight equals repeated
 * rows). Where only one class is present the intercept has no finite optimum: refused.
 * Cost O(iterations (rows columns^2 + columns^3)): for up to a few hundred columns; beyond, use `lbfgs`.
 * Source: Hastie, Tibshirani and Friedman (2009), section 4.4.1.
 */
export function ridgeLogistic(
  X: Float64Array,
  columns: number,
  event: ArrayLike<number>,
  options: Partial<RidgeLogisticOptions> = {},
  weight?: ArrayLike<number>,
): RidgeLogistic {
  const { C, maxIterations, tolerance } = { ...defaults, ...options };
  const rows = event.length;
  sameLength('ridgeLogistic: X of rows x columns', { length: rows * columns }, X);
  let positive = 0;
  let all = 0;
  for (let i = 0; i < rows; i++) {
    const v = weight ? weight[i] : 1;
    all += v;
    if (event[i] === 1) positive += v;
  }
  if (!(positive > 0 && positive < all)) {
    throw new ForesellError(
      'one-class',
      `${rows} rows with a positive weight of ${positive} out of ${all}; a logistic regression needs both classes`,
      { blame: 'failure' },
    );
  }
  const size = columns + 1; // the intercept is last
  let theta = new Float64Array(size);
  theta[columns] = Math.log(positive / (all - positive));
  let next = new Float64Array(size);
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const x = new Float64Array(size);
  x[columns] = 1;

  const marginOf = (t: Float64Array, row: number) => {
    let z = t[columns];
    for (let j = 0; j < columns; j++) z += t[j] * X[row * columns + j];
    return z;
  };
  const objectiveOf = (t: Float64Array) => {
    let value = 0;
    for (let j = 0; j < columns; j++) value += 0.5 * t[j] * t[j];
    for (let i = 0; i < rows; i++) {
      const z = marginOf(t, i);
      const loss = Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z))) - event[i] * z;
      value += C * (weight ? weight[i] : 1) * loss;
    }
    return value;
  };

  let value = objectiveOf(theta);
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    gradient.fill(0);
    hessian.fill(0);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) x[j] = X[i * columns + j];
      const p = 1 / (1 + Math.exp(-marginOf(theta, i)));
      const scale = C * (weight ? weight[i] : 1);
      const residual = scale * (p - event[i]);
      const curve = scale * p * (1 - p);
      for (let j = 0; j < size; j++) {
        gradient[j] += residual * x[j];
        const cx = curve * x[j];
        if (cx === 0) continue;
        for (let k = 0; k <= j; k++) hessian[j * size + k] += cx * x[k];
      }
    }
    for (let j = 0; j < columns; j++) {
      gradient[j] += theta[j];
      hessian[j * size + j] += 1;
    }
    // Keeps the intercept's pivot positive where every p has run to 0 or 1.
    hessian[size * size - 1] += 1e-12;
    for (let j = 0; j < size; j++) for (let k = j + 1; k < size; k++) hessian[j * size + k] = hessian[k * size + j];
    const newton = new CholeskyDecomposition(Matrix.from1DArray(size, size, hessian))
      .solve(Matrix.columnVector(gradient))
      .to1DArray();
    let decrement = 0;
    for (let j = 0; j < size; j++) decrement += newton[j] * gradient[j];
    if (decrement <= tolerance * tolerance * Math.max(1, value)) break;
    let step = 1;
    let nextValue = value;
    for (; step > 1e-10; step /= 2) {
      for (let j = 0; j < size; j++) next[j] = theta[j] - step * newton[j];
      nextValue = objectiveOf(next);
      if (nextValue <= value - 1e-4 * step * decrement) break;
    }
    if (!(nextValue < value)) break; // rounding hides what is left
    [theta, next] = [next, theta];
    value = nextValue;
  }
  return { coefficients: theta.slice(0, columns), intercept: theta[columns], objective: value, iterations };
}
