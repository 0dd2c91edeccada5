import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ArtifactHeader, loadArtifact, writeArtifact } from '../../models/artifact.ts';
import type { HazardState } from '../../models/hazardModel.ts';
import { ForesellError } from '../../src/errors.ts';
import { random } from '../../src/random.ts';
import { testSeed } from '../arbitraries.ts';
import { type StateName, stateNames, toyAbout, toyBytes, toyRows, toyStates } from '../contract/states.ts';

const rows = toyRows(400, 5);
let states: Map<StateName, HazardState>;
const bytesOf = new Map<StateName, Uint8Array>();
beforeAll(async () => {
  states = await toyStates(rows);
  for (const [name, state] of states) bytesOf.set(name, toyBytes(rows, state));
});

const HASH = 32;
/** Gives changed content a hash that fits. */
function rehashed(content: Uint8Array): Buffer {
  const body = Buffer.from(content.subarray(0, content.length - HASH));
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}
const jsonEnd = (bytes: Buffer) => 16 + bytes.readUInt32LE(12);
/** The same tensors under an edited header, hash recomputed. */
function withHeader(input: Uint8Array, edit: (header: ArtifactHeader & Record<string, unknown>) => void): Buffer {
  const bytes = Buffer.from(input);
  const header = JSON.parse(bytes.toString('utf8', 16, jsonEnd(bytes))) as ArtifactHeader & Record<string, unknown>;
  edit(header);
  const json = Buffer.from(JSON.stringify(header));
  const start = Buffer.from(bytes.subarray(0, 16));
  start.writeUInt32LE(json.length, 12);
  return rehashed(Buffer.concat([start, json, bytes.subarray(jsonEnd(bytes))]));
}
/** Tensors replaced, with both hashes recomputed: only content can give it away. */
function withTensors(input: Uint8Array, edit: (tensors: Buffer) => Buffer): Buffer {
  const bytes = Buffer.from(input);
  const end = jsonEnd(bytes);
  const tensors = edit(Buffer.from(bytes.subarray(end, bytes.length - HASH)));
  const whole = Buffer.concat([bytes.subarray(0, end), tensors, Buffer.alloc(HASH)]);
  return withHeader(whole, (header) => {
    header.tensorsHash = createHash('sha256').update(tensors).digest('hex');
  });
}
function refused(bytes: Uint8Array): void {
  let thrown: unknown;
  try {
    loadArtifact(bytes);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ForesellError);
  expect((thrown as ForesellError).code).toMatch(/^artifact-(damaged|format)$/);
}

describe('round trip', () => {
  test.each(stateNames)('%s: what is opened and written again has the same bytes', (name) => {
    const first = loadArtifact(bytesOf.get(name)!);
    const { encoder: _e, edges: _d, parts: _p, tensors: _t, tensorsHash: _h, ...about } = first.header;
    const again = writeArtifact(about, first.state);
    expect(Buffer.from(again).equals(Buffer.from(bytesOf.get(name)!))).toBe(true);
    expect(loadArtifact(again).version).toBe(first.version);
  });
  test('same content, same version, whatever the order in which it was put together; other content, another', () => {
    const state = states.get('ridge')!;
    const about = toyAbout(rows, state);
    const turned = Object.fromEntries(Object.entries(about).reverse()) as typeof about;
    const version = loadArtifact(writeArtifact(about, state)).version;
    expect(loadArtifact(writeArtifact(turned, state)).version).toBe(version);
    expect(loadArtifact(writeArtifact({ ...about, rho: 0.04 }, state)).version).not.toBe(version);
  });
  test('opens from the middle of a larger buffer', () => {
    const bytes = bytesOf.get('average')!;
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 5);
    expect(loadArtifact(larger.subarray(5, 5 + bytes.length)).version).toBe(loadArtifact(bytes).version);
  });
});

