export { demandPattern } from './demandPattern.ts';
export { evaluateSeries, type MethodScore, naiveScale } from './evaluate.ts';
export type { FittedSeries, SeriesMethod } from './fitted.ts';
export { forecastHierarchy } from './forecastHierarchy.ts';
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
export { type HierarchyNode, type HierarchyPlan, hierarchyNodes, hierarchyPlan } from './hierarchy.ts';
export { type MethodName, methodNames, seriesMethods } from './methods.ts';
export { type Reconciliation, reconciliations } from './reconcile.ts';
export { type Effect, type Regressor, regressorEffects, withRegressors } from './regressors.ts';
