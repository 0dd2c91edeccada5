import { expect, test } from 'vitest';
import { betaShrink } from '../../src/stats/betaShrink.ts';
import { block } from './values.ts';

test('golden: betaShrink', () => {
  const golden = block<{ won: number; n: number; prior: number; m: number; p: number }>('betaShrink');
  expect(betaShrink(golden.won, golden.n, golden.prior, golden.m)).toBeCloseTo(golden.p, 12);
});
