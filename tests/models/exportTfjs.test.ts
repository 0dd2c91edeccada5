import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Artifact } from '../../models/artifact.ts';
import { exportLayersModel } from '../../models/exportTfjs.ts';
import { hazardModel } from '../../models/hazardModel.ts';
import { tensorflow } from '../../models/tf.ts';
import { tfjsHazards } from '../../models/tfjsHazards.ts';
import { takeRows } from '../../src/frame.ts';
import { stateNames, toyArtifact, toyCompany, toyMixture, toyRows, toyStates } from '../contract/states.ts';
import { furthest, type ModelJson, stockPredictions } from './stock.ts';

const rows = toyRows(1000, 3);
const artifacts = new Map<string, Artifact>();
const kinds = [...stateNames, 'mixture'];
beforeAll(async () => {
  const states = await toyStates(rows);
  for (const [name, state] of [...states, ['mixture', toyMixture(states)] as const]) artifacts.set(name, toyArtifact(rows, state)); // biome-ignore format: one loop
});

describe('export to stock TensorFlow.js', () => {
  test.each(kinds)('%s: 1,000 rows equal to the served model within 1e-6', async (name) => {
    const artifact = artifacts.get(name)!;
    const served = hazardModel(artifact.state, toyCompany.calendar).predict(rows.X);
    const stock = await stockPredictions(artifact, rows.X);
    expect(stock.length).toBe(served.length);
    const gap = furthest(stock, served);
    console.info(`export ${name}: largest difference ${gap.toExponential(1)}`);
    expect(gap).toBeLessThan(1e-6);
  });

  test('as executor it answers in place of the compiled form, also no rows', async () => {
    const byTensorFlow = await tfjsHazards();
    for (const name of ['baseRate', 'average', 'mixture']) {
      const { state } = artifacts.get(name)!;
      const model = hazardModel(state, toyCompany.calendar, byTensorFlow);
      const said = model.predict(rows.X);
      const ours = hazardModel(state, toyCompany.calendar).predict(rows.X);
      expect(furthest(said, ours)).toBeLessThan(1e-6);
      if (name !== 'baseRate') expect(said).not.toEqual(ours); // another engine's sums
      for (const few of [[], [5], [0, 3, 1]]) {
        const alone = model.predict(takeRows(rows.X, few));
        expect(alone.length).toBe(few.length * (said.length / rows.X.ids.length));
        for (const [k, row] of few.entries())
          expect(furthest(alone.subarray(k * 15, k * 15 + 15), said.subarray(row * 15, row * 15 + 15))).toBeLessThan(
            1e-6,
          );
      }
    }
  });

  test('the metadata says how to fill the inputs, and the same artifact gives the same bytes', async () => {
    const artifact = artifacts.get('average')!;
    const first = await exportLayersModel(artifact);
    const again = await exportLayersModel(artifact);
    expect(JSON.stringify(again.modelJson)).toBe(JSON.stringify(first.modelJson));
    expect(Buffer.from(again.weights).equals(Buffer.from(first.weights))).toBe(true);
    const { userDefinedMetadata } = JSON.parse(JSON.stringify(first.modelJson)) as ModelJson;
    expect(userDefinedMetadata['encoder']).toEqual(JSON.parse(JSON.stringify(artifact.state.encoder)));
    expect(userDefinedMetadata['edges']).toEqual(artifact.state.edges);
    expect(userDefinedMetadata['outputs']).toEqual(['open', 'won', 'lost']);
    expect(userDefinedMetadata['inputs']).toEqual(['x', 'q']);
    expect(userDefinedMetadata['version']).toBe(artifact.version);
  });

  test('exporting leaves no tensors behind', async () => {
    const { tf } = await tensorflow();
    const before = tf.memory().numTensors;
    await exportLayersModel(artifacts.get('network')!);
    expect(tf.memory().numTensors).toBe(before);
  });
});

const native = (() => {
  try {
    return createRequire(import.meta.url).resolve('@tensorflow/tfjs-node');
  } catch {
    return undefined;
  }
})();
describe('the native backend', () => {
  test.skipIf(!native)(
    `predicts the same within 1e-4${native ? '' : ' (skipped: @tensorflow/tfjs-node is not installed)'}`,
    async () => {
      const artifact = artifacts.get('network')!;
      const served = hazardModel(artifact.state, toyCompany.calendar).predict(rows.X);
      await tensorflow('tensorflow');
      expect(furthest(await stockPredictions(artifact, rows.X), served)).toBeLessThan(1e-4);
    },
  );
});
