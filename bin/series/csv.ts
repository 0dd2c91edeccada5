import { stringify } from 'csv-stringify/sync';
import { LEVELS, type SeriesForecast } from '../../models/series/index.ts';
import { withoutFormula } from '../../src/formulas.ts';
import type { PeriodGrid } from '../../src/periodGrid.ts';

/** `unique_id,ds,mean,lo-80,hi-80,lo-95,hi-95`: a row a line and step, numbers in full precision. */
export function* seriesCsv(
  told: readonly {
    readonly id: string;
    readonly first: number;
    readonly periods: number;
    readonly forecast: SeriesForecast;
  }[],
  grid: PeriodGrid,
): Generator<string> {
  yield stringify([['unique_id', 'ds', 'mean', ...LEVELS.flatMap((level) => [`lo-${level}`, `hi-${level}`])]]);
  for (const { id, first, periods, forecast } of told)
    yield stringify(
      Array.from(forecast.mean, (mean, h) => [
        withoutFormula(id),
        grid.text(first + periods + h),
        mean,
        ...LEVELS.flatMap((level) => [forecast.intervals[level].low[h]!, forecast.intervals[level].high[h]!]),
      ]),
    );
}
