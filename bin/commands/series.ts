import { Command, Option } from 'commander';
import type { MethodName, Reconciliation, SeriesForecast } from '../../models/series/index.ts';
import type { SeriesTable } from '../../src/connectors/seriesTable.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Country } from '../../src/holidays.ts';
import type { Frequency } from '../../src/periodGrid.ts';
import { checkOutputs } from '../checkOutputs.ts';
import { table as printed, progressOf, wholeNumber } from '../common.ts';

interface FileOptions {
  readonly data: string;
  readonly freq: Frequency;
  readonly horizon: number;
  readonly season?: number;
  readonly id: string;
  readonly ds: string;
  readonly y: string;
  readonly dsFormat?: string;
  readonly gaps: 'auto' | 'zero' | 'interpolate';
  readonly regressors: readonly string[];
  readonly holidays?: Country;
  readonly origins: number;
  readonly delimiter?: string;
  readonly encoding?: string;
  readonly quiet: boolean;
  readonly json: boolean;
}
interface ForecastOptions extends FileOptions {
  readonly method: MethodName;
  readonly hierarchy?: string;
  readonly hierarchyFile?: string;
  readonly reconcile: Reconciliation;
  readonly out?: string;
}
interface EvaluateOptions extends FileOptions {
  readonly methods: readonly MethodName[];
  readonly windows: number;
}

const METHODS = ['auto', 'average', 'theta', 'ets', 'ses', 'holt', 'damped', 'holt-winters', 'holt-winters-multiplicative', 'naive', 'croston', 'sba', 'tsb'] as const; // biome-ignore format: names
const RECONCILIATIONS = ['bottom-up', 'ols', 'structural', 'variance', 'mint'] as const;
/** Lines shown where nothing is written. */
const SHOWN = 20;

/** `foresell series`: forecasts of any series of numbers, many at once. */
export function seriesCommand(): Command {
  const command = new Command('series').summary('forecast any series of numbers, many at once').description(
    'Forecasts series of a long table unique_id,ds,y (.csv, .csv.gz, .txt, .tsv, .parquet), with tested intervals.',
  ); // biome-ignore format: one chain
  command.addCommand(forecastCommand());
  command.addCommand(evaluateCommand());
  return command;
}

function forecastCommand(): Command {
  return fileOptions(new Command('forecast'))
    .summary('mean and 80 and 95 % intervals of the coming periods')
    .description(
      'Writes unique_id,ds,mean,lo-80,hi-80,lo-95,hi-95: the horizon after the last value of each line, dates in the form they\n' +
        'came in. The method by rule (auto): steady lines the average of Theta and ETS; sparse ones (nothing below 0, at least\n' +
        '1.32 periods a demand, no season) SBA, or TSB where their silence is too long for chance; fewer than 5 periods simple\n' +
        'smoothing; a constant line that constant, without width. Intervals are what forecasts made at --origins points within\n' +
        'the histories missed by, pooled over the lines of the file, a long line more by itself. A line without a negative value\n' +
        'gets none. Periods without a row between values count as 0 in a line of which more than a quarter is absent or 0, else\n' +
        'they are interpolated (--gaps). Several lines need unique_id; a table without it is one line.',
    )
    .addOption(new Option('--method <name>', 'of every line').choices(METHODS).default('auto'))
    .option(
      '--hierarchy <columns>',
      'also sums by columns, made to add up: / goes down, * crosses, as state/region*product',
    )
    .option('--hierarchy-file <file>', 'where those columns are, a row a unique_id (default: in the table)')
    .addOption(new Option('--reconcile <name>', 'weights of a hierarchy').choices(RECONCILIATIONS).default('ols'))
    .option('--out <file>', 'where to: .csv; - writes it to stdout')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell series forecast --data sales.csv --freq M --horizon 12 --out forecast.csv\n' +
        '  $ foresell series forecast --data daily.csv.gz --freq D --horizon 28 --regressors promotion --holidays TH --out -\n' +
        '  $ foresell series forecast --data sales.parquet --freq W --horizon 8 --hierarchy region/product --out forecast.csv\n' +
        '  $ foresell series forecast --data thai.csv --freq M --horizon 6 --ds-format DD/MM/BBBB --json\n' +
        '\nRegressors: the rows ahead have their values and an empty y. Effects are in proportion where all values are above 0, and\n' +
        'left out within two standard errors of none. Weekly ds may be 2026-W47, monthly 2026-11, quarterly 2026-Q4.\n',
    )
    .action(async (_options: unknown, self: Command) => runForecast(self.optsWithGlobals<ForecastOptions>()));
}

function evaluateCommand(): Command {
  return fileOptions(new Command('evaluate'))
    .summary('how methods would have done on the past')
    .description(
      'Cuts every line --windows times, a horizon apart, and compares what each method would have said with what came:\n' +
        'sMAPE in percent, MASE and interval scores in errors of the seasonal naive, and how often the intervals held.',
    )
    .option('--methods <names>', `of ${METHODS.join(', ')}`, list, ['naive', 'theta', 'ets', 'auto'])
    .option('--windows <n>', 'cuts', wholeNumber, 3)
    .addHelpText(
      'after',
      '\nExample:\n  $ foresell series evaluate --data sales.csv --freq M --horizon 6 --methods naive,auto\n',
    )
    .action(async (_options: unknown, self: Command) => runEvaluate(self.optsWithGlobals<EvaluateOptions>()));
}

