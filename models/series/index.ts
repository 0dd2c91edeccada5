export { demandPattern } from './demandPattern.ts';
export type { FittedSeries, SeriesMethod } from './fitted.ts';
export {
  forecastSeries,
  forecastSeriesSet,
  type Interval,
  LEVELS,
  type Level,
  MOST_STEPS,
  type SeriesAsk,
  type SeriesForecast,
  type SeriesInput,
} from './forecastSeries.ts';
export { type MethodName, methodNames, seriesMethods } from './methods.ts';
