import { sameLength } from './check.ts';

export interface Confusion {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
  readonly trueNegative: number;
}

/** Counts at a threshold; positive is said where score >= threshold. */
export function confusion(event: ArrayLike<number>, score: ArrayLike<number>, threshold: number): Confusion {
  sameLength('confusion', event, score);
  let [truePositive, falsePositive, falseNegative, trueNegative] = [0, 0, 0, 0];
  for (let i = 0; i < score.length; i++) {
    if (score[i] >= threshold) event[i] === 1 ? truePositive++ : falsePositive++;
    else event[i] === 1 ? falseNegative++ : trueNegative++;
  }
  return { truePositive, falsePositive, falseNegative, trueNegative };
}

/** F1 = 2 tp / (2 tp + fp + fn), in [0, 1]; NaN where nothing is positive, said or real. */
export const f1 = (c: Confusion): number =>
  (2 * c.truePositive) / (2 * c.truePositive + c.falsePositive + c.falseNegative);

/** Matthews correlation in [-1, 1]; 0 where a margin is empty (then it is not defined). */
export function mcc(c: Confusion): number {
  const said = (c.truePositive + c.falsePositive) * (c.trueNegative + c.falseNegative);
  const real = (c.truePositive + c.falseNegative) * (c.trueNegative + c.falsePositive);
  if (said === 0 || real === 0) return 0;
  return (c.truePositive * c.trueNegative - c.falsePositive * c.falseNegative) / Math.sqrt(said) / Math.sqrt(real);
}
