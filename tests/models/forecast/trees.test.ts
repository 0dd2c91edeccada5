import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commonFactorSum } from '../../../models/forecast/commonFactor.ts';
import { severityOf } from '../../../models/forecast/compound.ts';
import { meanOf, quantileOf, varianceOf } from '../../../models/forecast/distribution.ts';
import { groupQuotas } from '../../../models/forecast/groupQuotas.ts';
import { groupTree } from '../../../models/forecast/groupTree.ts';
import { rollUp } from '../../../models/forecast/rollup.ts';
import { random } from '../../../src/random.ts';

const links = fc
  .array(fc.nat(), { minLength: 1, maxLength: 12 })
  .map((parents) => parents.map((p, i) => ({ id: `g${(i * 7) % 13}`, parentId: i === 0 || p % 4 === 0 ? null : `g${((p % i) * 7) % 13}` }))); // biome-ignore format: one chain

describe('groups as stretches', () => {
  test('each group’s stretch is itself and all that is below it', () => {
    fc.assert(
      fc.property(links, fc.array(fc.option(fc.constantFrom('g1', 'x', 'y'), { nil: null })), (rows, mentioned) => {
        const tree = groupTree(rows, mentioned);
        const above = new Map(tree.ids.map((id, place) => [id, tree.parents[place]]));
        const within = (id: string | null, top: string | null) => {
          for (
            let at: string | null | undefined = id;
            at !== undefined;
            at = at === null ? undefined : (above.get(at) ?? undefined)
          ) {
            if (at === top) return true;
          }
          return false;
        };
        for (const [place, id] of tree.ids.entries()) {
          const stretch = tree.ids.slice(place, tree.ends[place]);
          expect([...stretch].sort()).toEqual(tree.ids.filter((other) => within(other, id)).sort());
        }
      }),
    );
  });

  test('a chain of 5,000 teams', () => {
    const chain = Array.from({ length: 5_000 }, (_, i) => ({ id: `t${i}`, parentId: i === 0 ? null : `t${i - 1}` }));
    const tree = groupTree(chain, []);
    expect(tree.ids).toHaveLength(5_000);
    const quotas = groupQuotas('team', tree, tree, [{ owner: null, team: 't4999', amountMinor: 5 }]);
    expect([quotas.whole, quotas.byPlace[0]]).toEqual([5, 5]);
  });
});

describe('what comes, by group', () => {
  test('adds up to the whole to the minor unit, whatever the shares', () => {
    const severity = severityOf([101, 1007, 30_011])!;
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 }),
        fc.double({ min: 0.01, max: 60, noNaN: true }),
        (weights, mean) => {
          const total = weights.reduce((a, b) => a + b, 0);
          const shares = weights.map((weight, i) => ({ group: i === 0 ? null : `r${i}`, count: weight / total, money: weight / total })); // biome-ignore format: a row
          const { nodes } = rollUp({ by: 'region', closed: [], open: [], teams: [], quotas: [], coming: { arrivals: { mean, size: 4, chance: 0.3, severity }, shares } }); // biome-ignore format: one call
          const [whole, ...groups] = nodes;
          expect(groups.reduce((sum, node) => sum + node.newMinor, 0)).toBe(whole.newMinor);
          expect(whole.expectedMinor).toBe(whole.newMinor);
        },
      ),
      { numRuns: 6 },
    );
  });
});

describe('many small deals together', () => {
  const stream = random(9);
  const amount = Float64Array.from({ length: 300 }, () => Math.round(1e6 * Math.exp(stream.normal())));
  const p = amount.map(() => 0.05 + 0.6 * stream.uniform());

  test('the law is that of all deals one by one', () => {
    // In the exact way: the convolution by cells of a thousandth of the mean, given no shared luck.
    const mean = amount.reduce((sum, a, i) => sum + a * p[i], 0);
    const cell = mean / 2000;
    let law = Float64Array.of(1);
    for (const [i, a] of amount.entries()) {
      const [whole, rest] = [Math.floor(a / cell), a / cell - Math.floor(a / cell)];
      const next = new Float64Array(law.length + whole + 1);
      for (let k = 0; k < law.length; k++) {
        next[k] += law[k] * (1 - p[i]);
        next[k + whole] += law[k] * p[i] * (1 - rest);
        next[k + whole + 1] += law[k] * p[i] * rest;
      }
      law = next;
    }
    const quantile = (level: number) => {
      let through = 0;
      for (let k = 0; k < law.length; k++) {
        through += law[k];
        if (through >= level) return (k + 0.5 - (through - level) / law[k]) * cell;
      }
      return Number.NaN;
    };
    const ours = commonFactorSum(amount, p, 0);
    for (const level of [0.025, 0.1, 0.5, 0.9, 0.975]) {
      expect(Math.abs(quantileOf(ours, level) / quantile(level) - 1)).toBeLessThan(0.002);
    }
  });

  test('with arrivals: mean and variance are those of both, with and without shared luck', () => {
    const severity = severityOf([2e5, 1e6, 3e6])!;
    for (const arrivals of [0.4, 6, 80].map((mean) => ({ mean, size: 5, chance: 0.2, severity }))) {
      const [one, two] = [commonFactorSum(amount, p, 0, arrivals), commonFactorSum([], [], 0, arrivals)];
      const alone = commonFactorSum(amount, p, 0);
      expect(meanOf(one) / (meanOf(alone) + meanOf(two))).toBeCloseTo(1, 3);
      expect(varianceOf(one) / (varianceOf(alone) + varianceOf(two))).toBeCloseTo(1, 2);
      expect(meanOf(two) / (arrivals.mean * 1.4e6)).toBeCloseTo(1, 3);
      const together = commonFactorSum(amount, p, 0.1, arrivals);
      expect(meanOf(together) / meanOf(one)).toBeCloseTo(1, 2);
      expect(varianceOf(together)).toBeGreaterThan(varianceOf(one));
    }
  });
});
