import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of another language that answers one JSON line to each it is given, in order. */
export interface Peer {
  readonly version: string;
  ask<T>(question: object): Promise<T>;
  close(): void;
}

const here = (script: string) => fileURLToPath(new URL(script, import.meta.url));
const PYTHONS = ['python3', '/usr/bin/python3'];

/**
 * Starts a Python peer of this folder with the first interpreter that has what it imports (FORESELL_PYTHON, python3,
 * /usr/bin/python3). Its first line must be `{"ready": version}`. Undefined where none has: the figures then say so.
 */
export async function pythonPeer(script: string, needs: string): Promise<Peer | undefined> {
  const named = process.env['FORESELL_PYTHON'];
  const python = [...(named ? [named] : []), ...PYTHONS].find((p) => succeeds(p, ['-c', `import ${needs}`]));
  if (!python) return undefined;
  const child = spawn(python, [here(script)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { ready } = (await answer(lines, script)) as { ready: string };
  let last: Promise<unknown> = Promise.resolve();
  return {
    version: ready,
    ask: <T>(question: object) => {
      const mine = last.then(() => {
        child.stdin.write(`${JSON.stringify(question)}\n`);
        return answer(lines, script) as Promise<T>;
      });
      last = mine.catch(() => undefined);
      return mine;
    },
    close: () => (child as ChildProcess).stdin?.end(),
  };
}

async function answer(lines: AsyncIterator<string>, script: string): Promise<unknown> {
  const { value, done } = await lines.next();
  if (done) throw new Error(`${script} ended without an answer; its own message is above`);
  return JSON.parse(value as string);
}

/** Runs an R script of this folder to its end; undefined where R or a package is not installed. */
export function runR(script: string, packages: readonly string[], args: readonly string[]): string | undefined {
  const needs = packages.map((name) => `library(${name})`).join(';');
  if (!succeeds('Rscript', ['-e', needs])) return undefined;
  const run = spawnSync('Rscript', [here(script), ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`${script} ended with ${run.status}: ${run.stderr}`);
  return run.stdout;
}

const succeeds = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
