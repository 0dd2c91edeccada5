import { forwardNetwork, prepareNetwork } from '../../models/kernel/network.ts';
import type { NetworkShape, NetworkWeights } from '../../models/network.ts';
import {
  type EpochReport,
  fitNetwork,
  type HazardRows,
  type NetworkSettings,
  takeHazardRows,
} from '../../models/networkFit.ts';
import { groupedFolds } from '../folds.ts';

/**
 * The network for a fixed number of epochs: with few rows a held-out part to stop by is too small to say when.
 * @param source feature of each column of `data`
 * @param onEpoch told of the network on all rows
 * @returns the network on all rows, and its probabilities of rows by
 * networks that had not seen them
 */
export async function smallNetwork(
  data: HazardRows,
  source: readonly number[],
  folds: number,
  settings: NetworkSettings,
  seed: number,
  onEpoch?: (report: EpochReport) => void,
): Promise<{ shape: NetworkShape; weights: NetworkWeights; unseen: Float64Array }> {
  const cells = (data.grid.edges.length - 1) * (data.grid.causes + 1);
  const unseen = new Float64Array(data.rows * cells);
  // By hash: in a file that alternates between outcomes every second row is of one of them.
  const rows = Array.from({ length: data.rows }, (_, row) => String(row));
  for (const held of groupedFolds(rows, folds, 'small-network')) {
    const out = new Set(held);
    const train = takeHazardRows(data, Array.from({ length: data.rows }, (_, i) => i).filter((row) => !out.has(row))); // biome-ignore format: one call
    const fit = await fitNetwork(train, undefined, source, settingsFor(train.rows, settings), seed);
    const test = takeHazardRows(data, held);
    const p = new Float64Array(held.length * cells);
    forwardNetwork(prepareNetwork(fit.shape, fit.weights), test.x, test.q, 1, p);
    for (const [i, row] of held.entries()) unseen.set(p.subarray(i * cells, (i + 1) * cells), row * cells);
  }
  const { shape, weights } = await fitNetwork(data, undefined, source, settingsFor(data.rows, settings), seed, onEpoch);
  return { shape, weights, unseen };
}

/** With more rows larger batches, not more steps: some 600 steps are enough, and 1,000 rows or 10,000 take the same time. */
const settingsFor = (rows: number, network: NetworkSettings): NetworkSettings => ({
  ...network,
  batch: Math.max(network.batch, Math.min(512, Math.floor(rows / 16))),
});
