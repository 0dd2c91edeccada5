import type { Artifact } from '../../models/artifact.ts';
import { exportLayersModel } from '../../models/exportTfjs.ts';
import { hazardModel } from '../../models/hazardModel.ts';
import { layers, tensorflow } from '../../models/tf.ts';
import type { Frame } from '../../src/frame.ts';
import { toyCompany } from '../contract/states.ts';

/** What a reader of `model.json` finds there. */
export interface ModelJson {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly paths: string[]; readonly weights: never[] }[];
  readonly userDefinedMetadata: Record<string, unknown>;
}

/** Predictions of the exported files by TensorFlow.js alone: rows x bins x (causes + 1). */
export async function stockPredictions(artifact: Artifact, frame: Frame): Promise<Float32Array> {
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
  const { x, q } = hazardModel(artifact.state, toyCompany.calendar).rows(frame);
  const n = frame.ids.length;
  const bins = artifact.state.edges.length - 1;
  const inputs = [tf.tensor3d(q, [n, bins, 2])] as Parameters<typeof model.predict>[0][];
  if (artifact.state.encoder.width) inputs.unshift(tf.tensor2d(x, [n, artifact.state.encoder.width]));
  const answer = model.predict(inputs.length === 1 ? inputs[0]! : (inputs as never), { batchSize: 256 });
  const out = ((Array.isArray(answer) ? answer[0]! : answer).dataSync() as Float32Array).slice();
  tf.dispose([inputs, answer] as never);
  model.dispose();
  return out;
}

export const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};
