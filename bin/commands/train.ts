import { Command, InvalidArgumentError, Option } from 'commander';
import type { ArtifactHeader } from '../../models/artifact.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { type Subject, subjectOf, subjectsOf } from '../../src/subjects/index.ts';
import type { Verdict } from '../../training/gate.ts';
import type { TrainingRun } from '../../training/main.ts';
import type { ProfileChanges, RunRecord } from '../../training/runRecord.ts';
import { type Common, instantIn, progressOf, table, time, withCommon } from '../common.ts';

interface Options extends Common {
  readonly model: string;
  readonly profile: 'fast' | 'default' | 'best';
  readonly until?: string;
  readonly changes: ProfileChanges;
  readonly budget?: number;
  readonly ifDue: boolean;
}

/** `foresell train`: learns from the company's own past and lets the gate decide whether the result serves. */
export function trainCommand(): Command {
  const command = new Command('train')
    .summary('learn from the company’s own past')
    .description(
      'Trains a model on everything known until a time, judges it on the newest deals that it never saw, beside the\n' +
        'base rate, the percentage of the stage and a ridge regression, and stores it as a version. The first version\n' +
        'serves; a later one must beat the one that serves on rows that neither was trained on.\n' +
        'deal: won or lost; lead: converted or not, within the days that the settings say; churn: which customers leave.\n' +
        'all: every model for which there are outcomes; one without is named and passed over.',
    )
    .option('--model <name>', 'which model: deal, lead, churn, one of your own labels, or all', 'deal')
    .addOption(
      new Option('--profile <name>', 'how much work: fast, default or best')
        .choices(['fast', 'default', 'best'])
        .default('default'),
    )
    .option(
      '--budget <seconds>',
      'time for a search of the network’s settings, on top of the training (default: none)',
      seconds,
    )
    .option('--until <time>', 'use nothing known at or after this time (default: now; a sample: its newest)', time)
    .option('--if-due', 'only where `retrain` of foresell.yaml says so: by schedule, drift or outcomes', false)
    .addHelpText(
      'after',
      '\nWhat is asked for may stand in the file of --config (or foresell.yaml beside the database), YAML or JSON; what the\n' +
        'command line gives counts instead. Under changes, numbers of the profile are set anew:\n' +
        '  train: { model: deal, until: 2026-07-01, profile: default, seed: 3, changes: { network: { epochs: 60 } } }\n' +
        'A search (--budget, or budget there) tries settings of the network by successive halving; what it found is in the\n' +
        'record of the run, and models reproduce uses that.\n' +
        '\nExamples:\n' +
        '  $ foresell train\n' +
        '  $ foresell train --model deal --profile fast --db ./acme.db\n' +
        '  $ foresell train --model all\n' +
        '  $ foresell train --profile best --budget 600\n' +
        '  $ foresell train --until 2026-07-01 --json\n' +
        '  $ foresell train --config ./training.yaml\n' +
        '  $ foresell train --model all --if-due\n' +
        '  $ foresell models runs\n',
    )
    .action(async (_options: unknown, self: Command) => {
      const { trainPartOf } = await import('../own.ts');
      const { readTrainConfig } = await import('../../training/config.ts');
      const given = self.optsWithGlobals<Options>();
      const part = trainPartOf(given);
      const { changes = {}, ...written } = part ? readTrainConfig(part.given, part.path) : {};
      const said = Object.fromEntries(Object.entries(written).filter(([name]) => self.getOptionValueSource(name) !== 'cli')); // biome-ignore format: one rule
      await run({ ...given, ...said, changes });
    });
  return withCommon(command);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('expected seconds, as 600.');
  return value;
}

async function run(options: Options): Promise<void> {
  const { withStore } = await import('../store.ts');
  await withStore(options, async (store) => {
    if (options.model !== 'all') return trainOne(store, options, options.model);
    const passed: string[] = [];
    const models = subjectsOf(store.company()).map(({ model }) => model);
    for (const model of models) {
      try {
        await trainOne(store, options, model);
      } catch (error) {
        if (!(error instanceof ForesellError && error.code === 'no-outcomes')) throw error;
        passed.push(error.message);
        process.stderr.write(`${model}: not trained: ${error.message}\n`);
      }
    }
    if (passed.length === models.length) {
      throw new ForesellError('no-outcomes', `nothing to learn from: ${passed.join('; ')}`);
    }
  });
}

