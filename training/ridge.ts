import { fitLinearHazards, type LinearHazards, type LinearShape, tunePenalty } from '../models/linearHazards.ts';
import { type HazardRows, takeHazardRows } from '../models/networkFit.ts';

/** A ridge to be fitted: plain data, so that another thread can do it. */
export interface RidgeTask {
  readonly data: HazardRows;
  readonly shape: LinearShape;
  /** Independent units behind the rows. */
  readonly units: number;
  /** Given, or found by folds: rows to fit on and rows to judge by. None = neither: a usual penalty. */
  readonly penalty: number | { readonly folds: readonly (readonly [train: Int32Array, held: Int32Array])[] };
}

export interface RidgeFit {
  readonly penalty: number;
  readonly model: LinearHazards;
}

/** Where there is nothing to search by. */
const USUAL = 0.03;

/** Cost: the fit, and where the penalty is searched for, eight fits of each fold, each begun from the one before. */
export function fitRidge({ data, shape, units, penalty: asked }: RidgeTask): RidgeFit {
  const penalty = typeof asked === 'number' ? asked : search(data, shape, units, asked.folds);
  return { penalty, model: fitLinearHazards(data, { ...shape, penalty, units }) };
}

function search(data: HazardRows, shape: LinearShape, units: number, folds: readonly (readonly [Int32Array, Int32Array])[]) {
  const pairs = folds.map(([train, held]) => [takeHazardRows(data, train), takeHazardRows(data, held)] as const);
  return pairs.length ? tunePenalty(pairs, units / data.rows, shape).penalty : USUAL;
} // biome-ignore format: one signature
