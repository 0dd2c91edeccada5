import { isSeasonal } from './seasonality.ts';

/** How a line sells: every period or nearly, now and then, now and then until it stopped, or never. */
export type DemandPattern = 'steady' | 'sparse' | 'fading' | 'none';

/** Periods a demand from which on a line is sparse. */
const SPARSE = 1.32;
/** A run of empty periods at the end with less chance than this says that the line may have ended. */
const UNLIKELY = 0.05;

/**
 * The pattern of a line. Sparse: nothing below 0, at least 1.32 periods a demand on average (Syntetos, Boylan and Croston
 * 2005, figure 2), and no season by the 90 % test, since empty months that come back each year are a season. Fading: sparse,
 * and the empty periods at its end have a chance (1 - 1/p)^run below 5 % at its p periods a demand. None: only zeros.
 */
export function demandPattern(y: ArrayLike<number>, season: number): DemandPattern {
  let demands = 0;
  let last = -1;
  let first = -1;
  for (let t = 0; t < y.length; t++) {
    if (y[t] < 0) return 'steady';
    if (y[t] === 0) continue;
    demands++;
    if (first < 0) first = t;
    last = t;
  }
  if (demands === 0) return 'none';
  const between = (last - first + 1) / demands;
  const run = y.length - 1 - last;
  if (Math.max(between, (y.length - first) / demands) < SPARSE || isSeasonal(y, season)) return 'steady';
  // A line of one demand a period that then stops has no chance of a gap at all: half a gap is granted.
  const chance = 1 - Math.min(1, demands / (last - first + 1.5));
  return chance ** run < UNLIKELY ? 'fading' : 'sparse';
}
