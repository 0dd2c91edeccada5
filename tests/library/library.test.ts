import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { isRefusal } from '../../api/engine.ts';
import { type OpenedEngine, openEngine, type Score } from '../../bin/library.ts';
import { readOwn } from '../../bin/own.ts';
import { snapshot } from '../../features/index.ts';
import { rowsOf } from '../../src/frame.ts';
import { anyInstant, anyTold, anyWorld, sourceOf, testSeed } from '../arbitraries.ts';
import { foresellFromSources } from '../cli/run.ts';
import { writeFolder } from '../src/connectors/folders.ts';
import { NOW, visitingCompany } from './company.ts';

/** A worked example: `example/` holds what a company adds in code, as it stands beside a real database. */
const config = new URL('./example/foresell.yaml', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'foresell-library-'));
const db = join(folder, 'company.db');
const opened: OpenedEngine[] = [];
const open = async (options: Partial<Parameters<typeof openEngine>[0]> = {}) => {
  const engine = await openEngine({ db, now: () => NOW, ...options });
  opened.push(engine);
  return engine;
};
const scored = (items: ReturnType<OpenedEngine['score']>) => items.filter((item): item is Score => !isRefusal(item));
const likeliest = (items: ReturnType<OpenedEngine['score']>) =>
  scored(items).reduce((a, b) => (b.probability > a.probability ? b : a));
afterAll(() => {
  for (const engine of opened) engine.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a company with a feature and a label of its own', () => {
  let engine: OpenedEngine;
  let trained: Awaited<ReturnType<OpenedEngine['train']>>;
  beforeAll(async () => {
    engine = await open({ config });
    const { total } = await engine.import(writeFolder(join(folder, 'export'), visitingCompany(11)), { at: NOW });
    expect(total.rejected).toBe(0);
    trained = await engine.train({ model: 'deal', profile: 'fast' });
  });

  test('its feature is trained on, and reasons name it in both languages', () => {
    expect(trained.header.features.map(({ name }) => name)).toContain('site_visit_count');
    expect(trained.header.lowSkill).toBe(false);
    const first = likeliest(engine.score());
    const text = (language: 'en' | 'th') => engine.describe(first, language).reasons[0]!.text;
    expect(text('en')).toBe('Visits to the site: 1 (usual 0, mostly 0 to 1)');
    expect(text('th')).toContain('การเยี่ยมชมหน้างาน');
    expect(engine.describe(first, 'en').reasons[0]!.contribution).toBeGreaterThan(0);
  });

  test('what it tells apart nothing else does: the likely ones are those that were visited', async () => {
    const frame = await engine.frame({ model: 'deal' });
    const visits = frame.columns.get('site_visit_count');
    if (visits?.type !== 'number') throw new Error('expected a column of numbers');
    const mean = (visited: boolean) => {
      const p = scored(engine.score({ ids: frame.ids, reasons: 0 })).flatMap(({ probability }, row) => (visits.values[row]! > 0 === visited ? [probability] : [])); // biome-ignore format: one list
      return p.reduce((sum, each) => sum + each, 0) / p.length;
    };
    console.info(`won, of the visited: ${mean(true).toFixed(2)}; of the others: ${mean(false).toFixed(2)}`);
    expect(mean(true)).toBeGreaterThan(mean(false) + 0.3);
  });

  test('its label is a model: trained, scored, listed, over HTTP too', async () => {
    const { header, verdict } = await engine.train({ model: 'quoted', profile: 'fast' });
    expect(verdict.promote).toBe(true);
    expect(header.causes).toEqual([
      { name: 'quoted', positive: true },
      { name: 'unquoted', positive: false },
    ]);
    expect(header.withinDays).toBe(30);
    expect(header.features.map(({ name }) => name)).toContain('site_visit_count');

    const scores = scored(engine.score({ model: 'quoted' }));
    expect(scores.length).toBeGreaterThan(0);
    for (const { outcome, withinDays, probability } of scores) {
      expect({ outcome, withinDays }).toEqual({ outcome: 'quoted', withinDays: 30 });
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThan(1);
    }
    // Open deals that have a quote are not asked: the label's own state says so.
    expect(scores.length).toBeLessThan(engine.score({ model: 'deal', reasons: 0 }).length);
    expect(engine.scores('quoted').items.map(({ id }) => id).sort()).toEqual(scores.map(({ id }) => id).sort()); // biome-ignore format: one check
    expect(rowsOf(await engine.frame({ model: 'quoted' }))).toBe(scores.length);

    const app = createApp(engine.engine, { now: () => NOW });
    const ask = (path: string) => app.request(`http://127.0.0.1:3000${path}`, { headers: { host: '127.0.0.1:3000' } });
    const answer = (await (await ask('/v1/scores/quoted')).json()) as { readonly items: readonly unknown[] };
    expect(answer.items).toHaveLength(scores.length);
    const unknown = await ask('/v1/scores/upsold');
    expect([unknown.status, await unknown.json()]).toMatchObject([
      404,
      { code: 'model-unknown', detail: 'no model "upsold"; there is deal, lead, churn, quoted' },
    ]);
  });

  test('a command reads the same files; without them what was trained with them is refused', async () => {
    const run = foresellFromSources(['score', '--model', 'quoted', '--all', '--json', '--quiet', '--db', db, '--config', config, '--as-of', new Date(NOW).toISOString()]); // biome-ignore format: one run
    expect([run.code, run.err]).toEqual([0, '']);
    const ids = run.out.trim().split('\n').map((line) => (JSON.parse(line) as { readonly id: string }).id); // biome-ignore format: one list
    expect(ids).toEqual(scored(engine.score({ model: 'quoted' })).map(({ id }) => id));

    const plain = await open();
    expect(() => plain.score()).toThrow(/trained on other features.*foresell train --model deal/);
    expect(() => plain.score({ model: 'quoted' })).toThrow(/no model "quoted"/);
  });

  test('forecasts and times', () => {
    const { period, deals } = engine.forecast({ period: '2026-Q1' });
    expect(period.label).toBe('2026-Q1');
    expect(deals.length).toBeGreaterThan(0); // those that have an amount
    expect(() => engine.score({ asOf: 'yesterday' })).toThrow(/"yesterday" is no time; expected ISO 8601/);
    expect(() => engine.score({ asOf: new Date(NOW + 1e9) })).toThrow(/is in the future/);
  });
});

