import { lbfgs } from '../../src/optim/lbfgs.ts';
import { type Hazards, nllGradient, type Placed } from '../hazards.ts';

/** z'_c = scale_c z_c + shift_c for every bin: one pair a cause. */
export interface HazardScale {
  readonly kind: 'hazardScale';
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

/**
 * Calibrates the hazards themselves, by the loss they were trained with, so that every number derived from them stays
 * coherent. A derived probability is never calibrated alone. `logits`: rows x bins x causes, of rows not trained on.
 * Cost: some 20 passes over the logits.
 */
export function fitHazardScale(
  grid: Hazards,
  logits: Float64Array,
  placed: Placed,
  weight: ArrayLike<number>,
): HazardScale {
  const { causes } = grid;
  const moved = new Float64Array(logits.length);
  const slope = new Float64Array(logits.length);
  let total = 0;
  for (let i = 0; i < placed.bin.length; i++) total += weight[i];
  const start = new Float64Array(2 * causes).fill(1, 0, causes);
  const { x } = lbfgs((t, gradient) => {
    for (let i = 0; i < logits.length; i++) moved[i] = t[i % causes] * logits[i] + t[causes + (i % causes)];
    const value = nllGradient(grid, moved, placed, weight, slope);
    gradient.fill(0);
    for (let i = 0; i < logits.length; i++) {
      gradient[i % causes] += (slope[i] * logits[i]) / total;
      gradient[causes + (i % causes)] += slope[i] / total;
    }
    return value / total;
  }, start);
  return { kind: 'hazardScale', scale: [...x.subarray(0, causes)], shift: [...x.subarray(causes)] };
}

/** The moved logits, in a new array. */
export function applyHazardScale(map: HazardScale, logits: Float64Array): Float64Array {
  const causes = map.scale.length;
  return logits.map((z, i) => map.scale[i % causes] * z + map.shift[i % causes]);
}
