import { expect, test } from 'vitest';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { recordFeatures, recordOf } from '../../features/record.ts';
import { snapshot } from '../../features/snapshot.ts';
import type { FactSource, History, Past } from '../../src/world.ts';

const norms = {
  all: { won: 10, lost: 30, open: 9 },
  team: new Map([['north', { won: 8, lost: 8, open: 1 }]]),
  owner: new Map([['ann', { won: 6, lost: 0, open: 2 }]]),
  leads: { all: { converted: 3, not: 7, open: 2 }, owner: new Map([['ann', { converted: 2, not: 0, open: 0 }]]) },
};
const past = (of: string, owner: string | undefined, team: string | undefined, prior = {}): Past =>
  ({
    of,
    norms,
    company: { settings: { prior } },
    value: (field: string) => (field === 'owner_id' ? owner : undefined),
    owner: { value: () => team },
  }) as unknown as Past;

test('owner under team under company under the prior', () => {
  const company = (10 + 4 * 0.25) / 44;
  const team = (8 + 20 * company) / 36;
  expect(recordOf(past('deal', undefined, undefined)).own).toEqual({ rate: company, weight: 44 });
  expect(recordOf(past('deal', undefined, 'north')).own.rate).toBeCloseTo(team, 12);
  const { own } = recordOf(past('deal', 'ann', 'north'));
  expect(own.rate).toBeCloseTo((6 + 20 * team) / 26, 12);
  expect(own.weight).toBe(26);
  expect(recordOf(past('deal', 'bob', 'north')).own.rate).toBeCloseTo(team, 12);
  expect(recordOf(past('lead', 'ann', undefined)).own.rate).toBeCloseTo((2 + 14 * (4 / 14)) / 16, 12);
});

test("a company's own prior counts as it says", () => {
  const prior = { deal: { rate: 0.9, weight: 1000 } };
  const { own, company } = recordOf(past('deal', 'bob', undefined, prior));
  expect(company.rate).toBeCloseTo((10 + 900) / 1040, 12);
  expect(own.rate).toBeCloseTo(company.rate, 12);
});

/** The same company as if nothing learned after `at` had been recorded. */
function knownBy(source: FactSource, at: number): FactSource {
  const history: FactSource['history'] = (of, id) => {
    const kept = Object.entries(source.history(of, id) ?? {}).flatMap(([kind, facts]) => {
      const known = (facts as readonly { readonly knownAt: number }[]).filter((fact) => fact.knownAt <= at);
      return known.length ? [[kind, known] as const] : [];
    });
    return kept.length ? (Object.fromEntries(kept) as unknown as History) : undefined;
  };
  const ids: FactSource['ids'] = (of) => source.ids(of).filter((id) => history(of, id));
  return { company: source.company, rates: source.rates, ids, history };
}

test('it knows what was known then and nothing later', () => {
  const sim = simulate({ deals: 60, seed: 14 });
  const whole = simulatedSource(sim);
  const at = sim.clock.at(90);
  const before = knownBy(whole, at);
  const looks = before.ids('deal').map((id) => ({ id, asOf: at }));
  expect(looks.length).toBeGreaterThan(5);
  expect(looks.length).toBeLessThan(whole.ids('deal').length);
  const now = snapshot(whole, recordFeatures, looks);
  expect(now.columns).toEqual(snapshot(before, recordFeatures, looks).columns);
  const later = snapshot(whole, recordFeatures, looks.map(({ id }) => ({ id, asOf: sim.clock.end }))); // biome-ignore format: one call
  expect(later.columns).not.toEqual(now.columns);
});
