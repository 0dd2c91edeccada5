import { expect, it } from 'vitest';
import { usualOf } from '../../training/usual.ts';

it('usual is the median or the most frequent level, and half of all lie in the range', () => {
  const frame = {
    ids: ['a', 'b', 'c', 'd', 'e'],
    asOf: new Float64Array(5),
    columns: new Map([
      ['calls', { type: 'number' as const, values: Float64Array.of(9, Number.NaN, 1, 3, 5) }],
      ['never', { type: 'number' as const, values: new Float64Array(5).fill(Number.NaN) }],
      ['stage', { type: 'category' as const, codes: Int32Array.of(1, 1, 0, -1, -1), levels: ['Lead', 'Offer'] }],
      ['nothing', { type: 'category' as const, codes: new Int32Array(5).fill(-1), levels: ['x'] }],
    ]),
  };
  expect(usualOf(frame)).toEqual({
    usual: { calls: 3, never: null, stage: 'Offer', nothing: null },
    usualRange: { calls: [2.5, 6] },
  });
});
