import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantileOf } from '../../../models/forecast/distribution.ts';
import { type ForecastNode, type RollUpAsk, rollUp } from '../../../models/forecast/rollup.ts';

const teams = [
  { id: 'asia', parentId: null },
  { id: 'thai', parentId: 'asia' },
  { id: 'bkk', parentId: 'thai' },
  { id: 'eu', parentId: null },
];
const empty: RollUpAsk = { by: 'all', closed: [], open: [], teams, quotas: [] };
const one = (nodes: readonly ForecastNode[], id: string | null) => nodes.find((node) => node.id === id)!;

const deal = fc.record({
  owner: fc.constantFrom('ann', 'bo', null),
  team: fc.constantFrom('asia', 'thai', 'bkk', 'eu', 'new', null),
  amountMinor: fc.integer({ min: -1000, max: 100_000_003 }),
  probability: fc.double({ min: 0, max: 1, noNaN: true }),
});
const named = <T>(deals: readonly T[], prefix: string) => deals.map((row, i) => ({ id: `${prefix}${i}`, ...row }));
const asks = fc
  .record({ closed: fc.array(deal, { maxLength: 8 }), open: fc.array(deal, { maxLength: 25 }) })
  .map(({ closed, open }) => ({ ...empty, closed: named(closed, 'c'), open: named(open, 'o') }));

