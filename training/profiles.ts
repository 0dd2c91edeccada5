import type { NetworkSettings } from '../models/networkFit.ts';

/** How much work a training may be. */
export interface Profile {
  readonly name: 'fast' | 'default' | 'best';
  readonly network: NetworkSettings;
  /** Most bins of a piecewise-linear number. */
  readonly maxBins: number;
  /** Networks trained with different seeds; the better one serves. */
  readonly seeds: number;
  /** Folds of the ridge's penalty search; 1 = one held-out part. */
  readonly ridgeFolds: number;
  /** Most rows of that search. */
  readonly ridgeRows: number;
  /** Most rows of a ridge fit itself; beyond, whole accounts are left out by a hash of their name. */
  readonly ridgeFitRows: number;
  /** Seconds that a search of the network's settings may still take; absent = none is made. */
  readonly searchLeft?: () => number;
}

export const profiles = {
  fast: {
    name: 'fast',
    network: {
      members: 4,
      width: 48,
      dropout: 0.1,
      learningRate: 1e-3,
      decay: 3e-4,
      batch: 512,
      epochs: 40,
      patience: 4,
      averaging: 0.995,
      epochRows: 51_200,
    },
    maxBins: 5,
    seeds: 1,
    ridgeFolds: 1,
    ridgeRows: 6000,
    ridgeFitRows: 15_000,
  },
  default: {
    name: 'default',
    network: {
      members: 8,
      width: 64,
      dropout: 0.1,
      learningRate: 2e-3,
      decay: 3e-4,
      batch: 256,
      epochs: 100,
      patience: 4,
      averaging: 0.995,
      epochRows: 51_200,
    },
    maxBins: 8,
    seeds: 2,
    ridgeFolds: 2,
    ridgeRows: 12_000,
    ridgeFitRows: 60_000,
  },
  best: {
    name: 'best',
    network: {
      members: 16,
      width: 128,
      dropout: 0.1,
      learningRate: 2e-3,
      decay: 3e-4,
      batch: 256,
      epochs: 150,
      patience: 8,
      averaging: 0.995,
    },
    maxBins: 16,
    seeds: 2,
    ridgeFolds: 4,
    ridgeRows: 20_000,
    ridgeFitRows: 200_000,
  },
} as const satisfies Readonly<Record<string, Profile>>;
