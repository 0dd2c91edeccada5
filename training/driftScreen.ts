import type { Frame } from '../src/frame.ts';
import { ks2 } from '../src/stats/ks2.ts';
import { totalVariation } from '../src/stats/totalVariation.ts';

/** A column whose values moved too far within the training window to be learned from. */
export interface Drifted {
  readonly feature: string;
  /** KS distance of a number, total variation of a category; 0 to 1. */
  readonly distance: number;
}

const TOO_FAR = 0.4;
const EARLIER = 0.7;

/**
 * Columns that tell the date: a number whose distribution in the last 30 % of the rows is more than .4 (KS) from the
 * first 70 %, or a category by total variation. What was learned on such a column would be asked outside of what it was
 * learned on. Looks at the training window only; missing counts as a value.
 */
export function driftScreen(frame: Frame): Drifted[] {
  const order = Array.from(frame.asOf.keys()).sort((a, b) => frame.asOf[a]! - frame.asOf[b]!);
  const cut = Math.floor(order.length * EARLIER);
  const early = order.slice(0, cut);
  const late = order.slice(cut);
  if (early.length === 0 || late.length === 0) return [];
  const drifted: Drifted[] = [];
  for (const [feature, column] of frame.columns) {
    let distance: number;
    if (column.type === 'number') {
      const of = (rows: number[]) => {
        const present = new Float64Array(rows.length);
        let n = 0;
        for (const row of rows) if (!Number.isNaN(column.values[row]!)) present[n++] = column.values[row]!;
        return present.subarray(0, n);
      };
      const [a, b] = [of(early), of(late)];
      const missing = Math.abs(a.length / early.length - b.length / late.length);
      distance = Math.max(missing, a.length && b.length ? ks2(a, b) : 0);
    } else {
      const of = (rows: number[]) => {
        const shares = new Float64Array(column.levels.length + 1);
        for (const row of rows) shares[column.codes[row]! + 1]! += 1 / rows.length;
        return shares;
      };
      distance = totalVariation(of(early), of(late));
    }
    if (distance > TOO_FAR) drifted.push({ feature, distance });
  }
  return drifted;
}