describe('damage', () => {
  test('2,000 random flips, cuts and additions are refused', () => {
    const draw = random(testSeed);
    let count = 0;
    for (const name of ['baseRate', 'average'] as const) {
      const bytes = bytesOf.get(name)!;
      for (let k = 0; k < 600; k++, count++) {
        const flipped = Uint8Array.from(bytes);
        flipped[draw.below(bytes.length)]! ^= 1 << draw.below(8);
        refused(flipped);
      }
      for (let k = 0; k < 200; k++, count++) refused(bytes.slice(0, draw.below(bytes.length)));
      for (let k = 0; k < 200; k++, count++) {
        const extra = Uint8Array.from({ length: 1 + draw.below(64) }, () => draw.below(256));
        refused(Buffer.concat([bytes, extra]));
      }
    }
    console.info(`artifact: ${count} random corruptions refused, seed ${testSeed}`);
  });

  test('flips of the content with the outer hash recomputed never crash, and those of tensors are refused', () => {
    const draw = random(testSeed + 1);
    const bytes = Buffer.from(bytesOf.get('average')!);
    const end = jsonEnd(bytes);
    for (let k = 0; k < 150; k++) {
      const flipped = Buffer.from(bytes);
      flipped[end + draw.below(bytes.length - HASH - end)]! ^= 1 << draw.below(8);
      refused(rehashed(flipped));
    }
    for (let k = 0; k < 150; k++) {
      const flipped = Buffer.from(bytes);
      flipped[draw.below(end)]! ^= 1 << draw.below(8);
      try {
        loadArtifact(rehashed(flipped)); // a letter of a note may differ and nobody can tell
      } catch (error) {
        expect(error).toBeInstanceOf(ForesellError);
      }
    }
  });

  test.each(['baseRate', 'ridge', 'average'] as const)('%s: numbers that are not finite', (name) => {
    const bytes = bytesOf.get(name)!;
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (const place of [0, 0.3, 0.6, 1]) {
        const spoiled = withTensors(bytes, (tensors) => {
          tensors.writeFloatLE(bad, 4 * Math.floor(place * (tensors.length / 4 - 1)));
          return tensors;
        });
        refused(spoiled);
      }
    }
  });

  test('weights of another model, of other shapes or of the same', async () => {
    const tensorsOf = (bytes: Uint8Array) => Buffer.from(bytes).subarray(jsonEnd(Buffer.from(bytes)), -HASH);
    const swap = (into: Uint8Array, from: Uint8Array) =>
      rehashed(Buffer.concat([Buffer.from(into).subarray(0, jsonEnd(Buffer.from(into))), tensorsOf(from), Buffer.alloc(HASH)])); // biome-ignore format: one call
    for (const a of stateNames)
      for (const b of stateNames) if (a !== b) refused(swap(bytesOf.get(a)!, bytesOf.get(b)!));
    const other = toyBytes(rows, (await toyStates(rows, 99)).get('network')!);
    expect(tensorsOf(other).length).toBe(tensorsOf(bytesOf.get('network')!).length);
    refused(swap(bytesOf.get('network')!, other));
  });

  type Edit = (header: ArtifactHeader & Record<string, unknown>) => void;
  const edits: readonly (readonly [string, Edit])[] = [
    ['no header fields', (h) => { for (const key of Object.keys(h)) delete h[key]; }], // biome-ignore format: one edit
    ['a tensor less', (h) => h.tensors.pop()],
    ['a tensor under another name', (h) => (h.tensors[0]!.name = 'x')],
    ['a tensor of another shape', (h) => (h.tensors[0]!.shape = [1])],
    ['a tensor beyond all memory', (h) => (h.tensors[0]!.shape = [2 ** 40, 2 ** 40])],
    ['no edges', (h) => (h.edges = [])],
    ['edges that descend', (h) => h.edges.reverse()],
    ['a cause more', (h) => h.causes.push({ name: 'x', positive: false })],
    ['no causes', (h) => (h.causes = [])],
    ['an encoder a column wider', (h) => (h.encoder.width += 1)],
    ['an encoder with a column less', (h) => h.encoder.source.pop()],
    ['a column of no feature', (h) => (h.encoder.source[0] = 999)],
    ['an encoder with a feature less', (h) => h.encoder.codes.pop()],
    ['features in another order', (h) => h.encoder.sources.reverse()],
    ['a network of another shape', (h) => (h.parts.shape!.inputs += 1)],
    ['a network without shape', (h) => delete h.parts.shape],
    ['weights of parts that sum to more than 1', (h) => (h.parts.linear = 1)],
    ['a part of negative weight', (h) => (h.parts.linear = -0.4)],
    ['no parts', (h) => (h.parts = {})],
    ['another task', (h) => ((h as Record<string, unknown>)['task'] = 'binary')],
    ['a correlation beyond .3', (h) => (h.rho = 0.5)],
  ];
  test.each(edits)('a header with %s, all hashes fitting', (_, edit) => {
    refused(withHeader(bytesOf.get('average')!, edit));
  });
  test('edges of a number that do not ascend', () => {
    refused(
      withHeader(bytesOf.get('average')!, (h) => {
        for (const code of h.encoder.codes) if (code.kind === 'piecewise') code.edges.reverse();
      }),
    );
  });
  test('base rates that are no probabilities', () => {
    refused(
      withTensors(bytesOf.get('baseRate')!, (tensors) => {
        tensors.writeFloatLE(1.5, tensors.length - 4);
        return tensors;
      }),
    );
  });
  test('a header longer than the file; another format; no file', () => {
    const long = Buffer.from(bytesOf.get('ridge')!);
    long.writeUInt32LE(0xffffffff, 12);
    refused(rehashed(long));
    const format = Buffer.from(bytesOf.get('ridge')!);
    format.writeUInt32LE(format.readUInt32LE(8) + 1, 8);
    refused(rehashed(format));
    refused(new Uint8Array(0));
  });
});
