import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { company, companySettings } from '../../../src/company.ts';
import { memorySource, type Told } from '../../../src/facts.ts';
import type { Fact } from '../../../src/records.ts';
import { churn } from '../../../src/subjects/churn.ts';
import { landmarks } from '../../../src/subjects/landmarks.ts';
import { outcomesOf } from '../../../src/subjects/outcomes.ts';
import { DAY } from '../../../src/time.ts';
import { type FactSource, world } from '../../../src/world.ts';
import { anyInstant, anyWorld, sourceOf, testSeed } from '../../arbitraries.ts';

const T0 = Date.UTC(2026, 0, 5);
const day = (days: number) => T0 + days * DAY;
let serial = 0;
const told = (kind: Fact['kind'], at: number, fields: object = {}, known = at): Told => ({
  fact: { kind, id: `${kind}:${serial++}`, at: day(at), knownAt: day(known), ...fields } as unknown as Fact,
  about: { account: 'a' },
});
/** A term of subscription `s`: told at its start, and again where its end or amount changes. */
const term = (at: number, endsAt: number | null, amountMinor = 100, s = 's', known = at) =>
  told('subscriptionTerm', at, { subscriptionId: s, productId: null, endsAt: endsAt === null ? null : day(endsAt), amountMinor, currency: 'THB', interval: 'month' }, known); // biome-ignore format: one fact
const cancelled = (at: number, s = 's', known = at) => told('subscriptionCancelled', at, { subscriptionId: s }, known);
const order = (at: number, known = at) =>
  told('order', at, { orderId: `o${at}`, dealId: null, promisedAt: null }, known);

const source = (facts: readonly Told[], given: object = {}): FactSource => memorySource(company(companySettings.parse(given)), facts); // biome-ignore format: one call
const stateOf = (facts: readonly Told[], at: number) => churn.state(world(source(facts), day(at)).past('account', 'a')).is; // biome-ignore format: one look
const label = (facts: readonly Told[], asOf: number, until: number) => {
  const [outcome] = outcomesOf(source(facts), churn, [{ id: 'a', asOf: day(asOf) }], day(until));
  return [outcome!.timeDays, outcome!.cause?.name, (outcome!.knownAt - T0) / DAY];
};
const open = (timeDays: number) => [timeDays, undefined, Number.POSITIVE_INFINITY];

describe('a customer with subscriptions', () => {
  test('is open while one is in force; before the first and after the last it is not', () => {
    expect([-1, 0, 364, 365].map((at) => stateOf([term(0, 365)], at))).toEqual(['absent', 'open', 'open', 'ended']);
    expect(stateOf([term(0, 365), cancelled(100)], 101)).toBe('ended');
  });
  test('has left when the last one ends and none follows within 30 days, which is known only then', () => {
    expect(label([term(0, 365)], 300, 500)).toEqual([65, 'left', 395]);
    expect(label([term(0, 365)], 300, 394)).toEqual(open(64));
    expect(label([term(0, 365), cancelled(320)], 300, 500)).toEqual([20, 'left', 350]);
    expect(label([term(0, null), cancelled(320)], 300, 500)).toEqual([20, 'left', 350]);
    expect(label([term(0, null)], 300, 500)).toEqual(open(170));
  });
  test('a successor within the grace is a renewal, one after it is not', () => {
    expect(label([term(0, 365), term(390, 755, 100, 't')], 300, 500)).toEqual([90, 'renewed', 390]);
    expect(label([term(0, 365), term(400, 765, 100, 't')], 300, 500)).toEqual([65, 'left', 395]);
  });
  test('an end moved on is a renewal; to a lower amount it is reduced; each known when it was told', () => {
    expect(label([term(0, 365), term(360, 730)], 300, 500)).toEqual([60, 'renewed', 360]);
    expect(label([term(0, 365), term(360, 730, 60)], 300, 500)).toEqual([60, 'reduced', 360]);
    expect(label([term(0, 365), term(360, 730, 100, 's', 380)], 300, 370)).toEqual(open(40));
  });
  test('a renewal that does not bind beyond the horizon settles nothing: who pays by the month may leave next month', () => {
    const months = [0, 30, 60, 90, 120].map((at) => term(at, at + 30));
    expect(label(months, 10, 200)).toEqual([140, 'left', 180]);
  });
  test('who renewed and who left are known up to the same day: nothing of the last 30 days is told of either', () => {
    const renewed = [term(0, 365), term(366, 731)];
    expect(label(renewed, 300, 380)).toEqual(open(50));
    expect(label([term(0, 365)], 300, 380)).toEqual(open(50));
    expect(label(renewed, 300, 396)).toEqual([66, 'renewed', 366]);
    expect(label([term(0, 365)], 300, 396)).toEqual([65, 'left', 395]);
    expect(label([term(0, 365)], 360, 380)).toEqual(open(0));
  });
  test('one of two that ends is a reduction, once it shows that nothing takes its place', () => {
    const two = [term(0, 400), term(0, 340, 50, 't')];
    expect(label(two, 300, 375)).toEqual([40, 'reduced', 370]);
    expect(label([...two, term(350, 900, 50, 'u')], 300, 380)).toEqual([50, 'renewed', 350]);
  });
  test('looks every 30 days while a subscription is in force', () => {
    const at = landmarks(source([term(0, 100)]), churn, 'a', day(400)).map(({ asOf }) => (asOf - T0) / DAY);
    expect(at).toEqual([0, 30, 60, 90]);
  });
});

