import { asProcess } from '../../bin/cli.ts';

/** The command line from source, where `bin/foresell.mjs` runs the built one. */
await asProcess(process.argv.slice(2));
