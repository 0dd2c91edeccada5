import { createRequire } from 'node:module';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Artifact } from '../../models/artifact.ts';
import { exportOnnx } from '../../models/exportOnnx.ts';
import { hazardModel } from '../../models/hazardModel.ts';
import type { Part } from '../../models/parts.ts';
import { scorerOf } from '../../models/scorer.ts';
import { ForesellError } from '../../src/errors.ts';
import { type Frame, takeRows } from '../../src/frame.ts';
import { type StateName, stateNames, toyArtifact, toyCompany, toyRows, toyStates } from '../contract/states.ts';

/** As much of onnxruntime-node as is used here. */
interface Runtime {
  readonly InferenceSession: { create(bytes: Uint8Array): Promise<Session> };
  readonly Tensor: new (type: 'float64' | 'string', data: Float64Array | string[], dims: number[]) => object;
}
interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Record<string, object>): Promise<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>; // biome-ignore format: one signature
}

const require = createRequire(import.meta.url);
const runtime = (() => {
  try {
    return require('onnxruntime-node') as Runtime;
  } catch {
    return undefined;
  }
})();
const skipped = runtime ? '' : ' (skipped: onnxruntime-node is not installed)';

const ROWS = 10_000;
const learned = toyRows(1000, 3);
/** Rows that nobody learned from, some with what is no number, huge, or a word never seen. */
const asked: Frame = (() => {
  const { X } = toyRows(ROWS, 11);
  const numbers = [...X.columns.values()].flatMap((column) => (column.type === 'number' ? [column.values] : []));
  for (const [k, values] of numbers.entries()) {
    values[k] = Number.NaN;
    values[k + 50] = Number.POSITIVE_INFINITY;
    values[k + 100] = -1e20;
    values[k + 150] = 1e20;
  }
  const stage = X.columns.get('stage_current')!;
  const columns = new Map(X.columns);
  if (stage.type === 'category')
    columns.set('stage_current', { ...stage, levels: [...stage.levels, 'never met'], codes: stage.codes.map((code, row) => (row % 97 === 0 ? 3 : code)) }); // biome-ignore format: one column
  return { ...X, columns };
})();

const artifacts = new Map<StateName, Artifact>();
beforeAll(async () => {
  for (const [name, state] of await toyStates(learned)) artifacts.set(name, toyArtifact(learned, state));
}, 120_000);