describe('a customer without contract', () => {
  test('is in question from the second order on, until silent for the days of the settings', () => {
    const facts = [order(0), order(20)];
    expect([-1, 10, 20, 199, 200].map((at) => stateOf(facts, at))).toEqual(['absent', 'outside', 'open', 'open', 'ended']); // biome-ignore format: one check
  });
  test('left = no order within 180 days, known when they have passed; else the next order', () => {
    expect(label([order(0), order(20)], 30, 209)).toEqual(open(179));
    expect(label([order(0), order(20)], 30, 300)).toEqual([180, 'left', 210]);
    expect(label([order(0), order(20), order(100)], 30, 300)).toEqual([70, 'ordered', 100]);
    expect(label([order(0), order(20), order(100, 250)], 30, 240)).toEqual([180, 'left', 210]);
    expect(label([order(0), order(20), order(215)], 30, 300)).toEqual([180, 'left', 210]);
  });
});

test('what is learned after the end changes no look and no label before it', () => {
  fc.assert(
    fc.property(anyWorld, anyInstant, anyInstant, (random, asOf, until) => {
      const known = sourceOf({ ...random, told: random.told.filter(({ fact }) => fact.knownAt < until) });
      const upTo = sourceOf({ ...random, told: random.told.filter(({ fact }) => fact.knownAt <= until) });
      const whole = sourceOf(random);
      for (const id of whole.ids('account')) {
        const looks = landmarks(whole, churn, id, until);
        expect(landmarks(known, churn, id, until)).toEqual(looks);
        for (const look of looks) expect(churn.state(world(whole, look.asOf).past('account', id)).is).toBe('open');
        const one = [{ id, asOf }];
        expect(outcomesOf(upTo, churn, one, until)).toEqual(outcomesOf(whole, churn, one, until));
      }
    }),
    { seed: testSeed, numRuns: 100 },
  );
});

test('leaving, read naively: a day-by-day walk finds the same end', () => {
  const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 200 })), { minLength: 1, maxLength: 5 }); // biome-ignore format: one generator
  fc.assert(
    fc.property(spans, fc.integer({ min: 0, max: 300 }), (given, asOf) => {
      const facts = given.map(([start, length], i) => term(start, start + length, 100, `s${i}`));
      const covered = (at: number) => given.some(([start, length]) => start <= at && at < start + length);
      fc.pre(covered(asOf));
      // The last covered day before 30 uncovered ones.
      let end = asOf;
      for (let at = asOf; at <= end + 30; at++) if (covered(at)) end = at + 1;
      const past = world(source(facts), day(asOf)).past('account', 'a');
      const all = outcomesOf(source(facts), churn, [{ id: 'a', asOf: day(asOf) }], day(2000))[0]!;
      expect(all.cause).toBeDefined(); // something always happens by then
      if (all.cause!.positive) expect(all.timeDays).toBe(end - asOf);
      else expect(all.timeDays).toBeLessThan(end - asOf);
      expect(churn.state(past).is).toBe('open');
    }),
    { seed: testSeed, numRuns: 300 },
  );
});
