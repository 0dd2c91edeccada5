/**
 * A method fitted to one series. Periods are counted from the end of the history: step 1 is the next one. Everything is in
 * the unit of the series.
 */
export interface FittedSeries {
  /** What was fitted, as `theta` or `ETS(M,Ad,M)`. */
  readonly name: string;
  /** The forecast of each period of the history from those before it; NaN where there is none. */
  readonly fitted: Float64Array;
  /** Means of the next `horizon` periods. */
  forecast(horizon: number): Float64Array;
  /**
   * How wide the error of each of the next periods is by the method's own variance formula, in the unit of the series.
   * Only a shape: intervals are scaled by what errors were (`conformal.ts`).
   */
  spread(horizon: number): Float64Array;
  /** Parameters worth telling. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** A method: `season` is the number of periods after which the pattern repeats, 1 = none. */
export type SeriesMethod = (y: Float64Array, season: number) => FittedSeries;

/** Root of the mean squared one-step error over the periods that have a forecast; 0 where none has. */
export function residualScale(y: ArrayLike<number>, fitted: ArrayLike<number>): number {
  let sum = 0;
  let n = 0;
  for (let t = 0; t < y.length; t++) {
    if (Number.isNaN(fitted[t])) continue;
    sum += (y[t] - fitted[t]) ** 2;
    n++;
  }
  return n === 0 ? 0 : Math.sqrt(sum / n);
}
