import { Command, CommanderError } from 'commander';
import { ForesellError } from '../src/errors.ts';
import { explained } from '../src/store/explain.ts';
import { packageVersion } from './common.ts';
import { inLargeHeap } from './heap.ts';

/** Every command; each is loaded only when it is named, so that `--help` and small commands stay quick. */
const commands: Readonly<Record<string, { readonly summary: string; load(): Promise<Command> }>> = {
  import: {
    summary: 'read an export into the database',
    load: async () => (await import('./commands/import.ts')).importCommand(),
  },
  train: {
    summary: 'learn from the company’s own past',
    load: async () => (await import('./commands/train.ts')).trainCommand(),
  },
  score: {
    summary: 'score deals, leads or customers, with reasons',
    load: async () => (await import('./commands/score.ts')).scoreCommand(),
  },
  forecast: {
    summary: 'what a period will bring, with its band',
    load: async () => (await import('./commands/forecast.ts')).forecastCommand(),
  },
  pipeline: {
    summary: 'what moved, and which open deals put the quarter at risk',
    load: async () => (await import('./commands/pipeline.ts')).pipelineCommand(),
  },
  backtest: {
    summary: 'replay the past: what would have been said against what happened',
    load: async () => (await import('./commands/backtest.ts')).backtestCommand(),
  },
  clv: {
    summary: 'what customers without contract will bring',
    load: async () => (await import('./commands/clv.ts')).clvCommand(),
  },
  table: {
    summary: 'learn from any flat table, and score others',
    load: async () => (await import('./commands/table.ts')).tableCommand(),
  },
  series: {
    summary: 'forecast any series of numbers, many at once',
    load: async () => (await import('./commands/series.ts')).seriesCommand(),
  },
  models: {
    summary: 'list, show, promote and roll back versions',
    load: async () => (await import('./commands/models.ts')).modelsCommand(),
  },
  features: {
    summary: 'the training or scoring frame as a file',
    load: async () => {
      const { labelColumns } = await import('../training/labelColumns.ts');
      return (await import('./commands/features.ts')).featuresCommand(labelColumns);
    },
  },
  serve: {
    summary: 'the HTTP API and the pages',
    load: async () => (await import('./commands/serve.ts')).serveCommand(),
  },
  config: {
    summary: 'the settings in force, and a foresell.yaml to start from',
    load: async () => (await import('./commands/config.ts')).configCommand(),
  },
  keys: { summary: 'API keys', load: async () => (await import('./commands/keys.ts')).keysCommand() },
  generate: {
    summary: 'write a synthetic company as an import bundle',
    load: async () => (await import('./commands/generate.ts')).generateCommand(),
  },
};

/** The command that is named: the first word that is no option. */
const commandIn = (argv: readonly string[]): string | undefined => argv.find((word) => !word.startsWith('-'));

/**
 * The command line as a process: its exit code, and what becomes of it when whoever reads has seen enough (`foresell ... | head`):
 * it stops as others in a pipe do, with the exit code that shells give for SIGPIPE. A server goes on without its reader.
 */
export async function asProcess(argv: readonly string[], script = process.argv[1]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (commandIn(argv) !== 'serve') process.exit(141);
  });
  process.exitCode = await (inLargeHeap(argv, script) ?? main(argv));
}

/** Runs a command line. Exit code: 0 done, 1 failed, 2 the request was wrong. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('foresell')
    .description(
      'Sales intelligence on your own machine: will it close, when, why, and what does that make the quarter.\n' +
        'Five commands to begin with: npm start, then import, train, score, forecast.',
    )
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(see --help)')
    // A sub-command and its own sub-command may have options of one name: what follows a name is its own.
    .enablePositionalOptions();
  const wanted = commandIn(argv);
  for (const [name, { summary, load }] of Object.entries(commands)) {
    const command = name === wanted ? await load() : new Command(name).summary(summary).description(summary);
    program.addCommand(overriding(command));
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    const error = explained('the database', thrown); // any read of it may meet a disk that fails
    if (error instanceof ForesellError) {
      process.stderr.write(`foresell: ${error.message} [${error.code}]\n`);
      return error.blame === 'request' ? 2 : 1;
    }
    process.stderr.write(
      `foresell: unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 1;
  }
}

/** Errors of sub-commands are thrown like those of the program, so that one place turns them into exit codes. */
function overriding(command: Command): Command {
  command.exitOverride().showHelpAfterError('(see --help)');
  for (const child of command.commands) overriding(child as Command);
  return command;
}
