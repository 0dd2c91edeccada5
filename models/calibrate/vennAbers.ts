import { type Levels, poolAdjacent } from './isotonic.ts';

export interface VennAbers {
  /** The isotonic value of the score were its outcome 0, and were it 1. */
  readonly low: number;
  readonly high: number;
  /** high / (1 - low + high): the one probability with the least regret. */
  readonly p: number;
}

/**
 * Venn-Abers prediction of one score from calibration scores (`levels` of isotonic.ts): isotonic regression with the
 * score added once as a loss and once as a win. The interval [low, high] says how sure the calibration itself is; it is
 * not shown as the score. Cost O(distinct scores). Source: Vovk and Petej (2014).
 */
export function vennAbers(calibration: Levels, score: number): VennAbers {
  const { score: scores, rows, mean } = calibration;
  let at = 0;
  while (at < scores.length && scores[at] < score) at++;
  const known = at < scores.length && scores[at] === score;
  const values = known ? Float64Array.from(mean) : insert(mean, at, 0);
  const weights = known ? Float64Array.from(rows) : insert(rows, at, 0);
  const before = values[at] * weights[at];
  weights[at]++;
  const fittedWith = (outcome: number) => {
    values[at] = (before + outcome) / weights[at];
    return poolAdjacent(values, weights)[at];
  };
  const low = fittedWith(0);
  const high = fittedWith(1);
  return { low, high, p: high / (1 - low + high) };
}

function insert(values: Float64Array, at: number, value: number): Float64Array {
  const out = new Float64Array(values.length + 1);
  out.set(values.subarray(0, at));
  out[at] = value;
  out.set(values.subarray(at), at + 1);
  return out;
}
