import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { Document, isPair, isScalar, visit } from 'yaml';
import type { Own } from '../../src/own.ts';
import { type Common, withCommon } from '../common.ts';

interface Options extends Common {
  readonly default: boolean;
}

/** `foresell config`: the settings in force, and where each comes from. */
export function configCommand(): Command {
  const command = new Command('config')
    .summary('the settings in force, and a foresell.yaml to start from')
    .description(
      'Prints what is in force: the company’s settings and stages as its records brought them, what foresell.yaml says\n' +
        '(all of it is checked), and the environment. Nothing is changed.',
    )
    .option('--default', 'print a foresell.yaml to start from instead: all that it may say, with comments', false)
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell config --db ./acme.db\n' +
        '  $ foresell config --json\n' +
        '  $ foresell config --default > foresell.yaml\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.optsWithGlobals<Options>()));
  return withCommon(command);
}

async function run(options: Options): Promise<void> {
  if (options.default) {
    const { commentedDefault } = await import('../configDefaults.ts');
    process.stdout.write(commentedDefault);
    return;
  }
  const { readConfig, readOwn } = await import('../own.ts');
  const { readWatch } = await import('../watch/settings.ts');
  const { readTrainConfig } = await import('../../training/config.ts');
  const { path, given } = readConfig(options);
  const own = await readOwn(options);
  if (given.train !== undefined) readTrainConfig(given.train, path);
  readWatch(options);
  const company = await companyIn(options, own);
  const environment = Object.fromEntries(
    ['FORESELL_DB', 'FORESELL_CONFIG'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
  const inForce = {
    database: options.db,
    ...(company ?? { company: null }),
    file: existsSync(path) ? path : null,
    ...given,
    own: { features: own.features.map(({ name }) => name), labels: own.subjects.map(({ model }) => model) },
    environment,
  };
  if (options.json) {
    process.stdout.write(`${JSON.stringify(inForce)}\n`);
    return;
  }
  process.stdout.write(
    asYaml(inForce, {
      company: company
        ? ' as the import brought it: company.json, or settings of its map'
        : ' there is no such database yet; defaults: foresell config --default',
      stages: ' stages.csv, or stages of a map',
      file: ' what it says stands below; a flag of the command line counts instead',
      own: ' what its files define',
      environment: ' set for this command',
    }),
  );
}

/** Lists of plain values take a line each. @param comments by key, above it */
function asYaml(value: object, comments: Readonly<Record<string, string>>): string {
  const document = new Document(value);
  visit(document, {
    Seq: (_key, node) => {
      node.flow = node.items.every(isScalar);
    },
    Pair: (_key, { key }, path) => {
      const comment = path.some(isPair) || !isScalar(key) ? undefined : comments[String(key.value)];
      if (comment && isScalar(key)) key.commentBefore = comment;
    },
  });
  return document.toString({ lineWidth: 0 });
}

async function companyIn(options: Options, own: Own) {
  if (!existsSync(options.db)) return undefined;
  const { withStore } = await import('../store.ts');
  return withStore(
    options,
    (store) => {
      const { settings, stages } = store.company();
      return { company: settings, stages };
    },
    own,
  );
}
