import { spawn } from 'node:child_process';
import type { DriftAlarm } from '../../api/driftAnswer.ts';
import type { Common } from '../common.ts';
import { readWatch } from './settings.ts';
import { type Done, doneText, driftText } from './watch.ts';

/** How often the server looks whether anything is due. */
const EVERY_MS = 6 * 3_600_000;

export interface Background {
  readonly everyMs: number;
  /** Looks once; ends when the look has ended, with what has drifted otherwise than was told before. */
  run(): Promise<readonly DriftAlarm[]>;
  /** Ends a look that has not. */
  stop(): void;
}

/**
 * `foresell models watch` as a child of the server, where `foresell.yaml` asks for it: learning takes minutes of a
 * processor, which requests must not wait for. The server sees another process's promotion as it sees any commit.
 * One at a time; what it says goes to the log.
 * @param program what runs, with its arguments before those of the command; absent = this program
 */
export function backgroundOf(
  options: Common,
  log: (line: string) => void,
  program = [...process.execArgv, process.argv[1]!],
): Background | undefined {
  if (!readWatch(options).asked) return undefined;
  let child: ReturnType<typeof spawn> | undefined;
  /** Of each model, the drift that was told last. */
  const told = new Map<string, string>();
  const alarmsOf = (done: readonly Done[]): DriftAlarm[] =>
    done.flatMap(({ model, drift }) => {
      const says = drift ? `${drift.version} ${driftText(drift)}` : '';
      const isNews = drift !== null && drift.level !== 'quiet' && told.get(model) !== says;
      if (drift) told.set(model, says);
      return isNews ? [{ model, ...drift }] : [];
    });
  const tell = (done: readonly Done[]): DriftAlarm[] => {
    for (const one of done) if (one.rolledBack || one.trained !== null) log(`watch: ${doneText(one)}`);
    const alarms = alarmsOf(done);
    for (const { model, ...drift } of alarms) log(`watch: ${model}: ${driftText(drift)}; see: foresell models drift --model ${model}`); // biome-ignore format: one sentence
    return alarms;
  };
  return {
    everyMs: EVERY_MS,
    run: () =>
      new Promise((resolve) => {
        if (child) return resolve([]);
        const config = options.config === undefined ? [] : ['--config', options.config];
        const args = [...program, 'models', 'watch', '--db', options.db, ...config, '--json', '--quiet']; // biome-ignore format: one list
        child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
        let said = '';
        child.stdout!.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
        child.stderr!.setEncoding('utf8').on('data', (text: string) => log(`watch: ${text.trimEnd()}`));
        const ended = (why: string | undefined) => {
          child = undefined;
          const done = why === undefined ? answerIn(said) : undefined;
          if (done === undefined) log(`watch: ${why ?? NO_ANSWER}`);
          resolve(done ? tell(done) : []);
        };
        child.once('error', (error) => ended(error.message));
        child.once('close', (code, signal) => ended(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`));
      }),
    stop: () => {
      child?.kill('SIGTERM');
    },
  };
}

const NO_ANSWER = 'what it answered is not JSON, so that drift cannot be told; a file of your own that writes to stdout (console.log) would do that: let it write to stderr (console.error)'; // biome-ignore format: one sentence

/** Files of the company's own are loaded by the child too, and may write between. */
function answerIn(said: string): readonly Done[] | undefined {
  try {
    return JSON.parse(said) as readonly Done[];
  } catch {
    return undefined;
  }
}
