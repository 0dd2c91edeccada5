import { bandedSet, fitSet, type SeriesAsk, type SeriesForecast, type SeriesInput } from './forecastSeries.ts';
import { type HierarchyNode, sumLines } from './hierarchy.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';

/**
 * Forecasts lines and the nodes above them and makes them add up. Lines are of one length and end together. Intervals come from
 * the reconciled forecasts at origins within the history, made with the errors known there; they do not add up, as quantiles
 * never do. The answer is the nodes, then the lines. Errors: as `forecastSeriesSet` and `reconcile`.
 */
export function forecastHierarchy(
  nodes: readonly HierarchyNode[],
  lines: readonly SeriesInput[],
  ask: SeriesAsk & { readonly reconcile: Reconciliation },
  onSeries: (done: number) => void = () => {},
): readonly SeriesForecast[] {
  const values = lines.map(({ y }) => y);
  const inputs = [...nodes.map((node): SeriesInput => ({ y: sumLines(node.lines, values) })), ...lines];
  const fits = fitSet(inputs, ask, onSeries);
  const nonnegative = values.every((y) => y.every((v) => v >= 0));
  const joined = (means: readonly Float64Array[], fitted: readonly Float64Array[]) => {
    const errors = fitted.map((f, i) => f.map((v, t) => inputs[i].y[t] - v));
    return reconcile(nodes, means, ask.reconcile, errors, nonnegative);
  };
  const now = joined(
    fits.map(({ mean }) => mean),
    fits.map(({ fit }) => fit.fitted),
  );
  const then = fits[0].past.map((_, k) =>
    joined(
      fits.map(({ past }) => past[k].mean),
      fits.map(({ past }) => past[k].fitted),
    ),
  );
  return bandedSet(
    fits.map((of, i) => ({ ...of, mean: now[i], past: of.past.map((p, k) => ({ ...p, mean: then[k][i] })) })),
  );
}
