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

describe(`the level of late (seed ${SEED})`, () => {
  test('as many closes as said: nothing changes', () => {
    expect([...levelOf({ observed: [40, 60], expected: [40, 60] })]).toEqual([1, 1]);
    const p = cells(5, 2, random(SEED));
    const same = p.slice();
    applyLevel(same, 2, [1, 1]);
    same.forEach((v, i) => {
      expect(v).toBeCloseTo(p[i]!, 12);
    });
  });

  test('few closes move it little, many almost to what was seen', () => {
    expect(levelOf({ observed: [0], expected: [5] })[0]).toBeCloseTo(30 / 35, 12);
    expect(levelOf({ observed: [500], expected: [1000] })[0]).toBeCloseTo(530 / 1030, 12);
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
