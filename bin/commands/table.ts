import { dirname, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { FittedModel, TableProfile } from '../../training/tables/model.ts';
import { checkOutputs, checkPage } from '../checkOutputs.ts';
import { table as printed, progressOf, wholeNumber } from '../common.ts';
import { writeWhole } from '../outFile.ts';
import { columnList } from '../table/columnList.ts';
import type { FitAsk } from '../table/fitFile.ts';
import { fileBytes, fromModelFile } from '../table/modelFile.ts';
import { predictTable } from '../table/predict.ts';
import { addTableRuns } from './tableRuns.ts';

interface FileOptions {
  readonly data: string;
  readonly delimiter?: string;
  readonly encoding?: string;
  readonly header: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
}

interface FitOptions extends FileOptions {
  readonly target?: string;
  readonly task?: 'binary' | 'class' | 'duration' | 'amount';
  readonly time?: string;
  readonly event?: string;
  readonly id?: string;
  readonly drop: readonly string[];
  readonly keep: readonly string[];
  readonly text: readonly string[];
  readonly categories: readonly string[];
  readonly positive?: string;
  readonly times?: readonly number[];
  readonly order?: string;
  readonly schema?: string;
  readonly profile: TableProfile;
  readonly budget?: number;
  readonly seed: number;
  readonly out: string;
  readonly report?: string;
  readonly language: 'en' | 'th';
}

interface PredictOptions extends FileOptions {
  readonly model: string;
  readonly id?: string;
  readonly times?: readonly number[];
  readonly value?: 'median' | 'mean';
  readonly reasons: number;
  readonly language: 'en' | 'th';
  readonly out: string;
}

/** `foresell table`: the learner on any flat table, for a company that has only an export. */
export function tableCommand(): Command {
  const command = new Command('table').summary('learn from any flat table, and score others').description(
    'Learns from a flat table (.csv, .csv.gz, .txt, .tsv, .parquet) and scores the rows of others of its kind.',
  ); // biome-ignore format: one chain
  command.addCommand(fitCommand());
  command.addCommand(predictCommand());
  command.addCommand(exportCommand());
  addTableRuns(command);
  return command;
}

function fitCommand(): Command {
  return fileOptions(new Command('fit'))
    .summary('learn from a table')
    .description(
      'Learns to tell a column of a table from the others. The task goes by what the target says, where --task is not\n' +
        'given: two values are binary (the positive one: --positive, else 1, true, yes, won or converted, else the rarer),\n' +
        'words are classes, numbers amounts; --time and --event are a duration (event 0 = censored, several words several\n' +
        'causes). Rows without a target are left out. Types are inferred and shown; columns that name rows, never change,\n' +
        'copy another or know the outcome too well are set aside with the reason.\n' +
        'Limits: 10 to 2,000,000 rows, 1 to 1,000 columns, 100,000,000 cells.',
    )
    .option('--target <column>', 'what is to be told')
    .addOption(new Option('--task <name>', 'kind of target').choices(['binary', 'class', 'duration', 'amount']))
    .option('--time <column>', 'of a duration: how long each row was watched, in any unit')
    .option(
      '--event <column>',
      'of a duration: how it ended; 0, no, false, none, censored, alive or open = not yet; of two other numbers the lower',
    )
    .option('--id <column>', 'names the rows (default: their number, from 0)')
    .option(
      '--drop <columns>',
      'not to be read, separated by commas (one with a comma in "quotes"); repeatable',
      names,
      [],
    )
    .option('--keep <columns>', 'to be read whatever the leak and drift screens say; repeatable', names, [])
    .option('--text <columns>', 'messages, Thai or English; repeatable', names, [])
    .option('--categories <columns>', 'digits that are codes, not quantities; repeatable', names, [])
    .option('--positive <value>', 'whose probability is told; of an event: the one that counts')
    .option('--times <list>', 'of a duration: when survival is told, as 30,90,180', numbers)
    .option('--order <column>', 'order of time (numbers or dates), or `row`: the newest part selects and tests')
    .option('--schema <file>', 'YAML or JSON: columns: { NAME: { type, missing, format, keep } }, missing: [...]')
    .addOption(new Option('--profile <name>', 'effort').choices(['fast', 'default', 'best']).default('default'))
    .option(
      '--budget <seconds>',
      'time for a search of settings, on top of the fit (default: as the profile has it)',
      wholeNumber,
    )
    .option('--seed <n>', 'seed of everything random', wholeNumber, 1)
    .requiredOption('--out <file>', 'where the model goes')
    .option('--report <file>', 'also a page on its quality and what moves it, as report.html')
    .addOption(new Option('--language <language>', 'of the report').choices(['en', 'th']).default('en'))
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell table fit --data leads.csv --target converted --id lead_id --out leads.model\n' +
        '  $ foresell table fit --data leads.csv --target converted --out leads.model --report leads.html\n' +
        '  $ foresell table fit --data churn.csv.gz --time tenure --event churned --times 6,12,24 --out churn.model\n' +
        '  $ foresell table fit --data orders.parquet --target amount --order ordered_at --profile fast --out amount.model\n' +
        '\nA schema file:\n' +
        '  missing: [Select, unknown]\n' +
        '  columns:\n' +
        '    pdays: { type: number, missing: [999] }\n' +
        '    signed: { type: date, format: D/M/YYYY }     # number, category, date, text, message, id, ignore\n' +
        '    tot_chg: { label: { en: total charges, th: ยอดรวม } }   # in reasons\n' +
        '    stage: { keep: true }\n',
    )
    .action(async (_options: unknown, self: Command) => runFit(self.optsWithGlobals<FitOptions>()));
}

