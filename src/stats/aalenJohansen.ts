import { argsort } from './argsort.ts';
import { sameLength } from './check.ts';

export interface Incidence {
  /** Distinct observed times, ascending. */
  readonly times: Float64Array;
  /** F_c at each time: times x causes, row-major. */
  readonly incidence: Float64Array;
  /** S at each time: still open. */
  readonly open: Float64Array;
  /** Rows at risk just before each time. */
  readonly atRisk: Float64Array;
}

/**
 * Aalen-Johansen estimate of cumulative incidence with competing causes: F_c grows at u by S(u-) d_cu / r_u, S falls by
 * the factor 1 - d_u / r_u. `cause` 0 = censored (still at risk at its time), 1 .. C = it ended so. Not one minus
 * Kaplan-Meier of each cause, which counts the others as censored and overstates. Cost O(n log n + times C).
 * Source: Aalen and Johansen (1978).
 */
export function aalenJohansen(timeDays: ArrayLike<number>, cause: ArrayLike<number>, causes: number): Incidence {
  sameLength('aalenJohansen', timeDays, cause);
  const order = argsort(timeDays);
  const n = order.length;
  const times: number[] = [];
  const incidence: number[] = [];
  const opens: number[] = [];
  const risks: number[] = [];
  const F = new Float64Array(causes);
  const ended = new Float64Array(causes);
  let open = 1;
  for (let from = 0; from < n; ) {
    const t = timeDays[order[from]];
    ended.fill(0);
    let to = from;
    let all = 0;
    for (; to < n && timeDays[order[to]] === t; to++) {
      const c = cause[order[to]];
      if (c > 0) {
        ended[c - 1]++;
        all++;
      }
    }
    const risk = n - from;
    for (let c = 0; c < causes; c++) F[c] += (open * ended[c]) / risk;
    open *= 1 - all / risk;
    times.push(t);
    incidence.push(...F);
    opens.push(open);
    risks.push(risk);
    from = to;
  }
  return {
    times: Float64Array.from(times),
    incidence: Float64Array.from(incidence),
    open: Float64Array.from(opens),
    atRisk: Float64Array.from(risks),
  };
}
