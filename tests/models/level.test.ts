import { describe, expect, test } from 'vitest';
import { applyLevel, levelGradient, levelOf } from '../../models/level.ts';
import { random } from '../../src/random.ts';

const SEED = Number(process.env['FORESELL_TEST_SEED'] ?? 20261);

/** Bins of probabilities with a cause or two, drawn at random. */
function cells(bins: number, causes: number, draw: ReturnType<typeof random>): Float64Array {
  const p = new Float64Array(bins * (causes + 1));
  for (let b = 0; b < bins; b++) {
    let ends = 0;
    for (let c = 1; c <= causes; c++) ends += p[b * (causes + 1) + c] = (0.4 * draw.uniform()) / causes;
    p[b * (causes + 1)] = 1 - ends;
  }
  return p;
}

/** Number of events with the given mean, by counting exponential gaps. */
function poisson(mean: number, draw: ReturnType<typeof random>): number {
  let n = -1;
  for (let t = 0; t < mean; n++) t -= Math.log(1 - draw.uniform());
  return n;
}

/** The slow way: each rule's chance of the counts by summing Poisson times Gamma over a fine grid of levels. */
function byIntegration(history: readonly { weeks: number; o: number; e: number }[]): number {
  const STEP = 0.0005;
  const grid = Array.from({ length: 20_000 }, (_, i) => (i + 0.5) * STEP);
  const gammaOn = (a: number, b: number) => {
    const log = grid.map((r) => (a - 1) * Math.log(r) - b * r);
    const most = Math.max(...log.slice(0, 10_000), ...log.slice(10_000));
    const density = log.map((v) => Math.exp(v - most));
    const total = density.reduce((s, v) => s + v, 0);
    return density.map((v) => v / total);
  };
  const seen = (r: number, o: number, e: number) => (r * e) ** o * Math.exp(-r * e);
  const rules: { weight: number; level: number }[] = [
    { weight: 0.5 * history.reduce((p, { o, e }) => p * seen(1, o, e), 1), level: 1 },
  ];
  for (const rho of [0.945, 0.975, 0.99]) {
    for (const strength of [50, 12, 3]) {
      let a = strength;
      let b = strength;
      let weight = 0.5 / 9;
      for (const { weeks, o, e } of history) {
        weight *= gammaOn(a, b).reduce((sum, density, i) => sum + density * seen(grid[i]!, o, e), 0);
        const kept = rho ** weeks;
        a = kept * (a + o) + (1 - kept) * strength;
        b = kept * (b + e) + (1 - kept) * strength;
      }
      rules.push({ weight, level: a / b });
    }
  }
  const total = rules.reduce((sum, { weight }) => sum + weight, 0);
  return rules.reduce((sum, { weight, level }) => sum + (weight / total) * level, 0);
}

describe(`the level of late (seed ${SEED})`, () => {
  test('as many closes as said: nothing changes', () => {
    const [won, lost] = levelOf(
      Array.from({ length: 9 }, () => ({ weeks: 4, observed: [10, 20], expected: [10, 20] })),
    );
    expect(won).toBeCloseTo(1, 1);
    expect(lost).toBeCloseTo(1, 1);
    const p = cells(5, 2, random(SEED));
    const same = p.slice();
    applyLevel(same, 2, [1, 1]);
    same.forEach((v, i) => {
      expect(v).toBeCloseTo(p[i]!, 12);
    });
  });

  test('nothing seen: 1 for each cause, and no causes without a history', () => {
    expect([...levelOf([{ weeks: 4, observed: [0, 0], expected: [0, 0] }])]).toEqual([1, 1]);
    expect(levelOf([]).length).toBe(0);
  });

  test('is the average of all rules by how well they foretold, held to integration over a fine grid of levels', () => {
    const draw = random(SEED + 3);
    const history = Array.from({ length: 6 }, (_, t) => ({
      weeks: t < 5 ? 4 : 2,
      observed: [draw.below(12)],
      expected: [3 + 4 * draw.uniform()],
    }));
    const fit = levelOf(history)[0];
    expect(fit).toBeCloseTo(byIntegration(history.map((h) => ({ ...h, o: h.observed[0]!, e: h.expected[0]! }))), 6);
  });

  test('chance moves it little, half the wins for half a year most of the way, and an old turn is forgotten', () => {
    const of = (observed: readonly number[]) => levelOf(observed.map((o) => ({ weeks: 4, observed: [o], expected: [10] })))[0]!; // biome-ignore format: one line
    expect(Math.abs(of([10, 8, 12, 9, 11, 13, 7, 10, 9]) - 1)).toBeLessThan(0.02);
    const turned = of([10, 9, 11, 5, 5, 4, 6, 5, 5]);
    expect(turned).toBeGreaterThan(0.45);
    expect(turned).toBeLessThan(0.75);
    expect(of([5, 4, 6, 5, 5, 10, 11, 9, 10])).toBeGreaterThan(turned + 0.1);
    expect(of([15, 14, 16, 15])).toBeGreaterThan(1.1);
  });

  test('a wandering level is followed: closer to the truth than no level; a steady one is left almost alone', () => {
    const errors = (sd: number) => {
      const draw = random(SEED + 4);
      let none = 0;
      let ours = 0;
      for (let company = 0; company < 60; company++) {
        let x = sd * draw.normal();
        const history = Array.from({ length: 9 }, () => {
          x = 0.9 * x + sd * Math.sqrt(1 - 0.81) * draw.normal();
          return { weeks: 4, observed: [poisson(12 * Math.exp(x), draw)], expected: [12] };
        });
        none += x ** 2;
        ours += (Math.log(levelOf(history)[0]!) - x) ** 2;
      }
      return Math.sqrt(ours / none);
    };
    const wandering = errors(0.6);
    const steady = errors(0.08);
    console.info(
      `level: error / error of no level ${wandering.toFixed(2)} where it wanders, ${steady.toFixed(2)} where it hardly does`,
    );
    expect(wandering).toBeLessThan(0.6);
    expect(steady).toBeLessThan(1.2);
  });

  test('odds against staying open are multiplied, and cells still sum to 1', () => {
    const p = cells(4, 3, random(SEED + 1));
    const scaled = p.slice();
    applyLevel(scaled, 3, [0.5, 2, 1]);
    for (let b = 0; b < 4; b++) {
      const at = b * 4;
      expect(scaled.subarray(at, at + 4).reduce((s, v) => s + v, 0)).toBeCloseTo(1, 12);
      [0.5, 2, 1].forEach((r, c) => {
        expect(scaled[at + c + 1]! / scaled[at]!).toBeCloseTo((r * p[at + c + 1]!) / p[at]!, 12);
      });
    }
  });

  test('its gradient equals central differences', () => {
    const draw = random(SEED + 2);
    const causes = 2;
    const p = cells(1, causes, draw);
    const level = [0.6, 1.7];
    const weights = [draw.normal(), draw.normal()];
    const value = (u: readonly number[]) => {
      const q = Float64Array.of(1 - u[0]! - u[1]!, u[0]!, u[1]!);
      applyLevel(q, causes, level);
      return weights[0]! * q[1]! + weights[1]! * q[2]!;
    };
    const dU = Float64Array.from(weights);
    levelGradient(p, causes, level, dU);
    for (let c = 0; c < causes; c++) {
      const at = (h: number) => value([p[1]! + (c === 0 ? h : 0), p[2]! + (c === 1 ? h : 0)]);
      expect(dU[c]).toBeCloseTo((at(1e-6) - at(-1e-6)) / 2e-6, 7);
    }
  });
});
