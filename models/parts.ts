import type { Encoder } from './encode.ts';
import type { LinearHazards } from './linearHazards.ts';
import type { NetworkShape, NetworkWeights } from './network.ts';
import type { Rhythm } from './rhythm.ts';
import type { Trees } from './trees.ts';

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
  /** Instead of those three: parts with a weight in each bin, and several of a kind. */
  readonly mixture?: readonly Part[];
  /** Instead of the parts, for customers without contract. */
  readonly rhythm?: Rhythm;
}

/** One of the models whose weighted mean is served. */
export type Part = {
  /** What people call it: `constant`, `linear piecewise`, `network 2`, `trees`. */
  readonly name: string;
  /** Its weight in each bin of time; over the parts they sum to 1 in each. */
  readonly byBin: Float64Array;
} & (
  | { readonly kind: 'constant'; readonly p: Float64Array }
  | { readonly kind: 'linear'; readonly model: LinearHazards }
  | { readonly kind: 'network'; readonly shape: NetworkShape; readonly weights: NetworkWeights }
  | { readonly kind: 'trees'; readonly trees: Trees }
);
export type PartOf<K extends Part['kind']> = Extract<Part, { readonly kind: K }>;

/** The parts of a state, whichever way it holds them. */
export function partsOf(state: HazardState): readonly Part[] {
  if (state.mixture) return state.mixture;
  const { constant, linear, network } = state;
  const byBin = (weight: number) => new Float64Array(state.edges.length - 1).fill(weight);
  return [
    ...(constant ? [{ name: 'constant', kind: 'constant', byBin: byBin(constant.weight), p: constant.p } as const] : []), // biome-ignore format: one a row
    ...(linear ? [{ name: 'linear', kind: 'linear', byBin: byBin(linear.weight), model: linear.model } as const] : []), // biome-ignore format: one a row
    ...(network ? [{ name: 'network', kind: 'network', byBin: byBin(network.weight), shape: network.shape, weights: network.weights } as const] : []), // biome-ignore format: one a row
  ];
}

/** Mean weight of each part over the bins. */
export const partWeights = (parts: readonly Part[]): Record<string, number> =>
  Object.fromEntries(parts.map(({ name, byBin }) => [name, byBin.reduce((s, w) => s + w, 0) / byBin.length]));
