import { describe, expect, it } from 'vitest';
import { random } from '../../../src/random.ts';
import { chiSquareTail } from '../../../src/stats/chiSquare.ts';
import { clusteredUniform } from '../../../src/stats/clusteredUniform.ts';

/** So many groups of so many values; `drawn` makes one of the group's own and the value's own luck. */
function values(groups: number, each: number, seed: number, drawn: (shared: number, own: number) => number) {
  const stream = random(seed);
  const of: number[] = [];
  const by: string[] = [];
  for (let g = 0; g < groups; g++) {
    const shared = stream.uniform();
    for (let i = 0; i < each; i++) {
      of.push(drawn(shared, stream.uniform()));
      by.push(`g${g}`);
    }
  }
  return { of, by };
}
const rejected = (drawn: (shared: number, own: number) => number) => {
  let count = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const { of, by } = values(80, 6, seed, drawn);
    if (clusteredUniform(of, by).p < 0.05) count++;
  }
  return count / 400;
};

describe('uniform, where values of a group move together', () => {
  it('is refused in one of twenty where it is true, also where all of a group is one value', () => {
    for (const drawn of [(_: number, own: number) => own, (shared: number) => shared]) {
      const share = rejected(drawn);
      expect(share).toBeGreaterThan(0.02);
      expect(share).toBeLessThan(0.08);
    }
  });

  it('is refused where it is not: too narrow bands, or a number that is too low', () => {
    expect(rejected((_, own) => 0.5 + Math.sign(own - 0.5) * Math.sqrt(Math.abs(own - 0.5) / 2))).toBeGreaterThan(0.9);
    expect(rejected((_, own) => own ** 0.6)).toBeGreaterThan(0.9);
  });

  it('comes to Pearson’s test where there are many groups of one value', () => {
    const { of, by } = values(4000, 1, 9, (_, own) => own);
    const { counts, p } = clusteredUniform(of, by);
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(4000);
    const pearson = counts.reduce((sum, n) => sum + (n - 800) ** 2 / 800, 0);
    expect(Math.abs(p - chiSquareTail(pearson, 4))).toBeLessThan(0.01);
  });

  it('says nothing of as few groups as bins, or of groups that are alike', () => {
    expect(clusteredUniform([0.1, 0.5, 0.9], ['a', 'b', 'c']).p).toBeNaN();
    const { of, by } = values(10, 1, 1, () => 0.5);
    expect(clusteredUniform(of, by).p).toBeNaN();
  });
});
