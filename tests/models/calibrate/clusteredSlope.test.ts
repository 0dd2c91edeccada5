import { expect, test } from 'vitest';
import { clusteredSlope } from '../../../models/calibrate/clusteredSlope.ts';
import { reliability } from '../../../models/calibrate/reliability.ts';
import { random } from '../../../src/random.ts';

/** Rows whose odds are exp(slope z), and what is said of them: exp(z). Each stands `times` times in its group. */
function said(n: number, slope: number, seed: number, times = 1) {
  const draw = random(seed);
  const rows = Array.from({ length: n }, (_, i) => {
    const z = draw.normal();
    const event = draw.uniform() < 1 / (1 + Math.exp(-slope * z)) ? 1 : 0;
    return { p: 1 / (1 + Math.exp(-z)), event, group: `g${i}` };
  });
  const all = rows.flatMap((row) => Array.from({ length: times }, () => row));
  return [all.map((row) => row.event), all.map((row) => row.p), all.map((row) => row.group)] as const;
}

test('the slope is that of the logistic recalibration, and its error, row by row, nearly so', () => {
  for (const seed of [1, 2, 3]) {
    const [event, p, groups] = said(1500, 0.7, seed);
    const known = reliability(event, p);
    const { slope, standardError } = clusteredSlope(event, p, groups);
    expect(slope).toBeCloseTo(known.slope, 8);
    expect(standardError / known.slopeError).toBeGreaterThan(0.9);
    expect(standardError / known.slopeError).toBeLessThan(1.1);
  }
});
test('rows told five times over in their group tell no more', () => {
  const once = clusteredSlope(...said(400, 1, 9));
  const often = clusteredSlope(...said(400, 1, 9, 5));
  expect(often.slope).toBeCloseTo(once.slope, 9);
  expect(often.standardError).toBeCloseTo(once.standardError, 9);
});
test('the interval covers the true slope as often as it says', () => {
  const covered = Array.from({ length: 200 }, (_, k) => clusteredSlope(...said(300, 1.2, 500 + k))).filter(
    ({ slope, standardError }) => Math.abs(slope - 1.2) <= 1.645 * standardError,
  );
  expect(covered.length).toBeGreaterThan(165);
  expect(covered.length).toBeLessThan(196);
});
test('one class, or the same said of all: no slope', () => {
  expect(clusteredSlope([1, 1, 1], [0.2, 0.5, 0.9], ['a', 'b', 'c']).slope).toBeNaN();
  expect(clusteredSlope([0, 1, 0], [0.5, 0.5, 0.5], ['a', 'b', 'c']).slope).toBeNaN();
  expect(clusteredSlope([], [], []).slope).toBeNaN();
});
