import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainSnapshot, plainWorld } from '../../benchmarks/plain/world.ts';
import { customFeatures, type Feature, featureSets, snapshot } from '../../features/index.ts';
import type { FactKind } from '../../src/records.ts';
import { DAY } from '../../src/time.ts';
import { world } from '../../src/world.ts';
import { anyInstant, anyWorld, sourceOf, testCompany, testSeed } from '../arbitraries.ts';

/** What is fast says bit by bit what the plain way says, whatever was learned late, put right or gone. */

const sets = {
  deal: [...featureSets.deal, ...customFeatures(testCompany)],
  lead: featureSets.lead,
  account: featureSets.churn,
} as const;
const KINDS: readonly FactKind[] = ['deal', 'change', 'activity', 'closed', 'order', 'subscriptionTerm', 'price'];

test.each([
  { of: 'deal', ids: ['d0', 'd1'], worlds: 25 },
  { of: 'lead', ids: ['l0', 'l1'], worlds: 6 },
  { of: 'account', ids: ['a0', 'a1'], worlds: 6 },
] as const)('snapshots of any $of equal those of the plain world', ({ of, ids, worlds }) => {
  fc.assert(
    fc.property(anyWorld, fc.array(anyInstant, { minLength: 2, maxLength: 6 }), (random, instants) => {
      const source = sourceOf(random);
      const rows = instants.flatMap((asOf) =>
        ids.flatMap((id) => [
          { id, asOf },
          { id, asOf: asOf + DAY / 3 },
        ]),
      );
      const set: readonly Feature[] = sets[of];
      const fast = snapshot(source, set, rows, of);
      const plain = plainSnapshot(source, set, rows, of);
      if (!isDeepStrictEqual(fast, plain)) expect(fast).toEqual(plain);
    }),
    { seed: testSeed, numRuns: worlds },
  );
});

test('every question to a past has the answer of the plain one, in whatever order they are asked', () => {
  fc.assert(
    fc.property(anyWorld, fc.array(anyInstant, { minLength: 2, maxLength: 8 }), (random, instants) => {
      const source = sourceOf(random);
      for (const asOf of instants) {
        for (const [of, id] of [
          ['deal', 'd0'],
          ['account', 'a0'],
          ['lead', 'l1'],
          ['product', 'p0'],
          ['user', 'u0'],
        ] as const) {
          const [fast, plain] = [world(source, asOf).past(of, id), plainWorld(source, asOf).past(of, id)];
          for (const kind of KINDS) {
            expect(fast.last(kind)).toEqual(plain.last(kind));
            expect(fast.planned(kind)).toEqual(plain.planned(kind));
            expect(fast.within(kind, 3)).toEqual(plain.within(kind, 3));
            expect(fast.all(kind)).toEqual(plain.all(kind));
            expect(fast.viaContact(kind)).toEqual(plain.viaContact(kind));
          }
          for (const field of ['stage', 'amount', 'owner_id', 'nothing']) {
            expect(fast.value(field)).toEqual(plain.value(field));
            expect(fast.changes(field)).toEqual(plain.changes(field));
          }
          expect([fast.account?.id, fast.owner?.id, fast.lead?.id]).toEqual([
            plain.account?.id,
            plain.owner?.id,
            plain.lead?.id,
          ]);
        }
      }
    }),
    { seed: testSeed, numRuns: 15 },
  );
});
