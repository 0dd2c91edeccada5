import type { Encoder } from '../../models/encode.ts';
import { binsOf, softmaxBins } from '../../models/hazards.ts';
import type { HazardRows } from '../../models/networkFit.ts';
import type { Group } from './groups.ts';
import { averagedRidges, columnsOf, takeColumns } from './linearParts.ts';
import type { TableFitOptions } from './settings.ts';
import { smallNetwork } from './smallNetwork.ts';
import { renumbered, widened } from './wider.ts';

/** Learners where rows are few: ridges averaged over penalties, and from some rows on a small network. */
export async function smallParts(
  data: HazardRows,
  encoder: Encoder,
  folds: readonly (readonly number[])[],
  withNetwork: boolean,
  options: TableFitOptions,
): Promise<{ readonly groups: readonly Group[]; readonly shares: Readonly<Record<string, number>> }> {
  const { grid } = data;
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
  if (!withNetwork) return { groups, shares };
  const columns = views['piecewise'] ?? views['standard']!;
  const source = renumbered(columns.map((column) => encoder.source[column]!));
  const { unseen, ...network } = await smallNetwork(takeColumns(data, columns), source, options.networkFolds, options.network, options.seed, (report) => options.onEpoch(0, report)); // biome-ignore format: one call
  groups.push({ name: 'network', parts: [{ kind: 'network', ...widened(network, columns, data.inputs) }], unseen });
  return { groups, shares };
}
