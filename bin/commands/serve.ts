import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Common, packageVersion, withCommon } from '../common.ts';
import { readOwn } from '../own.ts';
import { servedReports } from '../report/served.ts';
import { checkThere } from '../store.ts';
import { servedTables } from '../table/served.ts';
import { trainerOf } from '../trainer.ts';
import { backgroundOf } from '../watch/background.ts';

interface Options extends Common {
  readonly port: number;
  readonly host: string;
  readonly origin: readonly string[];
  readonly table: readonly string[];
  readonly executor: 'compiled' | 'tfjs';
}

/** `foresell serve`: the API and the pages. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .summary('the API and the pages')
    .description(
      'Serves the API and the overview page. Without a key it answers on this machine only; beyond it, it refuses to\n' +
        'start before a key is made (foresell keys add).',
    )
    .option('--port <n>', 'port; 0 takes any free one', port, 3000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--origin <url...>', 'other origins whose pages may ask (CORS)', [])
    .option('--table <[name=]file...>', 'models of flat tables (table fit) to serve too, as POST /v1/scores/NAME', [])
    .addOption(
      new Option('--executor <name>', 'who computes: our compiled form, or TensorFlow.js')
        .choices(['compiled', 'tfjs'])
        .default('compiled'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell serve\n' +
        '  $ foresell serve --db ./acme.db --port 8080\n' +
        '  $ foresell serve --table signups=signups.model\n' +
        '  $ foresell keys add --role score --name crm && foresell serve --host 0.0.0.0\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.optsWithGlobals<Options>()));
  return withCommon(command);
}

async function run(options: Options): Promise<void> {
  const own = await readOwn(options);
  const executor =
    options.executor === 'tfjs' ? await (await import('../../models/tfjsHazards.ts')).tfjsHazards() : undefined;
  const tables = await servedTables(options.table, own, executor);
  // Models of tables need no company: where there is none, one without records, gone with the process.
  const db = tables.length > 0 && !existsSync(options.db) ? ':memory:' : options.db;
  if (db === options.db) checkThere(db);
  const { startServer } = await import('../../api/main.ts');
  const say = (line: string) => {
    if (!options.quiet) process.stderr.write(`${line}\n`);
  };
  const running = await startServer({
    db,
    own,
    tables,
    executor,
    report: servedReports(tables),
    host: options.host,
    port: options.port,
    origins: options.origin,
    version: packageVersion(),
    trainer: db === options.db ? trainerOf(options, (line) => process.stderr.write(`${line}\n`)) : undefined,
    background: backgroundOf(options, (line) => process.stderr.write(`${line}\n`)),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  if (options.json) process.stdout.write(`${JSON.stringify({ url: running.url })}\n`);
  say(`Foresell is at ${running.url} (API reference: ${running.url}/docs)`);
  await askedToStop();
  say('finishing what has begun');
  await running.stop();
}

/** One stop is often told twice: to the group of processes, and by the one that started this. */
const TOLD_TWICE_MS = 1_000;

/** Until a signal asks for it; whoever asks again later does not want to wait. */
function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const stop = (_: NodeJS.Signals, number: number) => {
      first ??= Date.now();
      if (Date.now() - first > TOLD_TWICE_MS) process.exit(128 + number);
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('expected a port from 0 to 65535.');
  return value;
}
