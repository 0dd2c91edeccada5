import { expect, test } from 'vitest';
import { random } from '../../../src/random.ts';
import { type Binned, type BoostSettings, boostedUnseen } from '../../../training/tables/boosted.ts';

const settings: BoostSettings = {
  rounds: 1,
  learningRate: 1,
  leaves: 2,
  leastWeight: 0,
  lambda: 1,
  rowShare: 1,
  columnShare: 1,
  patience: 5,
};
const rows = 120;
const stream = random(7);
const codes = Uint8Array.from({ length: rows * 3 }, (_, e) => stream.below(e < rows * 2 ? 6 : 4));
const data: Binned = { rows, bins: [6, 6, 4], ascending: [true, true, false], codes };
const cause = Uint8Array.from({ length: rows }, (_, i) =>
  stream.uniform() < (codes[i + rows]! > 3 ? 0.8 : 0.2) ? 1 : 0,
);
const all = Int32Array.from({ length: rows }, (_, i) => i);

test('one tree of two leaves is the split that a double loop over all splits finds best', () => {
  const won = cause.reduce((s, c) => s + c, 0);
  const start = Math.log((won + 0.5) / (rows - won + 0.5));
  const p = 1 / (1 + Math.exp(-start));
  let best = { gain: -1, goes: (_: number): boolean => false, low: 0, high: 0 };
  for (let f = 0; f < 3; f++)
    for (let at = 0; at < data.bins[f]!; at++)
      for (const missingLeft of [false, true]) {
        const goes = (i: number) => {
          const code = codes[f * rows + i]!;
          return data.ascending[f] ? (code === 0 ? missingLeft : code <= at) : code === at;
        };
        const sums = [0, 0, 0, 0];
        for (let i = 0; i < rows; i++) {
          const side = goes(i) ? 0 : 2;
          sums[side]! += p - cause[i]!;
          sums[side + 1]! += p * (1 - p);
        }
        const [gl, hl, gr, hr] = sums as [number, number, number, number];
        if (hl === 0 || hr === 0) continue;
        const gain = gl ** 2 / (hl + 1) + gr ** 2 / (hr + 1) - (gl + gr) ** 2 / (hl + hr + 1);
        if (gain > best.gain + 1e-12) best = { gain, goes, low: -gl / (hl + 1), high: -gr / (hr + 1) };
      }
  const { logits, rounds } = boostedUnseen(data, cause, 1, all, all, settings, 1);
  expect(rounds).toBe(1);
  for (let i = 0; i < rows; i++) expect(logits[i]).toBeCloseTo(start + (best.goes(i) ? best.low : best.high), 9);
});

test('more leaves and rounds say more of the rows they grew on; the same seed says the same', () => {
  const deep = { ...settings, leaves: 8, rounds: 30, learningRate: 0.3, rowShare: 0.8, columnShare: 0.7 };
  const first = boostedUnseen(data, cause, 1, all, all, deep, 3);
  expect(first.loss).toBeLessThan(boostedUnseen(data, cause, 1, all, all, settings, 3).loss);
  expect(boostedUnseen(data, cause, 1, all, all, deep, 3)).toEqual(first);
});

test('several causes: a tree each, and probabilities that favour what came', () => {
  const three = Uint8Array.from({ length: rows }, (_, i) => (codes[2 * rows + i]! === 1 ? 1 : codes[2 * rows + i]! === 2 ? 2 : 0)); // biome-ignore format: one call
  const { logits, loss } = boostedUnseen(data, three, 2, all, all, { ...settings, rounds: 20, leaves: 4 }, 1);
  expect(loss).toBeLessThan(0.1);
  for (let i = 0; i < rows; i++) {
    const z = [0, logits[i * 2]!, logits[i * 2 + 1]!];
    expect(z.indexOf(Math.max(...z))).toBe(three[i]);
  }
});