function fileOptions(command: Command): Command {
  return command
    .requiredOption('--data <file>', '.csv, .txt or .tsv (also .gz), or .parquet')
    .addOption(
      new Option('--freq <letter>', 'what a period is').choices(['D', 'W', 'M', 'Q', 'Y']).makeOptionMandatory(),
    )
    .requiredOption('--horizon <n>', 'periods ahead', wholeNumber)
    .option('--season <n>', 'periods after which the pattern repeats (default: D 7, W 52, M 12, Q 4, Y 1)', wholeNumber)
    .option('--id <column>', 'tells the lines apart', 'unique_id')
    .option('--ds <column>', 'the date', 'ds')
    .option('--y <column>', 'the value', 'y')
    .option('--ds-format <form>', 'of dates that are not ISO 8601, as DD/MM/YYYY; BBBB is a year of the Buddhist era')
    .addOption(
      new Option('--gaps <how>', 'periods without a value').choices(['auto', 'zero', 'interpolate']).default('auto'),
    )
    .option('--regressors <columns>', 'columns known ahead, as promotions, separated by commas', list, [])
    .addOption(
      new Option('--holidays <country>', 'public holidays as a regressor').choices(['TH', 'US', 'GB', 'DE', 'FR']),
    )
    .option('--origins <n>', 'points within each history from which intervals learn', wholeNumber, 3)
    .option('--delimiter <mark>', 'between cells: , ; tab | (default: found in the header)')
    .option('--encoding <name>', 'of text (default: utf-8)')
    .option('--quiet', 'no progress', false)
    .option('--json', 'one JSON document on stdout and nothing else', false);
}

/** A node or line that is forecast, and the period of its first value. */
interface Told {
  readonly id: string;
  readonly first: number;
  readonly periods: number;
  readonly forecast: SeriesForecast;
}

async function read(options: FileOptions, groups: readonly string[]): Promise<SeriesTable> {
  const { readSeriesTable } = await import('../../src/connectors/seriesTable.ts');
  const { readableHeader } = await import('../../src/connectors/tableBatches.ts');
  const { delimiterOf } = await import('../../src/connectors/csv.ts');
  const progress = progressOf(options);
  const text = {
    delimiter: options.delimiter === undefined ? undefined : delimiterOf(options.delimiter),
    encoding: options.encoding,
  };
  const header = await readableHeader(options.data, text);
  const named = header.includes(options.id) || options.id !== 'unique_id';
  const table = await readSeriesTable(options.data, {
    ...{ ...text, groups, frequency: options.freq, ds: options.ds, y: options.y, regressors: options.regressors },
    ...{ gaps: options.gaps, format: options.dsFormat, id: named ? options.id : undefined },
    onRows: (rows) => progress.step(`read ${rows.toLocaleString('en')} rows`),
  });
  progress.line(`read ${table.rows.toLocaleString('en')} rows, ${table.lines.length.toLocaleString('en')} lines`);
  for (const kind of ['zeros', 'interpolated'] as const) {
    const filled = table.lines.filter((line) => line.filled[kind] > 0);
    const periods = filled.reduce((sum, line) => sum + line.filled[kind], 0);
    const how = kind === 'zeros' ? 'counted as 0' : 'interpolated';
    if (periods > 0)
      progress.line(`note: ${periods.toLocaleString('en')} periods without a value in ${filled.length.toLocaleString('en')} lines are ${how} (--gaps)`); // biome-ignore format: one sentence
  }
  return table;
}

