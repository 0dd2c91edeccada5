import { main } from '../../bin/cli.ts';

/** The command line from source, where `bin/foresell.mjs` runs the built one. */
process.exitCode = await main(process.argv.slice(2));
