import { average } from './average.ts';
import { croston, sba } from './croston.ts';
import { demandPattern } from './demandPattern.ts';
import { ets } from './ets.ts';
import type { FittedSeries, SeriesMethod } from './fitted.ts';
import { seasonalNaive } from './seasonalNaive.ts';
import { damped, holt, holtWintersAdditive, holtWintersMultiplicative, ses } from './smoothing.ts';
import { theta } from './theta.ts';
import { tsb } from './tsb.ts';

/** Fewer periods than this are no ground for a trend. */
const FEW = 5;

/**
 * The method by rule. Fewer than 5 periods: simple smoothing. Otherwise by the pattern of the line (`demandPattern`): steady
 * the average of Theta and ETS; sparse SBA; fading TSB; only zeros 0. A constant line is that constant.
 */
function auto(y: Float64Array, season: number): FittedSeries {
  if (y.every((v) => v === y[0])) return seasonalNaive(y, 1);
  if (y.length < FEW) return ses(y);
  const pattern = demandPattern(y, season);
  return pattern === 'steady' ? average(y, season) : pattern === 'sparse' ? sba(y) : tsb(y);
}

/** Every method by its name. */
export const seriesMethods = {
  auto,
  average,
  theta,
  ets,
  ses,
  holt,
  damped,
  'holt-winters': holtWintersAdditive,
  'holt-winters-multiplicative': holtWintersMultiplicative,
  naive: seasonalNaive,
  croston,
  sba,
  tsb,
} as const satisfies Readonly<Record<string, SeriesMethod>>;

export type MethodName = keyof typeof seriesMethods;
export const methodNames = Object.keys(seriesMethods) as readonly MethodName[];
