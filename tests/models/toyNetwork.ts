import { createHash } from 'node:crypto';
import { hazards, place } from '../../models/hazards.ts';
import { type NetworkShape, type NetworkWeights, weightNames } from '../../models/network.ts';
import { fitNetwork, type HazardRows, type NetworkSettings } from '../../models/networkFit.ts';
import { tensorflow } from '../../models/tf.ts';
import { random } from '../../src/random.ts';

/** A network and rows small enough for tests, which a fresh process can make again. */

export const shape: NetworkShape = { inputs: 9, members: 3, width: 8, bins: 4, causes: 2, covariates: 2 };
export const source = [0, 0, 0, 1, 1, 2, 2, 2, 3];
export const grid = hazards([0, 7, 30, 90, 200], 2);

export function dataOf(rows: number, seed: number): HazardRows {
  const draw = random(seed);
  return {
    rows,
    inputs: shape.inputs,
    x: Float32Array.from({ length: rows * shape.inputs }, () => draw.normal()),
    q: Float32Array.from({ length: rows * shape.bins * 2 }, () => draw.uniform()),
    grid,
    placed: place(
      grid,
      Float64Array.from({ length: rows }, () => draw.uniform() * 260),
      Uint8Array.from({ length: rows }, () => draw.below(3)),
    ),
  };
}

export const settings: NetworkSettings = {
  members: 3,
  width: 8,
  dropout: 0.1,
  learningRate: 3e-3,
  decay: 3e-4,
  batch: 64,
  epochs: 3,
  patience: 3,
};
export const hashOf = (weights: NetworkWeights): string => {
  const hash = createHash('sha256');
  for (const name of weightNames) hash.update(weights[name]);
  return hash.digest('hex');
};

/** Hash of the weights that a small training on WebAssembly ends with. */
export async function fitHash(seed: number): Promise<string> {
  await tensorflow('wasm');
  return hashOf((await fitNetwork(dataOf(300, 8), dataOf(60, 9), source, settings, seed)).weights);
}
