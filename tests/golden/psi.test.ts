import { expect, test } from 'vitest';
import { psi } from '../../src/stats/psi.ts';
import { block } from './values.ts';

test('golden: psi', () => {
  const golden = block<{ expected: number[]; actual: number[]; psi: number }>('psi');
  expect(psi(golden.expected, golden.actual)).toBeCloseTo(golden.psi, 9);
});
