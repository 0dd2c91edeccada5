import { spawn } from 'node:child_process';
import type { RunningTraining, TrainerPort, TrainingAsk } from '../api/trainingAnswer.ts';
import { ForesellError } from '../src/errors.ts';
import type { Common } from './common.ts';

/** Trains in a child of the server; `stop` ends one that runs, of which nothing is left half done. */
export interface Trainer extends TrainerPort {
  stop(): void;
}

/** The arguments of `foresell train` for what was asked. */
export const trainArguments = (
  { db, config }: Pick<Common, 'db' | 'config'>,
  model: string,
  ask: TrainingAsk,
): string[] => [
  'train',
  ...['--model', model, '--db', db],
  ...(config === undefined ? [] : ['--config', config]),
  ...(['profile', 'seed', 'budget', 'until'] as const).flatMap((name) => (ask[name] === undefined ? [] : [`--${name}`, String(ask[name])])), // biome-ignore format: one list
  '--json',
];

/**
 * `foresell train` as a child of the server, since learning takes minutes of a processor, which requests must not wait for. The
 * server sees the promotion as it sees any other process's commit.
 * @param program what runs, with its arguments before those of the command; absent = this program
 */
export function trainerOf(
  options: Common,
  log: (line: string) => void,
  program = [...process.execArgv, process.argv[1]!],
): Trainer {
  // biome-ignore format: one signature
  let child: ReturnType<typeof spawn> | undefined;
  let running: { model: string; startedAt: number; says: string } | undefined;
  const failures = new Map<string, string>();
  return {
    running: () => running,
    failure: (model) => failures.get(model),
    start(model, ask): RunningTraining {
      if (running)
        throw new ForesellError('training-runs', `${running.model} is being trained; wait until it has ended`, { status: 409 }); // biome-ignore format: one sentence
      const mine = { model, startedAt: Date.now(), says: 'starting' };
      running = mine;
      failures.delete(model);
      child = spawn(process.execPath, [...program, ...trainArguments(options, model, ask)], { stdio: ['ignore', 'ignore', 'pipe'] }); // biome-ignore format: one call
      child.stderr!.setEncoding('utf8').on('data', (text: string) => {
        mine.says = text.trim().split('\n').at(-1) || mine.says;
      });
      const ended = (why: string | undefined) => {
        child = undefined;
        running = undefined;
        if (why === undefined) return;
        failures.set(model, why);
        log(`train: ${model}: ${why}`);
      };
      child.once('error', (error) => {
        mine.says = error.message; // and then it is closed
      });
      child.once('close', (code, signal) => ended(code === 0 ? undefined : signal ? `ended by ${signal}` : mine.says));
      return mine;
    },
    stop: () => {
      child?.kill('SIGTERM');
    },
  };
}
