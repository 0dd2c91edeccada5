import { parentPort, workerData } from 'node:worker_threads';
import { loadArtifact } from '../models/artifact.ts';
import { scorerOf } from '../models/scorer.ts';
import type { CompanySettings } from '../src/company.ts';
import { company } from '../src/company.ts';
import type { Frame, FrameColumn } from '../src/frame.ts';

/** What a thread is handed: the columns stand in memory that all threads share. */
export interface BatchWork {
  readonly settings: CompanySettings;
  readonly bytes: Uint8Array;
  readonly frame: Frame;
  readonly rows: number;
}

const { settings, bytes, frame, rows } = workerData as BatchWork;
const scorer = scorerOf(loadArtifact(bytes), company(settings));

/** The rows from one on, as views of the shared columns. */
const part = (from: number): Frame => ({
  ids: frame.ids.slice(from, from + rows),
  asOf: frame.asOf.subarray(from, from + rows),
  columns: new Map(
    [...frame.columns].map(([name, column]): [string, FrameColumn] => [
      name,
      column.type === 'number'
        ? { type: 'number', values: column.values.subarray(from, from + rows) }
        : { ...column, codes: column.codes.subarray(from, from + rows) },
    ]),
  ),
});
const parts = Array.from({ length: Math.floor(frame.ids.length / rows) }, (_, k) => part(k * rows));

let next = 0;
let kept = 0;
parentPort!.on('message', (ms: number) => {
  const begun = performance.now();
  let done = 0;
  while (performance.now() - begun < ms) {
    kept += scorer.predict(parts[next++ % parts.length]!).probability[0]!;
    done += rows;
  }
  if (Number.isNaN(kept)) throw new Error('a score is not a number');
  parentPort!.postMessage((1000 * (performance.now() - begun)) / done);
});
