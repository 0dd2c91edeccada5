import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { company, companySettings } from '../../src/company.ts';
import { memorySource, type Told } from '../../src/facts.ts';
import type { Fact } from '../../src/records.ts';
import { pairedDifference } from '../../src/stats/pairedDifference.ts';
import { deal } from '../../src/subjects/deal.ts';
import { landmarks } from '../../src/subjects/landmarks.ts';
import { outcomesOf } from '../../src/subjects/outcomes.ts';
import { DAY } from '../../src/time.ts';
import { world } from '../../src/world.ts';
import { foldOf, groupedFolds } from '../../training/folds.ts';
import { causesOf } from '../../training/labels.ts';
import { anyInstant, anyWorld, sourceOf, testSeed } from '../arbitraries.ts';

const T0 = Date.UTC(2026, 0, 5);
const day = (days: number) => T0 + days * DAY;
let serial = 0;
/** A fact about deal d, by days: when it happened and (unless the same) when it was learned. */
const told = (kind: Fact['kind'], at: number, fields: object = {}, known = at): Told => ({
  fact: { kind, id: `${kind}:${serial++}`, at: day(at), knownAt: day(known), ...fields } as unknown as Fact,
  about: { deal: 'd', account: 'a' },
});
const created = (at: number, known = at) => told('deal', at, { accountId: 'a', leadId: null, pipeline: null, currency: null }, known); // biome-ignore format: one fact
const stage = (at: number, value: string, known = at) => told('change', at, { field: 'stage', old: null, value, by: null }, known); // biome-ignore format: one fact
const closed = (at: number, outcome: 'won' | 'lost', known = at) => told('closed', at, { outcome, cause: null, lostReason: null, amountMinor: null, currency: null }, known); // biome-ignore format: one fact
const reopened = (at: number, known = at) => told('reopened', at, { by: null }, known);

const settings = { landmarks: { days: [0], on_stage_change: true, every_days: 14 } };
const source = (facts: readonly Told[], given: object = settings) => memorySource(company(companySettings.parse(given)), facts); // biome-ignore format: one call
const looks = (facts: readonly Told[], until: number, given: object = settings) =>
  landmarks(source(facts, given), deal, 'd', day(until)).map(({ asOf }) => (asOf - T0) / DAY);

describe('landmarks', () => {
  test('at creation, at stage changes, every 14 days, while open and before the end', () => {
    const facts = [created(0), stage(0, 'new'), stage(5, 'talking'), stage(20, 'quoted'), closed(40, 'won')];
    expect(looks(facts, 100)).toEqual([0, 5, 14, 20, 28]);
    expect(looks(facts, 15)).toEqual([0, 5, 14]);
    expect(looks(facts, 0)).toEqual([]);
  });
  test('as the settings say', () => {
    const facts = [created(0), stage(5, 'talking'), closed(40, 'won')];
    const other = { landmarks: { days: [0.02, 1, 10], on_stage_change: false, every_days: null } };
    expect(looks(facts, 100, other)).toEqual([0.02, 1, 10]);
  });
  test('counted from when it was known, and looked at when a change was learned', () => {
    expect(looks([created(0, 3), stage(5, 'talking', 9), closed(30, 'lost')], 100)).toEqual([3, 9, 17]);
  });
  test('a close learned late leaves it open until then; one backdated ends it when learned', () => {
    expect(looks([created(0), closed(10, 'won', 30)], 100)).toEqual([0, 14, 28]);
  });
  test('after reopening it is looked at again', () => {
    const facts = [created(0), closed(20, 'lost'), reopened(50), stage(52, 'quoted'), closed(75, 'won')];
    expect(looks(facts, 100)).toEqual([0, 14, 52, 56, 70]);
  });
  test('a stage that means won or lost is not looked at, nor a stage change of the day that closed it', () => {
    // A close is often a bare date, known by midnight, while the stage that it brought is stamped at noon.
    const facts = [created(0), stage(5, 'talking'), stage(20.5, 'signed'), closed(20, 'won', 21)];
    expect(looks(facts, 100)).toEqual([0, 5, 14]);
    const meaning = { pipeline: null, stage: 'signed', rank: 9, kind: 'won', category: null, from: null } as const;
    const knowing = memorySource(company(companySettings.parse(settings), [meaning]), [created(0), stage(13.9, 'signed'), closed(14.1, 'won')]); // biome-ignore format: one company
    expect(landmarks(knowing, deal, 'd', day(100)).map(({ asOf }) => (asOf - T0) / DAY)).toEqual([0]);
  });
  test('a close from before the deal was made, or a creation never recorded, teaches nothing', () => {
    expect(looks([created(10), closed(5, 'won')], 100)).toEqual([]);
    expect(looks([stage(5, 'talking')], 100)).toEqual([]);
  });
  test('what is learned after the end changes no look before it', () => {
    fc.assert(
      fc.property(anyWorld, anyInstant, (random, until) => {
        const whole = sourceOf(random);
        const known = sourceOf({ ...random, told: random.told.filter(({ fact }) => fact.knownAt < until) });
        for (const id of whole.ids('deal')) {
          const all = landmarks(whole, deal, id, until);
          expect(landmarks(known, deal, id, until)).toEqual(all);
          for (const { asOf } of all) {
            expect(asOf).toBeLessThan(until);
            const past = world(whole, asOf).past('deal', id);
            expect(past.last('deal')).toBeDefined();
          }
        }
      }),
      { seed: testSeed, numRuns: 100 },
    );
  });
});