test('random futures change nothing that its features say', async () => {
  const { features } = await readOwn({ db, config });
  fc.assert(
    fc.property(anyWorld, anyInstant, fc.array(anyTold, { maxLength: 5 }), (random, asOf, told) => {
      const look = (facts: typeof random.told) =>
        snapshot(sourceOf({ ...random, told: facts }), features, [{ id: 'd0', asOf }, { id: 'd1', asOf }], 'deal'); // biome-ignore format: one call
      const later = told.map(({ fact, about }) => ({
        about,
        fact: { ...fact, knownAt: Math.max(fact.knownAt, asOf + 1 + (fact.at % 1000)) },
      }));
      const before = look(random.told);
      expect(look([...random.told, ...later])).toEqual(before);
      expect(look(random.told.filter(({ fact }) => fact.knownAt <= asOf))).toEqual(before);
    }),
    { seed: testSeed, numRuns: 100 },
  );
});

describe('what cannot be loaded says which file, and what to do', () => {
  const good = `{ of: 'deal', name: 'x_count', type: 'number', unit: 'count', says: 'x', label: { en: 'x', th: 'x' }, idea: 'x', compute: () => 1 }`;
  const label = `{ name: 'x', of: 'deal', withinDays: 30, ending: () => undefined }`;
  let serial = 0;
  const load = async (yaml: string, files: Readonly<Record<string, string>> = {}) => {
    const place = writeFolder(join(folder, `own-${serial++}`), { 'foresell.yaml': yaml, ...files });
    return readOwn({ db: join(place, 'any.db') });
  };
  const ofFeature = (text: string) => load('features: [./own.mjs]', { 'own.mjs': text });
  const ofLabel = (text: string) => load('labels: [./own.mjs]', { 'own.mjs': text });

  test('nothing where there is no file, or nothing in it', async () => {
    const nothing = { features: [], subjects: [] };
    expect(await readOwn({ db: join(folder, 'nowhere', 'x.db') })).toEqual(nothing);
    expect(await load('')).toEqual(nothing);
  });
  test('alone, in lists, beside helpers: each once', async () => {
    const { features } = await ofFeature(`export const x = ${good};\nexport const all = [x];\nexport default all;\nexport const helper = () => 1; export const days = 7;`); // biome-ignore format: one file
    expect(features.map(({ name }) => name)).toEqual(['x_count']);
    expect((await ofLabel(`export default [${label}]`)).subjects.map(({ model }) => model)).toEqual(['x']);
  });
  test.each([
    {
      name: 'another key',
      at: () => load('time_zone: Asia/Bangkok'),
      code: 'config-invalid',
      says: /features and labels.*company\.json/,
    },
    { name: 'no YAML', at: () => load('features: [', {}), code: 'config-invalid', says: /is not YAML/ },
    {
      name: 'a config that is not there',
      at: () => readOwn({ db, config: './no.yaml' }),
      code: 'config-missing',
      says: /no\.yaml/,
    },
    {
      name: 'a file that is not there',
      at: () => load('features: [./gone.mjs]'),
      code: 'own-missing',
      says: /gone\.mjs, which is not there/,
    },
    {
      name: 'a file of another kind',
      at: () => load('features: [./x.json]'),
      code: 'own-missing',
      says: /ending in \.js, \.mjs, \.ts/,
    },
    {
      name: 'a file that throws',
      at: () => ofFeature('throw new Error("no luck")'),
      code: 'own-failed',
      says: /own\.mjs does not load: no luck/,
    },
    {
      name: 'a file without features',
      at: () => ofFeature('export const x = 1'),
      code: 'own-empty',
      says: /exports no feature; expected: export const x = defineFeature/,
    },
    {
      name: 'a feature without Thai',
      at: () => ofFeature(`export const x = { ...${good}, label: { en: 'x' } }`),
      code: 'feature-invalid',
      says: /feature "x_count": label\.th/,
    },
    {
      name: 'a feature of nobody',
      at: () => ofFeature(`export const x = { ...${good}, of: 'user' }`),
      code: 'feature-invalid',
      says: /feature "x_count": of/,
    },
    {
      name: 'a name of the built-in',
      at: () => ofFeature(`export const x = { ...${good}, name: 'deal_age_days' }`),
      code: 'feature-taken',
      says: /already a feature of every deal/,
    },
    {
      name: 'one name twice',
      at: () => ofFeature(`export const x = ${good}; export const y = { ...x }`),
      code: 'feature-taken',
      says: /twice among your own/,
    },
    {
      name: 'a label that is a model',
      at: () => ofLabel(`export const x = { ...${label}, name: 'churn' }`),
      code: 'label-invalid',
      says: /label "churn": that name is taken/,
    },
    {
      name: 'a label without days',
      at: () => ofLabel(`export const x = { ...${label}, withinDays: 0 }`),
      code: 'label-invalid',
      says: /withinDays is 0/,
    },
    {
      name: 'a label of nobody',
      at: () => ofLabel(`export const x = { ...${label}, of: 'team' }`),
      code: 'label-invalid',
      says: /expected deal, lead or account/,
    },
    {
      name: 'one label twice',
      at: () => ofLabel(`export const x = ${label}; export const y = { ...x }`),
      code: 'label-twice',
      says: /label "x" is there twice/,
    },
  ])('$name', async ({ at, code, says }) => {
    // biome-ignore format: a table
    await expect(at()).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
  });

  test.each([
    { does: `() => { throw new Error('odd') }`, says: /feature "x_count" failed \(odd\) for deal "d0" as of/ },
    { does: `() => undefined`, says: /gave undefined, expected a finite number, or NaN where it is missing/ },
    { does: `() => Infinity`, says: /gave Infinity/ },
  ])('a feature that gives no value: $does', async ({ does, says }) => {
    const { features } = await ofFeature(`export const x = { ...${good}, compute: ${does} }`);
    const source = sourceOf({ told: [], rates: [] });
    expect(() => snapshot(source, features, [{ id: 'd0', asOf: NOW }])).toThrow(says);
  });

  test('a command stops with it; keys can still be revoked', () => {
    const place = writeFolder(join(folder, 'broken'), { 'foresell.yaml': 'features: [./gone.mjs]' });
    writeFileSync(join(place, 'company.db'), '');
    const run = foresellFromSources(['score', '--all', '--db', join(place, 'company.db')]);
    expect([run.code, run.err]).toEqual([2, expect.stringContaining('gone.mjs, which is not there [own-missing]')]);
    expect(foresellFromSources(['keys', 'list', '--db', join(place, 'company.db')]).code).toBe(0);
  });
});
