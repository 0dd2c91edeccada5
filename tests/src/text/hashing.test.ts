import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Hashed, hasher, PLACES, pieces } from '../../../src/text/hashing.ts';

/** Any UTF-16 units at all, among them broken pairs. */
const anyText = (maxLength: number) => fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units)); // biome-ignore format: one kind

const kept = ({ size, places, values }: Hashed) => new Map(Array.from({ length: size }, (_, i) => [places[i]!, values[i]!])); // biome-ignore format: a row

test('each place is given once, and the vector has length 1', () => {
  const hash = hasher('th');
  fc.assert(
    fc.property(anyText(200), (text) => {
      const hashed = hash(text);
      const features = kept(hashed);
      expect(features.size).toBe(hashed.size);
      for (const place of features.keys()) expect(place >= 0 && place < PLACES).toBe(true);
      expect([...features.values()].reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 4);
    }),
  );
});

test('one text does not colour the next', () => {
  const hash = hasher('en');
  const first = kept(hash('thank you for the offer'));
  hash('something else entirely, ราคา');
  expect(kept(hash('thank you for the offer'))).toEqual(first);
  expect(kept(hasher('en')('thank you for the offer'))).toEqual(first);
});

test('words and letters shared by two texts are places shared; a word repeated adds next to nothing', () => {
  const hash = hasher('en');
  const shared = (a: string, b: string) => {
    const [x, y] = [kept(hash(a)), kept(hash(b))];
    let dot = 0;
    for (const [place, value] of x) dot += value * (y.get(place) ?? 0);
    return dot;
  };
  expect(shared('the price is too high', 'the price is too high')).toBeCloseTo(1, 5);
  expect(shared('the price is too high', 'price too high')).toBeGreaterThan(0.4);
  expect(shared('the price is too high', 'ขอบคุณครับ')).toBeLessThan(0.1);
  expect(kept(hash('great '.repeat(500).trim())).size).toBeLessThan(kept(hash('great great')).size + 5);
});

test('long text is cut into pieces at lines, else blanks, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '\n', 'ก'), maxLength: 4000 }), (text) => {
      const cut = [...pieces(text)];
      expect(cut.join('')).toBe(text);
      expect(Math.max(...cut.map((piece) => piece.length))).toBeLessThanOrEqual(1001);
    }),
    { numRuns: 50 },
  );
});