function predictCommand(): Command {
  return fileOptions(new Command('predict'))
    .summary('score the rows of a table')
    .description(
      'Scores every row with a model that `table fit` made. Writes id and: probability · p_<class> · median, p10, p90,\n' +
        's_<time> (f_<cause>_<time>) · value, p10, p90. The value of an amount is its median, which errs least; --value mean\n' +
        'adds up over many rows. Columns go by name, in any order; further ones are ignored, missing ones\n' +
        'refused. A number that is none counts as missing, a word never met as a rare one: both are said.',
    )
    .requiredOption('--model <file>', 'made by `table fit`')
    .option('--id <column>', 'names the rows (default: as at fit, where the column is there)')
    .option('--times <list>', 'of a duration: when survival is told (default: as at fit)', numbers)
    .addOption(new Option('--value <which>', 'of an amount (default: median)').choices(['median', 'mean']))
    .option(
      '--reasons <n>',
      'also why, so many reasons each way, in a last column (some milliseconds a row)',
      wholeNumber,
      0,
    )
    .addOption(new Option('--language <language>', 'of the reasons').choices(['en', 'th']).default('en'))
    .requiredOption('--out <file>', 'where to: .csv, or .ndjson (all of it, as over HTTP); - writes CSV to stdout')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell table predict --model leads.model --data new-leads.csv --out scores.csv\n' +
        '  $ foresell table predict --model churn.model --data customers.parquet --times 3,6 --out -\n' +
        '  $ foresell table predict --model leads.model --data new-leads.csv --reasons 3 --language th --out why.csv\n',
    )
    .action(async (_options: unknown, self: Command) => runPredict(self.optsWithGlobals<PredictOptions>()));
}

