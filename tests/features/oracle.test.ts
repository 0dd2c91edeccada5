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

const isTold = ({ knownAt, goneAt }: Fact, asOf: number) =>
  knownAt <= asOf && !(goneAt !== undefined && goneAt <= asOf);
const seen = <K extends Fact['kind']>(facts: readonly Fact[], kind: K, asOf: number) =>
  facts.filter((fact): fact is Kind<K> => fact.kind === kind && fact.at <= asOf && isTold(fact, asOf));
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
const decayedOf =
  (direction: 'in' | 'out', halfLife: number): Oracle =>
  (facts, asOf) => {
    let sum = 0;
    for (const fact of seen(facts, 'activity', asOf))
      if (fact.direction === direction) sum += Math.exp((-Math.LN2 * (asOf - fact.at)) / DAY / halfLife);
    return sum;
  };
const factsOf =
  (kind: Fact['kind'], days: number): Oracle =>
  (facts, asOf) =>
    seen(facts, kind, asOf).filter((fact) => asOf - fact.at < days * DAY).length;
const talk: Readonly<Record<string, Oracle>> = {
  activity_count_30d: countOf(30, () => true),
  email_out_count_14d: countOf(14, (fact) => fact.channel === 'email' && fact.direction === 'out'),
  chat_in_count_90d: countOf(90, (fact) => fact.channel === 'chat' && fact.direction === 'in'),
  call_out_count_7d: countOf(7, (fact) => fact.channel === 'call' && fact.direction === 'out'),
  meeting_count_90d: countOf(90, (fact) => fact.channel === 'meeting'),
  inbound_decayed_3d: decayedOf('in', 3),
  outbound_decayed_45d: decayedOf('out', 45),
};
const ofAccounts: Readonly<Record<string, Oracle>> = {
  campaign_sent_count_90d: factsOf('campaignSent', 90),
  campaign_clicked_count_90d: factsOf('campaignClicked', 90),
  order_count_365d: factsOf('order', 365),
  consent_withdrawn_count_365d: factsOf('consentWithdrawn', 365),
  usage_30d: (facts, asOf) => {
    const uses = seen(facts, 'usage', asOf);
    if (uses.length === 0) return null;
    let sum = 0;
    for (const use of uses) if (asOf - use.at < 30 * DAY) sum += use.quantity ?? 0;
    return sum;
  },
  csat_mean_365d: (facts, asOf) => {
    const given: number[] = [];
    for (const { at, csat } of seen(facts, 'ticketClosed', asOf))
      if (asOf - at < 365 * DAY && csat !== null) given.push(csat);
    return given.length ? given.reduce((sum, score) => sum + score, 0) / given.length : null;
  },
};
const ofDeals: Readonly<Record<string, Oracle>> = {
  activity_count_7d: countOf(7, () => true),
  activity_count_30d: countOf(30, () => true),
  email_in_count_30d: countOf(30, (fact) => fact.channel === 'email' && fact.direction === 'in'),
  call_count_7d: countOf(7, (fact) => fact.channel === 'call'),
  inbound_age_days: ageOf('in'),
  outbound_age_days: ageOf('out'),
  inbound_decayed_14d: decayedOf('in', 14),
  contact_count_90d: (facts, asOf) => {
    const met: string[] = [];
    for (const { at, contactId } of seen(facts, 'activity', asOf))
      if (at > asOf - 90 * DAY && contactId && !met.includes(contactId)) met.push(contactId);
    return met.length;
  },
  meeting_planned_count: (facts, asOf) => {
    let n = 0;
    for (const fact of facts)
      if (fact.kind === 'activity' && fact.channel === 'meeting' && fact.at > asOf && isTold(fact, asOf)) n++;
    return n;
  },
  quote_count: (facts, asOf) => {
    const quotes: string[] = [];
    for (const { quoteId } of seen(facts, 'quoteLine', asOf)) if (!quotes.includes(quoteId)) quotes.push(quoteId);
    return quotes.length;
  },
};
const about = ({ told }: RandomWorld, of: 'deal' | 'lead' | 'account', id: string): Fact[] =>
  told.filter((one) => one.about[of] === id).map(({ fact }) => fact);

const { campaign_sent_count_90d, campaign_clicked_count_90d, ...notOfLeads } = ofAccounts;
test.each([
  { of: 'deal', ids: ['d0', 'd1', 'd2', 'd3'], features: featureSets.deal, oracles: { ...talk, ...ofDeals } },
  { of: 'lead', ids: ['l0', 'l1'], features: featureSets.lead, oracles: { ...talk, campaign_sent_count_90d, campaign_clicked_count_90d } }, // biome-ignore format: a row
  { of: 'account', ids: ['a0', 'a1'], features: featureSets.churn, oracles: { ...talk, ...notOfLeads, campaign_sent_count_90d, campaign_clicked_count_90d } }, // biome-ignore format: a row
] as const)('windowed features of a $of are what plain loops over the facts give', { timeout: 60_000 }, (asked) => {
  const { of, ids, features } = asked;
  const oracles: Readonly<Record<string, Oracle>> = asked.oracles;
  const set = features.filter((feature) => feature.name in oracles);
  expect(set.length).toBe(Object.keys(oracles).length);
  fc.assert(
    fc.property(anyWorld, fc.array(anyInstant, { minLength: 4, maxLength: 4 }), (any, instants) => {
      // What only names a contact reaches its account's deals: see contactOnly.test.ts.
      const random = { ...any, told: any.told.filter(({ fact }) => !('viaContact' in fact)) };
      const rows = instants.flatMap((asOf) => ids.map((id) => ({ id, asOf })));
      const frame = snapshot(sourceOf(random), set, rows, of);
      for (const { name } of set) {
        rows.forEach(({ id, asOf }, i) => {
          const expected = oracles[name]!(about(random, of, id), asOf);
          const got = cellOf(frame.columns.get(name)!, i);
          if (expected === null) expect(got, name).toBeNull();
          else expect(got, name).toBeCloseTo(expected, 9);
        });
      }
    }),
    { seed: testSeed, numRuns: 40 },
  );
  console.info(`oracle: seed ${testSeed}`);
});
