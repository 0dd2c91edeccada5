import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeCauses, type DealAt, type DealStep, splitOf, sumOfSplits } from '../../../models/forecast/bridge.ts';
import { testSeed } from '../../arbitraries.ts';

const worth = fc.option(
  fc.record({ ownMinor: fc.integer({ min: -1000, max: 1e9 }), rate: fc.double({ min: 0.01, max: 40, noNaN: true }) }),
  { nil: null, freq: 6 },
);
const chance = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
/** As a forecast counts it: rounded up or down, since shares of many deals are rounded together. */
const dealAt: fc.Arbitrary<DealAt> = fc
  .record({
    state: fc.constantFrom('absent', 'open', 'open', 'open', 'lost', 'won', 'wonBefore', 'wonAfter'),
    worth,
    chance,
    up: fc.boolean(),
  })
  .map(({ state, worth, chance, up }): DealAt => {
    const p = state === 'won' ? 1 : state === 'open' ? chance : 0;
    const counts = (state === 'open' || state === 'won') && worth !== null;
    const value = counts ? p * worth.ownMinor * worth.rate : 0;
    return { state, worth: counts ? worth : null, chance: counts ? p : 0, valueMinor: up ? Math.ceil(value) : Math.floor(value) }; // biome-ignore format: a row
  });
const step: fc.Arbitrary<DealStep> = fc.record({
  before: dealAt,
  after: dealAt,
  chanceByVersion: chance,
  chanceByDate: chance,
  later: fc.boolean(),
});

describe('why a forecast moved', () => {
  test(`causes add up to the change, whatever happened (seed ${testSeed})`, () => {
    fc.assert(
      fc.property(step, (one) => {
        const split = splitOf(one);
        const sum = Object.values(split).reduce((a, b) => a + b, 0);
        expect(sum).toBe(one.after.valueMinor - one.before.valueMinor + 0);
        for (const minor of Object.values(split)) expect(Number.isSafeInteger(minor)).toBe(true);
      }),
      { numRuns: 10_000, seed: testSeed },
    );
  });

  const open = (ownMinor: number, chance: number, rate = 1): DealAt => ({ state: 'open', worth: { ownMinor, rate }, chance, valueMinor: Math.round(ownMinor * chance * rate) }); // biome-ignore format: a row
  const still = (before: DealAt, after: DealAt, more: Partial<DealStep> = {}) =>
    splitOf({ before, after, chanceByVersion: before.chance, chanceByDate: more.chanceByVersion ?? before.chance, later: false, ...more }); // biome-ignore format: one call
  const gone: DealAt = { state: 'absent', worth: null, chance: 0, valueMinor: 0 };
  const won = (minor: number): DealAt => ({ state: 'won', worth: { ownMinor: minor, rate: 1 }, chance: 1, valueMinor: minor }); // biome-ignore format: a row

  test('one thing at a time', () => {
    expect(still(open(1000, 0.5), open(1200, 0.5))).toEqual({ amountUp: 100 });
    expect(still(open(1000, 0.5), open(600, 0.5))).toEqual({ amountDown: -200 });
    expect(still(open(1000, 0.5), open(1000, 0.5, 2))).toEqual({ currency: 500 });
    expect(still(open(1000, 0.5), open(1000, 0.75))).toEqual({ data: 250 });
    expect(still(open(1000, 0.5), open(1000, 0.6), { chanceByVersion: 0.6 })).toEqual({ version: 100 });
    expect(still(open(1000, 0.5), open(1000, 0.1), { chanceByDate: 0.1, later: true })).toEqual({ pushedOut: -400 });
    expect(still(open(1000, 0.5), open(1000, 0.7), { chanceByDate: 0.7 })).toEqual({ pulledIn: 200 });
    expect(still(gone, open(1000, 0.5))).toEqual({ new: 500 });
    expect(still(gone, won(1000))).toEqual({ new: 1000 });
    expect(still(open(1000, 0.5), won(1000))).toEqual({ won: 500 });
    expect(still(open(1000, 0.5), won(900))).toEqual({ amountDown: -50, won: 450 });
    expect(still(open(1000, 0.5), { ...gone, state: 'lost' })).toEqual({ lost: -500 });
    expect(still(open(1000, 0.5), gone)).toEqual({ lost: -500 });
    expect(still(open(1000, 0.5), { ...gone, state: 'wonBefore' })).toEqual({ pulledIn: -500 });
    expect(still(won(1000), open(1000, 0.4))).toEqual({ won: -600 });
    expect(still({ ...gone, state: 'lost' }, open(1000, 0.4))).toEqual({ new: 400 });
    expect(still(won(1000), won(1100))).toEqual({ amountUp: 100 });
    expect(still(open(1000, 0.5), open(1000, 0.5))).toEqual({});
  });

  test('sums keep the order of causes and leave out what changed nothing', () => {
    const sum = sumOfSplits([{ lost: -5, won: 3 }, { won: -3, new: 2 }]); // biome-ignore format: one row
    expect(sum).toEqual({ new: 2, lost: -5 });
    expect(Object.keys(sum)).toEqual(changeCauses.filter((cause) => cause in sum));
  });
});
