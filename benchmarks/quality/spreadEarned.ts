import type { Instant, Period } from '../../src/time.ts';

/** What was said of a period at a look, and what it brought. */
export interface SaidTotal {
  readonly at: Instant;
  readonly period: Period;
  readonly p10Minor: number;
  readonly p50Minor: number;
  readonly p90Minor: number;
  readonly actualMinor: number;
}

export interface SpreadEarned {
  /** By how much all past periods together would widen a band (above 1) or narrow it. */
  readonly spread: number;
  /** Periods that judged the spread of those before them, and the mean gain in log score of a period; below 0 the bands were better as they were said. */
  readonly judged: number;
  readonly gain: number;
}

/** As many periods at the right width as a spread is drawn to: that of the prior of the shared luck. */
const PRIOR_PERIODS = 8;
const Z90 = 1.2815515655446004;
/** One miss must not decide. */
const MOST = 4;

/**
 * Whether a company's own past totals would have mended its bands: each look's miss in units of its own band, z = (came - p50) / (half its width on that side / 1.28),
 * is normal with deviation 1 where bands are right. Before each period the spread s that those before it (over by its first look) had, s^2 = (8 + sum of their mean z^2) / (8 + n),
 * is tried on it: gain = mean of -ln s - z^2 (1 / s^2 - 1) / 2, the log score of N(0, s^2) less that of N(0, 1). Looks without a band are left out.
 *
 * Source: probability integral transforms in normal scores, Berkowitz, "Testing density forecasts", Journal of Business and Economic Statistics 19 (2001).
 */
export function spreadEarned(looks: readonly SaidTotal[]): SpreadEarned {
  const periods = new Map<string, { readonly first: Instant; readonly to: Instant; readonly z: number[] }>();
  for (const look of [...looks].sort((a, b) => a.at - b.at)) {
    const z = missOf(look);
    if (z === undefined) continue;
    const known = periods.get(look.period.label);
    if (known) known.z.push(z);
    else periods.set(look.period.label, { first: look.at, to: look.period.to, z: [z] });
  }
  const all = [...periods.values()];
  const square = (z: readonly number[]) => z.reduce((sum, one) => sum + one * one, 0) / z.length;
  const spreadOf = (of: readonly { readonly z: readonly number[] }[]) =>
    Math.sqrt((PRIOR_PERIODS + of.reduce((sum, { z }) => sum + square(z), 0)) / (PRIOR_PERIODS + of.length));
  const gains = all.flatMap(({ first, z }) => {
    const before = all.filter(({ to }) => to <= first);
    const s = spreadOf(before);
    return before.length > 0 ? [-Math.log(s) - (square(z) / 2) * (1 / s ** 2 - 1)] : [];
  });
  return {
    spread: spreadOf(all),
    judged: gains.length,
    gain: gains.reduce((sum, gain) => sum + gain, 0) / Math.max(1, gains.length),
  };
}

function missOf({ p10Minor, p50Minor, p90Minor, actualMinor }: SaidTotal): number | undefined {
  if (!(p90Minor > p10Minor)) return undefined;
  const off = actualMinor - p50Minor;
  if (off === 0) return 0;
  const half = off > 0 ? p90Minor - p50Minor : p50Minor - p10Minor;
  return Math.max(-MOST, Math.min(MOST, half > 0 ? (Z90 * off) / half : Math.sign(off) * MOST));
}
