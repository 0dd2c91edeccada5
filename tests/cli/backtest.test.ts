import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foresell } from './run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresell-backtest-'));
  const made = foresell(['generate', '--out', 'tiny', '--scenario', 'tiny', '--no-truth', '--quiet'], folder);
  expect(made).toMatchObject({ code: 0 });
  expect(foresell(['import', 'tiny', '--db', 'tiny.db', '--quiet'], folder)).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => foresell(['backtest', '--db', 'tiny.db', ...args], folder);

describe('foresell backtest', () => {
  test('--help has examples', () => {
    const { code, out } = foresell(['backtest', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('Examples:');
    expect(out).toContain('foresell backtest --out report.html');
  });

  test('one JSON document on stdout; the report, the figures and the looks as files', () => {
    const outs = ['report.html', 'figures.json', 'looks.csv'].flatMap((file) => ['--out', file]);
    const { code, out, err } = run('--json', '--draws', '100', '--every', '56d', '--retrain', '400d', ...outs);
    expect(code, err).toBe(0);
    const document = JSON.parse(out) as {
      headline: string;
      judgement: { methods: string[]; rows: { within: number } };
    };
    expect(document.judgement.methods).toEqual(['foresell', 'plainPercentage', 'rep', 'baseRate']);
    expect(JSON.parse(readFileSync(join(folder, 'figures.json'), 'utf8'))).toEqual(document);
    const [header, ...rows] = readFileSync(join(folder, 'looks.csv'), 'utf8').trim().split('\n');
    expect(header).toContain('id,as_of,account,version,age_days,segment,worth,within_foresell,ever_foresell');
    expect(rows.length).toBe(document.judgement.rows.within);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(page).toContain(document.headline.split(';')[0]);
    expect(page).toContain('</html>');
    // Stands alone: nothing runs, nothing is fetched.
    expect(page).not.toMatch(/<script|src=|url\(|https?:\/\//);
    expect(err).toMatch(/model 1 of 1/);
    expect(readdirSync(folder).filter((name) => name.includes('.backtest-') || name.endsWith('.part'))).toEqual([]);
  });

  test.each([
    ['before the first data', ['--from', '2001-01-01'], 'possible: --from'],
    ['an ending that is none', ['--out', 'report.pdf'], '.html'],
    ['a step that is none', ['--every', 'often'], '28d'],
    ['a column without history', ['--incumbent', 'deal.einstein'], 'export its history'],
    [
      'a rival of models, asked of forecasts',
      ['--model', 'forecast', '--rep', 'deal.probability'],
      'forecast_category',
    ],
    ['a quarter that is not over', ['--model', 'forecast', '--from', '2099-01-01'], 'its quarter to be over'],
    ['a model that is none', ['--model', 'weather'], 'weather'],
  ])('%s: refused, with what to do', (_what, args, said) => {
    const { code, out, err } = run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
    expect(err).not.toContain('    at ');
    expect(existsSync(join(folder, 'report.pdf'))).toBe(false);
  });
});
