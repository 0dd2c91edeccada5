import { describe, expect, it } from 'vitest';
import { gains, lossDifference } from '../../benchmarks/quality/gains.ts';

const event = [1, 0, 0, 1, 0, 0];

describe('gains over the base rate', () => {
  it('gives a constant at the judged rate nothing, and a certain truth all of it', () => {
    const { base, gain, auc } = gains(event, { flat: Array(6).fill(1 / 3), sure: event });
    expect(base).toBeCloseTo(-(Math.log(1 / 3) / 3 + (2 * Math.log(2 / 3)) / 3), 12);
    expect(gain.flat).toBeCloseTo(0, 12);
    expect(gain.sure).toBeCloseTo(base, 12);
    expect(auc).toEqual({ flat: 0.5, sure: 1 });
  });

  it('gives no constant a gain, however wrong the base rate of training was', () => {
    for (const p of [0.05, 0.2, 0.6]) expect(gains(event, { flat: Array(6).fill(p) }).gain.flat).toBeLessThan(0);
  });

  it('counts the difference of losses by row, groups together', () => {
    const a = Array(6).fill(0.5);
    const { mean, standardError } = lossDifference(event, a, event, ['x', 'x', 'y', 'y', 'z', 'z']);
    expect(mean).toBeCloseTo(Math.LN2, 10);
    expect(standardError).toBeCloseTo(0, 10);
  });
});
