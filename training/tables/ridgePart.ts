import { nllOfProbabilities, softmaxBins } from '../../models/hazards.ts';
import { fitLinearHazards, type LinearHazards, linearLogits } from '../../models/linearHazards.ts';
import { type HazardRows, takeHazardRows } from '../../models/networkFit.ts';
import type { Split } from './committee.ts';
import { takeColumns } from './linearParts.ts';

export interface RidgePart {
  readonly model: LinearHazards;
  /** Probabilities of every held-out row by a ridge that had not seen it, rows x cells. */
  readonly unseen: Float64Array;
  readonly penalty: number;
}

/** The first `most` rows of an index that is in no order that matters. */
const some = (index: Int32Array, most: number): Int32Array => {
  if (index.length <= most) return index;
  const step = index.length / most;
  return Int32Array.from({ length: most }, (_, i) => index[Math.floor(i * step)]!);
};

/**
 * A ridge on some columns, for many rows: its penalty by the log loss of the first split's held-out rows, on a part of the
 * rows, then fitted split by split and on all. Cost: penalties + splits + 1 fits of some 50 passes.
 */
export function ridgePart(
  data: HazardRows,
  columns: readonly number[],
  splits: readonly Split[],
  penalties: readonly number[],
  searchRows: number,
  fitRows: number,
): RidgePart {
  const part = takeColumns(data, columns);
  const { grid, rows } = part;
  const cells = (grid.edges.length - 1) * (grid.causes + 1);
  const first = splits[0]!;
  const train = takeHazardRows(part, some(first.train, searchRows));
  const test = takeHazardRows(part, some(first.held, searchRows));
  let best = { loss: Number.POSITIVE_INFINITY, penalty: penalties[0]! };
  let start: LinearHazards | undefined;
  for (const penalty of penalties) {
    start = fitLinearHazards(train, { penalty, units: train.rows, start, tolerance: 1e-5 });
    const nll = nllOfProbabilities(grid, softmaxBins(grid, linearLogits(start, test)), test.placed);
    const loss = nll.reduce((s, v) => s + v, 0);
    if (loss < best.loss) best = { loss, penalty };
  }
  const fitted = (index: Int32Array, tolerance: number) => {
    const used = takeHazardRows(part, some(index, fitRows));
    // The penalty is a prior's width, not a count: of more rows the same prior.
    return fitLinearHazards(used, { penalty: best.penalty, units: used.rows, start, tolerance });
  };
  const unseen = new Float64Array(rows * cells);
  // Several networks may share one split; a ridge would come out the same.
  for (const { train: own, held } of new Set(splits)) {
    const p = softmaxBins(grid, linearLogits(fitted(own, 1e-5), takeHazardRows(part, held)));
    for (const [i, row] of held.entries()) unseen.set(p.subarray(i * cells, (i + 1) * cells), row * cells);
  }
  const narrow = fitted(Int32Array.from({ length: rows }, (_, i) => i), 1e-6); // biome-ignore format: one call
  const beta = new Float64Array(data.inputs * grid.causes);
  columns.forEach((column, j) => {
    for (let c = 0; c < grid.causes; c++) beta[column * grid.causes + c] = narrow.beta[j * grid.causes + c]!;
  });
  return { model: { ...narrow, beta }, unseen, penalty: best.penalty };
}
