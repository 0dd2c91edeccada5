import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Artifact } from '../../models/artifact.ts';
import { exportLayersModel } from '../../models/exportTfjs.ts';
import { hazardModel } from '../../models/hazardModel.ts';
import { layers, tensorflow } from '../../models/tf.ts';
import { type StateName, stateNames, toyArtifact, toyCompany, toyRows, toyStates } from '../contract/states.ts';

/** What a reader of `model.json` finds there. */
interface ModelJson {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly paths: string[]; readonly weights: never[] }[];
  readonly userDefinedMetadata: Record<string, unknown>;
}

const rows = toyRows(1000, 3);
const artifacts = new Map<StateName, Artifact>();
beforeAll(async () => {
  for (const [name, state] of await toyStates(rows)) artifacts.set(name, toyArtifact(rows, state));
});

/** Predictions of the exported files by TensorFlow.js alone. */
async function stockPredictions(artifact: Artifact): Promise<Float32Array> {
  const { modelJson, weights } = await exportLayersModel(artifact);
  const read = JSON.parse(JSON.stringify(modelJson)) as ModelJson;
  const tfl = await layers();
  const { tf } = await tensorflow();
  const model = await tfl.loadLayersModel({
    load: async () => ({
      modelTopology: read.modelTopology,
      weightSpecs: read.weightsManifest[0]!.weights,
      weightData: weights.slice().buffer,
    }),
  });
  const { x, q } = hazardModel(artifact.state, toyCompany.calendar).rows(rows.X);
  const n = rows.X.ids.length;
  const bins = artifact.state.edges.length - 1;
  const inputs = [tf.tensor3d(q, [n, bins, 2])] as Parameters<typeof model.predict>[0][];
  if (artifact.state.encoder.width) inputs.unshift(tf.tensor2d(x, [n, artifact.state.encoder.width]));
  const answer = model.predict(inputs.length === 1 ? inputs[0]! : (inputs as never), { batchSize: 256 });
  const out = ((Array.isArray(answer) ? answer[0]! : answer).dataSync() as Float32Array).slice();
  tf.dispose([inputs, answer] as never);
  model.dispose();
  return out;
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

describe('export to stock TensorFlow.js', () => {
  test.each(stateNames)('%s: 1,000 rows equal to the served model within 1e-6', async (name) => {
    const artifact = artifacts.get(name)!;
    const served = hazardModel(artifact.state, toyCompany.calendar).predict(rows.X);
    const stock = await stockPredictions(artifact);
    expect(stock.length).toBe(served.length);
    const gap = furthest(stock, served);
    console.info(`export ${name}: largest difference ${gap.toExponential(1)}`);
    expect(gap).toBeLessThan(1e-6);
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
      expect(furthest(await stockPredictions(artifact), served)).toBeLessThan(1e-4);
    },
  );
});
