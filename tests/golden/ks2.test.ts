import { expect, test } from 'vitest';
import { ks2 } from '../../src/stats/ks2.ts';
import { block } from './values.ts';

test('golden: ks2', () => {
  const golden = block<{ a: number[]; b: number[]; d: number }>('ks2');
  expect(ks2(golden.a, golden.b)).toBeCloseTo(golden.d, 9);
});
