import { spawnSync } from 'node:child_process';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line from its sources, as its own process: exit codes and streams are what is tested. */
export function foresell(args: readonly string[], cwd = process.cwd()): Ran {
  const loader = new URL('../../node_modules/tsx/dist/loader.mjs', import.meta.url).href;
  const cli = new URL('./cli.ts', import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', loader, cli, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, out: stdout, err: stderr };
}
