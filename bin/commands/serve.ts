import { Command, InvalidArgumentError } from 'commander';
import { type Common, packageVersion, withCommon } from '../common.ts';
import { readOwn } from '../own.ts';
import { checkThere } from '../store.ts';

interface Options extends Common {
  readonly port: number;
  readonly host: string;
  readonly origin: readonly string[];
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
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell serve\n' +
        '  $ foresell serve --db ./acme.db --port 8080\n' +
        '  $ foresell keys add --role score --name crm && foresell serve --host 0.0.0.0\n',
    )
    .action(async (_options: unknown, self: Command) => run(self.optsWithGlobals<Options>()));
  return withCommon(command);
}

async function run(options: Options): Promise<void> {
  checkThere(options.db);
  const { startServer } = await import('../../api/main.ts');
  const say = (line: string) => {
    if (!options.quiet) process.stderr.write(`${line}\n`);
  };
  const running = await startServer({
    db: options.db,
    own: await readOwn(options),
    host: options.host,
    port: options.port,
    origins: options.origin,
    version: packageVersion(),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  if (options.json) process.stdout.write(`${JSON.stringify({ url: running.url })}\n`);
  say(`Foresell is at ${running.url} (API reference: ${running.url}/docs)`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  say('finishing what has begun');
  await running.stop();
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError('expected a port from 0 to 65535.');
  return value;
}