describe('labels', () => {
  const label = (facts: readonly Told[], asOf: number, until: number) => {
    const [outcome] = outcomesOf(source(facts), deal, [{ id: 'd', asOf: day(asOf) }], day(until));
    const { timeDays, cause, knownAt } = outcome!;
    return [timeDays, cause && (cause.positive ? 'won' : 'lost'), (knownAt - T0) / DAY];
  };
  test('days from the look to the close', () => {
    expect(label([created(0), closed(40, 'won')], 10, 100)).toEqual([30, 'won', 40]);
  });
  test('open at the end of what is known: censored there, whatever happened later', () => {
    const open = [10, undefined, Number.POSITIVE_INFINITY];
    expect(label([created(0), closed(40, 'won')], 10, 20)).toEqual(open);
    expect(label([created(0)], 10, 20)).toEqual(open);
    expect(label([created(0), closed(15, 'won', 40)], 10, 20)).toEqual(open);
  });
  test('a close that had happened but was learned after the look counts at once', () => {
    expect(label([created(0), closed(5, 'lost', 30)], 14, 100)).toEqual([0, 'lost', 30]);
  });
  test('a reopened deal: each look is answered by the next close', () => {
    const facts = [created(0), closed(20, 'lost'), reopened(50), closed(75, 'won')];
    expect(label(facts, 14, 100)).toEqual([6, 'lost', 20]);
    expect(label(facts, 56, 100)).toEqual([19, 'won', 75]);
  });
  test('facts learned after the end change no label', () => {
    fc.assert(
      fc.property(anyWorld, anyInstant, anyInstant, (random, asOf, until) => {
        const known = sourceOf({ ...random, told: random.told.filter(({ fact }) => fact.knownAt <= until) });
        const whole = sourceOf(random);
        for (const id of whole.ids('deal')) {
          const looks = [{ id, asOf }];
          expect(outcomesOf(known, deal, looks, until)).toEqual(outcomesOf(whole, deal, looks, until));
        }
      }),
      { seed: testSeed, numRuns: 100 },
    );
  });
  test('causes: wins first, by name, and both sides where only one was met', () => {
    const of = (name: string, outcome: 'won' | 'lost') => ({
      timeDays: 1,
      cause: { name, positive: outcome === 'won' },
      knownAt: 1,
      followedDays: 1,
    });
    expect(causesOf(deal, [of('lost', 'lost'), of('cancelled', 'lost'), of('won', 'won')]).map((c) => c.name)).toEqual(['won', 'cancelled', 'lost']); // biome-ignore format: one check
    expect(causesOf(deal, [of('won', 'won')]).map((c) => c.name)).toEqual(['won', 'lost']);
    expect(causesOf(deal, []).map((c) => c.name)).toEqual(['won', 'lost']);
    expect(() => causesOf(deal, [of('price', 'won'), of('price', 'lost')])).toThrow(
      /cause "price" is on won deals and on lost/,
    );
  });
});

describe('folds', () => {
  test('every row in one, no account in two, and an account stays where it was when rows come', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 })), fc.integer({ min: 2, max: 9 }), (groups, k) => {
        const folds = groupedFolds(groups, k, 's');
        expect(folds.flat().sort((a, b) => a - b)).toEqual(groups.map((_, i) => i));
        const of = new Map<string, number>();
        folds.forEach((rows, fold) => {
          for (const row of rows) {
            expect(of.get(groups[row]!) ?? fold).toBe(fold);
            of.set(groups[row]!, fold);
            expect(foldOf(groups[row]!, k, 's')).toBe(fold);
          }
        });
      }),
      { seed: testSeed },
    );
  });
  test('are of about one size', () => {
    const groups = Array.from({ length: 4000 }, (_, i) => `account ${i}`);
    for (const fold of groupedFolds(groups, 4, 'a')) expect(Math.abs(fold.length - 1000)).toBeLessThan(4 * 28);
  });
});

describe('paired difference', () => {
  test('by hand: one row a group is the plain standard error of the mean', () => {
    const { mean, standardError } = pairedDifference([3, 5, 7, 9], [1, 1, 1, 1], ['a', 'b', 'c', 'd']);
    expect(mean).toBe(5);
    expect(standardError).toBeCloseTo(Math.sqrt(20 / 3 / 4), 12);
  });
  test('rows that repeat one group add nothing to what is known', () => {
    const once = pairedDifference([3, 5, 7], [0, 0, 0], ['a', 'b', 'c']);
    const twice = pairedDifference([3, 3, 5, 5, 7, 7], new Float64Array(6), ['a', 'a', 'b', 'b', 'c', 'c']);
    expect(twice.standardError).toBeCloseTo(once.standardError, 12);
    expect(pairedDifference([3, 5], [0, 0], ['a', 'a']).standardError).toBe(Number.POSITIVE_INFINITY);
  });
});
