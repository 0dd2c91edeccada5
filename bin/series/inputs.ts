import {
  type MethodName,
  type Regressor,
  type SeriesInput,
  seriesMethods,
  withRegressors,
} from '../../models/series/index.ts';
import type { SeriesLine, SeriesTable } from '../../src/connectors/seriesTable.ts';
import { ForesellError } from '../../src/errors.ts';
import { type Country, holidaysBetween } from '../../src/holidays.ts';

export interface RegressorAsk {
  readonly method: MethodName;
  readonly horizon: number;
  readonly names: readonly string[];
  readonly holidays: Country | undefined;
}

/**
 * Lines of a table as what the methods take, with its columns and public holidays as regressors.
 * @throws ForesellError `regressor-missing`: a column is empty within the history or the horizon
 */
export function inputsOf(
  { lines, grid }: SeriesTable,
  { method, horizon, names, holidays }: RegressorAsk,
): SeriesInput[] {
  if (names.length === 0 && holidays === undefined) return lines.map(({ y }) => ({ y }));
  return lines.map((line) => {
    const length = line.y.length + horizon;
    const columns = names.map((name, j): Regressor => ({ name, values: known(line, j, name, length) }));
    const days = Float64Array.from({ length: holidays === undefined ? 0 : length }, (_, t) =>
      holidaysBetween(...grid.days(line.first + t), holidays!),
    );
    const regressors = holidays === undefined ? columns : [...columns, { name: 'holidays', values: days }];
    return { y: line.y, method: withRegressors(seriesMethods[method], regressors) };
  });

  function known(line: SeriesLine, j: number, name: string, length: number): Float64Array {
    const given = line.regressors[j]!;
    for (let t = 0; t < length; t++)
      if (!(t < given.length) || Number.isNaN(given[t]!))
        throw new ForesellError(
          'regressor-missing',
          `${line.id}: ${name} is not known for ${grid.text(line.first + t)}; give it for every period up to ${grid.text(line.first + length - 1)}, those ahead as rows with an empty y`,
        );
    return given;
  }
}
