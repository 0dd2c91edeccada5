import { Command, Option } from 'commander';
import type { ArtifactHeader } from '../../models/artifact.ts';
import type { Verdict } from '../../training/gate.ts';
import { type Common, instantIn, progressOf, table, time, withCommon } from '../common.ts';

interface Options extends Common {
  readonly model: 'deal' | 'all';
  readonly profile: 'fast' | 'default' | 'best';
  readonly until?: string;
}

/** `foresell train`: learns from the company's own past and lets the gate decide whether the result serves. */
export function trainCommand(): Command {
  const command = new Command('train')
    .summary('learn from the company’s own past')
    .description(
      'Trains a model on everything known until a time, judges it on the newest deals that it never saw, beside the\n' +
        'base rate, the percentage of the stage and a ridge regression, and stores it as a version. The first version\n' +
        'serves; a later one must beat the one that serves on rows that neither was trained on.',
    )
    .addOption(new Option('--model <name>', 'which model').choices(['deal', 'all']).default('deal'))
    .addOption(
      new Option('--profile <name>', 'how much work: fast, default or best')
        .choices(['fast', 'default', 'best'])
        .default('default'),
    )
    .option('--until <time>', 'use nothing known at or after this time (default: now; a sample: its newest)', time)
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell train\n' +
        '  $ foresell train --model deal --profile fast --db ./acme.db\n' +
        '  $ foresell train --until 2026-07-01 --json\n',
    )
    .action(async (_options: unknown, self: Command) => {
      await run(self.optsWithGlobals<Options>());
    });
  return withCommon(command);
}

async function run(options: Options): Promise<void> {
  const { withStore, standAt } = await import('../store.ts');
  const { runTraining } = await import('../../training/main.ts');
  const progress = progressOf(options);
  const started = Date.now();
  await withStore(options, async (store) => {
    const { version, header, verdict } = await runTraining(store, {
      model: 'deal',
      until: instantIn(options.until, store.company().settings.time_zone) ?? standAt(options, store) + 1,
      profile: options.profile,
      seed: options.seed,
      now: Date.now(),
      onProgress: (step, share) => progress.step(share === undefined ? step : `${step} ${Math.round(share * 100)} %`),
    });
    const seconds = (Date.now() - started) / 1000;
    progress.line(`trained in ${seconds.toFixed(1)} s`);
    if (options.json) process.stdout.write(`${JSON.stringify({ version, verdict, seconds, ...shown(header) })}\n`);
    else process.stdout.write(report(version, header, verdict));
  });
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

const figures = [
  'everAuc',
  'everLogLoss',
  'everBrier',
  'everEce',
  'within91dAuc',
  'within91dLogLoss',
  'within91dBrier',
];

function report(version: string, header: ArtifactHeader, verdict: Verdict): string {
  const { trained, metrics } = header;
  const lines = [
    `version ${version.slice(0, 12)}: ${header.chosen}${header.lowSkill ? ' (low skill: it knows no more than the base rate)' : ''}`,
    `from ${trained.rows} looks at ${trained.entities} deals (${trained.outcomes['won'] ?? 0} won, ${trained.outcomes['lost'] ?? 0} lost, ${trained.outcomes['open'] ?? 0} open), TensorFlow.js backend: ${trained.backend}`,
  ];
  if (metrics['model']) {
    lines.push('', `on the newest ${metrics['about']?.['deals'] ?? 0} deals, unseen in training:`);
    const names = ['model', 'ridge', 'stagePercentage', 'baseRate'].filter((name) => metrics[name]);
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
