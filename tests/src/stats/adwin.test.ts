import { describe, expect, test } from 'vitest';
import { random } from '../../../src/random.ts';
import { adwin } from '../../../src/stats/adwin.ts';

const stream = (seed: number, n: number, rate: (i: number) => number) => {
  const draw = random(seed);
  return Float64Array.from({ length: n }, (_, i) => (draw.uniform() < rate(i) ? 1 : 0));
};

describe('adwin', () => {
  test('a stream without change is hardly ever cut', () => {
    const cut = Array.from({ length: 100 }, (_, k) => adwin(stream(100 + k, 800, () => 0.3))).filter((c) => c.length);
    console.info(`adwin: ${cut.length} of 100 calm streams of 800 cut`);
    expect(cut.length).toBeLessThanOrEqual(2);
  });
  test('a step is found, where it was and by how much', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const [first, ...more] = adwin(stream(seed, 1000, (i) => (i < 500 ? 0.2 : 0.6)));
      expect(Math.abs(first!.from - 500)).toBeLessThan(40);
      expect(first!.noticed - first!.from).toBeLessThan(120);
      expect(first!.before).toBeLessThan(first!.after);
      expect(more.every((change) => change.from > 500)).toBe(true);
    }
  });
  test('the bound is that of the formula', () => {
    // Two halves of 0 and 1: n = 16, m = 4, s^2 = 1/4, d' = d / ln 16; the difference is 1.
    const bound = (delta: number) => {
      const log = Math.log((2 * Math.log(16)) / delta);
      return Math.sqrt((2 / 4) * 0.25 * log) + (2 / 12) * log;
    };
    const halves = [...new Array<number>(8).fill(0), ...new Array<number>(8).fill(1)];
    let [low, high] = [1e-9, 10];
    for (let i = 0; i < 60; i++) {
      const middle = Math.sqrt(low * high);
      if (bound(middle) > 1) low = middle;
      else high = middle;
    }
    expect(adwin(halves, high * 1.01)).toEqual([{ noticed: 16, from: 8, before: 0, after: 1 }]);
    expect(adwin(halves, high * 0.99)).toEqual([]);
  });
  test('scaled values with a scaled range give the same cuts', () => {
    const values = stream(9, 600, (i) => (i < 300 ? 0.1 : 0.7));
    const scaled = adwin(values.map((v) => 5 * v), 0.002, 5); // biome-ignore format: one call
    expect(scaled.map(({ from }) => from)).toEqual(adwin(values).map(({ from }) => from));
  });
  test('too few say nothing', () => {
    expect(adwin([])).toEqual([]);
    expect(adwin([0, 0, 0, 1, 1, 1, 1, 1, 1, 1])).toEqual([]);
  });
});
