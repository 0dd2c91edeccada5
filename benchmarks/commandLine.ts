import { type ParseArgsConfig, parseArgs } from 'node:util';

/**
 * What a proof was asked for on its command line. `--help` prints the help and ends it with 0; an option that there is not, or one
 * without its value, is named and ends it with 2.
 */
export function commandLine<const O extends NonNullable<ParseArgsConfig['options']>>(
  help: string,
  options: O,
  args = process.argv.slice(2),
) {
  try {
    if (parseArgs({ args, allowPositionals: true, strict: false, options: helpOption }).values.help !== true)
      return parseArgs({ args, allowPositionals: true, options });
    process.stdout.write(help);
    process.exit(0);
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) throw error;
    process.stderr.write(`${(error as Error).message.split('. ')[0]}; --help says what there is\n`);
    process.exit(2);
  }
}

const helpOption = { help: { type: 'boolean', short: 'h' } } as const;
