import { createRequire } from 'node:module';
import { exportOnnx } from '../models/exportOnnx.ts';
import { hazardModel } from '../models/hazardModel.ts';
import { type Scorer, scorerOf } from '../models/scorer.ts';
import { type Frame, takeRows } from '../src/frame.ts';
import { type Bench, compare, ratioOf, type Work } from './measure.ts';
import { fittedTrees } from './peers/trees.ts';
import { rowsOfFrame, type Setting, setting, stockModel } from './setting.ts';

/** Ours against one other way, in so many rows at a time. */
interface Contest {
  readonly name: string;
  readonly rows: number;
  readonly reasons?: boolean;
  /** Fewer where one call takes a second. */
  readonly runs?: number;
  readonly against: Peer;
}

/** Another way of scoring: its work on so many rows, or what is missing. */
interface Peer {
  readonly says: string;
  open(setting: Setting, rows: number): Promise<Opened | { readonly skipped: string }>;
}
interface Opened {
  readonly work: Work;
  close(): void;
}

/** Rows that are asked one by one, so that no row is asked twice in a row. */
const SINGLES = 200;
const nothing = () => {};

/** Stock TensorFlow.js, handed the encoded rows. */
const tfjs: Peer = {
  says: 'TensorFlow.js (WebAssembly) predict of the same network, from encoded rows to hazards',
  open: async ({ artifact, frame, source }, rows) => {
    const predict = await stockModel(artifact);
    const { x, q } = hazardModel(artifact.state, source.company.calendar).rows(rowsOfFrame(frame, rows));
    return { work: () => void predict(x, q), close: nothing };
  },
};

/** The typed arrays that ours is held to. */
const plain: Peer = {
  says: 'the same on plain typed arrays, from features to hazards',
  open: async ({ artifact, frame, source }, rows) => {
    const model = hazardModel(artifact.state, source.company.calendar, 'plain');
    const some = rowsOfFrame(frame, rows);
    return { work: () => void model.predict(some), close: nothing };
  },
};

interface Runtime {
  readonly InferenceSession: { create(bytes: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (type: 'float64' | 'string', data: Float64Array | string[], dims: number[]) => object;
}
interface Session {
  readonly inputNames: readonly string[];
  run(feeds: Record<string, object>): Promise<object>;
}

const onnx: Peer = {
  says: 'onnxruntime-node on our export, one thread, full graph optimisation, from features to hazards',
  open: async ({ artifact, frame, source }, rows) => {
    let runtime: Runtime;
    try {
      runtime = createRequire(import.meta.url)('onnxruntime-node') as Runtime;
    } catch {
      return { skipped: 'onnxruntime-node is not installed' };
    }
    const session = await runtime.InferenceSession.create(exportOnnx(artifact, source.company.calendar), {
      graphOptimizationLevel: 'all',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
    const feeds = feedsOf(runtime, session, rowsOfFrame(frame, rows));
    return { work: () => session.run(feeds), close: nothing };
  },
};

function feedsOf({ Tensor }: Runtime, { inputNames }: Session, frame: Frame): Record<string, object> {
  const n = frame.ids.length;
  return Object.fromEntries(
    inputNames.map((name) => {
      if (name === 'as_of') return [name, new Tensor('float64', frame.asOf, [n, 1])];
      const column = frame.columns.get(name)!;
      if (column.type === 'number') return [name, new Tensor('float64', column.values, [n, 1])];
      return [
        name,
        new Tensor(
          'string',
          Array.from(column.codes, (code) => column.levels[code] ?? ''),
          [n, 1],
        ),
      ];
    }),
  );
}

const trees = (peer: 'xgboost' | 'sklearn', what: string): Peer => ({
  says: `${what}, 500 trees of depth 6, one thread, in Python, from a matrix to probabilities`,
  open: async (set, rows) => {
    const python = await fittedTrees(set, peer);
    if (!python) return { skipped: `no Python with ${peer}` };
    const calls = rows === 1 ? 50 : 1;
    return {
      work: () => python.ask<{ readonly us: number }>({ do: 'time', rows, calls }).then(({ us }) => us),
      close: () => python.close(),
    };
  },
});

/** Our work; a frame of its own for every call, as every request brings one. */
function ours(scorer: Scorer, frame: Frame, rows: number, reasons: boolean): Work {
  const count = rows === 1 ? SINGLES : 1;
  const frames = Array.from({ length: count }, (_, k) =>
    rows === 1 ? takeRows(frame, [(k * 13) % frame.ids.length]) : rowsOfFrame(frame, rows),
  );
  let next = 0;
  let kept = 0;
  return () => {
    const asked = { ...frames[next++ % count]! };
    kept += scorer.predict(asked).probability[0]!;
    if (reasons) kept += scorer.explain(asked, 0, 'probability')!.total;
    if (Number.isNaN(kept)) throw new Error('a score is not a number');
  };
}

const contest = ({ name, rows, reasons = false, runs, against }: Contest): Bench => {
  const size = rows === 1 ? 'one row' : `${rows.toLocaleString('en')} rows`;
  const says = `${size}${reasons ? ' with reasons' : ''}: ours, from features to probabilities, against ${against.says}`;
  return {
    name,
    says,
    run: async () => {
      const set = await setting();
      const other = await against.open(set, rows);
      if ('skipped' in other) return { name, says, skipped: other.skipped };
      const work = ours(scorerOf(set.artifact, set.source.company), set.frame, rows, reasons);
      const times = await compare(work, other.work, rows, runs);
      other.close();
      const what = `foresell, ${size}${reasons ? ' with reasons' : ''}, ${set.frame.columns.size} features`;
      return ratioOf({ name, says }, times, { ours: what, other: against.says });
    },
  };
};

const xgboost = trees('xgboost', 'XGBoost');
const sklearn = trees('sklearn', "scikit-learn's HistGradientBoosting");

/** Scoring in process against every way that people would otherwise take. */
export const scoring: readonly Bench[] = (
  [
    { name: 'one-row', rows: 1, against: tfjs },
    { name: 'one-row-plain', rows: 1, against: plain },
    { name: 'one-row-reasons', rows: 1, reasons: true, against: plain },
    { name: 'one-row-onnx', rows: 1, against: onnx },
    { name: 'one-row-xgboost', rows: 1, against: xgboost },
    { name: 'one-row-sklearn', rows: 1, against: sklearn },
    { name: 'batch', rows: 1000, against: tfjs },
    { name: 'batch-onnx', rows: 1000, against: onnx },
    { name: 'batch-xgboost', rows: 1000, against: xgboost },
    { name: 'batch-sklearn', rows: 1000, against: sklearn },
    { name: 'large', rows: 100_000, runs: 3, against: tfjs },
    { name: 'large-onnx', rows: 100_000, runs: 3, against: onnx },
    { name: 'large-xgboost', rows: 100_000, runs: 3, against: xgboost },
  ] satisfies readonly Contest[]
).map(contest);
