import { sameLength } from './check.ts';
import { kaplanMeier, stepAt } from './kaplanMeier.ts';

/**
 * Brier score of "ended by `of` until t" under censoring, one per time: rows whose state at t is unknown are left out
 * and the others weighted by the inverse of the chance of having been seen, G(T-) for rows that ended by t and G(t) for
 * rows open at t, with G the Kaplan-Meier estimate of the censoring time. Divided by all rows.
 *
 * `cause` 0 = censored, 1 .. C; `incidence` F_of(t), rows x times. With one cause this is the survival Brier score of
 * S = 1 - F. Source: Graf et al. (1999); Schoop et al. (2011) for causes. Cost O(rows times log rows).
 */
export function ipcwBrier(
  timeDays: ArrayLike<number>,
  cause: ArrayLike<number>,
  of: number,
  times: ArrayLike<number>,
  incidence: ArrayLike<number>,
): Float64Array {
  sameLength('ipcwBrier', timeDays, cause);
  const rows = timeDays.length;
  sameLength('ipcwBrier: incidence of rows x times', { length: rows * times.length }, incidence);
  const seen = kaplanMeier(
    timeDays,
    Uint8Array.from({ length: rows }, (_, i) => (cause[i] === 0 ? 1 : 0)),
  );
  const score = new Float64Array(times.length);
  for (let k = 0; k < times.length; k++) {
    const openWeight = stepAt(seen, times[k]);
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const F = incidence[i * times.length + k];
      if (timeDays[i] > times[k]) sum += (F * F) / openWeight;
      else if (cause[i] !== 0) sum += ((cause[i] === of ? 1 : 0) - F) ** 2 / stepAt(seen, timeDays[i], true);
    }
    score[k] = sum / rows;
  }
  return score;
}

/** The mean of a curve over its times by the trapezoid rule: of `ipcwBrier` it gives the integrated Brier score. */
export function integrated(times: ArrayLike<number>, curve: ArrayLike<number>): number {
  let area = 0;
  for (let i = 1; i < times.length; i++) area += ((times[i] - times[i - 1]) * (curve[i] + curve[i - 1])) / 2;
  return area / (times[times.length - 1] - times[0]);
}
