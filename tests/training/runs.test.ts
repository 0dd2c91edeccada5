import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf } from '../../bin/report/content.ts';
import { reportHtml } from '../../bin/report/report.ts';
import { differenceOf, printedDifference } from '../../bin/runs/difference.ts';
import { sideOf } from '../../bin/runs/side.ts';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { codeVersion } from '../../src/store/codeVersion.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { DAY } from '../../src/time.ts';
import type { Evidence } from '../../training/evidence.ts';
import { open, recordOf, reproduce, runTraining } from '../../training/main.ts';
import type { RunRecord } from '../../training/runRecord.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresell-runs-'));
const sim = simulate({ deals: 70, seed: 14, scenario: 'tiny' });
const source = simulatedSource(sim);
const real = openStore(join(folder, 'x.db'));
afterAll(() => {
  real.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The registry of a real database over a simulated company's facts. */
const store: Store = new Proxy(real, {
  get: (target, name) => {
    if (name === 'loadedSource') return () => source;
    if (name === 'company') return () => source.company;
    const value: unknown = Reflect.get(target, name, target);
    return typeof value === 'function' ? (value.bind(target) as unknown) : value;
  },
});
const { end } = sim.clock;
const ask = { model: 'deal', until: end, profile: 'fast', seed: 3, now: 1 } as const;
let version: string;
beforeAll(async () => {
  version = (await runTraining(store, ask)).version;
}, 120_000);

const recordAt = (i: number): RunRecord => store.runs('deal')[i]!.record as unknown as RunRecord;

describe('what is remembered of trainings', () => {
  test('what was asked, by which code, from which data, what came of it and how long it took', () => {
    const [run] = store.runs('deal');
    expect(run).toMatchObject({ model: 'deal', outcome: 'served', version, at: 1 });
    const record = recordAt(0);
    expect(record.config).toEqual({ model: 'deal', until: end, profile: 'fast', seed: 3, changes: {} });
    expect(record.code).toEqual(codeVersion());
    expect(record.code.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(record.settings).toEqual(source.company.settings);
    const { header } = open(store, 'deal', version);
    expect(record.result).toMatchObject({ version, weights: header.tensorsHash, trained: header.trained });
    expect(record.verdict).toEqual({ promote: true, reason: 'the first version' });
    expect(record.timings.map(({ step }) => step)).toEqual(expect.arrayContaining(['reading landmarks', 'final fit']));
    expect(record.seconds).toBeGreaterThan(0);
    expect(record.peakMemoryMb).toBeGreaterThan(10);
    expect(recordOf(store.runs('deal'), version)).toEqual(record);
  });

  test('evidence is kept apart, names nobody, and agrees with the header', () => {
    const evidence = store.evidence('deal', version) as unknown as Evidence;
    const { header } = open(store, 'deal', version);
    const { judged } = evidence;
    if (judged) {
      expect(judged.of).toBe(header.metrics['model']!['everRows']);
      for (const list of [judged.event, judged.group, ...Object.values(judged.rivals), ...judged.segments.map(({ codes }) => codes)]) expect(list).toHaveLength(judged.p.length); // biome-ignore format: one check
    }
    const text = JSON.stringify(evidence);
    for (const kind of ['deal', 'account', 'user'] as const) {
      for (const id of source.ids(kind).slice(0, 50)) expect(text).not.toContain(`"${id}"`);
    }
  });

  test('trained again from the record: the same bytes, nothing stored but the run', async () => {
    const before = store.versions('deal').length;
    const again = await reproduce(store, 'deal', version, 2);
    expect(again).toMatchObject({ same: true, changed: [] });
    expect(again.weights.now).toBe(again.weights.recorded);
    expect(store.versions('deal')).toHaveLength(before);
    expect(store.runs('deal')[0]).toMatchObject({ outcome: 'same', version });
    // The record stays that of the run that made it.
    expect(recordOf(store.runs('deal'), version)!.champion).toBeNull();
  }, 120_000);

  test('one that fails is remembered with its error, and is thrown', async () => {
    const failed = runTraining(store, { ...ask, until: sim.clock.start - DAY, now: 3 });
    await expect(failed).rejects.toMatchObject({ code: 'no-outcomes' });
    expect(store.runs('deal')[0]).toMatchObject({ outcome: 'failed', version: null });
    expect(recordAt(0)).toMatchObject({ result: null, error: { code: 'no-outcomes' } });
  });

  test('a model that there is not leaves no run', async () => {
    const runs = store.runs().length;
    await expect(runTraining(store, { ...ask, model: 'renewal' })).rejects.toMatchObject({ code: 'model-unknown' });
    expect(store.runs()).toHaveLength(runs);
  });

  test('two sides: what was asked, data, features, figures and weights', async () => {
    const other = await runTraining(store, { ...ask, until: end - 40 * DAY, seed: 9, changes: { maxBins: 4 }, now: 4 });
    const difference = differenceOf(
      sideOf(store, 'deal', version),
      sideOf(store, undefined, other.version.slice(0, 14)),
    );
    expect(difference).toMatchObject({ sameWeights: false, sameData: false });
    expect(difference.configuration).toEqual(
      expect.arrayContaining([
        { what: 'seed', a: 3, b: 9 },
        { what: 'changes.maxBins', a: null, b: 4 },
      ]),
    );
    const same = differenceOf(sideOf(store, 'deal', version), sideOf(store, 'deal', 'r1'));
    expect(same).toMatchObject({ sameWeights: true, sameData: true, configuration: [], data: [] });
    expect(printedDifference(same)).toContain('asked for: the same');
    const failed = differenceOf(sideOf(store, 'deal', 'r3'), sideOf(store, 'deal', 'r1'));
    expect(failed.sameWeights).toBeNull();
    expect(() => sideOf(store, 'deal', 'r99')).toThrow(/no run r99/);
  }, 120_000);

  test('the report stands alone, in both languages, with and without what is remembered', () => {
    const found = store.versions('deal').find((v) => v.version === version)!;
    for (const language of ['en', 'th'] as const) {
      const content = contentOf(store, found, language);
      for (const of of [content, { ...content, evidence: undefined, record: undefined }]) {
        const page = reportHtml(of, language);
        expect(page).toContain(`lang="${language}"`);
        expect(page).toContain(version);
        expect(page).not.toMatch(/<script|src="|href="(?!data:)|url\(|https?:\/\//);
        expect(page).not.toMatch(/NaN|undefined|\[object/);
      }
    }
  });
});
