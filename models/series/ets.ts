import { type EtsFit, fitEts } from './etsFit.ts';
import type { EtsShape } from './etsKernel.ts';
import type { FittedSeries } from './fitted.ts';
import { deseasonalised } from './seasonality.ts';

/** Longest season whose indices are fitted as states. */
const LONGEST_SEASON = 24;

/** Shapes that are tried: no multiplied season with added errors, whose variance may be infinite. */
function shapes(season: number): readonly EtsShape[] {
  return (['A', 'M'] as const).flatMap((error) =>
    (['N', 'A', 'Ad'] as const).flatMap((trend) =>
      (season > 1 ? (['N', 'A', 'M'] as const) : (['N'] as const))
        .filter((seasonal) => !(error === 'A' && seasonal === 'M'))
        .map((seasonal) => ({ error, trend, seasonal })),
    ),
  );
}

/**
 * ETS with its shape chosen by the least AICc among 6 shapes, or 15 where there is a season: errors added or multiplied,
 * no, straight or damped slope, no, added or multiplied season. Shapes with multiplied parts need values above 0, those
 * with a season two rounds of it. A season of more than 24 periods is taken out before, as for Theta. A history too short for
 * the criterion takes simple smoothing.
 * Source: Hyndman, Koehler, Snyder and Grose (2002); the same choice as R's `forecast::ets`.
 */
export function ets(y: Float64Array, season: number): FittedSeries {
  if (season <= LONGEST_SEASON) return best(y, season);
  const { plain, seasonal, restore } = deseasonalised(y, season);
  const fit = best(plain, 1);
  if (!seasonal) return fit;
  return {
    ...fit,
    name: `${fit.name} without the season`,
    fitted: restore(fit.fitted, 0),
    forecast: (horizon) => restore(fit.forecast(horizon), y.length),
  };
}

/** The shape of the least criterion. */
function best(y: Float64Array, season: number): EtsFit {
  let found: EtsFit | undefined;
  for (const shape of shapes(season)) {
    const fit = fitEts(y, season, shape);
    if (fit && Number.isFinite(fit.aicc) && (found === undefined || fit.aicc < found.aicc)) found = fit;
  }
  return found ?? fitEts(y, 1, { error: 'A', trend: 'N', seasonal: 'N' })!;
}
