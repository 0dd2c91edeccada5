import { inverse, Matrix } from 'ml-matrix';
import { sameLength } from '../../src/stats/check.ts';

export interface LogisticFit {
  readonly coefficients: Float64Array;
  /** Standard errors, from the inverse of the observed information. */
  readonly errors: Float64Array;
  /** Mean negative log likelihood a row. */
  readonly nll: number;
}

/** Keeps the few coefficients finite where the classes separate; far below any printed digit otherwise. */
const RIDGE = 1e-9;

/**
 * Logistic regression of a few columns without penalty, by Newton with halved steps: what the calibration maps are
 * fitted with. `x`: rows x columns, row-major, the column of ones included by the caller. Cost O(iterations rows columns^2).
 */
export function newtonLogistic(x: Float64Array, columns: number, event: ArrayLike<number>): LogisticFit {
  const rows = event.length;
  sameLength('newtonLogistic: x of rows x columns', { length: rows * columns }, x);
  const marginOf = (w: ArrayLike<number>, i: number) => {
    let z = 0;
    for (let j = 0; j < columns; j++) z += w[j] * x[i * columns + j];
    return z;
  };
  const lossOf = (w: ArrayLike<number>) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += 0.5 * RIDGE * w[j] * w[j];
    for (let i = 0; i < rows; i++) {
      const z = marginOf(w, i);
      sum += Math.max(0, z) + Math.log1p(Math.exp(-Math.abs(z))) - event[i] * z;
    }
    return sum;
  };
  let w = new Float64Array(columns);
  let loss = lossOf(w);
  let covariance = Matrix.eye(columns);
  for (let iteration = 0; iteration < 100; iteration++) {
    const gradient = new Float64Array(columns);
    const information = Matrix.eye(columns).mul(RIDGE);
    for (let j = 0; j < columns; j++) gradient[j] = RIDGE * w[j];
    for (let i = 0; i < rows; i++) {
      const p = 1 / (1 + Math.exp(-marginOf(w, i)));
      for (let j = 0; j < columns; j++) {
        const xj = x[i * columns + j];
        gradient[j] += (p - event[i]) * xj;
        for (let k = 0; k < columns; k++) {
          information.set(j, k, information.get(j, k) + p * (1 - p) * xj * x[i * columns + k]);
        }
      }
    }
    covariance = inverse(information);
    const step = covariance.mmul(Matrix.columnVector(gradient)).to1DArray();
    const decrement = step.reduce((sum, value, j) => sum + value * gradient[j], 0);
    if (!(decrement > 1e-20 * Math.max(1, loss))) break;
    let next = w;
    let nextLoss = loss;
    for (let scale = 1; scale > 1e-8; scale /= 2) {
      const trial = w.map((value, j) => value - scale * step[j]);
      const trialLoss = lossOf(trial);
      if (trialLoss < loss) {
        next = trial;
        nextLoss = trialLoss;
        break;
      }
    }
    if (next === w) break;
    w = next;
    loss = nextLoss;
  }
  const errors = Float64Array.from({ length: columns }, (_, j) => Math.sqrt(Math.max(0, covariance.get(j, j))));
  return { coefficients: w, errors, nll: loss / rows };
}
