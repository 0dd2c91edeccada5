import { sameLength } from './check.ts';

/**
 * Harrell's C: of the pairs in which one is known to end first, the share in which it had the higher risk; equal risks
 * count a half. Comparable: an event before the other's time, or at the same time as a censoring; two events at the
 * same time are not. `event` 0 = censored. NaN without a comparable pair. Cost O(events n).
 */
export function harrell(timeDays: ArrayLike<number>, event: ArrayLike<number>, risk: ArrayLike<number>): number {
  return concordance(timeDays, event, (row) => risk[row]);
}

/**
 * Antolini's time-dependent concordance: as Harrell's, but the risks of a pair are compared at the time of the event.
 * `risk(row, t)` rises with the chance of having ended by t: 1 - S(t), or F_c(t) with `event` 1 for cause c alone.
 * Source: Antolini, Boracchi and Biganzoli (2005), with ties as above. Cost O(events n) calls of `risk`.
 */
export function antolini(
  timeDays: ArrayLike<number>,
  event: ArrayLike<number>,
  risk: (row: number, t: number) => number,
): number {
  return concordance(timeDays, event, risk);
}

function concordance(
  timeDays: ArrayLike<number>,
  event: ArrayLike<number>,
  risk: (row: number, t: number) => number,
): number {
  sameLength('concordance', timeDays, event);
  const n = timeDays.length;
  let pairs = 0;
  let right = 0;
  for (let i = 0; i < n; i++) {
    if (event[i] !== 1) continue;
    const t = timeDays[i];
    const own = risk(i, t);
    for (let j = 0; j < n; j++) {
      if (!(timeDays[j] > t || (timeDays[j] === t && event[j] === 0))) continue;
      const other = risk(j, t);
      pairs++;
      if (own > other) right++;
      else if (own === other) right += 0.5;
    }
  }
  return right / pairs;
}
