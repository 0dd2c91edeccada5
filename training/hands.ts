import type { HazardRows, NetworkFit, NetworkSettings, NetworkStart } from '../models/networkFit.ts';
import { fitRidge, type RidgeFit, type RidgeTask } from './ridge.ts';

/** A network to be fitted: plain data, so that another thread can do it. */
export interface NetworkTask {
  readonly train: HazardRows;
  readonly held: HazardRows;
  readonly source: readonly number[];
  readonly settings: NetworkSettings;
  readonly seed: number;
  readonly start: NetworkStart;
}

/** Who fits candidates: this thread, or others beside it, with the same bits. */
export interface Hands {
  ridge(task: RidgeTask): Promise<RidgeFit>;
  /** Undefined: nobody else is there, or it is not worth the way. */
  network(task: NetworkTask): Promise<NetworkFit> | undefined;
  /** Whether rows are better kept in memory that threads share. */
  readonly shared: boolean;
}

/** This thread alone. */
export const ownHands: Hands = { ridge: async (task) => fitRidge(task), network: () => undefined, shared: false };
