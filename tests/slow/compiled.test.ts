import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compiled, kernels, target } from '../../bin/kernel.mjs';
import { hazardModel } from '../../models/hazardModel.ts';
import { takeRows } from '../../src/frame.ts';
import { toyArtifact, toyCompany, toyMixture, toyRows, toyStates } from '../contract/states.ts';
import { furthest, stockPredictions } from '../models/stock.ts';

const ROWS = 100_000;
/** Rows that TensorFlow.js is handed at a time. */
const CHUNK = 10_000;

test('the committed kernels are what their sources compile to', { timeout: 300_000 }, async () => {
  for (const kernel of kernels) expect(readFileSync(target(kernel), 'utf8')).toBe(await compiled(kernel));
});

test('100,000 rows of every kind of model are within 1e-6 of stock TensorFlow.js', { timeout: 900_000 }, async () => {
  const rows = toyRows(1000, 3);
  const { X } = toyRows(ROWS, 4);
  const states = await toyStates(rows);
  for (const [name, state] of [...states, ['mixture', toyMixture(states)] as const]) {
    const artifact = toyArtifact(rows, state);
    const served = hazardModel(artifact.state, toyCompany.calendar).predict(X);
    const cells = served.length / ROWS;
    let gap = 0;
    for (let from = 0; from < ROWS; from += CHUNK) {
      const some = takeRows(
        X,
        Array.from({ length: CHUNK }, (_, i) => from + i),
      );
      const stock = await stockPredictions(artifact, some);
      gap = Math.max(gap, furthest(stock, served.subarray(from * cells, (from + CHUNK) * cells)));
    }
    console.info(`${name}: largest difference over ${ROWS} rows ${gap.toExponential(1)}`);
    expect(gap).toBeLessThan(1e-6);
  }
});
