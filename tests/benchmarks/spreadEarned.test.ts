import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SaidTotal, spreadEarned } from '../../benchmarks/quality/spreadEarned.ts';
import { random } from '../../src/random.ts';
import { DAY } from '../../src/time.ts';
import { testSeed } from '../arbitraries.ts';

/** Months of 100 days, two looks at each; what comes is normal with so many times the deviation that the band says. */
function told(periods: number, times: number, seed: number): SaidTotal[] {
  const draw = random(seed);
  return Array.from({ length: periods }, (_, p) => {
    const z = times * draw.normal();
    return [10, 60].map(
      (day): SaidTotal => ({
        at: (100 * p + day) * DAY,
        period: { from: 100 * p * DAY, to: 100 * (p + 1) * DAY, label: `m${p}` },
        ...{ p10Minor: 1000 - 128.155, p50Minor: 1000, p90Minor: 1000 + 128.155, actualMinor: 1000 + 100 * z },
      }),
    );
  }).flat();
}

test('bands of the right width are left as they are; bands of half of it would have been mended', () => {
  const right = spreadEarned(told(300, 1, 3));
  expect(Math.abs(right.spread - 1)).toBeLessThan(0.1);
  expect(Math.abs(right.gain)).toBeLessThan(0.02);
  expect(right.judged).toBe(299);
  const narrow = spreadEarned(told(300, 2, 3));
  expect(Math.abs(narrow.spread - 2)).toBeLessThan(0.25);
  expect(narrow.gain).toBeGreaterThan(0.5);
});

test('nothing to judge by: one period, or looks without a band', () => {
  expect(spreadEarned([])).toEqual({ spread: 1, judged: 0, gain: 0 });
  expect(spreadEarned(told(1, 1, 3)).judged).toBe(0);
  expect(spreadEarned([{ ...told(1, 1, 3)[0]!, p10Minor: 1000, p90Minor: 1000 }])).toEqual({
    spread: 1,
    judged: 0,
    gain: 0,
  });
});

test('a period is judged by those that were over by its first look alone, in whatever order the looks come', () => {
  const [early, late] = [told(1, 1, 3)[0]!, told(2, 1, 3)[2]!];
  expect(spreadEarned([early, late]).judged).toBe(1);
  expect(spreadEarned([early, { ...late, at: early.period.to - 1 }]).judged).toBe(0);
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), fc.nat(1000), fc.infiniteStream(fc.nat()), (count, seed, keys) => {
      const looks = told(count, 1.5, seed);
      const mixed = looks.map((look) => ({ look, key: keys.next().value })).sort((a, b) => a.key - b.key);
      expect(spreadEarned(mixed.map(({ look }) => look)).gain).toBeCloseTo(spreadEarned(looks).gain, 12);
    }),
    { seed: testSeed, numRuns: 50 },
  );
});
