import { describe, expect, it } from 'vitest';
import { quotasOf } from '../../api/quotas.ts';
import { treeOf } from '../../api/teams.ts';

describe('quotas of a period', () => {
  const quota = (ownerId: string, periodStart: number, periodEnd: number) => ({ ownerId, teamId: null, periodStart, periodEnd, knownAt: null }); // biome-ignore format: a row
  const year = quota('ann', 0, 12);
  const quarters = [0, 3, 6, 9].map((from) => quota('ann', from, from + 3));
  const asked = (from: number, to: number) => ({ from, to, label: '' });

  it('a year and its quarters are one promise', () => {
    expect(quotasOf([...quarters, year], asked(0, 12), 0)).toEqual([year]);
    expect(quotasOf([...quarters, year], asked(9, 12), 0)).toEqual([quarters[3]]);
    expect(quotasOf(quarters, asked(0, 12), 0)).toEqual(quarters);
  });

  it('others have their own, and rows of one period add up', () => {
    const bo = quota('bo', 0, 3);
    expect(quotasOf([year, bo, bo], asked(0, 12), 0)).toEqual([year, bo, bo]);
    expect(quotasOf([year], asked(1, 12), 0)).toEqual([]);
  });

  it('one that was learned later was not promised yet', () => {
    const late = { ...year, knownAt: 7 };
    expect(quotasOf([late, ...quarters], asked(0, 12), 6)).toEqual(quarters);
    expect(quotasOf([late, ...quarters], asked(0, 12), 7)).toEqual([late]);
  });
});

describe('teams as a tree', () => {
  it('reads a team that is its own parent as a root', () => {
    const teams = [
      { id: 'a', parentId: 'a' },
      { id: 'b', parentId: 'a' },
    ];
    expect(treeOf(teams)).toEqual({ teams: [{ id: 'a', parentId: null }, teams[1]], circular: [] });
  });

  it('opens a circle at its first team and names it', () => {
    const teams = [
      { id: 'x', parentId: 'c' },
      { id: 'c', parentId: 'b' },
      { id: 'b', parentId: 'c' },
    ];
    expect(treeOf(teams)).toEqual({ teams: [teams[0], teams[1], { id: 'b', parentId: null }], circular: ['b'] });
  });
});
