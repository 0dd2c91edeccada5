import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foresell } from './run.ts';

let folder: string;
const run = (...args: string[]) => {
  const ran = foresell([...args, '--db', join(folder, 'x.db'), '--quiet'], folder);
  expect(ran.code, ran.err).toBe(0);
  return ran.out;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresell-cli-runs-'));
  foresell(['generate', '--out', join(folder, 'tiny'), '--scenario', 'tiny', '--no-truth', '--quiet']);
  run('import', join(folder, 'tiny'));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('train as a file says, the command line counting instead; list, compare, repeat, report, export', () => {
  const config = join(folder, 'training.yaml');
  writeFileSync(config, 'train: { model: lead, profile: fast, seed: 7, changes: { maxBins: 4 } }\n');
  const { version, model } = JSON.parse(run('train', '--config', config, '--seed', '5', '--json')) as { version: string; model: string }; // biome-ignore format: one call
  expect(model).toBe('lead');
  const [made] = JSON.parse(run('models', 'runs', '--json')) as Record<string, unknown>[];
  expect(made).toMatchObject({ run: 'r1', version, outcome: 'served', config: { model: 'lead', profile: 'fast', seed: 5, changes: { maxBins: 4 } } }); // biome-ignore format: one check
  expect(JSON.parse(run('models', 'diff', 'r1', version.slice(0, 12), '--json'))).toMatchObject({ sameWeights: true, configuration: [] }); // biome-ignore format: one check
  expect(run('models', 'reproduce', version.slice(0, 12))).toContain('the same again, every byte');
  expect(run('models', 'runs')).toMatch(/r2 .*repeated: the same weights[\s\S]*r1 /);
  const report = join(folder, 'report.html');
  run('models', 'report', version.slice(0, 12), '--out', report, '--language', 'th');
  expect(readFileSync(report, 'utf8')).toContain('<html lang="th">');
  const onnx = join(folder, 'lead.onnx');
  // Where no version is named, the one that serves.
  run('models', 'export', '--model', 'lead', '--format', 'onnx', '--out', onnx);
  expect(existsSync(onnx)).toBe(true);
  expect(JSON.parse(run('models', 'show', '--model', 'lead', '--json'))).toMatchObject({ version, serves: true });
  const none = foresell(['models', 'show', '--db', join(folder, 'x.db')], folder);
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining('no version of "deal" serves') });
}, 120_000);

test('what is wrong in the file is named, and nothing is trained', () => {
  const config = join(folder, 'wrong.yaml');
  writeFileSync(config, 'train: { profile: heroic }\n');
  const { code, out, err } = foresell(['train', '--config', config, '--db', join(folder, 'x.db')], folder);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('train.profile');
});
