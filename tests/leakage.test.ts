import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normsOf } from '../benchmarks/plain/norms.ts';
import { customFeatures, type Feature, featureSets, snapshot } from '../features/index.ts';
import type { Told } from '../src/facts.ts';
import type { Frame } from '../src/frame.ts';
import type { Rate } from '../src/money-rates.ts';
import { normsFor } from '../src/norms.ts';
import { DAY, type Instant } from '../src/time.ts';
import { type FactSource, type Past, world } from '../src/world.ts';
import {
  anyInstant,
  anyRate,
  anyTold,
  anyWorld,
  type RandomWorld,
  sourceOf,
  testCompany,
  testSeed,
} from './arbitraries.ts';

/**
 * The leakage property: a snapshot at an instant, norms included, is a function of what was known by then. Whatever is
 * learned later, as new facts, as other values of facts not yet known, or as their absence, changes nothing.
 */

const sets = {
  deal: [...featureSets.deal, ...customFeatures(testCompany)],
  lead: featureSets.lead,
  account: featureSets.churn,
};
const WHO = { deal: ['d0', 'd1'], lead: ['l0', 'l1'], account: ['a0', 'a1'] };
type Of = keyof typeof WHO;
/** All of the floor of 10,000 probes in the slow tier, a quarter of it in the quick one. */
const WORLDS = process.env['FORESELL_FLOORS'] ? 500 : 125;
const PROBES = 20;

const look = (source: FactSource, features: readonly Feature[], asOf: Instant, of: Of): Frame =>
  snapshot(
    source,
    features,
    WHO[of].map((id) => ({ id, asOf })),
    of,
  );
const normsAt = (source: FactSource, asOf: Instant) => normsFor(source, asOf, (cut) => world(source, cut));
const unknownYet = ({ knownAt }: { readonly knownAt: Instant }, asOf: Instant) => knownAt > asOf;

/** Puts a fact's learning after `asOf`, at a distance that its own delay decides. */
function learnedLater(told: Told, asOf: Instant): Told {
  if (unknownYet(told.fact, asOf)) return told;
  const { goneAt: _, ...fact } = told.fact;
  return { ...told, fact: { ...fact, knownAt: asOf + 1 + (told.fact.at % 1000) * 60_000 } as Told['fact'] };
}
const rateLater = (rate: Rate, asOf: Instant): Rate =>
  unknownYet(rate, asOf) ? rate : { ...rate, knownAt: asOf + 1 + (rate.at % 1000) };

/** Ways in which the future may come out differently. */
type Probe =
  | { readonly does: 'add'; readonly told: readonly Told[] }
  | { readonly does: 'change'; readonly told: readonly Told[] }
  | { readonly does: 'remove' }
  /** What will be found gone, or is there now, stays, or goes at another time. */
  | { readonly does: 'go'; readonly days: number | undefined }
  | { readonly does: 'rate'; readonly rate: Rate };
const anyProbe: fc.Arbitrary<Probe> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('add' as const),
      told: fc.array(anyTold, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('change' as const),
      told: fc.array(anyTold, { minLength: 3, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'remove' as const }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('rate' as const), rate: anyRate }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('go' as const), days: fc.constantFrom(undefined, 0.01, 9) }) },
);

function apply(probe: Probe, { told, rates }: RandomWorld, asOf: Instant): RandomWorld {
  if (probe.does === 'add') return { told: [...told, ...probe.told.map((fact) => learnedLater(fact, asOf))], rates };
  if (probe.does === 'remove') return { told: told.filter(({ fact }) => !unknownYet(fact, asOf)), rates };
  if (probe.does === 'go') {
    const goes = told.map((old) => {
      const { goneAt, ...fact } = old.fact;
      if (goneAt !== undefined && goneAt <= asOf) return old;
      const gone = probe.days === undefined ? {} : { goneAt: Math.max(asOf, fact.knownAt) + probe.days * DAY };
      return { ...old, fact: { ...fact, ...gone } as Told['fact'] };
    });
    return { told: goes, rates };
  }
  if (probe.does === 'rate') return { told, rates: [rateLater(probe.rate, asOf), ...rates] };
  // Facts not yet known become others under the same id.
  let next = 0;
  const changed = told.map((old) => {
    const other = unknownYet(old.fact, asOf) ? probe.told[next++] : undefined;
    if (!other) return old;
    const late = learnedLater(other, asOf);
    return { ...late, fact: { ...late.fact, id: old.fact.id } };
  });
  return { told: changed, rates };
}

/** Features that look where they must not. */
const peeking = (compute: (source: FactSource, past: Past) => number) => (source: FactSource) => [
  { ...featureSets.deal.find((feature) => feature.name === 'activity_count')!, type: 'number' as const, compute: (past: Past) => compute(source, past) }, // biome-ignore format: one feature
];
const leaks = [
  {
    name: 'activities that happened but were not known',
    leak: peeking((source, past) => (source.history('deal', past.id)?.activity ?? []).filter((fact) => fact.at <= past.asOf).length), // biome-ignore format: one leak
  },
  {
    name: 'whether a product will ever be known',
    leak: peeking((source) => source.ids('product').length),
  },
  {
    name: 'norms of all time',
    leak: peeking((source) => normsOf(world(source, Number.MAX_SAFE_INTEGER)).all.won),
  },
];

/** Same value for value; toEqual only tells what differs, being too slow to ask every time. */
function same(after: unknown, before: unknown): void {
  if (!isDeepStrictEqual(after, before)) expect(after).toEqual(before);
}

/** The property for a set of features; `probes` random futures a world. */
const property = (
  features: (source: FactSource) => readonly Feature[],
  probes: number,
  done: () => void,
  of: Of = 'deal',
) =>
  fc.property(
    anyWorld,
    anyInstant,
    fc.array(anyProbe, { minLength: probes, maxLength: probes }),
    (random, asOf, futures) => {
      const source = sourceOf(random);
      const before = look(source, features(source), asOf, of);
      const norms = normsAt(source, asOf);
      same(norms, normsOf(world(source, norms.cut)));
      for (const probe of futures) {
        const other = sourceOf(apply(probe, random, asOf));
        same(look(other, features(other), asOf, of), before);
        same(normsAt(other, asOf), norms);
        done();
      }
    },
  );

describe('leakage', () => {
  test.each([
    { of: 'deal', worlds: WORLDS },
    { of: 'lead', worlds: WORLDS / 5 },
    { of: 'account', worlds: WORLDS / 5 },
  ] as const)('random futures change no snapshot of any $of and no norms', { timeout: 180_000 }, ({ of, worlds }) => {
    let probed = 0;
    const set: readonly Feature[] = sets[of];
    fc.assert(
      property(
        () => set,
        PROBES,
        () => probed++,
        of,
      ),
      { seed: testSeed, numRuns: worlds },
    );
    console.info(`leakage: ${probed} probes of ${of}s over ${worlds} worlds, seed ${testSeed}`);
    expect(probed).toBeGreaterThanOrEqual(worlds * PROBES);
  });

  test.each(leaks)('the property notices $name', ({ leak }) => {
    const found = fc.check(
      property(leak, PROBES, () => {}),
      { seed: testSeed, numRuns: 100, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});
