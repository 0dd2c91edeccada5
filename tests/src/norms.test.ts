import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normsOf } from '../../benchmarks/plain/norms.ts';
import type { Told } from '../../src/facts.ts';
import { normsFor } from '../../src/norms.ts';
import type { Fact } from '../../src/records.ts';
import { dealState } from '../../src/subjects/deal.ts';
import { DAY } from '../../src/time.ts';
import { type FactSource, world } from '../../src/world.ts';
import { anyInstant, anyWorld, START, sourceOf, testCompany, testSeed } from '../arbitraries.ts';

const at = (day: number) => START + day * DAY;
const told = (deal: string, kind: string, day: number, fields: object): Told => ({
  fact: { kind, id: `${kind}:${deal}:${day}`, at: at(day), knownAt: at(day), ...fields } as unknown as Fact,
  about: { deal },
});
const life = (
  deal: string,
  owner: string,
  days: number,
  outcome: 'won' | 'lost' | undefined,
  amount: number,
): Told[] => [
  told(deal, 'deal', 0, { accountId: null, leadId: null, pipeline: null, currency: 'EUR' }),
  told(deal, 'change', 0, { field: 'owner_id', value: owner }),
  told(deal, 'change', 0.5, { field: 'stage', value: 'new' }),
  told(deal, 'change', days / 2, { field: 'stage', value: 'quoted' }),
  told(deal, 'quoteLine', 1, { quoteId: 'q', productId: 'p', quantity: 2, listPriceMinor: 1000, unitPriceMinor: 900, currency: 'EUR' }), // biome-ignore format: one fact
  ...(outcome ? [told(deal, 'closed', days, { outcome, cause: outcome, amountMinor: amount, currency: 'EUR' })] : []),
];

describe('norms', () => {
  const source = sourceOf({
    rates: [{ from: 'EUR', to: 'THB', at: at(0), knownAt: at(0), rate: 40 }],
    told: [
      ...life('a', 'u', 10, 'won', 1800),
      ...life('b', 'u', 20, 'won', 1000),
      ...life('c', 'v', 30, 'lost', 0),
      ...life('d', 'v', 30, undefined, 0),
    ],
  });

  test('count and measure what was known', () => {
    const norms = normsOf(world(source, at(40)));
    expect(norms.all).toEqual({ won: 2, lost: 1, open: 1 });
    expect(norms.owner.get('v')).toEqual({ won: 0, lost: 1, open: 1 });
    expect(norms.stage.get('new')).toEqual({ won: 2, lost: 1, open: 1 });
    expect([norms.wonDays, norms.lostDays]).toEqual([15, 30]);
    expect(norms.stageDays.get('new')).toBe((9.5 + 14.5) / 2);
    expect(norms.stageDays.get('quoted')).toBe(10);
    expect(norms.wonAmountMinor).toBe(1400 * 40);
    expect(norms.priceRatio.get('p')).toBeCloseTo((1800 / 2000 + 1000 / 2000) / 2);
    expect(norms.discount.get('')).toMatchObject({ p50: expect.closeTo(0.1), n: 2 });
  });

  test('before anything closed they are missing, not zero', () => {
    const norms = normsOf(world(source, at(5)));
    expect(norms.all).toEqual({ won: 0, lost: 0, open: 4 });
    expect(norms.wonDays).toBeNaN();
    expect(norms.wonAmountMinor).toBeNaN();
  });

  test('a look reads the newest cut at or before it: the start of its week', () => {
    const monday = testCompany.calendar.startOfWeek(at(12));
    expect(world(source, monday).norms.cut).toBe(monday);
    expect(world(source, monday - 1).norms.cut).toBe(testCompany.calendar.startOfWeek(monday - 1));
    expect(world(source, at(12)).norms).toBe(world(source, monday).norms);
  });

  test('a reopened deal is open until it closes again', () => {
    const twice = sourceOf({
      rates: [],
      told: [
        ...life('a', 'u', 10, 'lost', 0),
        told('a', 'reopened', 12, { by: null }),
        told('a', 'closed', 15, { outcome: 'won', amountMinor: 1, currency: 'THB' }),
      ],
    });
    const states = [-1, 1, 10, 12, 15].map((day) => dealState(world(twice, at(day)).past('deal', 'a')));
    expect(states).toEqual(['absent', 'open', 'lost', 'open', 'won']);
  });
});

test('norms kept from week to week equal those computed afresh, in whatever order they are asked for', {
  timeout: 60_000,
}, () => {
  const ask = (source: FactSource, asOf: number) => normsFor(source, asOf, (cut) => world(source, cut));
  fc.assert(
    fc.property(anyWorld, fc.array(anyInstant, { minLength: 8, maxLength: 8 }), (random, instants) => {
      const source = sourceOf(random);
      for (const asOf of instants) {
        const norms = ask(source, asOf);
        expect(norms).toEqual(normsOf(world(sourceOf(random), norms.cut)));
      }
    }),
    { seed: testSeed, numRuns: 60 },
  );
  console.info(`norms: seed ${testSeed}`);
});
