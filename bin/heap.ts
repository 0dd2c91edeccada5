import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { constants, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

const MB = 1024 ** 2;
/** Database files below this size do well with the heap that Node takes by itself. */
const LARGE = 400 * MB;
/** Heap of a process that holds all records of a company, for each byte of its file: measured 1.9 at 11 million records. */
const PER_BYTE = 3;
/** Commands that read all of a company's records. */
const READERS: ReadonlySet<string> = new Set(['train', 'score', 'forecast', 'pipeline', 'backtest', 'clv', 'features', 'serve']); // biome-ignore format: one list
/** Room for new objects, in MB: each collection of them passes over all pages of the heap, 20 ms at 5 GB, so that there should be few. */
const YOUNG = 64;
/** Set for a process that was started with room of its own. */
const WITHIN = 'FORESELL_WITHIN';

/**
 * Flags of Node for a command on a database file of so many bytes: none where it is small, or where whoever started it said
 * how large the heap is to be (`node --max-old-space-size`, NODE_OPTIONS).
 * @param memory of the machine, or what it lets this process have, in bytes: nine tenths at most are asked for
 * @param usual what Node takes by itself: never less
 */
export function heapFlags(file: number, memory: number, usual: number, given: readonly string[]): string[] {
  if (file < LARGE || given.some((flag) => /--max[-_](old|semi)[-_]space[-_]size/.test(flag))) return [];
  const old = Math.max(usual, Math.min(PER_BYTE * file + 1024 * MB, 0.9 * memory));
  return [`--max-old-space-size=${Math.round(old / MB)}`, `--max-semi-space-size=${YOUNG}`];
}

/**
 * Runs a command line in a process with a heap for its company's records, where Node's own would be too small (some 4 GB) or
 * slow; when this one ends, however it ends, that one does at its next turn of the event loop.
 * @param script what runs command lines
 * @returns undefined where this process will do
 */
export function inLargeHeap(argv: readonly string[], script = process.argv[1]): Promise<number> | undefined {
  const { [WITHIN]: within, NODE_OPTIONS = '' } = process.env;
  if (within !== undefined) {
    endWithParent();
    return undefined;
  }
  if (script === undefined || !argv.some((word) => READERS.has(word)) || argv.includes('--help')) return undefined;
  const usual = getHeapStatistics().heap_size_limit;
  const flags = heapFlags(sizeOf(fileIn(argv)), memoryHere(), usual, [...process.execArgv, NODE_OPTIONS]);
  if (flags.length === 0) return undefined;
  return respawn([...flags, ...process.execArgv, script, ...argv]);
}

function respawn(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, args, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [WITHIN]: String(process.pid) },
  });
  // A terminal sends its interrupt to both of us by itself.
  const passed: readonly NodeJS.Signals[] = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT']; // biome-ignore format: a choice
  for (const signal of passed) process.on(signal, () => child.kill(signal));
  if (process.stdin.isTTY) process.on('SIGINT', () => {});
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal!] ?? 0)));
  });
}

/** The channel to the parent closes when it ends, killed or not. */
function endWithParent(): void {
  process.once('disconnect', () => process.exit(1));
  // It is no reason to stay when the work is done; nor are processes that this one starts within another's.
  process.channel?.unref();
  delete process.env[WITHIN];
}

const fileIn = (argv: readonly string[]): string => {
  const at = argv.findIndex((word) => word === '--db' || word.startsWith('--db='));
  const said = argv[at]?.startsWith('--db=') ? argv[at].slice('--db='.length) : argv[at + 1];
  return (at >= 0 ? said : process.env['FORESELL_DB']) ?? './foresell.db';
};

/** What is not there needs no room: the command says so. */
const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Of the machine, or of the group of processes that this one is confined to. */
function memoryHere(): number {
  const confined = process.constrainedMemory?.() ?? 0;
  return confined > 0 ? Math.min(confined, totalmem()) : totalmem();
}