async function trainOne(store: Store, options: Options, model: string): Promise<void> {
  if (options.ifDue && !(await isDue(store, options, model))) return;
  const { notAhead, standAt } = await import('../store.ts');
  const { runTraining } = await import('../../training/main.ts');
  const { progressWords } = await import('../progress.ts');
  const { withFitThread } = await import('../fitThread.ts');
  const progress = progressOf(options);
  const earlier = store.runs(model).map(({ record }) => record as unknown as RunRecord).find(({ error, config }) => !error && config.profile === options.profile); // biome-ignore format: one search
  const words = progressWords(() => performance.now(), earlier?.timings);
  const started = Date.now();
  const until = instantIn(options.until, store.company().settings.time_zone);
  const run = {
    model,
    until: until === undefined ? standAt(options, store) + 1 : notAhead(until, '--until', store),
    profile: options.profile,
    seed: options.seed,
    budget: options.budget,
    now: Date.now(),
    changes: options.changes,
    onProgress: (step, share, epoch) => {
      const { now, log } = words(step, share, epoch);
      if (log) progress.line(`${model}: ${log}`);
      progress.step(`${model}: ${now}`);
    },
  } satisfies TrainingRun;
  const { version, header, verdict } = await withFitThread((hands) => runTraining(store, { ...run, hands }));
  const seconds = (Date.now() - started) / 1000;
  progress.line(`${model}: trained in ${seconds.toFixed(1)} s`);
  if (options.json) process.stdout.write(`${JSON.stringify({ model, version, verdict, seconds, ...shown(header) })}\n`);
  else process.stdout.write(report(subjectOf(model, store.company()), version, header, verdict));
}

/** Whether the settings ask for a training now; says why, or that it is not. */
async function isDue(store: Store, options: Options, model: string): Promise<boolean> {
  const { readWatch } = await import('../watch/settings.ts');
  const { openEngine } = await import('../../api/open.ts');
  subjectOf(model, store.company()); // one that there is
  const { rule, asked } = readWatch(options);
  const why = openEngine({ db: store, now: Date.now }).due(model, rule);
  const says = why ?? (asked ? 'not due' : 'not due: foresell.yaml has no part retrain');
  if (why === undefined && options.json) process.stdout.write(`${JSON.stringify({ model, due: false, why: says })}\n`);
  else if (!options.quiet) process.stderr.write(`${model}: ${why === undefined ? says : `due: ${why}`}\n`);
  return why !== undefined;
}

const shown = ({
  chosen,
  lowSkill,
  insufficientData,
  trained,
  metrics,
  candidates,
  calibration,
  rho,
  notes,
}: ArtifactHeader) => ({
  chosen,
  lowSkill,
  insufficientData,
  trained,
  metrics,
  candidates,
  calibration,
  rho,
  notes,
});

/** The figures to show, of both questions; the days of the second differ by model. */
const figuresOf = (names: readonly string[]) =>
  names.filter(
    (name) => /^(ever|within\d+(\.\d+)?d)(Auc|LogLoss|Brier|Ece)$/.test(name) && !/^within.*Ece$/.test(name),
  );

function report({ model, noun }: Subject, version: string, header: ArtifactHeader, verdict: Verdict): string {
  const { trained, metrics } = header;
  const outcomes = Object.entries(trained.outcomes).sort(([a], [b]) => Number(a === 'open') - Number(b === 'open'));
  const lines = [
    `${model} ${version.slice(0, 12)}: ${header.chosen}${header.lowSkill ? ' (low skill: it knows no more than the base rate)' : ''}`,
    `from ${trained.rows} looks at ${trained.entities} ${noun.many} (${outcomes.map(([side, n]) => `${n} ${side}`).join(', ')}), network trained by: ${trained.backend}`,
  ];
  if (metrics['model']) {
    lines.push('', `on the newest ${metrics['about']?.[noun.many] ?? 0} ${noun.many}, unseen in training:`);
    const names = Object.keys(metrics).filter((name) => name !== 'about');
    const order = ['model', 'ridge']; // then the plain percentage, and the base rate last
    const rank = (name: string) => (name === 'baseRate' ? 9 : order.includes(name) ? order.indexOf(name) : 5);
    names.sort((a, b) => rank(a) - rank(b));
    const figures = figuresOf(Object.keys(metrics['model']));
    const cell = (value: number | null | undefined) => (typeof value === 'number' ? value.toFixed(3) : '-');
    lines.push(
      table([['', ...figures], ...names.map((name) => [name, ...figures.map((f) => cell(metrics[name]![f]))])]),
    );
  }
  lines.push(
    '',
    `${verdict.promote ? 'now serves' : 'does not serve'}: ${verdict.reason}`,
    ...header.notes.map((note) => `- ${note}`),
    '',
  );
  return lines.join('\n');
}
