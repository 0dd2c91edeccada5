import { stackWeights } from '../../models/coldStart.ts';
import { binsOf, type Hazards, type Placed } from '../../models/hazards.ts';

/** Most stretches of time with weights of their own, and the fewest events that one is given for. */
const MOST_STRETCHES = 8;
const FEWEST_EVENTS = 50;
/** The weights over all bins count as so many outcomes of each stretch. */
const PSEUDO = 10;

/**
 * Bins grouped into neighbours that hold about the same number of events: the first bin of each stretch. With few events
 * there is one.
 */
export function stretchesOf(grid: Hazards, placed: Placed): number[] {
  const bins = binsOf(grid);
  const events = new Float64Array(bins);
  placed.bin.forEach((bin, row) => {
    if (bin < bins && placed.cause[row]! > 0) events[bin]! += 1;
  });
  const total = events.reduce((s, v) => s + v, 0);
  const each = Math.max(FEWEST_EVENTS, total / MOST_STRETCHES);
  const starts = [0];
  let here = 0;
  let left = total;
  for (let b = 0; b + 1 < bins; b++) {
    here += events[b]!;
    left -= events[b]!;
    if (here < each || left < each) continue;
    starts.push(b + 1);
    here = 0;
  }
  return starts;
}

/**
 * Weights of the parts of a mixture, stretch by stretch of time: a part may know who leaves at once and little of who
 * leaves after years, and one weight for all time would be settled by where most happens. In each stretch `stackWeights` on
 * what was seen there, drawn to the weights over all time.
 * @param said by part, the probability that it gave to what happened, not having seen it, one a cell
 * @param bin of each cell · @param usual weights over all time
 * @returns by part, a weight a bin; they sum to 1 in each bin
 */
export function weightsByBin(
  grid: Hazards,
  placed: Placed,
  said: readonly ArrayLike<number>[],
  weight: ArrayLike<number>,
  bin: Int32Array,
  usual: Float64Array,
): Float64Array[] {
  const bins = binsOf(grid);
  const starts = stretchesOf(grid, placed);
  const out = said.map(() => new Float64Array(bins));
  starts.forEach((from, k) => {
    const to = starts[k + 1] ?? bins;
    const cells = [...bin.keys()].filter((cell) => bin[cell]! >= from && bin[cell]! < to);
    const pick = (values: ArrayLike<number>) => Float64Array.from(cells, (cell) => values[cell]!);
    const pseudo = Array.from(usual, (w) => PSEUDO * w);
    const own = starts.length === 1 ? usual : stackWeights(said.map(pick), pick(weight), pseudo);
    out.forEach((byBin, part) => {
      byBin.fill(own[part]!, from, to);
    });
  });
  return out;
}
