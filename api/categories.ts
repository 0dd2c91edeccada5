import type { ForecastNode, Grouping, RollUp } from '../models/forecast/rollup.ts';
import { byCategoryRank } from '../src/forecastCategory.ts';
import type { Period } from '../src/time.ts';
import type { PipelineOpen } from './pipeline.ts';

/** The open deals of a group that their people call the same. */
export interface CategoryForecast {
  /** `commit`, `best case`, `pipeline`, `omitted`, or a word of the company's own; null where nobody said. */
  readonly category: string | null;
  readonly openDeals: number;
  /** Their amounts as they stand. */
  readonly amountMinor: number;
  /** The same of those whose expected close date lies in the period. */
  readonly dueMinor: number;
  /** What the model expects of them in the period: those of a group add up to what it expects of its open deals. */
  readonly expectedMinor: number;
}

/**
 * The open deals of each group of a roll-up by what people call them, a team with its sub-teams; none where no deal has a category.
 * Cost: a pass over the deals, a step for each team above one.
 */
export function categoriesBy(
  open: readonly PipelineOpen[],
  { contributions, nodes }: Pick<RollUp, 'contributions' | 'nodes'>,
  by: Grouping,
  period: Period,
): (node: ForecastNode) => readonly CategoryForecast[] {
  if (open.every(({ category }) => category === null)) return () => [];
  const [whole, ...groups] = nodes;
  const nodeOf = new Map(groups.map((node) => [node.id, node]));
  const tallies = new Map<ForecastNode, Map<string | null, CategoryForecast>>(nodes.map((node) => [node, new Map()]));
  const add = (node: ForecastNode, deal: PipelineOpen) => {
    const of = tallies.get(node)!;
    const { category, amountMinor, expectedClose: at } = deal;
    const isDue = at !== undefined && at >= period.from && at < period.to;
    const was = of.get(category) ?? { category, openDeals: 0, amountMinor: 0, dueMinor: 0, expectedMinor: 0 };
    of.set(category, {
      category,
      openDeals: was.openDeals + 1,
      amountMinor: was.amountMinor + amountMinor,
      dueMinor: was.dueMinor + (isDue ? amountMinor : 0),
      expectedMinor: was.expectedMinor + (contributions.get(deal.id) ?? 0),
    });
  };
  for (const deal of open) {
    add(whole!, deal);
    let node = by === 'all' ? undefined : nodeOf.get(deal[by] ?? null);
    for (; node; node = node.parentId === null ? undefined : nodeOf.get(node.parentId)) add(node, deal);
  }
  return (node) => [...tallies.get(node)!.values()].sort((a, b) => byCategoryRank(a.category, b.category));
}
