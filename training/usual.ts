import type { Frame } from '../src/frame.ts';
import { quantileSorted } from '../src/stats/quantile.ts';

/** What rows say as a rule. */
export interface UsualRows {
  /** Median of each number, most frequent level of each category; null where nothing is known. */
  readonly usual: Record<string, number | string | null>;
  /** First and third quartile of each number: what half of the rows lie between. Columns without any value are absent. */
  readonly usualRange: Record<string, [number, number]>;
}

/** By column of a frame, missing values apart. The median is one of the values (the lower of two). Cost: a sort a column. */
export function usualOf(frame: Frame): UsualRows {
  const usual: Record<string, number | string | null> = {};
  const usualRange: Record<string, [number, number]> = {};
  for (const [name, column] of frame.columns) {
    if (column.type === 'number') {
      const sorted = column.values.filter((v) => !Number.isNaN(v)).sort();
      usual[name] = sorted.length ? sorted[Math.floor((sorted.length - 1) / 2)]! : null;
      if (sorted.length) usualRange[name] = [quantileSorted(sorted, 0.25), quantileSorted(sorted, 0.75)];
    } else {
      const counts = new Array<number>(column.levels.length).fill(0);
      for (const code of column.codes) if (code >= 0) counts[code]!++;
      const most = counts.indexOf(Math.max(...counts));
      usual[name] = counts.length && counts[most]! > 0 ? column.levels[most]! : null;
    }
  }
  return { usual, usualRange };
}
