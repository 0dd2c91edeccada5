import { type Frame, rowsOf, takeRows } from '../src/frame.ts';
import type { Calendar } from '../src/time.ts';
import { binCovariates, COVARIATES, covariateNames } from './binCovariates.ts';
import { type Compiled, compile } from './compiled/compile.ts';
import { assemble, encode } from './encode.ts';
import { type Hazards, hazards } from './hazards.ts';
import { TILE } from './kernel/fused.ts';
import { prepareNetwork } from './kernel/network.ts';
import { applyLevel, type Level } from './level.ts';
import { type PacedBins, pacedBins } from './pacedBins.ts';
import { type HazardState, partsOf } from './parts.ts';
import { type PlainPart, plainHazards } from './plain.ts';
import { isRhythmic, rhythmCodes, rhythmHazards, rhythmInputs } from './rhythm.ts';
import { float64 } from './smallArrays.ts';
import { type WithinBin, withinBin } from './withinBin.ts';

export type { HazardState } from './parts.ts';

/**
 * Who computes the parts' hazards of encoded rows: rows x bins x (causes + 1). `compiled` is ours; `plain` the typed
 * arrays that it is held to, 30 to 60 times slower; a function another engine's (`tfjsHazards.ts`).
 */
export type Executor = 'compiled' | 'plain' | HazardsBy;
export type HazardsBy = (state: HazardState) => (x: Float32Array, q: Float32Array, rows: number) => ArrayLike<number>;

export interface HazardModel {
  readonly state: HazardState;
  readonly grid: Hazards;
  /** Its parts on plain arrays. */
  readonly parts: readonly PlainPart[];
  /** Its compiled form; undefined where WebAssembly SIMD is missing, or plain arrays were asked for. */
  readonly compiled: Compiled | undefined;
  /** At which clock a day inside a bin is read: `incidenceAt(grid, p, row, within.clock(asOf, days), ..)`. */
  readonly within: WithinBin;
  /** How much of each bin has passed by a day, where a calendar paces them. */
  readonly paced: PacedBins;
  /** Rows as the plain parts read them. */
  rows(frame: Frame): { readonly x: Float32Array; readonly q: Float32Array };
  /** Covariates of the bins alone, of all rows or of one: rows x bins x covariates. */
  covariates(frame: Frame, row?: number): Float32Array;
  /** Whether a law of purchases reads the row, and not the parts. */
  isRhythmic(frame: Frame, row: number): boolean;
  /** Per-bin probabilities: rows x bins x (causes + 1), index 0 = still open; at the level of late where one is given. */
  predict(frame: Frame, level?: Level): Float64Array;
}

/** Rows whose covariates stand in memory that is used again: of more there would be millions of numbers outside the heap. */
const FEW = 10 * TILE;

/**
 * Opens a state for scoring: compiled at its first use. Cost of a prediction: some 10 microseconds a row.
 */
export function hazardModel(state: HazardState, calendar: Calendar, executor: Executor = 'compiled'): HazardModel {
  const grid = hazards(state.edges, state.causes);
  const cells = (state.edges.length - 1) * (state.causes + 1);
  const { encoder, rhythm } = state;
  const parts = once(() =>
    partsOf(state).map((part) => ({
      part,
      network: part.kind === 'network' ? prepareNetwork(part.shape, part.weights) : undefined,
    })),
  );
  const compiled = once(() => (executor === 'plain' ? undefined : compile(state)));
  const other = typeof executor === 'function' ? once(() => executor(state)) : undefined;
  const covariates = (frame: Frame, row?: number) =>
    row === undefined
      ? binCovariates(frame, state.edges, calendar)
      : binCovariates(frame, state.edges, calendar, row, row + 1);
  // The law's columns are the encoder's last; read alone they are encoded as they are among the others.
  const law = rhythm && assemble(rhythmCodes);
  const rhythmic = (z: Float32Array, row: number) => isRhythmic(z, row * law!.width, law!.width);
  const strength = quarterEndStrength(state);
  const room = new Float32Array(FEW * (state.edges.length - 1) * COVARIATES);
  const roomOfOne = room.subarray(0, room.length / FEW);
  return {
    state,
    grid,
    get parts() {
      return parts();
    },
    get compiled() {
      return compiled();
    },
    within: withinBin(grid.edges, strength, calendar),
    paced: pacedBins(grid.edges, strength, calendar),
    rows: (frame) => ({ x: encode(encoder, frame), q: covariates(frame) }),
    covariates,
    isRhythmic: (frame, row) => law !== undefined && rhythmic(encode(law, takeRows(frame, [row])), 0),
    predict: (frame, level) => {
      const n = rowsOf(frame);
      const out = float64(n * cells);
      const fast = other ? undefined : compiled();
      if (!fast) {
        const [x, q] = [encode(encoder, frame), covariates(frame)];
        if (other) out.set(n > 0 ? other()(x, q, n) : []);
        else plainHazards(parts(), grid, encoder.width, x, q, out);
      } else {
        for (let from = 0; from < n; from += FEW) {
          const to = Math.min(from + FEW, n);
          const q = binCovariates(frame, state.edges, calendar, from, to, to - from === 1 ? roomOfOne : room);
          fast.predict(frame, q, out, from, to);
        }
        fast.trees?.add(frame, out);
      }
      if (rhythm) {
        const z = encode(law!, frame);
        for (let i = 0; i < n; i++)
          if (rhythmic(z, i)) rhythmHazards(rhythm, grid, rhythmInputs(z, i * law!.width, law!.width), out, i * cells);
      }
      if (level) applyLevel(out, state.causes, level);
      return out;
    },
  };
}

/** Made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
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
