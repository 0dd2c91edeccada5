import { random } from '../random.ts';
import { sameLength } from './check.ts';
import { quantileSorted } from './quantile.ts';

export interface BootstrapOptions {
  readonly draws: number;
  readonly seed: number;
  /** Two-sided level of the interval. */
  readonly level: number;
}

export interface Bootstrap {
  /** The statistic of the rows as they are. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Share of draws above 0: for a difference, how sure one is that it is positive. */
  readonly shareAboveZero: number;
}

const defaults: BootstrapOptions = { draws: 1000, seed: 1, level: 0.9 };

/**
 * Clustered bootstrap with a percentile interval: whole clusters (accounts) are drawn with replacement, since rows of
 * one account are not independent. `statistic` gets the row numbers of a draw; return a difference of two models' losses
 * on them and the comparison is paired. Draws whose statistic is NaN (one class only) are left out.
 * Cost: draws evaluations. Source: Davison and Hinkley (1997), section 3.8.
 */
export function bootstrap(
  cluster: ArrayLike<string | number>,
  statistic: (rows: Int32Array) => number,
  options: Partial<BootstrapOptions> = {},
): Bootstrap {
  const { draws, seed, level } = { ...defaults, ...options };
  const groups = rowsByCluster(cluster);
  const stream = random(seed);
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const picked: Int32Array[] = [];
    let size = 0;
    for (let k = 0; k < groups.length; k++) {
      const group = groups[stream.below(groups.length)];
      picked.push(group);
      size += group.length;
    }
    const rows = new Int32Array(size);
    let at = 0;
    for (const group of picked) {
      rows.set(group, at);
      at += group.length;
    }
    const value = statistic(rows);
    if (!Number.isNaN(value)) values.push(value);
  }
  return summarise(statistic(Int32Array.from({ length: cluster.length }, (_, i) => i)), values, level);
}

/**
 * The same for the mean of a column, such as the difference of two models' losses by row; sums by cluster make it
 * cheap: O(draws clusters).
 */
export function bootstrapMean(
  cluster: ArrayLike<string | number>,
  values: ArrayLike<number>,
  options: Partial<BootstrapOptions> = {},
): Bootstrap {
  sameLength('bootstrapMean', cluster, values);
  const { draws, seed, level } = { ...defaults, ...options };
  const groups = rowsByCluster(cluster);
  const sums = Float64Array.from(groups, (rows) => rows.reduce((sum, row) => sum + values[row], 0));
  const stream = random(seed);
  const means: number[] = [];
  for (let draw = 0; draw < draws && groups.length > 0; draw++) {
    let sum = 0;
    let count = 0;
    for (let k = 0; k < groups.length; k++) {
      const pick = stream.below(groups.length);
      sum += sums[pick];
      count += groups[pick].length;
    }
    means.push(sum / count);
  }
  const total = sums.reduce((a, b) => a + b, 0);
  return summarise(total / values.length, means, level);
}

function rowsByCluster(cluster: ArrayLike<string | number>): Int32Array[] {
  const lists = new Map<string | number, number[]>();
  for (let i = 0; i < cluster.length; i++) {
    const list = lists.get(cluster[i]);
    if (list) list.push(i);
    else lists.set(cluster[i], [i]);
  }
  return [...lists.values()].map((list) => Int32Array.from(list));
}

function summarise(value: number, draws: readonly number[], level: number): Bootstrap {
  const sorted = Float64Array.from(draws).sort();
  let above = 0;
  for (const draw of sorted) if (draw > 0) above++;
  return {
    value,
    low: quantileSorted(sorted, (1 - level) / 2),
    high: quantileSorted(sorted, (1 + level) / 2),
    shareAboveZero: above / sorted.length,
  };
}
