import fc from 'fast-check';
import { expect, test } from 'vitest';
import { featureSets, snapshot } from '../../features/index.ts';
import { cellOf } from '../../src/frame.ts';
import type { Fact } from '../../src/records.ts';
import { DAY } from '../../src/time.ts';
import { anyInstant, anyWorld, type RandomWorld, sourceOf, testSeed } from '../arbitraries.ts';

/** What windowed features mean, said by plain loops over the bare facts: nothing of `Past` is used here. */
type Oracle = (facts: readonly Fact[], asOf: number) => number | null;
type Kind<K extends Fact['kind']> = Extract<Fact, { readonly kind: K }>;

const seen = <K extends Fact['kind']>(facts: readonly Fact[], kind: K, asOf: number) =>
  facts.filter((fact): fact is Kind<K> => fact.kind === kind && fact.at <= asOf && fact.knownAt <= asOf);
const countOf =
  (days: number, keep: (activity: Kind<'activity'>) => boolean): Oracle =>
  (facts, asOf) => {
    let n = 0;
    for (const fact of seen(facts, 'activity', asOf)) if (fact.at > asOf - days * DAY && keep(fact)) n++;
    return n;
  };
const ageOf =
  (direction: 'in' | 'out'): Oracle =>
  (facts, asOf) => {
    let age: number | null = null;
    for (const fact of seen(facts, 'activity', asOf))
      if (fact.direction === direction) age = Math.min(age ?? Number.POSITIVE_INFINITY, (asOf - fact.at) / DAY);
    return age;
  };
const oracles: Readonly<Record<string, Oracle>> = {
  activity_count_7d: countOf(7, () => true),
  activity_count_30d: countOf(30, () => true),
  email_in_count_30d: countOf(30, (fact) => fact.channel === 'email' && fact.direction === 'in'),
  call_count_7d: countOf(7, (fact) => fact.channel === 'call'),
  inbound_age_days: ageOf('in'),
  outbound_age_days: ageOf('out'),
  inbound_decayed_14d: (facts, asOf) => {
    let sum = 0;
    for (const fact of seen(facts, 'activity', asOf))
      if (fact.direction === 'in') sum += Math.exp((-Math.LN2 * (asOf - fact.at)) / DAY / 14);
    return sum;
  },
  contact_count_90d: (facts, asOf) => {
    const met: string[] = [];
    for (const { at, contactId } of seen(facts, 'activity', asOf))
      if (at > asOf - 90 * DAY && contactId && !met.includes(contactId)) met.push(contactId);
    return met.length;
  },
  meeting_planned_count: (facts, asOf) => {
    let n = 0;
    for (const fact of facts)
      if (fact.kind === 'activity' && fact.channel === 'meeting' && fact.at > asOf && fact.knownAt <= asOf) n++;
    return n;
  },
  quote_count: (facts, asOf) => {
    const quotes: string[] = [];
    for (const { quoteId } of seen(facts, 'quoteLine', asOf)) if (!quotes.includes(quoteId)) quotes.push(quoteId);
    return quotes.length;
  },
};
const set = featureSets.deal.filter((feature) => feature.name in oracles);

const about = ({ told }: RandomWorld, deal: string): Fact[] =>
  told.filter((one) => one.about.deal === deal).map(({ fact }) => fact);

test('windowed features are what plain loops over the facts give', { timeout: 60_000 }, () => {
  expect(set.length).toBe(Object.keys(oracles).length);
  fc.assert(
    fc.property(anyWorld, fc.array(anyInstant, { minLength: 4, maxLength: 4 }), (random, instants) => {
      const rows = instants.flatMap((asOf) => ['d0', 'd1', 'd2', 'd3'].map((id) => ({ id, asOf })));
      const frame = snapshot(sourceOf(random), set, rows);
      for (const { name } of set) {
        rows.forEach(({ id, asOf }, i) => {
          const expected = oracles[name]!(about(random, id), asOf);
          const got = cellOf(frame.columns.get(name)!, i);
          if (expected === null) expect(got, name).toBeNull();
          else expect(got, name).toBeCloseTo(expected, 9);
        });
      }
    }),
    { seed: testSeed, numRuns: 60 },
  );
  console.info(`oracle: seed ${testSeed}`);
});
