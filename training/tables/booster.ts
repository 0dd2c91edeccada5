import type { Hazards, Placed } from '../../models/hazards.ts';
import type { Binned } from './binned.ts';
import { type Boosted, type BoostSettings, boosted } from './boosted.ts';

/** Rows that trees are grown on; the same object for all trees of a fit. */
export interface BoostRows {
  readonly binned: Binned;
  readonly grid: Hazards;
  readonly placed: Placed;
}

/** Trees to be grown on some of the rows: plain data, so that another thread can do it. */
export interface BoostTask {
  readonly train: Int32Array;
  readonly held: Int32Array;
  readonly settings: BoostSettings;
  readonly seed: number;
}

/** Who grows: this thread, or others, with the same bits. */
export type Booster = (rows: BoostRows, task: BoostTask) => Promise<Boosted>;

export const growTrees = ({ binned, grid, placed }: BoostRows, { train, held, settings, seed }: BoostTask): Boosted =>
  boosted(binned, grid, placed, train, held, settings, seed);

export const growHere: Booster = async (rows, task) => growTrees(rows, task);
