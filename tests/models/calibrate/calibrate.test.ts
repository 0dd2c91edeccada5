import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitBeta } from '../../../models/calibrate/beta.ts';
import { calibrated, chooseMap } from '../../../models/calibrate/choose.ts';
import { applyHazardScale, fitHazardScale } from '../../../models/calibrate/hazardScale.ts';
import { applyIsotonic, fitIsotonic, levels, poolAdjacent } from '../../../models/calibrate/isotonic.ts';
import { sigmoid } from '../../../models/calibrate/logit.ts';
import { fitPlatt } from '../../../models/calibrate/platt.ts';
import { isOff, reliability } from '../../../models/calibrate/reliability.ts';
import { conformalWidening, splitConformal } from '../../../models/calibrate/splitConformal.ts';
import { fitTemperature } from '../../../models/calibrate/temperature.ts';
import { vennAbers } from '../../../models/calibrate/vennAbers.ts';
import { hazards, nllOfLogits, place } from '../../../models/hazards.ts';
import { random } from '../../../src/random.ts';

/** Outcomes of a logit z, and probabilities that say `slope` z + `shift` instead. */
function said(rows: number, slope: number, shift: number, seed: number) {
  const stream = random(seed);
  const event = new Uint8Array(rows);
  const p = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const z = 1.2 * stream.normal() - 0.5;
    event[i] = stream.uniform() < sigmoid(z) ? 1 : 0;
    p[i] = sigmoid(slope * z + shift);
  }
  return { event, p };
}

describe('reliability', () => {
  test('an honest forecast is within two errors of slope 1, intercept 0', () => {
    const { event, p } = said(5000, 1, 0, 1);
    expect(isOff(reliability(event, p))).toBe(false);
  });
  test('recovers the inverse of a known distortion, and its error shrinks as 1/sqrt(n)', () => {
    const small = said(2000, 2, 1, 6);
    const large = said(8000, 2, 1, 6);
    const [a, b] = [reliability(small.event, small.p), reliability(large.event, large.p)];
    expect(Math.abs(b.slope - 0.5)).toBeLessThan(3 * b.slopeError);
    expect(Math.abs(b.intercept + 0.5)).toBeLessThan(3 * b.interceptError);
    expect(a.slopeError / b.slopeError).toBeCloseTo(2, 0);
  });
  test('classes that separate stay finite', () => {
    const { slope, intercept } = reliability([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9]);
    expect(Number.isFinite(slope) && Number.isFinite(intercept)).toBe(true);
  });
});

describe('whether to calibrate', () => {
  test('an honest forecast is left alone', () => {
    const { event, p } = said(3000, 1, 0, 3);
    expect(chooseMap(event, p, 1).map).toBeNull();
  });
  test('an over-sure one gets a map that lowers the log loss of unseen rows', () => {
    const { event, p } = said(3000, 2, 1, 4);
    const choice = chooseMap(event, p, 1);
    expect(choice.map).not.toBeNull();
    expect(Object.keys(choice.nll)).not.toContain('isotonic');
    const fresh = said(3000, 2, 1, 5);
    const map = choice.map!;
    const after = reliability(
      fresh.event,
      fresh.p.map((q) => calibrated(map, q)),
    );
    expect(after.slope).toBeGreaterThan(0.85);
    expect(after.slope).toBeLessThan(1.15);
  });
});

