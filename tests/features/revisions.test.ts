import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { featuresOf, hashFeatures } from '../../features/hash.ts';
import { customFeatures, type Feature, families, snapshot } from '../../features/index.ts';
import { recordFeatures } from '../../features/record.ts';
import { revisions } from '../../features/revisions.ts';
import { importBundle } from '../../src/connectors/import.ts';
import { openBundle } from '../../src/connectors/open.ts';
import type { FrameColumn } from '../../src/frame.ts';
import { openStore } from '../../src/store/open.ts';
import { DAY } from '../../src/time.ts';
import { world } from '../../src/world.ts';
import { scratch } from '../src/store/scratch.ts';

/**
 * The same records give the same values, or the revision of the family says that its code is another. Golden values are
 * of the company in `tests/golden/world.tar.gz`, which never changes. After a revision was raised, or a feature added:
 * FORESELL_RENEW=1 npx vitest run tests/features/revisions.test.ts
 */
type Family = keyof typeof revisions;
type Golden = Readonly<
  Record<string, { readonly revision: number; readonly features: Readonly<Record<string, string>> }>
>;
const GOLDEN = new URL('../golden/featureValues.json', import.meta.url);

async function values(): Promise<Golden> {
  const path = new URL('../golden/world.tar.gz', import.meta.url).pathname;
  const store = openStore(join(scratch(), 'x.db'));
  const { bundle, close } = await openBundle(path, { source: 'csv' });
  await importBundle(store, bundle, { source: 'csv', at: Date.UTC(2026, 10, 22), dryRun: false });
  close();
  const source = store.loadedSource();
  const end = store.newestKnownAt()!;
  const all: Readonly<Record<Family, readonly Feature[]>> = {
    ...families,
    custom: (['deal', 'lead', 'account'] as const).flatMap((of) => customFeatures(source.company, of)),
    record: recordFeatures,
  };
  const looks = (['deal', 'lead', 'account'] as const).map((of) => {
    const rows = [9.3, 60.7, 200.1, 420.9].flatMap((days) => world(source, end - days * DAY).ids(of).map((id) => ({ id, asOf: end - days * DAY }))); // biome-ignore format: one look
    return { of, rows };
  });
  const golden = Object.fromEntries(
    (Object.keys(revisions) as Family[]).map((family) => {
      const distinct = [...new Map(all[family].map((feature) => [feature.name, feature])).values()];
      const frames = looks.map(({ of, rows }) => snapshot(source, distinct, rows, of));
      const features = distinct.map(
        ({ name }) => [name, digest(frames.map(({ columns }) => columns.get(name)!))] as const,
      );
      return [family, { revision: revisions[family], features: Object.fromEntries(features) }];
    }),
  );
  store.close();
  return golden;
}

/** Nine digits: the last ones of a power are another engine's business. */
function digest(columns: readonly FrameColumn[]): string {
  const hash = createHash('sha256');
  for (const column of columns)
    for (let i = 0; i < (column.type === 'number' ? column.values : column.codes).length; i++) {
      const value = column.type === 'number' ? column.values[i]! : Number.NaN;
      const cell =
        column.type === 'number' ? (value === 0 ? '0' : value.toPrecision(9)) : (column.levels[column.codes[i]!] ?? '');
      hash.update(`${cell}\n`);
    }
  return hash.digest('hex').slice(0, 12);
}

test('a feature that gives other values has a raised revision', { timeout: 120_000 }, async () => {
  const now = await values();
  const before = JSON.parse(readFileSync(GOLDEN, 'utf8')) as Golden;
  const changed = Object.entries(now).flatMap(([family, { revision, features }]) => {
    const old = before[family];
    if (!old || revision > old.revision) return [];
    return Object.entries(features).flatMap(([name, value]) => (old.features[name] === undefined || old.features[name] === value ? [] : [`${family}: ${name}`])); // biome-ignore format: one look
  });
  expect(changed, 'other values for the same records: raise the revision of the family in features/revisions.ts, then renew').toEqual([]); // biome-ignore format: one sentence
  if (process.env['FORESELL_RENEW']) writeFileSync(GOLDEN, `${JSON.stringify(now, null, 1)}\n`);
  else expect(now, 'renew the golden values: FORESELL_RENEW=1').toEqual(before);
});

test('a raised revision makes another hash for the models that read the family, and 1 says nothing', () => {
  const company = openedCompany();
  const [deal, lead] = [featuresOf('deal', company), featuresOf('lead', company)];
  const hashes = (code: typeof revisions) => [hashFeatures(deal, code), hashFeatures(lead, code)];
  const [dealBefore, leadBefore] = hashes(revisions);
  const [dealAfter, leadAfter] = hashes({ ...revisions, pricing: revisions.pricing + 1 });
  expect(dealAfter).not.toBe(dealBefore);
  expect(leadAfter).toBe(leadBefore);
  const [dealRecord, leadRecord] = hashes({ ...revisions, record: revisions.record + 1 });
  expect([dealRecord !== dealBefore, leadRecord !== leadBefore]).toEqual([true, true]);
  expect(hashFeatures(deal.slice(0, 1), revisions)).toMatch(/^[0-9a-f]{16}$/);
});

function openedCompany() {
  const store = openStore(join(scratch(), 'x.db'));
  try {
    return store.company();
  } finally {
    store.close();
  }
}
