import { normalQuantile } from '../../src/stats/normal.ts';
import { quantileSorted } from '../../src/stats/quantile.ts';
import type { OriginForecast } from './rollingOrigin.ts';

/** Windows of a pool that count as much as the normal law, and windows of one series that count as much as the pool. */
const NORMAL_WINDOWS = 10;
const POOL_WINDOWS = 30;
/** Scores a step needs to be judged by itself; with fewer all steps are taken together. */
const LEAST_SCORES = 40;
/** A spread this small beside the numbers it is of is what rounding leaves of an exact fit, and says nothing of errors. */
const ROUNDING = 1e-9;

/** Whether a spread is nothing beside numbers of this size; so is one of 0 and one that is not a number. */
export const isRounding = (spread: number, size: number): boolean => !(spread > ROUNDING * size);

/** Past errors in units of the spread that was said for them. */
export interface ScorePool {
  /** Ascending scores of step h (from 0). */
  step(h: number): Float64Array;
  readonly windows: number;
}

/** Scores (actual - mean) / spread of forecasts made within histories; steps without a spread say nothing. */
export function scorePool(forecasts: readonly OriginForecast[]): ScorePool {
  const steps: number[][] = [];
  let windows = 0;
  for (const { actual, mean, spread } of forecasts) {
    let counted = false;
    for (let h = 0; h < actual.length; h++) {
      if (isRounding(spread[h], Math.abs(mean[h]) + Math.abs(actual[h]))) continue;
      (steps[h] ??= []).push((actual[h] - mean[h]) / spread[h]);
      counted = true;
    }
    if (counted) windows++;
  }
  const all = Float64Array.from(steps.flat()).sort();
  const own = Array.from(steps, (scores = []) =>
    scores.length < LEAST_SCORES ? all : Float64Array.from(scores).sort(),
  );
  return { step: (h) => own[h] ?? all, windows };
}

/**
 * Quantile of the score of step h at a level: of the normal law, drawn to the pool of like series by w / (w + 10) with w
 * windows in the pool, and that to the series' own by w / (w + 30). So a short series is banded by others like it, one of
 * a long history by itself, and the only series of a file by the normal law until it has windows. Ranks are those of split
 * conformal prediction, level (n + 1) in the tail concerned. Source: Vovk, Gammerman and Shafer (2005); Lei et al. (2018).
 */
export function scoreQuantile(level: number, h: number, pool: ScorePool, own: ScorePool): number {
  const mixed = (before: number, { step, windows }: ScorePool, count: number): number => {
    const scores = step(h);
    if (scores.length === 0) return before;
    const share = windows / (windows + count);
    return (1 - share) * before + share * quantileSorted(scores, conformalLevel(level, scores.length));
  };
  return mixed(mixed(normalQuantile(level), pool, NORMAL_WINDOWS), own, POOL_WINDOWS);
}

/** The level at which type 7 quantiles give the rank (n + 1) p of n scores, no farther than the ends. */
const conformalLevel = (level: number, n: number): number =>
  n < 2 ? level : Math.min(1, Math.max(0, ((n + 1) * level - 1) / (n - 1)));
