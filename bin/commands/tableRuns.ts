import { Command } from 'commander';
import { ForesellError } from '../../src/errors.ts';
import { table as printed, progressOf } from '../common.ts';

interface RunsOptions {
  readonly in: string;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** `foresell table runs | diff | reproduce`: what is remembered of fits, in the folder that their models went to. */
export function addTableRuns(table: Command): void {
  const sub = (
    name: string,
    summary: string,
    more: string,
    run: (options: RunsOptions, args: string[]) => Promise<void>,
  ) => {
    const [word, ...args] = name.split(' ');
    const child = new Command(word)
      .summary(summary)
      .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.${more}`);
    for (const argument of args) child.argument(argument);
    child
      .option('--in <folder>', 'where the models went: its table-runs.ndjson is read', '.')
      .option('--quiet', 'no progress', false)
      .option('--json', 'one JSON document on stdout and nothing else', false)
      .addHelpText(
        'after',
        `\nExample:\n  $ foresell table ${[word, ...args.map((_, i) => `r${i + 1}`)].join(' ')} --in ./models\n`,
      )
      .action(async (...all: unknown[]) => {
        const self = all.at(-1) as Command;
        await run(self.optsWithGlobals<RunsOptions>(), self.args);
      });
    table.addCommand(child);
  };
  const named = ' A run is named by its number (r3), or by the beginning of the\nversion that it made.';
  sub('runs', 'every fit, also those that failed, the newest first', '', runs);
  sub('diff <a> <b>', 'two fits side by side: asked, data, columns, figures', named, diff);
  sub('reproduce <run>', 'fit again as a run did, and compare every byte', `${named} Nothing is written.`, reproduce);
}

async function runs(options: RunsOptions): Promise<void> {
  const { runsIn } = await import('../table/runs.ts');
  const found = runsIn(options.in);
  if (options.json) return print(found);
  const figure = (value: number | null | undefined) => (value === null || value === undefined ? '-' : value.toFixed(4));
  process.stdout.write(
    `${printed([
      ['run', 'begun', 'told', 'profile', 'seed', 'rows', 'seconds', 'MB', 'version', 'log loss', 'base rate', ''],
      ...found.map(({ run, at, ask, file, seconds, peakMemoryMb, result, error }) => [
        run,
        at.slice(0, 16),
        ask.target ?? ask.time ?? '',
        ask.profile,
        String(ask.seed),
        String(file?.rows ?? '-'),
        seconds.toFixed(1),
        String(peakMemoryMb),
        result?.version.slice(0, 12) ?? '-',
        figure(result?.metrics['mixture']?.['logLoss']),
        figure(result?.metrics['constant']?.['logLoss']),
        error ? `${error.code}: ${error.message}` : result?.lowSkill ? 'low skill' : '',
      ]),
    ])}\n`,
  );
}

async function diff(options: RunsOptions, [a, b]: string[]): Promise<void> {
  const { comparedRun, findRun, runsIn } = await import('../table/runs.ts');
  const { differenceOf, printedDifference } = await import('../runs/difference.ts');
  const found = runsIn(options.in);
  const difference = differenceOf(comparedRun(findRun(found, a!)), comparedRun(findRun(found, b!)));
  if (options.json) return print(difference);
  process.stdout.write(printedDifference(difference));
}

async function reproduce(options: RunsOptions, [name]: string[]): Promise<void> {
  const { findRun, runsIn } = await import('../table/runs.ts');
  const { fitFile } = await import('../table/fitFile.ts');
  const { codeVersion } = await import('../../src/store/codeVersion.ts');
  const { run, ask, code, result } = findRun(runsIn(options.in), name!);
  if (!result)
    throw new ForesellError('run-failed', `run ${run} failed and made no model; there is nothing to compare with`);
  const progress = progressOf(options);
  const { model, opened } = (await fitFile(ask, progress.step)).fitted;
  const { header } = opened;
  const same = model.version === result.version;
  const changed = [
    ...(header.trained.dataHash === result.trained.dataHash ? [] : ['data']),
    ...(codeVersion().hash === code.hash ? [] : ['code']),
    ...(header.trained.backend === result.trained.backend ? [] : ['backend']),
    ...(ask.budget === undefined ? [] : ['budget: a search of seconds comes as far as the machine is quick']),
  ];
  const weights = { recorded: result.weights, now: header.tensorsHash };
  if (options.json) print({ run, same, version: { recorded: result.version, now: model.version }, weights, changed });
  else {
    const not = changed.length ? `; not as it was then: ${changed.join(', ')}` : '';
    process.stdout.write(same ? `${run}: the same again, every byte (weights ${weights.now.slice(0, 12)})${not}\n` : `${run}: ${model.version.slice(0, 12)} came out, recorded ${result.version.slice(0, 12)}, weights ${weights.now === weights.recorded ? 'the same' : 'not the same'}${not}\n`); // biome-ignore format: one choice
  }
  if (!same)
    throw new ForesellError('not-reproduced', `what came out is not the model of ${run}; compare code and data with: foresell table diff`, { blame: 'failure' }); // biome-ignore format: one error
}

const print = (value: unknown) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
