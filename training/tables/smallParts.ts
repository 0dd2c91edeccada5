import type { Encoder } from '../../models/encode.ts';
import { binsOf, softmaxBins } from '../../models/hazards.ts';
import type { HazardRows } from '../../models/networkFit.ts';
import { binned } from './binned.ts';
import type { Split } from './committee.ts';
import type { Group } from './groups.ts';
import { averagedRidges, columnsOf, takeColumns } from './linearParts.ts';
import type { TableFitOptions } from './settings.ts';
import { smallNetwork } from './smallNetwork.ts';
import { treesPart } from './treesPart.ts';
import { renumbered, widened } from './wider.ts';

/** Trees on all rows, each from a seed of its own. */
const TREE_SEEDS = 2;

/**
 * Learners where rows are few: ridges averaged over penalties, and where the rows can carry it (`flexible`) boosted trees (`treesOfFew`) and a small network.
 * @param splits each row held out once
 */
export async function smallParts(
  data: HazardRows,
  encoder: Encoder,
  splits: readonly Split[],
  flexible: boolean,
  options: TableFitOptions,
): Promise<{ readonly groups: readonly Group[]; readonly shares: Readonly<Record<string, number>> }> {
  const { grid } = data;
  const folds = splits.map((s) => [...s.held]);
  const views = Object.fromEntries(options.views.map((view) => [view, columnsOf(encoder, view)]));
  const shares: Record<string, number> = {};
  const groups: Group[] = [];
  // Over time the views differ in what they know when; of one bin they are like parts, averaged as one.
  const ridges = binsOf(grid) === 1 ? [['linear', views] as const] : options.views.map((view) => [`linear ${view}`, { [view]: views[view]! }] as const); // biome-ignore format: one choice
  for (const [name, of] of ridges) {
    const linear = averagedRidges(data, of, folds, options.penalties, options.sharpness);
    Object.assign(shares, linear.shares);
    groups.push({ name, parts: [{ kind: 'linear', model: linear.model }], unseen: softmaxBins(grid, linear.unseen) });
  }
  if (!flexible) return { groups, shares };
  if (options.treesOfFew)
    groups.push(
      await treesPart(binned(encoder, data.x, data.rows), data, splits, true, TREE_SEEDS, options.seed, options.grow),
    );
  const columns = views['piecewise'] ?? views['standard']!;
  const source = renumbered(columns.map((column) => encoder.source[column]!));
  const { unseen, ...network } = await smallNetwork(takeColumns(data, columns), source, options.networkFolds, options.network, options.seed, (report) => options.onEpoch(0, report)); // biome-ignore format: one call
  groups.push({ name: 'network', parts: [{ kind: 'network', ...widened(network, columns, data.inputs) }], unseen });
  return { groups, shares };
}
