import { describe, expect, test } from 'vitest';
import { hazards, place } from '../../models/hazards.ts';
import { random } from '../../src/random.ts';
import { questionOf, whichLoss } from '../../training/question.ts';
import { testSeed } from '../arbitraries.ts';

const causes = [
  { name: 'left', positive: true },
  { name: 'renewed', positive: false },
];
const grid = hazards([0, 60, 120, 180, 360], 2);
const asked = questionOf({ withinDays: 180, causes });

/** Of whom `share` leave, evenly within 180 days, and the others renew in the bin that ends with them. */
const table = (share: number): number[] => {
  const each = share / 3;
  const first = [1 - each, each, 0];
  const second = [1 - each / (1 - each), each / (1 - each), 0];
  const left = each / (1 - 2 * each);
  return [...first, ...second, 0, left, 1 - left, 0, 0, 1];
};

describe('left within 180 days', () => {
  const loss = (days: number, cause: number, followed: number) => {
    const rows = { placed: place(grid, [days], [cause]), followed: [followed], groups: ['a'] };
    return asked.loss(grid, Float64Array.from(table(0.3)), rows)[0]!;
  };
  test('a row followed for all of it answers for all of it, one followed for two thirds for two thirds', () => {
    expect(loss(30, 1, 500)).toBeCloseTo(-Math.log(0.3), 12);
    expect(loss(150, 2, 180)).toBeCloseTo(-Math.log(0.7), 12);
    expect(loss(250, 1, 500)).toBeCloseTo(-Math.log(0.7), 12);
    expect(loss(30, 1, 120)).toBeCloseTo(-Math.log(0.2), 12);
    expect(loss(120, 0, 120)).toBeCloseTo(-Math.log(0.8), 12);
  });
  test('of less than half nothing is asked, however it ended', () => {
    expect([loss(30, 1, 89), loss(30, 2, 89), loss(89, 0, 89)]).toEqual([0, 0, 0]);
  });
  test('looks of late do not make who leaves look frequent: the truth has the least loss', () => {
    const draw = random(testSeed).fork('question');
    const rows = Array.from({ length: 6000 }, () => {
      const leaves = draw.uniform() < 0.16;
      const days = leaves ? 180 * draw.uniform() : 121 + 58 * draw.uniform();
      const followed = 360 * draw.uniform();
      return days <= followed ? { days, cause: leaves ? 1 : 2, followed } : { days: followed, cause: 0, followed };
    });
    const judges = {
      placed: place(grid, rows.map(({ days }) => days), rows.map(({ cause }) => cause)), // biome-ignore format: one call
      followed: rows.map(({ followed }) => followed),
      groups: rows.map((_, i) => `a${i}`),
    };
    const mean = (share: number) => {
      const p = Float64Array.from(rows.flatMap(() => table(share)));
      return asked.loss(grid, p, judges).reduce((sum, v) => sum + v, 0) / rows.length;
    };
    const ended = rows.filter(({ cause }) => cause > 0);
    const among = ended.filter(({ cause }) => cause === 1).length / ended.length;
    expect(among).toBeGreaterThan(0.19);
    expect(mean(0.16)).toBeLessThan(mean(among));
    expect(mean(0.16)).toBeLessThan(mean(0.12));
  });
});

test('without a horizon: which way it ended, given when', () => {
  const placed = place(grid, [150, 150, 100], [1, 2, 0]);
  const p = Float64Array.from([0, 1, 2].flatMap(() => table(0.3)));
  const rows = { placed, followed: [200, 200, 100], groups: ['a', 'b', 'c'] };
  const losses = questionOf({ withinDays: null, causes }).loss(grid, p, rows);
  expect(losses).toEqual(whichLoss(grid, p, placed));
  expect(Array.from(losses, (v) => Math.round(1e6 * Math.exp(-v)) / 1e6)).toEqual([0.125, 0.875, 1]);
});
