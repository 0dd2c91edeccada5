import { type Prior, WEAK_PRIOR } from '../../models/coldStart.ts';
import type { EpochReport, NetworkSettings } from '../../models/networkFit.ts';
import { type Booster, growHere } from './booster.ts';
import type { View } from './linearParts.ts';

export type TableProfile = 'fast' | 'default' | 'best';

/** What changes from where rows are many. */
export interface LargeSettings {
  /** From so many rows on, if the rarer class has so many: below, the recipe for few rows. */
  readonly from: readonly [rows: number, rarer: number];
  readonly network: NetworkSettings;
  /** Multiplications that one network's way forward may take, all epochs together; at least `FEWEST_EPOCHS` are made. */
  readonly networkWork: number;
  /** Weight beside trees and ridges, on the first split, below which no further network is fitted and none serves. */
  readonly leastNetworkWeight: number;
  /** Parts of the rows: each of as many networks leaves out one, which stops and judges it. */
  readonly folds: number;
  /** Most bins of a number, and rows a word must have for a column of its own. */
  readonly maxBins: number;
  readonly minCount: number;
  /** Rows of the ridge's penalty search, and of the ridge itself. */
  readonly ridgeRows: number;
  readonly ridgeFitRows: number;
  /** More rows than this are held out only once: a block of `heldRows`. */
  readonly foldRows: number;
  readonly heldRows: number;
  /** Networks on all rows, or on all but that block. */
  readonly seeds: number;
  /** Seconds that a search of network settings may take; 0 = none is made. */
  readonly searchSeconds: number;
  /** Most numbers of the encoded matrix (4 bytes each): of more rows than fit, as many as do are drawn. */
  readonly cells: number;
}

export interface TableFitOptions {
  readonly prior: Prior;
  readonly folds: number;
  readonly penalties: readonly number[];
  readonly views: readonly View[];
  readonly maxBins: number;
  readonly minCount: number;
  readonly sharpness: number;
  /** Pseudo outcomes of the mixture: for the base rate, and for each learner. */
  readonly pseudo: readonly [base: number, learner: number];
  /** From so many rows of the rarer class on trees and the network take part; their weight is then the evidence's business. */
  readonly flexibleFrom: number;
  /** Whether trees take part there, by the recipe for few rows: they say more, and a row takes two to three times as long to answer. */
  readonly treesOfFew: boolean;
  readonly networkFolds: number;
  readonly network: NetworkSettings;
  readonly large: LargeSettings;
  readonly seed: number;
  /** Columns that stay though they moved within the training window. */
  readonly pinned: readonly string[];
  /** What is being done, for progress. */
  readonly say: (what: string) => void;
  readonly onEpoch: (network: number, report: EpochReport) => void;
  /** Who grows trees. */
  readonly grow: Booster;
  /** Seconds since some moment, for the timings that are returned; absent: they are 0. */
  readonly seconds: () => number;
}

const large: LargeSettings = {
  from: [1500, 200],
  network: {
    members: 8,
    width: 64,
    dropout: 0.1,
    learningRate: 2e-3,
    decay: 3e-4,
    batch: 256,
    epochs: 100,
    patience: 8,
    epochRows: 25_600,
    // Trees that serve beside the network need not teach it too: what it gains by that the mixture does not.
    teacherShare: 0,
  },
  networkWork: 1.5e10,
  leastNetworkWeight: 0.1,
  folds: 3,
  maxBins: 16,
  minCount: 10,
  ridgeRows: 12_000,
  ridgeFitRows: 60_000,
  foldRows: 80_000,
  heldRows: 20_000,
  seeds: 2,
  searchSeconds: 0,
  cells: 150_000_000,
};

export const tableDefaults: TableFitOptions = {
  prior: WEAK_PRIOR,
  folds: 5,
  penalties: [0.003, 0.01, 0.03, 0.1, 0.3, 1],
  views: ['standard', 'piecewise'],
  maxBins: 8,
  minCount: 3,
  sharpness: 0.5,
  pseudo: [1, 1],
  flexibleFrom: 20,
  treesOfFew: true,
  networkFolds: 2,
  network: { members: 8, width: 32, dropout: 0.1, learningRate: 4e-3, decay: 3e-4, batch: 64, epochs: 40, patience: 40 }, // biome-ignore format: one row
  large,
  seed: 1,
  pinned: [],
  say: () => {},
  onEpoch: () => {},
  grow: growHere,
  seconds: () => 0,
};

/** How much work a fit may be: a quarter, the usual, or three times. */
export const tableProfiles: Readonly<Record<TableProfile, LargeSettings>> = {
  fast: {
    ...large,
    network: { ...large.network, members: 4, width: 48, batch: 512, epochs: 40, patience: 5 },
    networkWork: 4e9,
    folds: 2,
    seeds: 1,
    maxBins: 8,
    ridgeRows: 6000,
    ridgeFitRows: 20_000,
  },
  default: large,
  best: {
    ...large,
    network: {
      ...large.network,
      members: 16,
      width: 96,
      epochs: 150,
      patience: 16,
      epochRows: 51_200,
      teacherShare: 0.6,
    },
    networkWork: 8e11,
    leastNetworkWeight: 0.02,
    folds: 5,
    seeds: 3,
    searchSeconds: 600,
    ridgeRows: 20_000,
    ridgeFitRows: 200_000,
  },
};
