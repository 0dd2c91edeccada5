import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foresell } from '../cli/run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresell-cli-'));
  const made = foresell(['generate', '--out', join(folder, 'tiny'), '--scenario', 'tiny', '--no-truth', '--quiet']);
  expect(made).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every model: train all, list all, score and write the frame of each; one not trained yet says how', () => {
  const fresh = join(folder, 'three.db');
  expect(foresell(['import', join(folder, 'tiny'), '--db', fresh, '--quiet'], folder).code).toBe(0);
  const early = foresell(['score', '--model', 'churn', '--all', '--db', fresh], folder);
  expect(early).toMatchObject({ code: 2, out: '', err: expect.stringContaining('foresell train --model churn') });
  const trained = foresell(['train', '--model', 'all', '--profile', 'fast', '--db', fresh, '--json', '--quiet'], folder); // biome-ignore format: one call
  expect(trained.code, trained.err).toBe(0);
  const lines = trained.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { model: string; version: string });
  // A model without outcomes is named and passed over; the tiny company has those of deals and of leads at least.
  const models = lines.map(({ model }) => model);
  expect(models).toEqual(expect.arrayContaining(['deal', 'lead']));
  for (const model of ['deal', 'lead', 'churn']) {
    if (!models.includes(model)) expect(trained.err).toContain(`${model}: not trained`);
  }
  const list = foresell(['models', 'list', '--db', fresh], folder).out;
  for (const { model, version } of lines) expect(list).toMatch(new RegExp(`\\* +${model} +${version.slice(0, 12)}`));
  for (const { model, version } of lines) {
    const shown = foresell(['models', 'show', version.slice(0, 12), '--db', fresh], folder);
    expect(JSON.parse(shown.out)).toMatchObject({ model, version, serves: true });
    const scored = foresell(['score', '--model', model, '--all', '--db', fresh, '--json', '--quiet'], folder);
    expect(scored.code, scored.err).toBe(0);
    for (const line of scored.out.trim().split('\n').filter(Boolean)) expect(JSON.parse(line)).toMatchObject({ model, version }); // biome-ignore format: one check
    const out = join(folder, `${model}.csv`);
    const wrote = foresell(['features', '--model', model, '--db', fresh, '--out', out, '--quiet'], folder);
    expect(wrote.code, wrote.err).toBe(0);
    expect(existsSync(out)).toBe(true);
  }
});