describe('adding up', () => {
  test('owners, and top teams, add up to the whole to the minor unit', () => {
    fc.assert(
      fc.property(asks, (ask) => {
        for (const by of ['team', 'owner'] as const) {
          const [whole, ...groups] = rollUp({ ...ask, by }).nodes;
          const top = groups.filter((node) => node.parentId === null);
          for (const key of ['closedMinor', 'openMinor', 'expectedMinor', 'openDeals', 'closedDeals'] as const) {
            expect(top.reduce((sum, node) => sum + node[key], 0)).toBe(whole[key] + 0);
          }
          expect(Math.abs(whole.expectedMinor - whole.mean)).toBeLessThanOrEqual(0.5 + 1e-6);
          for (const node of groups) {
            expect(node.p10Minor).toBeLessThanOrEqual(node.p50Minor);
            expect(node.p50Minor).toBeLessThanOrEqual(node.p90Minor);
            expect(Math.abs(node.expectedMinor - node.mean)).toBeLessThanOrEqual(node.openDeals + 1e-6);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a team is its own deals and its sub-teams', () => {
    const open = ['asia', 'thai', 'bkk'].map((team, i) => ({
      id: team,
      owner: null,
      team,
      amountMinor: 10 ** (i + 2),
      probability: 0.5,
    }));
    const { nodes } = rollUp({ ...empty, by: 'team', open });
    expect(['asia', 'thai', 'bkk', 'eu'].map((id) => one(nodes, id).expectedMinor)).toEqual([5550, 5500, 5000, 0]);
    expect(nodes.map((node) => node.id)).toEqual([null, 'asia', 'thai', 'bkk', 'eu']);
  });

  test('laws of the groups are kept only where asked for, in the order of the groups', () => {
    const open = ['asia', 'eu'].map((team, i) => ({ id: team, owner: null, team, amountMinor: 1000 * (i + 1), probability: 0.5 })); // biome-ignore format: a list
    const ask = { ...empty, by: 'team' as const, open };
    expect(rollUp(ask).laws).toEqual([]);
    const { nodes, laws } = rollUp({ ...ask, laws: true });
    expect(laws).toHaveLength(nodes.length - 1);
    for (const [i, law] of laws.entries()) expect(quantileOf(law, 0.9)).toBeCloseTo(nodes[i + 1]!.p90Minor, 0);
  });

  test('the order of the question changes nothing', () => {
    fc.assert(
      fc.property(asks, (ask) => {
        const turned = { ...ask, open: [...ask.open].reverse(), closed: [...ask.closed].reverse() };
        expect(rollUp({ ...turned, by: 'owner' })).toEqual(rollUp({ ...ask, by: 'owner' }));
      }),
      { numRuns: 20 },
    );
  });

  test('each deal’s share adds up to the open sum', () => {
    const open = Array.from({ length: 7 }, (_, i) => ({
      id: `d${i}`,
      owner: null,
      team: null,
      amountMinor: 1,
      probability: 1 / 3,
    }));
    const { nodes, contributions, quantilesAdd } = rollUp({ ...empty, open });
    expect(nodes[0].openMinor).toBe(2);
    expect([...contributions.values()].reduce((a, b) => a + b, 0)).toBe(2);
    expect(quantilesAdd).toBe(false);
  });
});

describe('quota', () => {
  const half = { id: 'd', owner: 'ann', team: 'bkk', amountMinor: 100, probability: 0.5 };
  test('reached already, within reach, out of reach', () => {
    const chance = (amountMinor: number) =>
      rollUp({
        ...empty,
        closed: [{ id: 'c', owner: 'ann', team: 'bkk', amountMinor: 50 }],
        open: [half],
        quotas: [{ owner: null, team: null, amountMinor }],
      }).nodes[0].quotaProbability!;
    expect([chance(50), chance(151)]).toEqual([1, 0]);
    expect(chance(150)).toBeCloseTo(0.5, 6);
  });
  test('its own, else of sub-teams, else of owners, else none', () => {
    const ask = { ...empty, by: 'team', open: [half] } as const;
    const owners = [
      { owner: 'ann', team: 'bkk', amountMinor: 30 },
      { owner: 'bo', team: 'eu', amountMinor: 4 },
    ];
    const quota = (quotas: RollUpAsk['quotas']) => {
      const { nodes } = rollUp({ ...ask, quotas });
      return [nodes[0], ...['asia', 'thai', 'bkk', 'eu'].map((id) => one(nodes, id))].map((node) => node.quotaMinor);
    };
    expect(quota([])).toEqual([null, null, null, null, null]);
    expect(quota(owners)).toEqual([34, 30, 30, 30, 4]);
    expect(quota([...owners, { owner: null, team: 'thai', amountMinor: 7 }])).toEqual([11, 7, 7, 30, 4]);
    expect(quota([...owners, { owner: null, team: null, amountMinor: 9 }])[0]).toBe(9);
    expect(one(rollUp({ ...ask, by: 'owner', quotas: owners }).nodes, 'bo').quotaMinor).toBe(4);
  });
});

describe('edges', () => {
  test('nothing at all', () => {
    const { nodes } = rollUp(empty);
    expect(nodes).toHaveLength(1);
    expect(nodes[0]).toMatchObject({ closedMinor: 0, expectedMinor: 0, p10Minor: 0, p90Minor: 0, quotaMinor: null });
  });
  test('one open deal', () => {
    const open = [{ id: 'd', owner: null, team: null, amountMinor: 1000, probability: 0.3 }];
    expect(rollUp({ ...empty, open }).nodes[0]).toMatchObject({
      expectedMinor: 300,
      p10Minor: 0,
      p50Minor: 0,
      p90Minor: 1000,
    });
  });
  test('a deal that would cost money lowers what is expected', () => {
    const open = [{ id: 'd', owner: null, team: null, amountMinor: -1000, probability: 0.3 }];
    expect(rollUp({ ...empty, open }).nodes[0]).toMatchObject({ expectedMinor: -300, p10Minor: -1000, p90Minor: 0 });
  });
  test('a chance that rounding carried past 1 is 1', () => {
    const open = [{ id: 'd', owner: null, team: null, amountMinor: 1000, probability: 1 + 2 ** -52 }];
    expect(rollUp({ ...empty, open }).nodes[0]).toMatchObject({ expectedMinor: 1000, p10Minor: 1000, p90Minor: 1000 });
  });
  test('refused: chances outside [0, 1], broken amounts, a deal twice, circular teams', () => {
    const open = { id: 'd', owner: null, team: null, amountMinor: 10, probability: 0.5 };
    expect(() => rollUp({ ...empty, open: [{ ...open, probability: 1.2 }] })).toThrow(/"d" has probability 1.2/);
    expect(() => rollUp({ ...empty, open: [{ ...open, probability: Number.NaN }] })).toThrow(/probability NaN/);
    expect(() => rollUp({ ...empty, open: [{ ...open, amountMinor: 0.5 }] })).toThrow(/amount 0.5/);
    expect(() => rollUp({ ...empty, open: [open, open] })).toThrow(/twice/);
    expect(() => rollUp({ ...empty, rho: 1 })).toThrow(/rho 1/);
    const loop = [
      { id: 'a', parentId: 'b' },
      { id: 'b', parentId: 'a' },
    ];
    expect(() => rollUp({ ...empty, teams: loop })).toThrow(/own superiors/);
  });
});
