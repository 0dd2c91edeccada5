import { expect, test } from 'vitest';
import { hazards, nllOfLogits, place } from '../../../models/hazards.ts';
import { random } from '../../../src/random.ts';
import { boostLoss, derivativesOf } from '../../../training/tables/boostLoss.ts';

const SEED = 20261201;

test.each([1, 3])(
  'loss and derivatives of %i causes are those of the plain likelihood, censored parts of bins among them',
  (causes) => {
    const stream = random(SEED + causes);
    const grid = hazards([0, 1, 2, 4, 7], causes);
    const rows = 60;
    const placed = place(
      grid,
      Float64Array.from({ length: rows }, () => stream.uniform() * 9),
      Uint8Array.from({ length: rows }, () => stream.below(causes + 1)),
    );
    const normal = (n: number, size: number) => Float64Array.from({ length: n }, () => size * (stream.uniform() - 0.5));
    const start = normal(4 * causes, 3);
    const score = normal(rows * causes, 4);
    const mean = (s: Float64Array, f: Float64Array) =>
    nllOfLogits(grid, Float64Array.from({ length: rows * 4 * causes }, (_, e) => s[e % (4 * causes)]! + f[Math.floor(e / (4 * causes)) * causes + (e % causes)]!), placed).reduce((sum, v) => sum + v / rows, 0); // biome-ignore format: one call
    const loss = boostLoss(grid, placed);
    expect(loss.mean(start, score), `seed ${SEED}`).toBeCloseTo(mean(start, score), 12);
    const ofScore = derivativesOf(score.length);
    const ofStart = derivativesOf(start.length);
    loss.derivatives(start, score, ofScore, ofStart);
    const step = 1e-4;
    const moved = (values: Float64Array, k: number, by: number) => values.with(k, values[k]! + by);
    const check = (values: Float64Array, told: typeof ofScore, of: (moved: Float64Array) => number) => {
      for (let k = 0; k < values.length; k++) {
        const [below, here, above] = [of(moved(values, k, -step)), of(values), of(moved(values, k, step))].map((v) => v * rows) as [number, number, number]; // biome-ignore format: one row
        expect(told.gradient[k]).toBeCloseTo((above - below) / (2 * step), 5);
        expect(told.curve[k]).toBeCloseTo((above - 2 * here + below) / step ** 2, 3);
      }
    };
    check(score, ofScore, (f) => mean(start, f));
    check(start, ofStart, (s) => mean(s, score));
  },
);

test('log odds beyond all measure leave finite numbers', () => {
  const grid = hazards([0, 1, 2, 3], 1);
  const loss = boostLoss(grid, place(grid, Float64Array.of(2.5, 0.5), Uint8Array.of(1, 1)));
  const ofScore = derivativesOf(2);
  loss.derivatives(Float64Array.of(-900, 800, 900), Float64Array.of(2000, -2000), ofScore);
  expect(Array.from(ofScore.gradient).every(Number.isFinite)).toBe(true);
  expect(loss.mean(Float64Array.of(-900, 800, 900), Float64Array.of(20, -20))).toBeGreaterThan(0);
});
