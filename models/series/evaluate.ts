import { mae, smape } from '../../src/stats/forecastErrors.ts';
import { coverage, intervalScore } from '../../src/stats/interval.ts';
import { forecastSeriesSet, type SeriesAsk, type SeriesInput } from './forecastSeries.ts';
import type { MethodName } from './methods.ts';
import { leastKnown } from './rollingOrigin.ts';

/** How a method would have done. Scaled figures are in mean absolute errors of the seasonal naive within the history. */
export interface MethodScore {
  readonly method: MethodName;
  /** Forecast values judged. */
  readonly values: number;
  /** Percent. */
  readonly smape: number;
  readonly mase: number;
  readonly coverage80: number;
  readonly coverage95: number;
  readonly intervalScore80: number;
  readonly intervalScore95: number;
}

/**
 * Rolling origins: every series is cut `windows` times, a horizon apart, the newest a horizon before its end; each method
 * forecasts what was cut off, with its intervals, from what was left alone. Windows that leave too little are passed over, and
 * series without change within the history are not in the scaled figures. NaN where nothing could be judged.
 */
export function evaluateSeries(
  inputs: readonly SeriesInput[],
  ask: Omit<SeriesAsk, 'method'> & { readonly windows: number; readonly methods: readonly MethodName[] },
  onStep: (done: number, of: number) => void = () => {},
): readonly MethodScore[] {
  return ask.methods.map((method, m) => {
    const sums = { values: 0, scaled: 0, smape: 0, mase: 0, in80: 0, in95: 0, is80: 0, is95: 0 };
    for (let w = 1; w <= ask.windows; w++) {
      const kept = inputs.filter(({ y }) => y.length - w * ask.horizon >= leastKnown(ask.season));
      const known = kept.map(({ y, ...own }) => ({ ...own, y: y.slice(0, y.length - w * ask.horizon) }));
      const said = forecastSeriesSet(known, { ...ask, method });
      for (const [i, { mean, intervals }] of said.entries()) {
        const actual = kept[i].y.slice(known[i].y.length, known[i].y.length + ask.horizon);
        const h = actual.length;
        const [inner, outer] = [intervals[80], intervals[95]];
        sums.values += h;
        sums.smape += h * smape(actual, mean);
        sums.in80 += h * coverage(actual, inner.low, inner.high);
        sums.in95 += h * coverage(actual, outer.low, outer.high);
        const scale = naiveScale(known[i].y, ask.season);
        if (!(scale > 0)) continue;
        sums.scaled += h;
        sums.mase += (h * mae(actual, mean)) / scale;
        sums.is80 += (h * intervalScore(actual, inner.low, inner.high, 0.2)) / scale;
        sums.is95 += (h * intervalScore(actual, outer.low, outer.high, 0.05)) / scale;
      }
      onStep(m * ask.windows + w, ask.methods.length * ask.windows);
    }
    const { values, scaled } = sums;
    return {
      method,
      values,
      smape: sums.smape / values,
      mase: sums.mase / scaled,
      coverage80: sums.in80 / values,
      coverage95: sums.in95 / values,
      intervalScore80: sums.is80 / scaled,
      intervalScore95: sums.is95 / scaled,
    };
  });
}

/** Mean absolute error of the seasonal naive within a history: what MASE divides by. */
export function naiveScale(y: ArrayLike<number>, season: number): number {
  let sum = 0;
  for (let t = season; t < y.length; t++) sum += Math.abs(y[t] - y[t - season]);
  return sum / (y.length - season);
}
