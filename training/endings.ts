import { DAY } from '../src/time.ts';
import type { LandmarkRows } from './landmarkRows.ts';

/** Fewer known outcomes than this are not learned from: the base rate, shrunk, and it says so. */
export const FEWEST_OUTCOMES = 50;

/** How many ended on each side, each ending counted once; open, by their last look. */
export interface SideCounts {
  readonly positive: number;
  readonly negative: number;
  readonly open: number;
}

export function endingsOf(rows: LandmarkRows, recurs: boolean): SideCounts {
  const last = new Map<string, keyof SideCounts>();
  for (const [row, id] of rows.X.ids.entries()) {
    const { cause, timeDays } = rows.outcomes[row]!;
    // Looks before one ending tell it each; of what recurs, each ending is one.
    const ending = recurs && cause ? `${id} ${Math.round(rows.X.asOf[row]! + timeDays * DAY)}` : id;
    last.set(ending, cause ? (cause.positive ? 'positive' : 'negative') : 'open');
  }
  const count = { positive: 0, negative: 0, open: 0 };
  for (const outcome of last.values()) count[outcome]++;
  return count;
}
