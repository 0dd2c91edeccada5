import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { customFeatures, type Feature, featureSets, type Look, snapshot } from '../../features/index.ts';
import { cellOf, type Frame } from '../../src/frame.ts';
import { dealState } from '../../src/subjects/deal.ts';
import { DAY } from '../../src/time.ts';
import { type FactSource, world } from '../../src/world.ts';
import { anyInstant, anyWorld, sourceOf, testCompany, testSeed } from '../arbitraries.ts';

const everything: readonly Feature[] = [
  ...new Set([...Object.values(featureSets).flat(), ...customFeatures(testCompany)]),
];

describe('every feature', () => {
  test('has a name of its own, in the derived form', () => {
    const names = everything.map((feature) => feature.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9_]+$/);
  });

  test('says what it measures, in English and Thai, and belongs to an idea', () => {
    for (const feature of Object.values(featureSets).flat()) {
      expect(feature.says, feature.name).toMatch(/^[A-Z].*\.$/);
      expect(feature.label.en, feature.name).toMatch(/^[A-Za-z]/);
      expect(feature.label.th, feature.name).toMatch(/[\u0E01-\u0E5B]/);
      expect(feature.idea, feature.name).not.toBe('');
    }
  });

  test('those that the bins of the deal model read are there by name', () => {
    const names = featureSets.deal.map((feature) => feature.name);
    expect(names).toEqual(
      expect.arrayContaining(['expected_close_in_days', 'stage_current', 'deal_age_days', 'amount_current']),
    );
  });
});

/** Different values seen, missing not counted. */
function variety(frame: Frame, name: string, into: Set<number | string>): void {
  const column = frame.columns.get(name)!;
  for (let i = 0; i < frame.ids.length; i++) {
    const cell = cellOf(column, i);
    if (cell !== null) into.add(cell);
  }
}
function unvaried(frames: readonly Frame[], set: readonly Feature[]): string[] {
  return set
    .filter(({ name }) => {
      const seen = new Set<number | string>();
      for (const frame of frames) variety(frame, name, seen);
      return seen.size < 2;
    })
    .map(({ name }) => name);
}

describe('features vary', () => {
  const worlds = fc.sample(fc.tuple(anyWorld, anyInstant), { seed: testSeed, numRuns: 600 });
  test.each([
    { set: 'deal', of: 'deal', ids: ['d0', 'd1', 'd2', 'd3'], also: customFeatures(testCompany) },
    { set: 'lead', of: 'lead', ids: ['l0', 'l1'], also: [] },
    { set: 'churn', of: 'account', ids: ['a0', 'a1'], also: [] },
  ] as const)(
    'those of the $set set, over random worlds; and are finite or missing',
    { timeout: 60_000 },
    ({ set, of, ids, also }) => {
      const features: readonly Feature[] = [...featureSets[set], ...also];
      const frames = worlds.map(([random, asOf]) =>
        snapshot(
          sourceOf(random),
          features,
          // And more than a year later, when there is a season to speak of.
          [asOf, asOf + 400 * DAY].flatMap((at) => ids.map((id) => ({ id, asOf: at }))),
          of,
        ),
      );
      expect(unvaried(frames, features)).toEqual([]);
      for (const frame of frames)
        for (const [name, column] of frame.columns)
          if (column.type === 'number')
            expect(
              [...column.values].filter((value) => Math.abs(value) === Number.POSITIVE_INFINITY),
              name,
            ).toEqual([]);
    },
  );

  test('all but those that it cannot show, over the simulated company', { timeout: 60_000 }, () => {
    const source = simulatedSource(simulate({ deals: 250, seed: 11 }));
    const frame = snapshot(source, featureSets.deal, openMonthly(source));
    expect(frame.ids.length).toBeGreaterThan(200);
    // It has one pipeline, and its deals come without leads; in a small one no rep leaves, so that nobody takes over;
    // its reps all have one role and began long before; quotes add up to the amount, stock has no history, and no order is cancelled.
    const excused = ['deal_pipeline', 'lead_source', 'lead_title_class', 'owner_change_count', 'owner_held_days', 'user_count', 'owner_age_days', 'owner_role', 'quote_amount_ratio_last', 'stock_cover_ratio_last', 'campaign_responded_count_365d', 'order_cancelled_ratio_365d']; // biome-ignore format: a row
    expect(unvaried([frame], featureSets.deal).filter((name) => !excused.includes(name))).toEqual([]);
  });
});

/** Open deals at the end of each of the last 12 thirty-day stretches of a source. */
function openMonthly(source: FactSource): Look[] {
  const newest = Math.max(...source.ids('deal').map((id) => source.history('deal', id)!.deal![0]!.at));
  return Array.from({ length: 12 }, (_, month) => newest - month * 30.3 * DAY).flatMap((asOf) => {
    const now = world(source, asOf);
    const open = now.ids('deal').filter((id) => dealState(now.past('deal', id)) === 'open');
    return open.map((id) => ({ id, asOf }));
  });
}

test('a company without activities, quotes, orders or leads gets missing columns, not errors', () => {
  const about = { deal: 'd', account: 'a' };
  const at = Date.UTC(2025, 2, 3);
  const bare = sourceOf({
    rates: [],
    told: [
      {
        fact: { kind: 'deal', id: 'deal:d', at, knownAt: at, dealId: 'd', accountId: null, leadId: null, pipeline: null, currency: null }, // biome-ignore format: one fact
        about,
      },
    ],
  });
  const frame = snapshot(bare, featureSets.deal, [
    { id: 'd', asOf: at + DAY },
    { id: 'nobody', asOf: at + DAY },
  ]);
  const cells = (name: string) => [0, 1].map((i) => cellOf(frame.columns.get(name)!, i));
  expect(cells('deal_age_days')).toEqual([1, null]);
  expect(cells('inbound_age_days')).toEqual([null, null]);
  expect(cells('stage_current')).toEqual([null, null]);
  expect(cells('account_won_count_365d')).toEqual([null, null]);
  expect(cells('activity_count_30d')).toEqual([0, 0]);
});