function exportCommand(): Command {
  return new Command('export')
    .summary('write a model as one that ONNX runtimes or stock TensorFlow.js open')
    .description(
      'Writes a model that `table fit` made for other programs. onnx takes a value a feature (numbers as double, words as\n' +
        'text, empty = missing) and gives p: rows, bins, still open and causes; of a yes or no p[:, 0, 1] is the probability\n' +
        'before calibration. tfjs takes rows that were encoded already: how stands in model.json.',
    )
    .requiredOption('--model <file>', 'made by `table fit`')
    .addOption(
      new Option('--format <format>', 'onnx: one file; tfjs: a folder').choices(['onnx', 'tfjs']).default('onnx'),
    )
    .requiredOption(
      '--out <path>',
      'the file of onnx, as model.onnx; the folder of tfjs, for model.json and weights.bin',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ foresell table export --model leads.model --out leads.onnx\n  $ foresell table export --model leads.model --format tfjs --out ./leads-tfjs\n',
    )
    .action(async (options: { model: string; format: 'onnx' | 'tfjs'; out: string }) => {
      const { loadArtifact } = await import('../../models/artifact.ts');
      const { calendar } = await import('../../src/time.ts');
      const { exportModel } = await import('../exportModel.ts');
      // Rows of a table have no time: the calendar is asked of nothing.
      const files = await exportModel(
        fromModelFile(options.model, '--model', loadArtifact),
        calendar('UTC'),
        options.format,
        options.out,
        { '--model': options.model },
      );
      process.stdout.write(`wrote ${files.join(' and ')}\n`);
    });
}

function fileOptions(command: Command): Command {
  return command
    .requiredOption('--data <file>', '.csv, .txt or .tsv (also .gz), or .parquet')
    .option('--delimiter <mark>', 'between cells: , ; tab | (default: found in the header)')
    .option('--encoding <name>', 'of text (default: utf-8)')
    .option('--no-header', 'the file has no header line: columns are c1, c2, …')
    .option('--quiet', 'no progress', false)
    .option('--json', 'one JSON document on stdout and nothing else', false);
}

async function runFit(options: FitOptions): Promise<void> {
  const { readColumnSchema } = await import('../../training/tables/schema.ts');
  const { recordedFit, runsFileIn } = await import('../table/runs.ts');
  const progress = progressOf(options);
  const { out, report: page, data, schema: read } = options;
  checkOutputs({ '--out': out, '--report': page }, { '--data': data, '--schema': read, 'the runs': runsFileIn(dirname(resolve(out))) }); // biome-ignore format: one check
  checkPage(page, '--report');
  const schema =
    options.schema === undefined ? undefined : readColumnSchema(fileText(options.schema, '--schema'), options.schema);
  const began = performance.now();
  const { fitted, run } = await recordedFit(
    askOf(options, schema),
    options.out,
    progress.step,
    (rows, columns) =>
      progress.line(`read ${rows.toLocaleString('en')} rows of ${columns} columns from ${options.data}`),
    async (done) => {
      writeWhole(options.out, done.bytes);
      if (options.report === undefined) return;
      const { reportHtml } = await import('../report/report.ts');
      const { tableContentOf } = await import('../report/tableContent.ts');
      const html = reportHtml(tableContentOf(done, options.data, options.language), options.language);
      writeWhole(options.report, html, '--report');
    },
  );
  const seconds = (performance.now() - began) / 1000;
  if (options.json) process.stdout.write(`${JSON.stringify(asJson(fitted, options, run, seconds))}\n`);
  else process.stdout.write(`${report(fitted)}\n`);
  progress.line(`wrote ${options.out} (version ${fitted.model.version.slice(0, 12)}, ${seconds.toFixed(1)} s${run === null ? '' : `; run ${run}, see: foresell table runs`})`); // biome-ignore format: one sentence
}

/** What decides the weights, and nothing else of the command line. */
function askOf(options: FitOptions, schema: FitAsk['schema']): FitAsk {
  const { data, delimiter, encoding, header, target, task, time, event, id, drop, keep, text, categories, positive, times, order, profile, budget, seed } = options; // biome-ignore format: one list
  return { data, delimiter, encoding, header, target, task, time, event, id, drop, keep, text, categories, positive, times, order, schema, profile, budget, seed }; // biome-ignore format: one record
}

