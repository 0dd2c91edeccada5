import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasher, PLACES } from '../../../src/text/hashing.ts';
import { largest, pack, probabilities, unpack } from '../../../src/text/linear.ts';
import { type Labelled, linearSettings, trainLinear } from '../../../training/text/trainLinear.ts';

const GOOD = ['great service', 'we love the offer', 'very happy with it', 'great team, great work'];
const BAD = ['terrible service', 'we hate the offer', 'very unhappy with it', 'awful team, bad work'];
const rows: Labelled[] = [...GOOD.map((text) => ({ text, label: 1 })), ...BAD.map((text) => ({ text, label: 0 }))];
const trained = trainLinear('en', ['bad', 'good'], rows, linearSettings, 7);
const p = new Float64Array(2);
const hash = hasher('en');

test('training learns what the words say, and the same seed gives the same bits', () => {
  for (const { text, label } of rows) expect(largest(probabilities(trained.reader, hash(text), p)), text).toBe(label);
  expect(trainLinear('en', ['bad', 'good'], rows, linearSettings, 7).reader).toEqual(trained.reader);
  expect(trainLinear('en', ['bad', 'good'], rows, linearSettings, 8).reader).not.toEqual(trained.reader);
});

test('packing keeps what moves messages most, and the probabilities nearly', () => {
  const bytes = pack(trained.reader, trained.seen, PLACES);
  expect(pack(trained.reader, trained.seen, PLACES)).toEqual(bytes);
  const small = pack(trained.reader, trained.seen, 50);
  expect(bytes.length - small.length).toBeGreaterThan(50);
  const opened = unpack(bytes);
  for (const { text } of rows) {
    const before = probabilities(trained.reader, hash(text), p)[1]!;
    expect(probabilities(opened, hash(text), p)[1]).toBeCloseTo(before, 2);
  }
  expect(unpack(small).weights.filter((weight) => weight !== 0).length).toBeLessThanOrEqual(50);
});

test('probabilities are those of softmax', () => {
  const reader = { language: 'en' as const, classes: ['a', 'b'], bias: Float64Array.of(0, 1), unit: Float64Array.of(1, 2), weights: new Float32Array(PLACES * 2) }; // biome-ignore format: a row
  const hashed = { size: 1, places: Int32Array.of(5), values: Float32Array.of(0.5) };
  reader.weights[11] = 3;
  expect(probabilities(reader, hashed, p)[1]).toBeCloseTo(1 / (1 + Math.exp(-4)), 12);
  reader.weights[10] = 1e6;
  expect(probabilities(reader, hashed, p)[0]).toBe(1);
});

test('a damaged file is refused', () => {
  const bytes = pack(trained.reader, trained.seen, 500);
  expect(() => unpack(bytes.subarray(0, bytes.length - 1))).toThrow(/not whole/);
  expect(() => unpack(new Uint8Array(0))).toThrow(/FSLR/);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const other = Uint8Array.from(bytes);
      other[at]! ^= flip;
      try {
        const { classes, weights } = unpack(other);
        expect(weights.length).toBe(PLACES * classes.length); // a weight or a name may differ, the form may not
      } catch (error) {
        expect(String(error)).toMatch(/not whole/);
      }
    }),
  );
});
