import { describe, expect, test } from 'vitest';
import { hazards, place } from '../../models/hazards.ts';
import { networkTrainer } from '../../models/kernel/networkTrainer.ts';
import { initialWeights, type NetworkShape, type NetworkWeights, weightNames } from '../../models/network.ts';
import { fitNetwork, type HazardRows, tensorTargets } from '../../models/networkFit.ts';
import { type Batch, plainLoss, predictTensors, toTensors } from '../../models/networkGradient.ts';
import { layers, type Tensor, tensorflow } from '../../models/tf.ts';
import { random } from '../../src/random.ts';
import { dataOf, grid, settings, source } from './toyNetwork.ts';

/** The trainer in WebAssembly is held to TensorFlow.js: to what it differentiates by itself, and to its loss curve. */

const shapes: readonly NetworkShape[] = [
  { inputs: 9, members: 3, width: 8, bins: 4, causes: 2, covariates: 2 },
  // Nothing here fills its vectors.
  { inputs: 7, members: 1, width: 5, bins: 3, causes: 1, covariates: 1 },
  { inputs: 17, members: 5, width: 12, bins: 5, causes: 3, covariates: 2 },
  { inputs: 40, members: 8, width: 64, bins: 14, causes: 2, covariates: 2 },
];

/** Features of three columns each. */
const sourceOf = (s: NetworkShape) => Array.from({ length: s.inputs }, (_, j) => Math.floor(j / 3));

/** Half of the inputs are zero, as encoded rows are. */
function batchOf(s: NetworkShape, rows: number, seed: number, dropout: boolean): Batch {
  const draw = random(seed);
  const edges = Array.from({ length: s.bins + 1 }, (_, b) => b * 10);
  const placed = place(
    hazards(edges, s.causes),
    Float64Array.from({ length: rows }, () => draw.uniform() * 12 * s.bins),
    Uint8Array.from({ length: rows }, () => draw.below(s.causes + 1)),
  );
  const mask = () => Float32Array.from({ length: rows * s.members * s.width }, () => (draw.uniform() < 0.2 ? 0 : 1.25));
  return {
    rows,
    x: Float32Array.from({ length: rows * s.inputs }, () => (draw.uniform() < 0.5 ? 0 : draw.normal())),
    q: Float32Array.from({ length: rows * s.bins * s.covariates }, () => draw.uniform()),
    ...tensorTargets(placed, s),
    ...(dropout ? { mask1: mask(), mask2: mask() } : {}),
  };
}

function weightsOf(s: NetworkShape, seed: number): NetworkWeights {
  const weights = initialWeights(s, sourceOf(s), random(seed));
  const draw = random(seed).fork('more');
  for (const name of ['gamma', 'b1', 'b2'] as const) for (let i = 0; i < weights[name].length; i++) weights[name][i]! += 0.3 * draw.normal(); // biome-ignore format: one loop
  return weights;
}

async function automatic(s: NetworkShape, weights: NetworkWeights, batch: Batch) {
  await layers(); // registers the gradients of all operations
  const { tf } = await tensorflow('cpu');
  const tensors = toTensors(tf, weights, s);
  const inOrder = weightNames.map((name) => tensors[name]);
  const loss = (...given: Tensor[]) =>
    plainLoss(tf, Object.fromEntries(weightNames.map((name, i) => [name, given[i]!])) as never, s, batch);
  const { value, grads } = tf.valueAndGrads(loss as never)(inOrder);
  const answer = { loss: value.dataSync()[0]!, gradient: grads.map((grad) => grad.dataSync()) };
  tf.dispose([value, grads, inOrder] as never);
  return answer;
}

describe.each(shapes)('$members members of $width units, $inputs inputs, $bins bins of $causes causes', (s) => {
  test.each([false, true])('gradients are those of automatic differentiation (dropout: %s)', async (dropout) => {
    const trainer = networkTrainer(s, sourceOf(s), 30)!;
    // A full batch after a smaller one after a full one: nothing of one is left in the next.
    for (const [rows, seed] of [[30, 1], [7, 2], [30, 3]] as const) {
      const weights = weightsOf(s, seed);
      const batch = batchOf(s, rows, seed, dropout);
      const expected = await automatic(s, weights, batch);
      const { loss, gradient } = trainer.lossAndGradient(weights, batch);
      expect(Math.abs(loss - expected.loss)).toBeLessThan(1e-5);
      weightNames.forEach((name, k) => {
        expect(gradient[name].length).toBe(weights[name].length);
        const gap = gradient[name].reduce((most, g, i) => Math.max(most, Math.abs(g - expected.gradient[k]![i]!)), 0);
        expect(gap, `${name}, ${rows} rows`).toBeLessThan(1e-5);
      });
    } // biome-ignore format: one loop
  });

  test('probabilities are those of TensorFlow.js, whatever the batches', async () => {
    const { tf } = await tensorflow('cpu');
    const weights = weightsOf(s, 4);
    const { x, q } = batchOf(s, 50, 4, false);
    const expected = predictTensors(tf, weights, s, x, q);
    for (const most of [50, 16]) {
      const p = networkTrainer(s, sourceOf(s), most)!.probabilities(weights, x, q);
      expect(p.length).toBe(expected.length);
      p.forEach((value, e) => void expect(Math.abs(value - expected[e]!)).toBeLessThan(1e-6));
    }
  });
});

test('its loss curve is that of TensorFlow.js', async () => {
  const planted = (rows: number, seed: number): HazardRows => {
    const data = dataOf(rows, seed);
    const early = Float64Array.from({ length: rows }, (_, i) => (data.x[i * data.inputs]! > 0 ? 3 : 150));
    return { ...data, placed: place(grid, early, new Uint8Array(rows).fill(1)) };
  };
  const longer = { ...settings, epochs: 20, patience: 20 };
  const curve = async (by: 'kernel' | 'tfjs') =>
    (await fitNetwork(planted(600, 1), planted(200, 2), source, { ...longer, trainer: by }, 1)).history;
  await tensorflow('wasm');
  const [ours, theirs] = [await curve('kernel'), await curve('tfjs')];
  expect(ours.length).toBe(theirs.length);
  ours.forEach((loss, epoch) => void expect(Math.abs(loss - theirs[epoch]!), `epoch ${epoch + 1}`).toBeLessThan(2e-3));
  expect(ours.at(-1)!).toBeLessThan(0.5 * ours[0]!);
}, 60_000);

test('the same batch gives the same bits, from another trainer and for larger batches too', () => {
  const s = shapes[2]!;
  const weights = weightsOf(s, 6);
  const batch = batchOf(s, 20, 6, true);
  const one = networkTrainer(s, sourceOf(s), 20)!.lossAndGradient(weights, batch);
  const other = networkTrainer(s, sourceOf(s), 64)!;
  other.lossAndGradient(weights, batchOf(s, 64, 7, true));
  expect(other.lossAndGradient(weights, batch)).toEqual(one);
});
