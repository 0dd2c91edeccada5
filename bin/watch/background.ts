import { spawn } from 'node:child_process';
import type { Common } from '../common.ts';
import { readWatch } from './settings.ts';

/** How often the server looks whether anything is due. */
const EVERY_MS = 6 * 3_600_000;

export interface Background {
  readonly everyMs: number;
  /** Looks once; ends when the look has ended. */
  run(): Promise<void>;
  /** Ends a look that has not. */
  stop(): void;
}

/**
 * `foresell models watch` as a child of the server, where `foresell.yaml` asks for it: learning takes minutes of a
 * processor, which requests must not wait for. The server sees another process's promotion as it sees any commit.
 * One at a time; what it says goes to the log.
 */
export function backgroundOf(options: Common, log: (line: string) => void): Background | undefined {
  if (!readWatch(options).asked) return undefined;
  const [program] = process.argv.slice(1);
  let child: ReturnType<typeof spawn> | undefined;
  return {
    everyMs: EVERY_MS,
    run: () =>
      new Promise<void>((resolve) => {
        if (child || program === undefined) return resolve();
        const config = options.config === undefined ? [] : ['--config', options.config];
        const args = [...process.execArgv, program, 'models', 'watch', '--db', options.db, ...config, '--quiet'];
        child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
        for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => log(`watch: ${text.trimEnd()}`)); // biome-ignore format: one loop
        const ended = (why: string | undefined) => {
          child = undefined;
          if (why) log(`watch: ${why}`);
          resolve();
        };
        child.once('error', (error) => ended(error.message));
        child.once('close', (code, signal) => ended(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`));
      }),
    stop: () => {
      child?.kill('SIGTERM');
    },
  };
}