async function runForecast(options: ForecastOptions): Promise<void> {
  const { data, hierarchyFile, out } = options;
  if (out !== undefined && out !== '-') {
    if (!out.toLowerCase().endsWith('.csv'))
      throw new ForesellError('format-unknown', `--out ${out}: forecasts are written as .csv, or - for stdout`, {
        path: '--out',
      });
    checkOutputs({ '--out': out }, { '--data': data, '--hierarchy-file': hierarchyFile });
  }
  const { forecastHierarchy, forecastSeriesSet, hierarchyPlan } = await import('../../models/series/index.ts');
  const { usualSeason } = await import('../../src/periodGrid.ts');
  const { inputsOf } = await import('../series/inputs.ts');
  const progress = progressOf(options);
  const plan = options.hierarchy === undefined ? undefined : hierarchyPlan(options.hierarchy);
  const season = options.season ?? usualSeason[options.freq];
  const ask = { season, horizon: options.horizon, method: options.method, origins: options.origins };
  const { checkAsk } = await import('../../models/series/forecastSeries.ts');
  checkAsk(ask);
  let table = await read(options, options.hierarchyFile === undefined ? (plan?.columns ?? []) : []);
  const regressors = { ...ask, names: options.regressors, holidays: options.holidays };
  let told: Told[];
  if (plan === undefined) {
    const done = (n: number) =>
      progress.step(`${n.toLocaleString('en')} of ${table.lines.length.toLocaleString('en')} lines`);
    const said = forecastSeriesSet(inputsOf(table, regressors), ask, done);
    told = table.lines.map((line, i) => ({
      id: line.id,
      first: line.first,
      periods: line.y.length,
      forecast: said[i]!,
    }));
  } else {
    const { nodesOf, onOneGrid } = await import('../series/hierarchy.ts');
    table = onOneGrid(table);
    const nodes = await nodesOf(plan, table, options.hierarchyFile, options.id);
    const all = nodes.length + table.lines.length;
    const done = (n: number) =>
      progress.step(`${n.toLocaleString('en')} of ${all.toLocaleString('en')} lines and sums`);
    const said = forecastHierarchy(nodes, inputsOf(table, regressors), { ...ask, reconcile: options.reconcile }, done);
    const ids = [...nodes, ...table.lines].map(({ id }) => id);
    const { first, y } = table.lines[0]!;
    told = ids.map((id, i) => ({ id, first, periods: y.length, forecast: said[i]! }));
    progress.line(`${nodes.length} sums over ${table.lines.length} lines add up (${options.reconcile}); their intervals do not, as quantiles never do`); // biome-ignore format: one sentence
  }
  if (options.json && options.out !== '-') process.stdout.write(`${JSON.stringify(asJson(told, table, season))}\n`);
  if (options.out !== undefined) {
    const { seriesCsv } = await import('../series/csv.ts');
    const rows = seriesCsv(told, table.grid);
    if (options.out === '-') for (const piece of rows) process.stdout.write(piece);
    else {
      const { writeWhole } = await import('../outFile.ts');
      writeWhole(options.out, rows);
      progress.line(`wrote ${options.out}`);
    }
  } else if (!options.json) process.stdout.write(`${shown(told, table)}\n`);
}

async function runEvaluate(options: EvaluateOptions): Promise<void> {
  const { evaluateSeries, methodNames } = await import('../../models/series/index.ts');
  const { usualSeason } = await import('../../src/periodGrid.ts');
  const { inputsOf } = await import('../series/inputs.ts');
  const unknown = options.methods.find((name) => !methodNames.includes(name));
  if (unknown !== undefined || options.methods.length === 0)
    throw new ForesellError('method-unknown', `no method "${unknown ?? ''}"; there is ${methodNames.join(', ')}`);
  const progress = progressOf(options);
  const table = await read(options, []);
  const season = options.season ?? usualSeason[options.freq];
  const { horizon, origins, windows } = options;
  const scores = options.methods.flatMap((method) =>
    evaluateSeries(
      inputsOf(table, { method, horizon: 0, names: options.regressors, holidays: options.holidays }),
      { season, horizon, origins, windows, methods: [method] },
      (done, of) => progress.step(`${method}: window ${done} of ${of}`),
    ),
  );
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ season, horizon, windows, lines: table.lines.length, scores })}\n`);
    return;
  }
  const share = (value: number) => (Number.isNaN(value) ? '-' : `${(100 * value).toFixed(1)} %`);
  const number = (value: number) => (Number.isNaN(value) ? '-' : value.toFixed(3));
  const head = ['method', 'values', 'sMAPE', 'MASE', 'in 80 %', 'in 95 %', 'score of 80 %', 'score of 95 %'];
  const rows = scores.map((s) => [s.method, s.values, number(s.smape), number(s.mase), share(s.coverage80), share(s.coverage95), number(s.intervalScore80), number(s.intervalScore95)]); // biome-ignore format: a row
  process.stdout.write(`${printed([head, ...rows])}\n`);
}

function asJson(told: readonly Told[], { grid, lines }: SeriesTable, season: number): unknown {
  return {
    frequency: grid.frequency,
    season,
    lines: lines.map(({ id, y, filled }) => ({ id, periods: y.length, filled })),
    forecasts: told.map(({ id, first, periods, forecast: { method, mean, intervals, parameters } }) => ({
      id,
      method,
      parameters,
      steps: Array.from(mean, (value, h) => ({
        ds: grid.text(first + periods + h),
        mean: value,
        lo80: intervals[80].low[h],
        hi80: intervals[80].high[h],
        lo95: intervals[95].low[h],
        hi95: intervals[95].high[h],
      })),
    })),
  };
}

/** The next period of the first lines, for a look. */
function shown(told: readonly Told[], { grid }: SeriesTable): string {
  const short = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 6 });
  const rows = told
    .slice(0, SHOWN)
    .map(({ id, first, periods, forecast: { method, mean, intervals } }) => [
      id,
      grid.text(first + periods),
      short(mean[0]!),
      `${short(intervals[80].low[0]!)} to ${short(intervals[80].high[0]!)}`,
      method,
    ]);
  const more = told.length > SHOWN ? `\n… and ${told.length - SHOWN} more (--json or --out FILE has all, with every step)` : '\n--json or --out FILE has every step'; // biome-ignore format: one choice
  return `${printed([['line', 'next', 'mean', '80 % interval', 'method'], ...rows])}${more}`;
}

function list<T extends string>(text: string): T[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean) as T[];
}
