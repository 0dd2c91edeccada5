import { expect, test } from 'vitest';
import { hazards, nllGradient, place } from '../../models/hazards.ts';
import { binLoss } from '../../models/linearLoss.ts';
import { random } from '../../src/random.ts';

test.each([
  { bins: 5, causes: 2, clocks: 2, covariates: 2, stride: 4 },
  { bins: 1, causes: 1, clocks: 1, covariates: 0, stride: 2 },
  { bins: 14, causes: 3, clocks: 2, covariates: 1, stride: 6 },
])('the loss over $bins bins of $causes causes is that of logits that are kept, slopes to the bit', (s) => {
  const { bins, causes, clocks, covariates, stride } = s;
  const rows = 200;
  const draw = random(bins);
  const grid = hazards(
    Array.from({ length: bins + 1 }, (_, b) => b * 10),
    causes,
  );
  const placed = place(
    grid,
    Float64Array.from({ length: rows }, () => draw.uniform() * 12 * bins),
    Uint8Array.from({ length: rows }, () => draw.below(causes + 1)),
  );
  const numbers = (n: number, size = 1) => Float64Array.from({ length: n }, () => size * draw.normal());
  const score = numbers(rows * stride, 2);
  const intercept = numbers(bins * causes);
  const gamma = numbers(covariates * causes);
  const clock = numbers(clocks * bins);
  const q = Float32Array.from(numbers(rows * bins * covariates));

  const logits = new Float64Array(rows * bins * causes);
  const each = (visit: (row: number, b: number, c: number, at: number) => void) => {
    for (let i = 0; i < rows; i++)
      for (let b = 0; b < bins; b++) for (let c = 0; c < causes; c++) visit(i, b, c, (i * bins + b) * causes + c);
  };
  each((i, b, c, at) => {
    let z = intercept[b * causes + c]!;
    for (let k = 0; k < clocks; k++) z += clock[k * bins + b]! * score[i * stride + k * causes + c]!;
    for (let k = 0; k < covariates; k++) z += q[(i * bins + b) * covariates + k]! * gamma[k * causes + c]!;
    logits[at] = z;
  });
  const slope = new Float64Array(logits.length);
  const expected = nllGradient(grid, logits, placed, new Float64Array(rows).fill(1), slope);
  const byScore = new Float64Array(score.length);
  const byIntercept = new Float64Array(intercept.length);
  const byGamma = new Float64Array(gamma.length);
  each((i, b, c, at) => {
    byIntercept[b * causes + c]! += slope[at]!;
    for (let k = 0; k < clocks; k++) byScore[i * stride + k * causes + c]! += slope[at]! * clock[k * bins + b]!;
    for (let k = 0; k < covariates; k++) byGamma[k * causes + c]! += slope[at]! * q[(i * bins + b) * covariates + k]!;
  });

  const dIntercept = new Float64Array(intercept.length);
  const dGamma = new Float64Array(gamma.length);
  const loss = binLoss(
    { rows, grid, placed, q, covariates, clock, stride },
    score,
    intercept,
    gamma,
    dIntercept,
    dGamma,
  );
  expect(Math.abs(loss - expected)).toBeLessThan(1e-12 * Math.abs(expected));
  expect(score).toEqual(byScore);
  expect(dIntercept).toEqual(byIntercept);
  expect(dGamma).toEqual(byGamma);
});
