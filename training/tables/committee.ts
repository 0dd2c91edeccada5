import type { NetworkShape, NetworkWeights } from '../../models/network.ts';
import {
  type EpochReport,
  fitNetwork,
  type HazardRows,
  type NetworkFit,
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
  /** One network a split, each stopped where it said most of the split's held-out rows; none where the first was not worth it. */
  readonly networks: readonly { readonly shape: NetworkShape; readonly weights: NetworkWeights }[];
  /** Probabilities of every held-out row by the networks that had not seen it, rows x cells; 0 for rows never held out. */
  readonly unseen: Float64Array;
  /** Epochs that each kept. */
  readonly epochs: readonly number[];
  /** Of the settings given, those that said most of the first split's held-out rows; all networks but that one's rivals have them. */
  readonly settings: NetworkSettings;
}

/**
 * Networks fitted on all but one part of the rows each, and stopped by that part: together they have seen every row, and
 * every row has been judged by one that had not (a cross-validation committee, Krogh and Vedelsby 1995). The first split
 * tries the settings one after the other, the other splits use the best: whether a teacher helps is the table's business.
 * @param worthTrying whether to try the next settings, the first ones having had that loss
 * @param worthGoingOn whether to go on to the other splits, given what the first network said of its held-out rows
 * @param taughtBy what a teacher says of the rows of a split, rows x bins x causes, not having seen those either
 */
export async function committee(
  data: HazardRows,
  source: readonly number[],
  splits: readonly Split[],
  tried: readonly NetworkSettings[],
  worthTrying: (loss: number) => boolean,
  worthGoingOn: (unseen: Float64Array) => boolean,
  seed: number,
  taughtBy: (split: Split, index: number) => Float32Array | undefined,
  onEpoch: (network: number, report: EpochReport) => void,
): Promise<Committee> {
  const cells = (data.grid.edges.length - 1) * (data.grid.causes + 1);
  const unseen = new Float64Array(data.rows * cells);
  const times = new Uint8Array(data.rows);
  const networks: { shape: NetworkShape; weights: NetworkWeights }[] = [];
  const epochs: number[] = [];
  let settings = tried[0]!;
  for (const [k, split] of splits.entries()) {
    const held = takeHazardRows(data, split.held);
    let best: NetworkFit | undefined;
    for (const own of k === 0 ? tried : [settings]) {
      if (best && !worthTrying(Math.min(...best.history))) break;
      const taught = (own.teacherShare ?? 0) > 0 ? taughtBy(split, k) : undefined;
      const train = { ...takeHazardRows(data, split.train), ...(taught ? { taught } : {}) };
      const fit = await fitNetwork(train, held, source, own, seed + k, (report) => onEpoch(k, report));
      if (best && !(Math.min(...fit.history) < Math.min(...best.history))) continue;
      best = fit;
      settings = own;
    }
    const { shape, weights } = best!;
    networks.push({ shape, weights });
    epochs.push(best!.epochs);
    await addSaid(best!, held, split.held, cells, unseen);
    if (k === 0 && !worthGoingOn(unseen)) return { networks: [], unseen, epochs, settings };
    for (const row of split.held) times[row]! += 1;
  }
  for (let row = 0; row < data.rows; row++)
    if (times[row]! > 1) for (let e = 0; e < cells; e++) unseen[row * cells + e]! /= times[row]!;
  return { networks, unseen, epochs, settings };
}

/** Adds what a network says of held-out rows, a thousand at a time. */
async function addSaid(
  { shape, weights }: NetworkFit,
  held: HazardRows,
  rows: Int32Array,
  cells: number,
  unseen: Float64Array,
): Promise<void> {
  const { tf } = await tensorflow();
  const q = held.q.length / held.rows;
  for (let from = 0; from < held.rows; from += 1024) {
    const to = Math.min(from + 1024, held.rows);
    const x = held.x.subarray(from * held.inputs, to * held.inputs);
    const p = predictTensors(tf, weights, shape, x, held.q.subarray(from * q, to * q));
    for (let i = from; i < to; i++)
      for (let e = 0; e < cells; e++) unseen[rows[i]! * cells + e]! += p[(i - from) * cells + e]!;
  }
}

/**
 * Networks on all rows, for the epochs that the splits found best: no row is lost to stopping, and where the held-out rows
 * are the newest nothing that serves is without them.
 */
export async function refitted(
  data: HazardRows,
  source: readonly number[],
  count: number,
  { epochs, settings }: Pick<Committee, 'epochs' | 'settings'>,
  seed: number,
): Promise<Committee['networks']> {
  const networks: { shape: NetworkShape; weights: NetworkWeights }[] = [];
  const mean = Math.max(1, Math.round(epochs.reduce((s, e) => s + e, 0) / epochs.length));
  for (let k = 0; k < count; k++) {
    const { shape, weights } = await fitNetwork(data, undefined, source, { ...settings, epochs: mean }, seed + 50 + k);
    networks.push({ shape, weights });
  }
  return networks;
}