/** Columns as a caller would hand them over. */
function feedsOf({ Tensor }: Runtime, session: Session, frame: Frame): Record<string, object> {
  const n = frame.ids.length;
  return Object.fromEntries(
    session.inputNames.map((name) => {
      if (name === 'as_of') return [name, new Tensor('float64', Float64Array.from(frame.asOf), [n, 1])];
      const column = frame.columns.get(name)!;
      if (column.type === 'number') return [name, new Tensor('float64', Float64Array.from(column.values), [n, 1])];
      const words = Array.from(column.codes, (code) => column.levels[code] ?? '');
      return [name, new Tensor('string', words, [n, 1])];
    }),
  );
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

describe('export to ONNX', () => {
  test.skipIf(!runtime).each(stateNames)(
    `%s: 10,000 rows in onnxruntime equal within 1e-5${skipped}`,
    async (name) => {
      const artifact = artifacts.get(name)!;
      const session = await runtime!.InferenceSession.create(exportOnnx(artifact, toyCompany.calendar));
      const { p, probability } = await session.run(feedsOf(runtime!, session, asked));
      const model = hazardModel(artifact.state, toyCompany.calendar);
      const bins = artifact.state.edges.length - 1;
      expect(p!.dims).toEqual([ROWS, bins, 3]);
      expect(probability!.dims).toEqual([ROWS]);
      const gap = furthest(p!.data, model.predict(asked));
      const said = furthest(probability!.data, scorerOf(artifact, toyCompany).predict(asked).probability);
      console.info(
        `onnx ${name}: largest difference ${gap.toExponential(1)}, of the probability ${said.toExponential(1)}`,
      );
      expect(gap).toBeLessThan(1e-5);
      expect(said).toBeLessThan(1e-5);
    },
    60_000,
  );

  test.skipIf(!runtime)(`parts whose weights change by bin, several of a kind${skipped}`, async () => {
    const { constant } = artifacts.get('baseRate')!.state;
    const { mixture: _none, linear, network, ...state } = artifacts.get('average')!.state;
    const byBin = (from: number, to: number) =>
      Float64Array.from({ length: 5 }, (_, b) => from + ((to - from) * b) / 4);
    const mixture: Part[] = [
      { name: 'constant', kind: 'constant', byBin: byBin(0.1, 0.5), p: constant!.p },
      { name: 'linear', kind: 'linear', byBin: byBin(0.3, 0.1), model: linear!.model },
      { name: 'network 1', kind: 'network', byBin: byBin(0.4, 0.2), shape: network!.shape, weights: network!.weights },
      { name: 'network 2', kind: 'network', byBin: byBin(0.2, 0.2), shape: network!.shape, weights: network!.weights },
    ];
    const artifact = toyArtifact(learned, { ...state, mixture });
    const session = await runtime!.InferenceSession.create(exportOnnx(artifact, toyCompany.calendar));
    const { p } = await session.run(feedsOf(runtime!, session, asked));
    expect(furthest(p!.data, hazardModel(artifact.state, toyCompany.calendar).predict(asked))).toBeLessThan(1e-5);
  });

  test.skipIf(!runtime)(`one row alone${skipped}`, async () => {
    const artifact = artifacts.get('average')!;
    const session = await runtime!.InferenceSession.create(exportOnnx(artifact, toyCompany.calendar));
    const one = takeRows(asked, [7]);
    const { p } = await session.run(feedsOf(runtime!, session, one));
    expect(furthest(p!.data, hazardModel(artifact.state, toyCompany.calendar).predict(one))).toBeLessThan(1e-5);
  });

  test('it is a protocol buffer of the format, names its inputs by feature, and the same artifact gives the same bytes', () => {
    const artifact = artifacts.get('average')!;
    const bytes = exportOnnx(artifact, toyCompany.calendar);
    expect(Buffer.from(exportOnnx(artifact, toyCompany.calendar)).equals(Buffer.from(bytes))).toBe(true);
    const { inputs, metadata } = readModel(bytes);
    expect(inputs).toEqual(expect.arrayContaining(['as_of', 'amount_current', 'stage_current', 'owner']));
    expect(inputs).not.toContain('always_three'); // constant: not learned from
    expect(metadata).toMatchObject({
      model: 'deal',
      version: artifact.version,
      edges: JSON.stringify(artifact.state.edges),
    });
    expect(JSON.parse(metadata['outputs']!)).toEqual(['open', 'won', 'lost']);
  });

  test('a law of purchases is refused, and says what to do', () => {
    const artifact = artifacts.get('ridge')!;
    const rhythm = { law: { r: 1, alpha: 1, a: 1, b: 1 }, silent: 0, ordered: 1, withinDays: 90 };
    const refuse = () => exportOnnx({ ...artifact, state: { ...artifact.state, rhythm } }, toyCompany.calendar);
    expect(refuse).toThrow(ForesellError);
    expect(refuse).toThrow(/score with foresell/);
  });
});

/** Names of the inputs and the metadata of a model, by the numbers of the format. */
function readModel(bytes: Uint8Array): { inputs: string[]; metadata: Record<string, string> } {
  const inputs: string[] = [];
  const metadata: Record<string, string> = {};
  const fields = (of: Uint8Array, visit: (field: number, value: Uint8Array) => void) => {
    const reader = new BinaryReader(of);
    while (reader.pos < reader.len) {
      const [field, wire] = reader.tag();
      if (wire === 2) visit(field, reader.bytes());
      else reader.skip(wire);
    }
  };
  const text = (value: Uint8Array) => Buffer.from(value).toString('utf8');
  fields(bytes, (field, value) => {
    if (field === 7) {
      fields(value, (inner, info) => {
        if (inner === 11) fields(info, (name, word) => name === 1 && inputs.push(text(word)));
      });
    }
    if (field === 14) {
      const pair: Record<number, string> = {};
      fields(value, (name, word) => {
        pair[name] = text(word);
      });
      metadata[pair[1]!] = pair[2]!;
    }
  });
  return { inputs, metadata };
}
