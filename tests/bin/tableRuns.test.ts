import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { differenceOf, printedDifference } from '../../bin/runs/difference.ts';
import type { FitAsk } from '../../bin/table/fitFile.ts';
import { comparedRun, findRun, recordedFit, runsFileIn, runsIn } from '../../bin/table/runs.ts';
import { leads, writeTable } from '../training/tables/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresell-table-runs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const data = writeTable(folder, 'leads.csv', leads(40));
const ask: FitAsk = { data, header: true, target: 'converted', id: 'lead', drop: ['months', 'grade', 'spent'], keep: [], text: [], categories: [], profile: 'fast', seed: 1 }; // biome-ignore format: one record
const out = join(folder, 'leads.model');
const learn = (changed: Partial<FitAsk>, keep: () => void = () => {}) =>
  recordedFit({ ...ask, ...changed }, out, () => {}, () => {}, keep); // biome-ignore format: one call

test('every fit is remembered, is the same again with the same file and seed, and is compared with another', async () => {
  expect(() => runsIn(folder)).toThrow(/no training/);
  const first = await learn({});
  const again = await learn({});
  const fewer = await learn({ drop: [...ask.drop, 'opened'] });
  expect([first.run, again.run, fewer.run]).toEqual(['r1', 'r2', 'r3']);
  const runs = runsIn(folder);
  expect(runs.map(({ run }) => run)).toEqual(['r3', 'r2', 'r1']);
  const [, second, one] = runs;
  expect(second!.result!.weights).toBe(one!.result!.weights);
  expect(one).toMatchObject({ file: { rows: 40, columns: 8 }, error: null, ask: { seed: 1, target: 'converted' } });
  expect(one!.code.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(one!.timings.map(({ step }) => step)).toEqual(expect.arrayContaining(['inferring types', 'learning']));
  expect(findRun(runs, first.fitted.model.version.slice(0, 8)).run).toBe('r2');
  const same = differenceOf(comparedRun(one!), comparedRun(second!));
  expect(same).toMatchObject({ sameWeights: true, sameData: true, configuration: [] });
  const other = differenceOf(comparedRun(one!), comparedRun(runs[0]!));
  expect(other).toMatchObject({ sameWeights: false, sameData: true, features: { added: [] } });
  expect(other.features.removed).toContain('opened age days');
  expect(other.configuration.map(({ what }) => what)).toEqual(['drop']);
  expect(other.metrics.map(({ figure }) => figure)).toEqual(
    expect.arrayContaining(['logLoss', 'logLoss of base rate']),
  );
  expect(printedDifference(other)).toContain('months, grade, spent, opened');
}, 60_000);

test('a fit that failed once its file was read is remembered with its error; a wrong request is not', async () => {
  const before = runsIn(folder).length;
  await expect(learn({ target: 'months', task: 'binary' })).rejects.toMatchObject({ code: 'target-not-binary' });
  expect(runsIn(folder)[0]).toMatchObject({ result: null, error: { code: 'target-not-binary' } });
  await expect(learn({ data: join(folder, 'none.csv') })).rejects.toMatchObject({ code: 'file-unreadable' });
  expect(runsIn(folder)).toHaveLength(before + 1);
  expect(() => findRun(runsIn(folder), 'r99')).toThrow(/no run r99/);
  const path = runsFileIn(folder);
  const text = readFileSync(path, 'utf8');
  appendFileSync(path, '{"format":2}\n');
  expect(() => runsIn(folder)).toThrow(/line \d+: not a run of format 1/);
  writeFileSync(path, text);
});
