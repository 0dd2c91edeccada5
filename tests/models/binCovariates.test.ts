import { describe, expect, test } from 'vitest';
import { binCovariates } from '../../models/binCovariates.ts';
import type { Frame } from '../../src/frame.ts';
import { takeRows } from '../../src/frame.ts';
import { calendar, DAY } from '../../src/time.ts';
import { toyRows } from '../contract/states.ts';

const bangkok = calendar('Asia/Bangkok', 1, 1);
const edges = [0, 7, 30, 90, 180, 365];
const bins = edges.length - 1;
const frame = (asOf: number, close: number): Frame => ({
  ids: ['d'],
  asOf: Float64Array.of(asOf),
  columns: new Map([['expected_close_in_days', { type: 'number', values: Float64Array.of(close) }]]),
});

describe('bin covariates', () => {
  test('share of each bin in the last two weeks of a quarter, by counting days', () => {
    const asOf = bangkok.period('2026-Q1').from + 40 * DAY;
    const q = binCovariates(frame(asOf, Number.NaN), edges, bangkok);
    for (let b = 0; b < bins; b++) {
      let inside = 0;
      const days = edges[b + 1]! - edges[b]!;
      for (let step = 0; step < days * 24; step++) {
        const at = asOf + edges[b]! * DAY + (step + 0.5) * (DAY / 24);
        if (bangkok.quarter(at).to - at <= 14 * DAY) inside++;
      }
      expect(q[2 * b]).toBeCloseTo(inside / (days * 24), 2);
      expect(q[2 * b + 1]).toBe(0);
    }
  });
  test('share of each bin within 7 days of the expected close', () => {
    const q = binCovariates(frame(bangkok.period('2026-Q2').from, 28), edges, bangkok);
    const near = Array.from({ length: bins }, (_, b) => q[2 * b + 1]!);
    expect(near[0]).toBe(0);
    expect(near[1]).toBeCloseTo(9 / 23, 6);
    expect(near[2]).toBeCloseTo(5 / 60, 6);
    expect(near.slice(3)).toEqual([0, 0]);
  });
  test.each([Number.NaN, Number.POSITIVE_INFINITY, -1e9, 1e300])(
    'an expected close of %d days is far from all',
    (close) => {
      const q = binCovariates(frame(0, close), edges, bangkok);
      for (let b = 0; b < bins; b++) expect(q[2 * b + 1]).toBe(0);
    },
  );
  test('within [0, 1]; a row reads the same alone as among rows of other years; no rows', () => {
    const { X } = toyRows(200, 5);
    const q = binCovariates(X, edges, bangkok);
    expect(q.every((v) => v >= 0 && v <= 1)).toBe(true);
    for (const i of [0, 99, 199]) {
      const alone = binCovariates(takeRows(X, [i]), edges, bangkok);
      expect(alone).toEqual(q.slice(i * bins * 2, (i + 1) * bins * 2));
    }
    expect(binCovariates(takeRows(X, []), edges, bangkok).length).toBe(0);
  });
});
