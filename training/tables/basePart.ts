import { type Prior, shrunkRateAlong } from '../../models/coldStart.ts';
import { fitConstantHazards } from '../../models/constantHazards.ts';
import { takePlaced } from '../../models/networkFit.ts';
import type { TableRows } from './tasks.ts';

/**
 * The base rate: shrunk to the prior where there is one bin and one cause, else hazards by time.
 * @returns bins x (causes + 1), and the law of success
 */
export function baseRate(rows: TableRows, index: ArrayLike<number>, prior: Prior): { p: Float64Array; law: Prior } {
  const { grid, placed, success } = rows;
  let won = 0;
  let n = 0;
  for (let i = 0; i < index.length; i++) {
    const came = success[index[i]!]!;
    if (Number.isNaN(came)) continue;
    n++;
    if (came === 1) won++;
  }
  const law = shrunkRateAlong([{ won, n }], prior);
  if (grid.edges.length === 2 && grid.causes === 1) return { p: Float64Array.of(1 - law.rate, law.rate), law };
  return { p: fitConstantHazards(grid, takePlaced(placed, index)), law };
}
