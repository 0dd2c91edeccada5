import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { company, companySettings } from '../../../src/company.ts';
import { memorySource, type Told } from '../../../src/facts.ts';
import type { Fact } from '../../../src/records.ts';
import { landmarks } from '../../../src/subjects/landmarks.ts';
import { lead } from '../../../src/subjects/lead.ts';
import { outcomesOf } from '../../../src/subjects/outcomes.ts';
import { DAY } from '../../../src/time.ts';
import { type FactSource, world } from '../../../src/world.ts';
import { anyInstant, anyWorld, sourceOf, testSeed } from '../../arbitraries.ts';

const T0 = Date.UTC(2026, 0, 5);
const day = (days: number) => T0 + days * DAY;
let serial = 0;
const told = (kind: Fact['kind'], at: number, fields: object = {}, known = at): Told => ({
  fact: { kind, id: `${kind}:${serial++}`, at: day(at), knownAt: day(known), ...fields } as unknown as Fact,
  about: { lead: 'l' },
});
const created = (at: number, known = at) => told('lead', at, { source: null, campaign: null, country: null, title: null }, known); // biome-ignore format: one fact
const status = (at: number, value: string, known = at) => told('change', at, { field: 'status', old: null, value, by: null }, known); // biome-ignore format: one fact
const converted = (at: number, known = at) => told('converted', at, { dealId: 'd' }, known);
const closed = (at: number, outcome: string | null, known = at) => told('leadClosed', at, { outcome }, known);
const reopened = (at: number) => told('reopened', at, { by: null });

const source = (facts: readonly Told[], given: object = {}): FactSource => memorySource(company(companySettings.parse(given)), facts); // biome-ignore format: one call
const state = (facts: readonly Told[], at: number, given: object = {}) => {
  const found = lead.state(world(source(facts, given), day(at)).past('lead', 'l'));
  return found.is === 'ended' ? found.as : found.is;
};
const looks = (facts: readonly Told[], until: number, given: object = {}) =>
  landmarks(source(facts, given), lead, 'l', day(until)).map(({ asOf }) => (asOf - T0) / DAY);
const label = (facts: readonly Told[], asOf: number, until: number, given: object = {}) => {
  const [outcome] = outcomesOf(source(facts, given), lead, [{ id: 'l', asOf: day(asOf) }], day(until));
  return [outcome!.timeDays, outcome!.cause?.name, (outcome!.knownAt - T0) / DAY];
};

describe('a lead', () => {
  test('is absent, open, converted or disqualified, as known then; taken up again it is open', () => {
    const facts = [created(0), closed(20, 'disqualified', 22), reopened(50), converted(70)];
    expect([-1, 0, 21, 22, 51, 70].map((at) => state(facts, at))).toEqual(['absent', 'open', 'open', 'disqualified', 'open', 'converted']); // biome-ignore format: one check
  });
  test('a closing time without an outcome closes nothing', () => {
    expect(state([created(0), closed(20, null)], 30)).toBe('open');
  });
  test('words of status end it where the settings say so, and only there', () => {
    const facts = [created(0), status(5, 'Working'), status(9, 'Qualified')];
    expect(state(facts, 10)).toBe('open');
    const given = { lead: { converted: ['Qualified'] } };
    expect(state(facts, 10, given)).toBe('converted');
    expect(label(facts, 0, 100, given)).toEqual([9, 'converted', 9]);
    expect(looks(facts, 100, given)).toEqual([0, 5]);
  });
  test('is looked at when created, when its status changes, every 14 days, while open', () => {
    const facts = [created(0), status(5, 'working'), converted(30)];
    expect(looks(facts, 100)).toEqual([0, 5, 14, 28]);
    expect(looks(facts, 10)).toEqual([0, 5]);
    const own = { lead: { landmarks: { days: [1], on_status_change: false, every_days: null } } };
    expect(looks(facts, 100, own)).toEqual([1]);
  });
  test('the status that an ending brought is not looked at', () => {
    expect(looks([created(0), status(20.5, 'Converted'), converted(20, 21)], 100)).toEqual([0, 14]);
  });
  test('labels: the next ending as known by then, a conversion before a disqualification of the same instant', () => {
    expect(label([created(0), converted(40)], 10, 100)).toEqual([30, 'converted', 40]);
    expect(label([created(0), converted(40)], 10, 20)).toEqual([10, undefined, Number.POSITIVE_INFINITY]);
    expect(label([created(0), closed(40, 'disqualified', 60)], 10, 50)).toEqual([40, undefined, Number.POSITIVE_INFINITY]); // biome-ignore format: one check
    expect(label([created(0), closed(40, 'disqualified'), converted(40)], 10, 100)).toEqual([30, 'converted', 40]);
    expect(label([created(0), closed(20, 'disqualified'), reopened(50), converted(70)], 55, 100)).toEqual([15, 'converted', 70]); // biome-ignore format: one check
  });
  test('what is learned after the end changes no look and no label before it', () => {
    fc.assert(
      fc.property(anyWorld, anyInstant, anyInstant, (random, asOf, until) => {
        const known = sourceOf({ ...random, told: random.told.filter(({ fact }) => fact.knownAt < until) });
        const upTo = sourceOf({ ...random, told: random.told.filter(({ fact }) => fact.knownAt <= until) });
        const whole = sourceOf(random);
        for (const id of whole.ids('lead')) {
          expect(landmarks(known, lead, id, until)).toEqual(landmarks(whole, lead, id, until));
          const one = [{ id, asOf }];
          expect(outcomesOf(upTo, lead, one, until)).toEqual(outcomesOf(whole, lead, one, until));
          const [outcome] = outcomesOf(whole, lead, one, until);
          // Read naively: the earliest ending among all facts that happened or were learned between the two instants.
          const history = whole.history('lead', id) ?? {};
          const ends = [
            ...(history.converted ?? []).map((fact) => ({ ...fact, name: 'converted' })),
            ...(history.leadClosed ?? []).flatMap((fact) => (fact.outcome ? [{ ...fact, name: fact.outcome }] : [])),
          ].filter((f) => f.at <= until && f.knownAt <= until && (f.at > asOf || f.knownAt > asOf));
          const first = Math.min(...ends.map((end) => end.at));
          const names = ends.filter((end) => end.at === first).map((end) => end.name);
          expect(outcome!.cause?.name).toBe(names.includes('converted') ? 'converted' : names[0]);
        }
      }),
      { seed: testSeed, numRuns: 100 },
    );
  });
});
