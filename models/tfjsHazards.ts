import { layersModel } from './exportTfjs.ts';
import type { HazardsBy } from './hazardModel.ts';
import { layers, type Tensor, tensorflow } from './tf.ts';

/** Rows that TensorFlow.js is handed at a time. */
const BATCH = 1024;

/**
 * Hazards by TensorFlow.js instead of our compiled form: the very model that an export gives, run in process. For those
 * who want the definition itself to answer; some hundred times slower for one row. Within 1e-6 of ours. Reasons are ours.
 */
export async function tfjsHazards(): Promise<HazardsBy> {
  const tfl = await layers();
  const { tf } = await tensorflow();
  return (state) => {
    let model!: ReturnType<typeof layersModel>;
    tf.tidy(() => {
      model = layersModel(tfl, tf, 'served', state);
    });
    const inputs = state.encoder.width;
    const bins = state.edges.length - 1;
    return (x, q, rows) =>
      tf.tidy(() => {
        const given: Tensor[] = [tf.tensor3d(q, [rows, bins, q.length / rows / bins])];
        if (inputs > 0) given.unshift(tf.tensor2d(x, [rows, inputs]));
        const answer = model.predict(given.length === 1 ? given[0]! : given, { batchSize: BATCH });
        return (Array.isArray(answer) ? answer[0]! : answer).dataSync() as Float32Array;
      });
  };
}
