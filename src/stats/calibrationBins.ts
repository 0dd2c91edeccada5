import { ForesellError } from '../errors.ts';
import { argsort } from './argsort.ts';
import { sameLength } from './check.ts';

/** One row of a reliability table: what was said against what happened. */
export interface CalibrationBin {
  readonly rows: number;
  /** Mean probability said. */
  readonly said: number;
  /** Share that happened. */
  readonly happened: number;
}

/**
 * Reliability table. `width`: bins of equal width over [0, 1]; `mass`: bins of equal count in order of p, the first
 * ones one larger where the rows do not divide (ties keep row order). Empty bins are left out.
 */
export function calibrationBins(
  event: ArrayLike<number>,
  p: ArrayLike<number>,
  by: 'width' | 'mass',
  bins = 10,
): CalibrationBin[] {
  sameLength('calibrationBins', event, p);
  const n = p.length;
  for (let i = 0; i < n; i++) {
    if (p[i] >= -1e-9 && p[i] <= 1 + 1e-9) continue; // sums of probabilities may round past an end
    throw new ForesellError('probability-invalid', `row ${i} says ${p[i]}; expected a probability from 0 to 1`, {
      blame: 'failure',
    });
  }
  const rows = new Float64Array(bins);
  const said = new Float64Array(bins);
  const happened = new Float64Array(bins);
  const put = (bin: number, i: number) => {
    rows[bin]++;
    said[bin] += p[i];
    happened[bin] += event[i];
  };
  if (by === 'width') for (let i = 0; i < n; i++) put(Math.min(bins - 1, Math.max(0, Math.floor(p[i] * bins))), i);
  else {
    const order = argsort(p);
    const larger = n % bins;
    const size = (n - larger) / bins;
    let next = 0;
    for (let bin = 0; bin < bins; bin++) {
      for (let k = 0; k < size + (bin < larger ? 1 : 0); k++) put(bin, order[next++]);
    }
  }
  const table: CalibrationBin[] = [];
  for (let bin = 0; bin < bins; bin++) {
    if (rows[bin] === 0) continue;
    table.push({ rows: rows[bin], said: said[bin] / rows[bin], happened: happened[bin] / rows[bin] });
  }
  return table;
}
