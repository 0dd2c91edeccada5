import { COVARIATES } from '../binCovariates.ts';
import type { KnotEntries, Knots } from '../kernel/knots.ts';
import { binClock } from '../linearHazards.ts';
import type { PartOf } from '../parts.ts';
import { addWays, type Cells, type CompiledPart } from './part.ts';

/**
 * A ridge on knots, in float64. Its scores, x . beta and where effects change with time x . tilt, are linear along a
 * path, so its ends are all that is read of the row.
 */
export function compiledLinear(
  { model, byBin }: PartOf<'linear'>,
  { bins, causes, edges }: Cells,
  knots: Knots,
  entries: KnotEntries,
): CompiledPart {
  const { start, knot, share } = entries;
  const { intercept, beta, tilt, gamma } = model;
  const width = causes + 1;
  const clock = binClock(edges);
  const tilted = tilt.length > 0;
  /** Scores of a row: beta's by cause, then tilt's. */
  const scores = tilted ? 2 * causes : causes;
  const { origin, rows: table } = knots.table(scores, (j, s) =>
    s < causes ? beta[j * causes + s]! : tilt[j * causes + s - causes]!,
  );
  const score = new Float64Array(scores);
  const from = new Float64Array(scores);
  const to = new Float64Array(scores);
  const z = new Float64Array(causes);
  const dScore = new Float64Array(scores);
  /** Probabilities at the points last walked, without weight: points x bins x causes. */
  let own = new Float64Array(0);

  /** Of a row of the tile. */
  const scoreOf = (row: number, out: Float64Array) => {
    const end = start[row + 1]!;
    for (let s = 0; s < scores; s++) {
      let sum = origin[s]!;
      for (let e = start[row]!; e < end; e++) sum += share[e]! * table[knot[e]! * scores + s]!;
      out[s] = sum;
    }
  };
  const mean = origin.map((value, s) => {
    for (let k = knots.means; k < knots.size; k++) value += table[k * scores + s]!;
    return value;
  });
  const add = (at: Float64Array, q: Float32Array, bin: number, out: Float64Array, cell: number, keep: number) => {
    for (let b = 0; b < bins; b++, cell += width) {
      let most = 0;
      for (let c = 0; c < causes; c++) {
        let logit = intercept[b * causes + c]! + at[c]!;
        if (tilted) logit += clock[b]! * at[causes + c]!;
        for (let k = 0; k < COVARIATES; k++) logit += q[(bin + b) * COVARIATES + k]! * gamma[k * causes + c]!;
        z[c] = logit;
        if (logit > most) most = logit;
      }
      const open = Math.exp(-most);
      let sum = open;
      for (let c = 0; c < causes; c++) sum += z[c] = Math.exp(z[c]! - most);
      const weight = byBin[b]!;
      out[cell]! += (weight * open) / sum;
      for (let c = 0; c < causes; c++) {
        const p = z[c]! / sum;
        if (keep >= 0) own[keep + b * causes + c] = p;
        out[cell + c + 1]! += weight * p;
      }
    }
  };
  return {
    add: (rows, q, bin, out, at) => {
      for (let r = 0; r < rows; r++) {
        scoreOf(r, score);
        add(score, q, bin + r * bins, out, at + r * bins * width, -1);
      }
    },
    path: (rows) => {
      if (rows === 1) from.set(mean);
      else scoreOf(0, from);
      scoreOf(rows - 1, to);
      dScore.fill(0);
    },
    forwardAt: (points, q, out) => {
      if (own.length < points.length * bins * causes) own = new Float64Array(points.length * bins * causes);
      points.forEach((a, i) => {
        for (let s = 0; s < scores; s++) score[s] = (1 - a) * from[s]! + a * to[s]!;
        add(score, q, i * bins, out, i * bins * width, i * bins * causes);
      });
    },
    backward: (points, dU, dQ) => {
      const dz = z;
      for (let i = 0; i < points; i++)
        for (let b = 0; b < bins; b++) {
          const at = (i * bins + b) * causes;
          let expected = 0;
          for (let c = 0; c < causes; c++) expected += dU[at + c]! * own[at + c]!;
          for (let c = 0; c < causes; c++) {
            dz[c] = byBin[b]! * own[at + c]! * (dU[at + c]! - expected);
            dScore[c]! += dz[c]!;
            if (tilted) dScore[causes + c]! += clock[b]! * dz[c]!;
            for (let k = 0; k < COVARIATES; k++) dQ[b * COVARIATES + k]! += dz[c]! * gamma[k * causes + c]!;
          }
        }
    },
    along: () => dScore.reduce((sum, slope, s) => sum + slope * (to[s]! - from[s]!), 0),
    contribute: (byCode, rows) => {
      const of = (k: number) => {
        let sum = 0;
        for (let s = 0; s < scores; s++) sum += dScore[s]! * table[k * scores + s]!;
        return sum;
      };
      addWays(byCode, rows, knots, entries, (e) => of(knot[e]!), (i) => of(knots.means + i)); // biome-ignore format: one call
    },
  };
}
