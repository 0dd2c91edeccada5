import type { Frame } from '../src/frame.ts';
import { rowsOf } from '../src/frame.ts';
import type { Calendar } from '../src/time.ts';
import { binCovariates, COVARIATES, covariateNames } from './binCovariates.ts';
import { type Encoder, encode } from './encode.ts';
import { type Hazards, hazards } from './hazards.ts';
import { forwardNetwork, type PreparedNetwork, prepareNetwork } from './kernel/network.ts';
import { applyLevel, type Level } from './level.ts';
import { type LinearHazards, predictLinearHazards } from './linearHazards.ts';
import type { NetworkShape, NetworkWeights } from './network.ts';
import { isRhythmic, type Rhythm, rhythmHazards, rhythmInputs } from './rhythm.ts';
import { type WithinBin, withinBin } from './withinBin.ts';

/**
 * What is served: per-bin probabilities as a weighted mean of up to three parts that read the same encoded row.
 * The base rate alone is `constant` with weight 1, a ridge `linear` with weight 1, the average both.
 */
export interface HazardState {
  readonly edges: readonly number[];
  readonly causes: number;
  readonly encoder: Encoder;
  /** Mean encoded training row: where explanations start from. */
  readonly meanX: Float32Array;
  /** Mean bin covariates of training, bins x covariates. */
  readonly meanQ: Float32Array;
  readonly constant?: { readonly weight: number; readonly p: Float64Array };
  readonly linear?: { readonly weight: number; readonly model: LinearHazards };
  readonly network?: { readonly weight: number; readonly shape: NetworkShape; readonly weights: NetworkWeights };
  /** Instead of the parts, for customers without contract. */
  readonly rhythm?: Rhythm;
}

export interface HazardModel {
  readonly state: HazardState;
  readonly grid: Hazards;
  readonly network: PreparedNetwork | undefined;
  /** At which clock a day inside a bin is read: `incidenceAt(grid, p, row, within.clock(asOf, days), ..)`. */
  readonly within: WithinBin;
  /** Rows as the parts read them. */
  rows(frame: Frame): { readonly x: Float32Array; readonly q: Float32Array };
  /** Per-bin probabilities: rows x bins x (causes + 1), index 0 = still open; at the level of late where one is given. */
  predict(frame: Frame, level?: Level): Float64Array;
}

/** Opens a state for scoring. Cost of a prediction: a few hundred thousand multiplications a row, no allocation a row. */
export function hazardModel(state: HazardState, calendar: Calendar): HazardModel {
  const grid = hazards(state.edges, state.causes);
  const bins = state.edges.length - 1;
  const cells = bins * (state.causes + 1);
  const network = state.network ? prepareNetwork(state.network.shape, state.network.weights) : undefined;
  const rows = (frame: Frame) => ({
    x: encode(state.encoder, frame),
    q: binCovariates(frame, state.edges, calendar),
  });
  return {
    state,
    grid,
    network,
    within: withinBin(grid.edges, quarterEndStrength(state), calendar),
    rows,
    predict: (frame, level) => {
      const n = rowsOf(frame);
      const { x, q } = rows(frame);
      const out = new Float64Array(n * cells);
      const { constant, linear } = state;
      if (constant)
        for (let i = 0; i < n; i++)
          for (let e = 0; e < cells; e++) out[i * cells + e]! += constant.weight * constant.p[e]!;
      if (linear) {
        const p = predictLinearHazards(linear.model, { rows: n, inputs: state.encoder.width, x, q, grid });
        for (let e = 0; e < out.length; e++) out[e]! += linear.weight * p[e]!;
      }
      if (network) forwardNetwork(network, x, q, state.network!.weight, out);
      const { rhythm } = state;
      const { width } = state.encoder;
      if (rhythm)
        for (let i = 0; i < n; i++)
          if (isRhythmic(x, i * width, width))
            rhythmHazards(rhythm, grid, rhythmInputs(x, i * width, width), out, i * cells);
      if (level) applyLevel(out, state.causes, level);
      return out;
    },
  };
}

/** Gamma of the quarter's end for the first cause (positive ones come first), over the parts. */
function quarterEndStrength({ causes, linear, network }: HazardState): number {
  const at = covariateNames.indexOf('quarter_end') * causes;
  return (
    (linear ? linear.weight * (linear.model.gamma[at] ?? 0) : 0) +
    (network ? network.weight * (network.weights.gamma[at] ?? 0) : 0)
  );
}

/** Mean bin covariates over rows. */
export function meanCovariates(q: Float32Array, bins: number): Float32Array {
  const width = bins * COVARIATES;
  const rows = q.length / width;
  const sums = new Float64Array(width);
  for (let i = 0; i < rows; i++) for (let e = 0; e < width; e++) sums[e]! += q[i * width + e]!;
  return Float32Array.from(sums, (s) => s / Math.max(rows, 1));
}
