import { appendFileSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ForesellError } from '../../src/errors.ts';
import { codeVersion } from '../../src/store/codeVersion.ts';
import { type RunRecord, type RunResult, recorder, resultOf } from '../../training/runRecord.ts';
import { checkAppendable } from '../checkOutputs.ts';
import { isKept } from '../outPlace.ts';
import type { Compared } from '../runs/difference.ts';
import { type FitAsk, type FittedFile, fitFile } from './fitFile.ts';

/** All that is remembered of one `table fit`, also of one that failed; one line of JSON. */
export interface TableRun
  extends Pick<RunRecord, 'code' | 'machine' | 'error' | 'timings' | 'seconds' | 'peakMemoryMb'> {
  readonly format: 1;
  /** ISO 8601. */
  readonly at: string;
  /** What it was asked for: with the same file and code, all that decides the weights (but a `budget` of seconds). */
  readonly ask: FitAsk;
  /** Size of the file; null where it could not be read. */
  readonly file: { readonly rows: number; readonly columns: number } | null;
  readonly out: string;
  readonly result: RunResult | null;
}

/** Where the fits whose models go into a folder are remembered. */
export const runsFileIn = (folder: string): string => join(folder, 'table-runs.ndjson');

/**
 * Fits as `fitFile`, and appends what came of it to the runs of the folder that the model goes to. What fails before the
 * file has been read was no training, and leaves no run; nor does one whose model goes to a pipe or device, which is no folder
 * of models.
 * @param keep stores the model; a run is remembered as failed where it throws
 */
export async function recordedFit(
  ask: FitAsk,
  out: string,
  onStep: (step: string) => void,
  onRead: (rows: number, columns: number) => void,
  keep: (fitted: FittedFile['fitted']) => void | Promise<void>,
): Promise<FittedFile & { readonly run: string | null }> {
  const at = new Date().toISOString();
  const listener = recorder(() => performance.now());
  const path = isKept(out) ? runsFileIn(dirname(resolve(out))) : null;
  if (path !== null) checkAppendable(path);
  let file: TableRun['file'] = null;
  const remember = (result: RunResult | null, error: TableRun['error']): string | null => {
    if (path === null) return null;
    const { timings, seconds } = listener.finish();
    const run: TableRun = {
      format: 1,
      at,
      ask: { ...ask, data: resolve(ask.data) },
      file,
      out: resolve(out),
      code: codeVersion(),
      machine: { node: process.versions.node, platform: `${process.platform} ${process.arch}`, cores: availableParallelism() }, // biome-ignore format: one record
      result,
      error,
      timings,
      seconds,
      peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
    };
    const number = linesOf(path).length + 1;
    appendFileSync(path, `${JSON.stringify(run)}\n`);
    return `r${number}`;
  };
  try {
    const done = await fitFile(
      ask,
      (step) => {
        // Counts of rows are progress, not steps of their own.
        if (!/^read \d/.test(step)) listener.onProgress(step);
        onStep(step);
      },
      (rows, columns) => {
        file = { rows, columns };
        onRead(rows, columns);
      },
    );
    listener.onProgress('writing');
    await keep(done.fitted);
    return { ...done, run: remember(resultOf(done.fitted.opened.version, done.fitted.opened.header), null) };
  } catch (error) {
    const code = error instanceof ForesellError ? error.code : 'unexpected';
    if (file) remember(null, { code, message: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

/** A run with its number in its folder. */
export interface NumberedRun extends TableRun {
  readonly run: string;
}

/** The runs of a folder, the newest first. @throws ForesellError `runs-none`, `runs-damaged` naming the line */
export function runsIn(folder: string): NumberedRun[] {
  const path = runsFileIn(folder);
  const lines = linesOf(path);
  if (lines.length === 0)
    throw new ForesellError('runs-none', `${path}: no training of a table was recorded there; make one with: foresell table fit`); // biome-ignore format: one error
  const runs = lines.map((line, i): NumberedRun => {
    try {
      const run = JSON.parse(line) as TableRun;
      if (run.format !== 1 || typeof run.ask !== 'object') throw new Error('not a run of format 1');
      return { run: `r${i + 1}`, ...run };
    } catch (cause) {
      throw new ForesellError('runs-damaged', `${path} line ${i + 1}: ${(cause as Error).message}`, { cause });
    }
  });
  return runs.reverse();
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new ForesellError('file-unreadable', `${path}: ${(cause as Error).message}`, { cause });
  }
}

/** `r3`, or the beginning of the hash of the model that it made (the newest such run). */
export function findRun(runs: readonly NumberedRun[], name: string): NumberedRun {
  const found = runs.find(({ run, result }) => run === name || (name.length >= 4 && result?.version.startsWith(name)));
  if (found) return found;
  throw new ForesellError('run-missing', `there is no run ${name}; see: foresell table runs`, { status: 404 });
}

/** A run as one side of a comparison. */
export function comparedRun({ run, ask, code, machine, result, ...record }: NumberedRun): Compared {
  const { schema, ...plain } = ask;
  const cells = Object.entries(plain).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]);
  const text = schema === undefined ? null : JSON.stringify(schema);
  return {
    name: run,
    asked: { ...(Object.fromEntries(cells) as Compared['asked']), schema: text, code: `${code.version} ${code.hash.slice(0, 12)}`, node: machine.node, platform: machine.platform }, // biome-ignore format: one record
    result,
    record: { ...record, verdict: null },
  };
}