async function runPredict(options: PredictOptions): Promise<void> {
  const { readingOf } = await import('../table/textFile.ts');
  const { openTableModel } = await import('../../models/table/tableModel.ts');
  const progress = progressOf(options);
  if (options.out !== '-') checkOutputs({ '--out': options.out }, { '--data': options.data, '--model': options.model });
  const model = fromModelFile(options.model, '--model', openTableModel);
  const done = await predictTable(model, {
    data: options.data,
    out: options.out,
    json: options.json,
    id: options.id,
    times: options.times,
    value: options.value,
    reasons: options.reasons,
    language: options.language,
    read: readingOf(options),
    onRows: (rows) => progress.step(`scored ${rows.toLocaleString('en')} rows`),
  });
  for (const note of done.notes) progress.line(`note: ${note}`);
  if (options.json && options.out !== '-') process.stdout.write(`${JSON.stringify({ ...done, version: model.version, lowSkill: model.header.lowSkill })}\n`); // biome-ignore format: one line
  progress.line(`scored ${done.rows.toLocaleString('en')} rows${options.out === '-' ? '' : `; wrote ${options.out}`}`);
}

/** What a person is shown of a fit. */
function report({ target, verdicts, findings, model, metrics, rowsUsed, opened }: FittedModel): string {
  const lines = [`target: ${target.says}`];
  if (target.without > 0) lines.push(`${target.without.toLocaleString('en')} rows say nothing in the target: left out`);
  if (rowsUsed < target.rows.length)
    lines.push(`learned from ${rowsUsed.toLocaleString('en')} of ${target.rows.length.toLocaleString('en')} rows, drawn evenly: more do not fit in memory`); // biome-ignore format: one sentence
  lines.push('', printed([['column', 'type', 'why'], ...verdicts.map(({ column, type, why }) => [column, type, why])]));
  for (const note of findings.notes) lines.push('', `warning: ${note}`);
  const { mixture = {}, constant = {} } = metrics;
  const rows = Object.entries(metrics).map(([name, of]) => [
    name === 'mixture' ? 'model' : name === 'constant' ? 'base rate' : name,
    (of['logLoss'] ?? Number.NaN).toFixed(4),
    ...(name === 'mixture' ? [''] : [(model.weights[name] ?? 0).toFixed(2)]),
  ]);
  lines.push('', `on ${(mixture['rows'] ?? 0).toLocaleString('en')} rows that were not seen:`);
  lines.push(printed([['', 'log loss', 'weight'], ...rows]));
  if (target.task === 'amount')
    lines.push('the value is the median: mae is its error, maeOfMedian that of one median for all; rmse is the mean’s, rmseOfMean that of one mean for all; inside80 = share between p10 and p90'); // biome-ignore format: one sentence
  const shown = Object.entries(mixture).filter(([name]) => name !== 'rows' && name !== 'logLoss');
  if (shown.length) lines.push(shown.map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`).join(', '));
  if (opened.header.lowSkill)
    lines.push(`low skill: the columns say nothing that the base rate does not (log loss ${(mixture['logLoss'] ?? 0).toFixed(4)}, base rate ${(constant['logLoss'] ?? 0).toFixed(4)})`); // biome-ignore format: one sentence
  return lines.join('\n');
}

function asJson(fitted: FittedModel, { out }: FitOptions, run: string | null, seconds: number): unknown {
  const { target, verdicts, findings, model, metrics, rowsUsed, opened } = fitted;
  return {
    out,
    run,
    version: model.version,
    task: target.task,
    target: target.says,
    ...(target.task === 'binary' ? { positive: target.positive } : {}),
    rows: target.rows.length,
    rowsUsed,
    rowsWithoutTarget: target.without,
    columns: verdicts,
    leaks: findings.leaks,
    drifted: findings.drifted,
    notes: findings.notes,
    weights: model.weights,
    metrics,
    lowSkill: opened.header.lowSkill,
    seconds: Math.round(10 * seconds) / 10,
  };
}

const fileText = (path: string, option: string): string => Buffer.from(fileBytes(path, option)).toString('utf8');

const names = (text: string, before: readonly string[]): string[] => [...before, ...columnList(text)];

function numbers(text: string): number[] {
  const values = text.split(',').map(Number);
  if (values.some((v) => !(v > 0 && Number.isFinite(v)))) throw new InvalidArgumentError('expected times above 0, as 30,90,180.'); // biome-ignore format: one rule
  return [...new Set(values)];
}
