import { binsOf, type Hazards, hazards, incidence, type Placed } from '../../models/hazards.ts';
import { integrated, ipcwBrier } from '../../src/stats/ipcwBrier.ts';
import { quantile } from '../../src/stats/quantile.ts';
import { stretchesOf } from './weightsByBin.ts';

/** How far the mixture may be drawn to the ridges: tried in turn. */
const SHARES = [0.25, 0.5, 0.75, 1];
/** Curves are judged to the time for which a tenth of the rows were watched: beyond it a few rows would decide alone. */
const JUDGED_TO = 0.9;

/**
 * Weights of the learners of a duration, drawn to the ridges as far as the curves of rows unseen ask for it. The weights by bin are those that tell best who ends
 * next, given that they have not ended; what is told is a curve, a product of many bins, in which what a learner says too much or too little of late bins adds
 * up. So (1 - a) of them and a of the ridges, in equal parts, from some stretch of time on: with the a (0 to 1 in steps of a quarter) and the stretch that have the
 * least integrated Brier score over all unseen rows, if less than a = 0 in each half of them too.
 *
 * @param p by learner, what it said of rows it had not seen: rows x bins x (causes + 1) · @param isRidge of each learner · @param byBin by learner, a weight a bin
 * Source: Graf et al., "Assessment and comparison of prognostic classification schemes for survival data", Statistics in Medicine 18 (1999), of the score.
 * Cost: some thirty mixtures of the held-out rows.
 */
export function curveWeights(
  grid: Hazards,
  placed: Placed,
  p: readonly Float64Array[],
  isRidge: readonly boolean[],
  byBin: readonly Float64Array[],
): readonly Float64Array[] {
  const ridges = isRidge.filter(Boolean).length;
  const { time, ended } = watched(grid, placed);
  const last = quantile(time, JUDGED_TO);
  const times = grid.edges.filter((edge) => edge > 0 && edge <= last);
  if (ridges === 0 || ridges === isRidge.length || times.length < 2) return byBin;
  const drawn = (share: number, from: number) =>
    byBin.map((own, k) => own.map((w, b) => (b < from ? w : (1 - share) * w + (isRidge[k] ? share / ridges : 0))));
  const halves = [0, 1].map((half) => Array.from(time.keys()).filter((row) => row % 2 === half));
  /** Over all rows, then over each half. */
  const scores = (weights: readonly Float64Array[]): number[] => {
    const F = curves(grid, p, weights, times);
    const score = (rows: readonly number[]) => {
      const of = (values: ArrayLike<number>) => Float64Array.from(rows, (row) => values[row]!);
      const said = Float64Array.from({ length: rows.length * times.length }, (_, i) => F[rows[Math.floor(i / times.length)]! * times.length + (i % times.length)]!); // biome-ignore format: one call
      return integrated(times, ipcwBrier(of(time), of(ended), 1, times, said));
    };
    return [[...time.keys()], ...halves].map(score);
  };
  const now = scores(byBin);
  let best = { weights: byBin, score: now[0]! };
  for (const from of stretchesOf(grid, placed))
    for (const share of SHARES) {
      const weights = drawn(share, from);
      const then = scores(weights);
      if (then[0]! < best.score && then.every((score, k) => score < now[k]!)) best = { weights, score: then[0]! };
    }
  return best.weights;
}

/** When each row ended, by whatever cause, or was last seen, as the bins have it. */
function watched({ edges }: Hazards, { bin, fraction, cause }: Placed) {
  const at = (row: number): number => {
    const [b, last] = [bin[row]!, edges.length - 1];
    if (b >= last) return edges[last]!;
    return cause[row]! > 0 ? edges[b + 1]! : edges[b]! + fraction[row]! * (edges[b + 1]! - edges[b]!);
  };
  return {
    time: Float64Array.from(bin, (_, row) => at(row)),
    ended: Uint8Array.from(cause, (c) => (c > 0 ? 1 : 0)),
  };
}

/** P(ended by each time, by whatever cause) of each row by a mixture. */
function curves(grid: Hazards, p: readonly Float64Array[], weights: readonly Float64Array[], times: Float64Array) {
  const [bins, width] = [binsOf(grid), grid.causes + 1];
  const cells = p[0]!.length / width;
  const any = new Float64Array(cells * 2);
  for (let cell = 0; cell < cells; cell++) {
    let open = 0;
    for (let k = 0; k < p.length; k++) open += weights[k]![cell % bins]! * p[k]![cell * width]!;
    any[cell * 2] = open;
    any[cell * 2 + 1] = 1 - open;
  }
  return incidence(hazards(grid.edges, 1), any, times);
}
