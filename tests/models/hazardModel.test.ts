import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { binCovariates } from '../../models/binCovariates.ts';
import { encode } from '../../models/encode.ts';
import { hazardModel, meanCovariates } from '../../models/hazardModel.ts';
import { tensorflow } from '../../models/tf.ts';
import { toyCompany, toyRows, toyStates } from '../contract/states.ts';

const rows = toyRows(300, 61);
const { calendar, settings } = toyCompany;

test('the average is the weighted mean of its parts, and a base rate says the same of everybody', async () => {
  const states = await toyStates(rows);
  const predict = (name: 'average' | 'network' | 'ridgePle' | 'baseRate') =>
    hazardModel(states.get(name)!, calendar).predict(rows.X);
  const [average, network, ridge, constant] = [predict('average'), predict('network'), predict('ridgePle'), predict('baseRate')]; // biome-ignore format: one row
  const gaps = average.map((v, e) => Math.abs(v - (0.6 * network[e]! + 0.4 * ridge[e]!)));
  expect(Math.max(...gaps)).toBeLessThan(1e-12);
  const p = states.get('baseRate')!.constant!.p;
  expect(constant.every((v, e) => v === p[e % 15])).toBe(true);
});

test('rows are read as training read them; means are over rows', async () => {
  const state = (await toyStates(rows)).get('ridgePle')!;
  const { x, q } = hazardModel(state, calendar).rows(rows.X);
  expect(x).toEqual(encode(state.encoder, rows.X));
  expect(q).toEqual(binCovariates(rows.X, settings.bins, calendar));
  let sum = 0;
  for (let i = 0; i < 300; i++) sum += q[i * 10 + 4]!;
  expect(meanCovariates(q, 5)[4]).toBeCloseTo(sum / 300, 5);
  expect(meanCovariates(new Float32Array(0), 5)).toEqual(new Float32Array(10));
});

const native = (() => {
  try {
    return createRequire(import.meta.url).resolve('@tensorflow/tfjs-node');
  } catch {
    return undefined;
  }
})();
test.skipIf(native)('a backend that is not installed is refused by name, and the others still load', async () => {
  await expect(tensorflow('tensorflow')).rejects.toThrow(/backend.*tensorflow/);
  expect((await tensorflow('wasm')).backend).toBe('wasm');
  expect((await tensorflow()).tf.getBackend()).toBe('wasm');
});
