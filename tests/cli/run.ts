import { spawnSync } from 'node:child_process';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const at = (path: string) => new URL(path, import.meta.url);
const sources = ['--import', at('../../node_modules/tsx/dist/loader.mjs').href, at('./cli.ts').pathname];
/** What Node is given to run the command line: what `npm test` has just built, or else its sources, which start slower. */
export const commandLine: readonly string[] = process.env['FORESELL_BUILT'] ? [at('../../bin/foresell.mjs').pathname] : sources; // biome-ignore format: one choice

/** Runs the command line as its own process: exit codes and streams are what is tested. */
export const foresell = (args: readonly string[], cwd = process.cwd()): Ran => ran([...commandLine, ...args], cwd);

/** The same from its sources: for what was trained by the sources in the test's own process, whose code it must share. */
export const foresellFromSources = (args: readonly string[], cwd = process.cwd()): Ran => ran([...sources, ...args], cwd); // biome-ignore format: one call

/** A program of these tests, from its source, in a process of its own: for what depends on all that a process has loaded. */
export const alone = (program: URL, args: readonly string[] = []): Ran => ran([...sources.slice(0, 2), program.pathname, ...args], process.cwd()); // biome-ignore format: one call

function ran(args: readonly string[], cwd: string): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, out: stdout, err: stderr };
}
