import type { Frame } from '../src/frame.ts';
import { rowsOf } from '../src/frame.ts';
import type { Calendar } from '../src/time.ts';
import { binCovariates, COVARIATES, covariateNames } from './binCovariates.ts';
import { encode } from './encode.ts';
import { type Hazards, hazards } from './hazards.ts';
import { forwardNetwork, type PreparedNetwork, prepareNetwork } from './kernel/network.ts';
import { applyLevel, type Level } from './level.ts';
import { predictLinearHazards } from './linearHazards.ts';
import { type HazardState, type Part, partsOf } from './parts.ts';
import { isRhythmic, rhythmHazards, rhythmInputs } from './rhythm.ts';
import { predictTrees } from './trees.ts';
import { type WithinBin, withinBin } from './withinBin.ts';

export type { HazardState } from './parts.ts';

export interface HazardModel {
  readonly state: HazardState;
  readonly grid: Hazards;
  /** Its parts, opened; `network` belongs to those of that kind. */
  readonly parts: readonly { readonly part: Part; readonly network: PreparedNetwork | undefined }[];
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
  const parts = partsOf(state).map((part) => ({
    part,
    network: part.kind === 'network' ? prepareNetwork(part.shape, part.weights) : undefined,
  }));
  const rows = (frame: Frame) => ({
    x: encode(state.encoder, frame),
    q: binCovariates(frame, state.edges, calendar),
  });
  return {
    state,
    grid,
    parts,
    within: withinBin(grid.edges, quarterEndStrength(state), calendar),
    rows,
    predict: (frame, level) => {
      const n = rowsOf(frame);
      const { x, q } = rows(frame);
      const out = new Float64Array(n * cells);
      const width = state.causes + 1;
      const addAt = (byBin: Float64Array, p: Float64Array) => {
        for (let e = 0; e < out.length; e++) out[e]! += byBin[Math.floor((e % cells) / width)]! * p[e % p.length]!;
      };
      for (const { part, network } of parts) {
        if (part.kind === 'constant') addAt(part.byBin, part.p);
        else if (part.kind === 'linear')
          addAt(part.byBin, predictLinearHazards(part.model, { rows: n, inputs: state.encoder.width, x, q, grid }));
        else if (part.kind === 'trees') addAt(part.byBin, predictTrees(part.trees, state.causes, x, n));
        else {
          const p = new Float64Array(out.length);
          forwardNetwork(network!, x, q, 1, p);
          addAt(part.byBin, p);
        }
      }
      const { rhythm } = state;
      const { width: inputs } = state.encoder;
      if (rhythm)
        for (let i = 0; i < n; i++)
          if (isRhythmic(x, i * inputs, inputs))
            rhythmHazards(rhythm, grid, rhythmInputs(x, i * inputs, inputs), out, i * cells);
      if (level) applyLevel(out, state.causes, level);
      return out;
    },
  };
}

/** Gamma of the quarter's end for the first cause (positive ones come first), over the parts. */
function quarterEndStrength(state: HazardState): number {
  const at = covariateNames.indexOf('quarter_end') * state.causes;
  let sum = 0;
  for (const part of partsOf(state)) {
    const gamma = part.kind === 'linear' ? part.model.gamma : part.kind === 'network' ? part.weights.gamma : [];
    sum += (part.byBin.reduce((s, w) => s + w, 0) / part.byBin.length) * (gamma[at] ?? 0);
  }
  return sum;
}

/** Mean bin covariates over rows. */
export function meanCovariates(q: Float32Array, bins: number): Float32Array {
  const width = bins * COVARIATES;
  const rows = q.length / width;
  const sums = new Float64Array(width);
  for (let i = 0; i < rows; i++) for (let e = 0; e < width; e++) sums[e]! += q[i * width + e]!;
  return Float32Array.from(sums, (s) => s / Math.max(rows, 1));
}
