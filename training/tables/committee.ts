import type { NetworkShape, NetworkWeights } from '../../models/network.ts';
import {
  type EpochReport,
  fitNetwork,
  type HazardRows,
  type NetworkSettings,
  takeHazardRows,
} from '../../models/networkFit.ts';
import { predictTensors } from '../../models/networkGradient.ts';
import { tensorflow } from '../../models/tf.ts';

/** Rows to fit and rows to judge and stop by. */
export interface Split {
  readonly train: Int32Array;
  readonly held: Int32Array;
}

export interface Committee {
  /** One network a split, each stopped where it said most of the split's held-out rows. */
  readonly networks: readonly { readonly shape: NetworkShape; readonly weights: NetworkWeights }[];
  /** Probabilities of every held-out row by the networks that had not seen it, rows x cells; 0 for rows never held out. */
  readonly unseen: Float64Array;
  /** Epochs that each kept. */
  readonly epochs: readonly number[];
}

/**
 * Networks fitted on all but one part of the rows each, and stopped by that part: together they have seen every row, and
 * every row has been judged by one that had not. Their mean is what serves (a cross-validation committee, Krogh and
 * Vedelsby 1995): no row is lost to stopping, and networks that differ in rows and seeds err less together.
 * @param taughtBy what a teacher says of the rows of a split, rows x bins x causes, not having seen those either
 */
export async function committee(
  data: HazardRows,
  source: readonly number[],
  splits: readonly Split[],
  settings: NetworkSettings,
  seed: number,
  taughtBy: (split: Split, index: number) => Float32Array | undefined,
  onEpoch: (network: number, report: EpochReport) => void,
): Promise<Committee> {
  const { tf } = await tensorflow();
  const cells = (data.grid.edges.length - 1) * (data.grid.causes + 1);
  const unseen = new Float64Array(data.rows * cells);
  const times = new Uint8Array(data.rows);
  const networks: { shape: NetworkShape; weights: NetworkWeights }[] = [];
  const epochs: number[] = [];
  for (const [k, split] of splits.entries()) {
    const taught = taughtBy(split, k);
    const train = { ...takeHazardRows(data, split.train), ...(taught ? { taught } : {}) };
    const held = takeHazardRows(data, split.held);
    const fit = await fitNetwork(train, held, source, settings, seed + k, (report) => onEpoch(k, report));
    networks.push({ shape: fit.shape, weights: fit.weights });
    epochs.push(fit.epochs);
    for (let from = 0; from < held.rows; from += 1024) {
      const to = Math.min(from + 1024, held.rows);
      const q = held.q.length / held.rows;
      const p = predictTensors(tf, fit.weights, fit.shape, held.x.subarray(from * held.inputs, to * held.inputs), held.q.subarray(from * q, to * q)); // biome-ignore format: one call
      for (let i = from; i < to; i++)
        for (let e = 0; e < cells; e++) unseen[split.held[i]! * cells + e]! += p[(i - from) * cells + e]!;
    }
    for (const row of split.held) times[row]! += 1;
  }
  for (let row = 0; row < data.rows; row++)
    if (times[row]! > 1) for (let e = 0; e < cells; e++) unseen[row * cells + e]! /= times[row]!;
  return { networks, unseen, epochs };
}

/**
 * The same networks on all rows, each for the epochs that its split found best: where the held-out rows are the newest,
 * nothing that serves should be without them.
 */
export async function refitted(
  data: HazardRows,
  source: readonly number[],
  epochs: readonly number[],
  settings: NetworkSettings,
  seed: number,
): Promise<Committee['networks']> {
  const networks: { shape: NetworkShape; weights: NetworkWeights }[] = [];
  for (const [k, most] of epochs.entries()) {
    const { shape, weights } = await fitNetwork(data, undefined, source, { ...settings, epochs: most }, seed + k);
    networks.push({ shape, weights });
  }
  return networks;
}
