// Steps of `npm start` and `npm test`: announced with their number, timed, and ended together with what they started.
// Plain Node, because it runs before anything is installed.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** How long a child may take to end by itself after Ctrl-C before it is told to. */
const GRACE_MS = 500;
/** How soon the end of the shell that npm put between is noticed. */
const ORPHAN_MS = 500;
const running = new Set();
let stopping;

/** From here on, Ctrl-C and a request to end reach every child; the program leaves when the last one has. */
export function endTogether() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => stop(signal));
  // npm runs scripts through a shell, and a shell that is told to end may not pass it on: its end is the message.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, ORPHAN_MS);
  watch.unref();
}

function stop(signal) {
  stopping = signal;
  if (running.size === 0) leave();
  // A terminal's Ctrl-C has reached the children already; a signal to this program alone has not.
  const patience = signal === 'SIGINT' ? GRACE_MS : 0;
  setTimeout(() => {
    for (const child of running) child.kill('SIGTERM');
  }, patience).unref();
}

function leave() {
  process.stderr.write('\nstopped; run it again to go on\n');
  process.exit(stopping === 'SIGINT' ? 130 : 143);
}

/** A step that failed: its output has been shown, so that only its name and code remain to be said. */
export class StepFailed extends Error {
  constructor(command, code) {
    super(`${command} ended with exit code ${code}`);
    this.code = code;
  }
}

/**
 * Runs a program to its end.
 * @param options.show what of its output is shown: all (indented), plain (as it comes), only errors, or nothing unless it fails
 * @returns its exit code, and what it wrote where that was not shown
 * @throws StepFailed unless `options.mayFail`
 */
export function run(command, args, options = {}) {
  const { show = 'all', mayFail = false, env = {} } = options;
  const stdout = { all: 'pipe', plain: 'inherit', errors: 'ignore', failure: 'pipe' }[show];
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout, show === 'failure' ? 'pipe' : 'inherit'],
  });
  running.add(child);
  const kept = [];
  if (child.stdout) {
    if (show === 'all')
      createInterface({ input: child.stdout }).on('line', (line) => process.stdout.write(`      ${line}\n`));
    else child.stdout.on('data', (chunk) => kept.push(chunk));
  }
  child.stderr?.on('data', (chunk) => kept.push(chunk));
  return new Promise((resolve, reject) => {
    const ended = (code, why) => {
      running.delete(child);
      if (stopping) {
        if (running.size === 0) leave();
        return;
      }
      const output = Buffer.concat(kept).toString('utf8');
      if (code === 0 || mayFail) return resolve({ code, output });
      if (output) process.stderr.write(output.endsWith('\n') ? output : `${output}\n`);
      reject(new StepFailed([command, ...args].join(' '), why ?? code));
    };
    child.once('error', (error) => ended(127, `127 (${error.message})`));
    child.once('close', (code, signal) => ended(code ?? 1, signal ?? undefined));
  });
}

/** Announces steps as `[2/7] what`, and says how long each took. */
export function steps(total) {
  const started = performance.now();
  let at = 0;
  return {
    /** @param work does the step; what it returns as text is said after it */
    async step(what, work) {
      at += 1;
      process.stdout.write(`[${at}/${total}] ${what}\n`);
      const begun = performance.now();
      const said = await work();
      process.stdout.write(`      ${typeof said === 'string' ? `${said}, ` : ''}${seconds(begun)}\n`);
    },
    elapsed: () => seconds(started),
  };
}

export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
