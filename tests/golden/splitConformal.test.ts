import { expect, test } from 'vitest';
import { conformalRank, splitConformal } from '../../models/calibrate/splitConformal.ts';
import { block } from './values.ts';

test('golden: splitConformal', () => {
  const golden = block<{ scores: number[]; alpha: number; rank: number; qhat: number }>('splitConformal');
  expect(conformalRank(golden.scores.length, golden.alpha)).toBe(golden.rank);
  expect(splitConformal(golden.scores, golden.alpha)).toBe(golden.qhat);
});