describe('maps', () => {
  const rows = fc.array(
    fc.record({ y: fc.integer({ min: 0, max: 1 }), p: fc.double({ min: 0, max: 1, noNaN: true }) }),
    {
      minLength: 3,
      maxLength: 60,
    },
  );
  test('stay probabilities and keep the order of scores', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const [y, p] = [list.map((row) => row.y), list.map((row) => row.p)];
        for (const map of [fitTemperature(y, p), fitBeta(y, p), fitIsotonic(y, p)]) {
          let before = -1;
          for (let k = 0; k <= 20; k++) {
            const value = calibrated(map, k / 20);
            expect(value).toBeGreaterThanOrEqual(Math.max(0, before - 1e-12));
            expect(value).toBeLessThanOrEqual(1);
            before = value;
          }
        }
        const platt = fitPlatt(y, p);
        expect(Number.isFinite(platt.a)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
  test('pooling is the best rising sequence: no other rising one is nearer', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 5 }), (values) => {
        const ones = values.map(() => 1);
        const fitted = poolAdjacent(values, ones);
        const distance = (sequence: ArrayLike<number>) =>
          values.reduce((sum, value, i) => sum + (value - sequence[i]) ** 2, 0);
        const rising = (prefix: number[]): number[][] =>
          prefix.length === values.length
            ? [prefix]
            : [0, 1, 2, 3, 4]
                .filter((v) => v >= (prefix[prefix.length - 1] ?? 0))
                .flatMap((v) => rising([...prefix, v]));
        for (const other of rising([])) expect(distance(fitted)).toBeLessThanOrEqual(distance(other) + 1e-9);
        for (let i = 1; i < values.length; i++) expect(fitted[i]).toBeGreaterThanOrEqual(fitted[i - 1]);
      }),
      { numRuns: 40 },
    );
  });
  test('isotonic of no rows says nothing; Venn-Abers of no rows says anything', () => {
    expect(applyIsotonic(fitIsotonic([], []), 0.5)).toBeNaN();
    expect(vennAbers(levels([], []), 0.5)).toEqual({ low: 0, high: 1, p: 0.5 });
  });
});

describe('conformal', () => {
  test('too few rows for the level: no finite bound', () => {
    expect(splitConformal([1, 2, 3], 0.1)).toBe(Number.POSITIVE_INFINITY);
  });
  test('covers new rows at the level promised', () => {
    const stream = random(9);
    const draw = (n: number) => Float64Array.from({ length: n }, () => stream.normal());
    const width = conformalWidening(draw(999), new Float64Array(999), new Float64Array(999), 0.2);
    const fresh = draw(20_000);
    const share = fresh.filter((value) => Math.abs(value) <= width).length / fresh.length;
    expect(Math.abs(share - 0.8)).toBeLessThan(0.04);
  });
});

test('hazards: the scale and shift that were put in are found and taken out', () => {
  const grid = hazards([0, 10, 20, 40], 2);
  const stream = random(21);
  const rows = 4000;
  const truth = Float64Array.from({ length: rows * 6 }, () => stream.normal() - 1.5);
  const time = new Float64Array(rows);
  const cause = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    time[i] = 40;
    for (let b = 0; b < 3 && cause[i] === 0; b++) {
      const [won, lost] = [Math.exp(truth[i * 6 + b * 2]), Math.exp(truth[i * 6 + b * 2 + 1])];
      const u = stream.uniform() * (1 + won + lost);
      if (u < won + lost) {
        cause[i] = u < won ? 1 : 2;
        time[i] = grid.edges[b + 1];
      }
    }
  }
  const placed = place(grid, time, cause);
  const wrong = truth.map((z, i) => (i % 2 === 0 ? 2 * z + 1 : 0.5 * z));
  const weight = new Float64Array(rows).fill(1);
  const map = fitHazardScale(grid, wrong, placed, weight);
  expect(map.scale[0]).toBeCloseTo(0.5, 1);
  expect(map.shift[0]).toBeCloseTo(-0.5, 0);
  expect(map.scale[1]).toBeCloseTo(2, 0);
  const sum = (logits: Float64Array) => nllOfLogits(grid, logits, placed).reduce((a, b) => a + b, 0);
  expect(sum(applyHazardScale(map, wrong))).toBeLessThan(sum(wrong));
  expect(Math.abs(sum(applyHazardScale(map, wrong)) / sum(truth) - 1)).toBeLessThan(0.01);
});
