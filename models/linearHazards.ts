import { lbfgs } from '../src/optim/lbfgs.ts';
import { nllGradient, nllOfProbabilities, softmaxBins } from './hazards.ts';
import type { HazardRows } from './networkFit.ts';

/** Additive hazards: z_bc = a_bc + x . beta_c + q_b . gamma_c. */
export interface LinearHazards {
  /** bins x causes */
  readonly intercept: Float64Array;
  /** inputs x causes */
  readonly beta: Float64Array;
  /** covariates x causes */
  readonly gamma: Float64Array;
}

/**
 * Ridge-penalised competing-risk regression in discrete time: minimises |beta|^2 / 2 + penalty * sum of row losses by
 * L-BFGS; bin intercepts carry only a trace of penalty (1e-3), so that a bin without events stays finite.
 * On a piecewise-linear encoding it is a generalised additive model.
 * @param penalty C as in scikit-learn: larger means less shrinkage
 * @param start coefficients to start from, for a path of penalties
 * Cost per iteration: 4 rows * inputs * causes operations.
 */
export function fitLinearHazards(data: HazardRows, penalty: number, start?: LinearHazards): LinearHazards {
  const { rows, inputs, x, q, grid, placed } = data;
  const { causes } = grid;
  const bins = grid.edges.length - 1;
  const covariates = q.length / (rows * bins);
  const sizes = { intercept: bins * causes, beta: inputs * causes, gamma: covariates * causes };
  const total = sizes.intercept + sizes.beta + sizes.gamma;
  const theta = new Float64Array(total);
  if (start) theta.set([...start.intercept, ...start.beta, ...start.gamma]);
  else theta.fill(-3, 0, sizes.intercept);
  const logits = new Float64Array(rows * bins * causes);
  const dLogits = new Float64Array(logits.length);
  const weight = new Float64Array(rows).fill(1);
  const betaAt = sizes.intercept;
  const gammaAt = betaAt + sizes.beta;
  const score = new Float64Array(causes);

  const minimum = lbfgs(
    (w, gradient) => {
      for (let i = 0; i < rows; i++) {
        score.fill(0);
        for (let j = 0; j < inputs; j++) {
          const value = x[i * inputs + j]!;
          if (value !== 0) for (let c = 0; c < causes; c++) score[c]! += value * w[betaAt + j * causes + c]!;
        }
        for (let b = 0; b < bins; b++) {
          for (let c = 0; c < causes; c++) {
            let z = w[b * causes + c]! + score[c]!;
            for (let k = 0; k < covariates; k++)
              z += q[(i * bins + b) * covariates + k]! * w[gammaAt + k * causes + c]!;
            logits[(i * bins + b) * causes + c] = z;
          }
        }
      }
      let value = nllGradient(grid, logits, placed, weight, dLogits);
      gradient.fill(0);
      for (let i = 0; i < rows; i++) {
        score.fill(0);
        const last = Math.min(placed.bin[i]!, bins - 1);
        for (let b = 0; b <= last; b++) {
          for (let c = 0; c < causes; c++) {
            const g = dLogits[(i * bins + b) * causes + c]!;
            gradient[b * causes + c]! += g;
            score[c]! += g;
            for (let k = 0; k < covariates; k++) {
              gradient[gammaAt + k * causes + c]! += g * q[(i * bins + b) * covariates + k]!;
            }
          }
        }
        for (let j = 0; j < inputs; j++) {
          const v = x[i * inputs + j]!;
          if (v !== 0) for (let c = 0; c < causes; c++) gradient[betaAt + j * causes + c]! += v * score[c]!;
        }
      }
      // Everything over penalty * rows, so that tolerances mean the same at every size.
      const scale = 1 / rows;
      value *= scale;
      for (let p = 0; p < total; p++) {
        const shrink = (p < betaAt ? 1e-3 : 1) / (penalty * rows);
        const centre = p < betaAt ? -3 : 0;
        gradient[p] = gradient[p]! * scale + shrink * (w[p]! - centre);
        value += 0.5 * shrink * (w[p]! - centre) ** 2;
      }
      return value;
    },
    theta,
    { maxIterations: 150, gradientTolerance: 1e-5, valueTolerance: 1e-7 },
  ).x;
  return {
    intercept: minimum.slice(0, betaAt),
    beta: minimum.slice(betaAt, gammaAt),
    gamma: minimum.slice(gammaAt),
  };
}

/** Per-bin probabilities: rows x bins x (causes + 1). */
export function predictLinearHazards(model: LinearHazards, data: Omit<HazardRows, 'placed'>): Float64Array {
  const { rows, inputs, x, q, grid } = data;
  const { causes } = grid;
  const bins = grid.edges.length - 1;
  const covariates = q.length / Math.max(rows * bins, 1);
  const logits = new Float64Array(rows * bins * causes);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < causes; c++) {
      let score = 0;
      for (let j = 0; j < inputs; j++) score += x[i * inputs + j]! * model.beta[j * causes + c]!;
      for (let b = 0; b < bins; b++) {
        let z = model.intercept[b * causes + c]! + score;
        for (let k = 0; k < covariates; k++) z += q[(i * bins + b) * covariates + k]! * model.gamma[k * causes + c]!;
        logits[(i * bins + b) * causes + c] = z;
      }
    }
  }
  return softmaxBins(grid, logits);
}

export const PENALTIES = [0.003, 0.01, 0.03, 0.1, 0.3, 1] as const;

/**
 * Chooses the penalty by log loss over given folds, warm-starting each from the stronger one before it.
 * @param folds pairs of training and held-out rows; groups (accounts) never on both sides
 */
export function tunePenalty(folds: readonly (readonly [HazardRows, HazardRows])[]): {
  penalty: number;
  losses: number[];
} {
  const losses = new Array<number>(PENALTIES.length).fill(0);
  for (const [train, held] of folds) {
    let fit: LinearHazards | undefined;
    PENALTIES.forEach((penalty, i) => {
      fit = fitLinearHazards(train, penalty, fit);
      const nll = nllOfProbabilities(held.grid, predictLinearHazards(fit, held), held.placed);
      losses[i]! += nll.reduce((s, v) => s + v, 0) / held.rows / folds.length;
    });
  }
  let best = 0;
  losses.forEach((loss, i) => {
    if (loss < losses[best]!) best = i;
  });
  return { penalty: PENALTIES[best]!, losses };
}
