import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Frame, FrameColumn } from '../src/frame.ts';
import type { BatchWork } from './batchThread.ts';
import { type Bench, ratioOf, timing } from './measure.ts';
import { rowsOfFrame, setting } from './setting.ts';

const ROWS = 1_000;
const ALL = 20_000;
const RUNS = 9;
const RUN_MS = 500;

/** How much faster two threads score than one, of rows in memory that they share: two cores give at most 2. */
export const twoThreads: Bench = {
  name: 'batch-two',
  says: `${ROWS.toLocaleString('en')} rows a call in two threads over shared columns, against one thread`,
  run: async () => {
    const { artifact, bytes, source, frame } = await setting();
    const work: BatchWork = {
      settings: source.company.settings,
      bytes,
      frame: shared(rowsOfFrame(frame, ALL)),
      rows: ROWS,
    };
    const threads = [start(work), start(work)];
    /** Microseconds a row of so many threads together. */
    const time = async (count: number): Promise<number> => {
      const own = await Promise.all(
        threads.slice(0, count).map(async (thread) => {
          thread.postMessage(RUN_MS);
          return ((await once(thread, 'message')) as [number])[0];
        }),
      );
      return 1 / own.reduce((perUs, us) => perUs + 1 / us, 0);
    };
    await time(2);
    const us: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run++)
      for (const way of run % 2 ? [1, 0] : [0, 1]) us[way]!.push(await time(2 - way));
    await Promise.all(threads.map((thread) => thread.terminate()));
    const what = `${artifact.header.features.length} features`;
    return ratioOf(twoThreads, [timing(us[0]), timing(us[1])], { ours: `two threads, ${what}`, other: 'one thread' });
  },
};

const start = (work: BatchWork): Worker =>
  new Worker(new URL('./batchThread.mjs', import.meta.url), { execArgv: [], workerData: work });

/** The same frame in memory that threads share. */
function shared(frame: Frame): Frame {
  const floats = (values: Float64Array) => {
    const own = new Float64Array(new SharedArrayBuffer(values.byteLength));
    own.set(values);
    return own;
  };
  const ints = (codes: Int32Array) => {
    const own = new Int32Array(new SharedArrayBuffer(codes.byteLength));
    own.set(codes);
    return own;
  };
  const columns = [...frame.columns].map(([name, column]): [string, FrameColumn] => [
    name,
    column.type === 'number'
      ? { type: 'number', values: floats(column.values) }
      : { ...column, codes: ints(column.codes) },
  ]);
  return { ids: frame.ids, asOf: floats(frame.asOf), columns: new Map(columns) };
}
