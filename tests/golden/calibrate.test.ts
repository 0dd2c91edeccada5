import { describe, expect, test } from 'vitest';
import { applyBeta, fitBeta } from '../../models/calibrate/beta.ts';
import { applyIsotonic, fitIsotonic, levels } from '../../models/calibrate/isotonic.ts';
import { applyPlatt, fitPlatt } from '../../models/calibrate/platt.ts';
import { applyTemperature, fitTemperature } from '../../models/calibrate/temperature.ts';
import { vennAbers } from '../../models/calibrate/vennAbers.ts';
import { logLoss } from '../../src/stats/logLoss.ts';
import { block } from './values.ts';

const golden = block<{
  y: number[];
  p: number[];
  temperature: { scaleOnLogit: number; nll: number };
  platt: { a: number; b: number; nll: number };
  beta: { a: number; b: number; c: number; nll: number };
  isotonicFitted: number[];
  isotonicAt: { s: number[]; v: number[] };
  vennAbersAt: { s: number[]; p0p1p: [number, number, number][] };
  vennAbersTiny: { truth: number[]; score: number[]; at: number[]; lower: number[]; upper: number[]; p: number[] };
}>('binary');
const { y, p } = golden;

describe('golden: calibration maps', () => {
  test('temperature', () => {
    const map = fitTemperature(y, p);
    expect(map.scale).toBeCloseTo(golden.temperature.scaleOnLogit, 5);
    expect(
      logLoss(
        y,
        p.map((q) => applyTemperature(map, q)),
      ),
    ).toBeCloseTo(golden.temperature.nll, 7);
  });
  test('platt', () => {
    const map = fitPlatt(y, p);
    expect(map.a).toBeCloseTo(golden.platt.a, 4);
    expect(map.b).toBeCloseTo(golden.platt.b, 4);
    expect(
      logLoss(
        y,
        p.map((q) => applyPlatt(map, q)),
      ),
    ).toBeCloseTo(golden.platt.nll, 7);
  });
  test('beta, with a negative coefficient fixed at 0', () => {
    const map = fitBeta(y, p);
    expect(map.a).toBeCloseTo(golden.beta.a, 3);
    expect(map.b).toBe(0);
    expect(map.c).toBeCloseTo(golden.beta.c, 3);
    expect(
      logLoss(
        y,
        p.map((q) => applyBeta(map, q)),
      ),
    ).toBeCloseTo(golden.beta.nll, 7);
  });
  test('isotonic', () => {
    const map = fitIsotonic(y, p);
    for (const [i, value] of golden.isotonicFitted.entries()) expect(applyIsotonic(map, p[i])).toBeCloseTo(value, 7);
    for (const [i, s] of golden.isotonicAt.s.entries()) {
      expect(applyIsotonic(map, s)).toBeCloseTo(golden.isotonicAt.v[i], 7);
    }
  });
  test('Venn-Abers (scikit-learn; R package vennabers)', () => {
    const rows = levels(y, p);
    for (const [i, s] of golden.vennAbersAt.s.entries()) {
      const { low, high, p: one } = vennAbers(rows, s);
      for (const [k, value] of [low, high, one].entries()) {
        expect(value).toBeCloseTo(golden.vennAbersAt.p0p1p[i][k], 7);
      }
    }
    const tiny = golden.vennAbersTiny;
    for (const [i, s] of tiny.at.entries()) {
      const { low, high, p: one } = vennAbers(levels(tiny.truth, tiny.score), s);
      expect(low).toBeCloseTo(tiny.lower[i], 12);
      expect(high).toBeCloseTo(tiny.upper[i], 12);
      expect(one).toBeCloseTo(tiny.p[i], 12);
    }
  });
});
