import { stackWeights } from '../../models/coldStart.ts';
import type { Encoder } from '../../models/encode.ts';
import { binsOf } from '../../models/hazards.ts';
import { type HazardRows, takePlaced } from '../../models/networkFit.ts';
import { searched } from '../networkSearch.ts';
import { binned } from './binned.ts';
import { committee, refitted, type Split } from './committee.ts';
import type { Group } from './groups.ts';
import { columnsOf, observedCells, takeColumns } from './linearParts.ts';
import { pickRows } from './plan.ts';
import { ridgePart } from './ridgePart.ts';
import type { TableFitOptions } from './settings.ts';
import { taught } from './teacher.ts';
import { treesPart } from './treesPart.ts';
import { renumbered, widened } from './wider.ts';

/** Epochs that a network may have however many rows and columns there are. */
const FEWEST_EPOCHS = 20;

/**
 * Learners where rows are many: a ridge on each view, boosted trees, and networks on the piecewise view if the first of them
 * has a weight beside the others. Networks cost most of a fit by far, and where trees know most they add next to nothing.
 * In profile `best`, of tables with one bin, a network may learn from trees as well as from what came.
 * @param newest whether the held-out rows are the newest: then trees and networks are fitted again, on all
 */
export async function largeParts(
  data: HazardRows,
  encoder: Encoder,
  splits: readonly Split[],
  newest: boolean,
  options: TableFitOptions,
): Promise<Group[]> {
  // biome-ignore format: one signature
  const { large, seed, say } = options;
  const groups: Group[] = [];
  for (const view of options.views) {
    say(`ridge on ${view} numbers`);
    const { model, unseen } = ridgePart(data, columnsOf(encoder, view), splits, options.penalties, large.ridgeRows, large.ridgeFitRows); // biome-ignore format: one call
    groups.push({ name: `linear ${view}`, parts: [{ kind: 'linear', model }], unseen });
  }
  // One block of very many rows is not missed; the newest rows, or a third of some thousand, are.
  const missed = newest || splits.length === new Set(splits).size;
  say('trees');
  const trees = binned(encoder, data.x, data.rows);
  const grown = await treesPart(trees, data, splits, missed, large.seeds, seed, options.grow);
  groups.push(grown);
  const columns = columnsOf(encoder, 'piecewise');
  const source = renumbered(columns.map((column) => encoder.source[column]!));
  const { grid, placed } = data;
  const teaches = binsOf(grid) === 1 && (large.network.teacherShare ?? 0) > 0;
  // Where all networks learn from the same rows they share the lesson.
  const told = new Map<Int32Array, Float32Array>();
  const taughtBy = ({ train }: Split, k: number) => {
    if (!teaches) return undefined;
    const known = told.get(train) ?? taught(trees, grid, placed, train, grown.settings, seed + 100 * k);
    told.set(train, known);
    return known;
  };
  const part = takeColumns(data, columns);
  let network = large.network;
  if (large.searchSeconds > 0) {
    say('network settings by successive halving');
    const until = options.seconds() + large.searchSeconds;
    const lesson = taughtBy(splits[0]!, 0);
    const search = await searched(part, source, splits[0]!, lesson, network, seed, () => until - options.seconds());
    network = search.settings;
    say(`${search.tried} tried; the best has loss ${search.loss.toFixed(4)} of unseen rows`);
  }
  const foldRows = Math.min(splits[0]!.train.length, network.epochRows ?? Number.POSITIVE_INFINITY);
  const rowWork = network.members * network.width * (part.inputs + network.width);
  const affordable = Math.round(large.networkWork / Math.max(rowWork * foldRows, 1));
  network = { ...network, epochs: Math.min(network.epochs, Math.max(FEWEST_EPOCHS, affordable)) };
  const tried = teaches ? [{ ...network, teacherShare: 0 }, network] : [network];
  // Trees that know less than the network does have nothing to teach it.
  const worthTrying = (loss: number) => grown.loss < loss;
  const worthGoingOn = (unseen: Float64Array) => {
    const known = [...groups.map((group) => group.unseen), unseen];
    const weight = weightsOn(data, splits[0]!.held, known).at(-1)!;
    if (weight < large.leastNetworkWeight)
      say(`the network adds nothing to trees and ridges (weight ${weight.toFixed(2)}): left out`);
    return weight >= large.leastNetworkWeight;
  };
  const judged = await committee(
    part,
    source,
    splits,
    tried,
    worthTrying,
    worthGoingOn,
    seed,
    taughtBy,
    (k, report) => {
      say(
        `network ${k + 1} of ${splits.length}, epoch ${report.epoch}: loss ${report.stopLoss.toFixed(4)} of unseen rows`,
      );
      options.onEpoch(k, report);
    },
  );
  if (judged.networks.length === 0) return groups;
  let serving = judged.networks;
  if (missed) {
    say('networks on all rows');
    const all = Int32Array.from({ length: data.rows }, (_, i) => i);
    const learns = teaches && (judged.settings.teacherShare ?? 0) > 0;
    const lesson = learns ? { taught: taught(trees, grid, placed, all, grown.settings, seed) } : {};
    // Those that a third of the rows was kept from say less than these, and no more beside them.
    serving = await refitted({ ...part, ...lesson }, source, large.seeds, judged, seed);
  }
  groups.push({
    name: 'network',
    parts: serving.map((one) => ({ kind: 'network' as const, ...widened(one, columns, data.inputs) })),
    unseen: judged.unseen,
  });
  return groups;
}

/** Weights of learners by what they said of some rows, not having seen them. */
function weightsOn({ grid, placed }: HazardRows, rows: Int32Array, unseen: readonly Float64Array[]): Float64Array {
  const cells = binsOf(grid) * (grid.causes + 1);
  const judged = takePlaced(placed, rows);
  const observed = unseen.map((p) => observedCells(grid, judged, pickRows(p, rows, cells)));
  return stackWeights(observed.map(({ said }) => said), observed[0]!.weight, unseen.map(() => 1)); // biome-ignore format: one call
}
