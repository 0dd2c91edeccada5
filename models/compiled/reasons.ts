import { COVARIATES } from '../binCovariates.ts';
import type { ScoreFunction } from '../explain.ts';
import type { Hazards } from '../hazards.ts';
import { TILE } from '../kernel/fused.ts';
import { incidenceGradient } from '../kernel/incidenceGradient.ts';
import { applyLevel, type Level, levelGradient } from '../level.ts';
import type { Compiled } from './compile.ts';

/** A score along a straight path between two rows. */
export interface PathSlopes {
  /** The score at its two ends. */
  readonly base: number;
  readonly total: number;
  /** Mean slope times the way, by code of the encoder and by covariate; with `total - base` within the tolerance. */
  readonly codes: Float64Array;
  readonly covariates: Float64Array;
  /** Points walked. */
  readonly steps: number;
}

const MOST_STEPS = 1024;

/**
 * Integrated gradients on a compiled state, by midpoints: the first layer is linear along the path, so what a feature
 * adds is its way in that layer times the mean slope there. Points are tripled until the parts sum to the difference
 * within the tolerance; every third midpoint of three times as many is one walked before.
 * `steps` is at most the tile less the two ends.
 * The rows must stand in the tile: the row alone (the path begins at the mean row), or where it begins and the row.
 * @param rows 1 or 2 · @param q0 covariates where the path begins · @param q those of the row
 * Cost: points x members x 4 width^2, and two passes over the row's knots.
 */
export function pathSlopes(
  { parts, codes }: Compiled,
  grid: Hazards,
  rows: number,
  q0: Float32Array,
  q: Float32Array,
  score: ScoreFunction,
  level: Level | undefined,
  { steps: first, tolerance }: { readonly steps: number; readonly tolerance: number },
): PathSlopes {
  const { causes } = grid;
  const bins = grid.edges.length - 1;
  const cells = bins * (causes + 1);
  const slopes = bins * causes;
  const dQ = new Float64Array(q.length);
  const dU = new Float64Array(TILE * slopes);
  const p = new Float64Array(TILE * cells);
  const qAt = new Float32Array(TILE * q.length);
  for (const part of parts) part.path(rows);

  /** Scores at points; leaves their slopes in dU, those of the first `back` walked on to the parts. */
  const walk = (points: readonly number[], back: number): number[] => {
    p.fill(0, 0, points.length * cells);
    points.forEach((a, i) => {
      for (let e = 0; e < q.length; e++) qAt[i * q.length + e] = (1 - a) * q0[e]! + a * q[e]!;
    });
    for (const part of parts) part.forwardAt(points, qAt, p);
    const values = points.map((_, i) => {
      const own = p.subarray(i * cells, (i + 1) * cells);
      const levelled = level ? own.slice() : own;
      if (level) applyLevel(levelled, causes, level);
      const { F, dF } = incidenceGradient(grid, levelled, score.timeDays);
      const { value, gradient } = score.logit(F);
      if (i >= back) return value;
      const here = dU.subarray(i * slopes, (i + 1) * slopes).fill(0);
      for (let c = 0; c < causes; c++) for (let e = 0; e < slopes; e++) here[e]! += gradient[c]! * dF[c * slopes + e]!;
      if (level) levelGradient(own, causes, level, here);
      return value;
    });
    for (const part of parts) part.backward(back, dU, dQ);
    return values;
  };

  let base = 0;
  let total = 0;
  for (let steps = first, before = 0; ; before = steps, steps *= 3) {
    const points: number[] = [];
    for (let s = 0; s < steps; s++) if (before === 0 || s % 3 !== 1) points.push((s + 0.5) / steps);
    if (before === 0) [base, total] = walk([...points, 0, 1], points.length).slice(-2) as [number, number];
    else for (let at = 0; at < points.length; at += TILE) walk(points.slice(at, at + TILE), Math.min(TILE, points.length - at)); // biome-ignore format: one loop
    const covariates = new Float64Array(COVARIATES);
    for (let e = 0; e < q.length; e++) covariates[e % COVARIATES]! += ((q[e]! - q0[e]!) * dQ[e]!) / steps;
    let sum = covariates.reduce((all, v) => all + v, 0);
    for (const part of parts) sum += part.along() / steps;
    if (Math.abs(sum - (total - base)) > tolerance && steps < MOST_STEPS) continue;
    const byCode = new Float64Array(codes);
    for (const part of parts) part.contribute(byCode, rows);
    return { base, total, codes: byCode.map((v) => v / steps), covariates, steps };
  }
}
