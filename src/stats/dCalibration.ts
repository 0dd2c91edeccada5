import { sameLength } from './check.ts';
import { chiSquareTail } from './chiSquare.ts';

export interface DCalibration {
  /** Rows per tenth of S, from 0 to 1; equal where calibrated. */
  readonly bins: Float64Array;
  readonly chiSquare: number;
  /** Chance of a statistic this large where the model is calibrated (bins - 1 degrees of freedom). */
  readonly pValue: number;
}

/**
 * Distribution calibration: S at one's own time is uniform. `survivalAtTime`: S_i(T_i); a censored row is spread over
 * the bins below its S in proportion. Source: Haider, Hoehn, Davis and Greiner (2020), section 3.5.
 */
export function dCalibration(survivalAtTime: ArrayLike<number>, event: ArrayLike<number>, bins = 10): DCalibration {
  sameLength('dCalibration', survivalAtTime, event);
  const counts = new Float64Array(bins);
  for (let i = 0; i < event.length; i++) {
    const s = survivalAtTime[i];
    const bin = Math.min(bins - 1, Math.floor(s * bins));
    if (event[i] !== 0 || s === 0) counts[bin]++;
    else {
      counts[bin] += (s - bin / bins) / s;
      for (let k = 0; k < bin; k++) counts[k] += 1 / bins / s;
    }
  }
  const expected = event.length / bins;
  let chiSquare = 0;
  for (const count of counts) chiSquare += (count - expected) ** 2 / expected;
  return { bins: counts, chiSquare, pValue: chiSquareTail(chiSquare, bins - 1) };
}
