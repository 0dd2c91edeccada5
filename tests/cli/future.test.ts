import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../src/store/scratch.ts';
import { inside } from './inside.ts';

test('nothing is told, learned or imported as of a time that is still to come', async () => {
  const folder = scratch();
  const [deals, db] = [join(folder, 'deals.csv'), join(folder, 'x.db')];
  writeFileSync(deals, 'id,created_at,closed_at,outcome\na,2025-01-01,2025-03-01,won\nb,2025-01-01,,\n');
  expect((await inside('import', deals, '--db', db)).code).toBe(0);
  const out = ['--out', join(folder, 'f.csv')];
  const asked: readonly (readonly string[])[] = [
    ['import', deals, '--as-of', '2199-01-01'],
    ['train', '--until', '2199-01-01'],
    ['train', '--as-of', '2199-01-01'],
    ['features', '--model', 'deal', ...out, '--as-of', '2199-01-01'],
    ['features', '--model', 'deal', ...out, '--from', '2026-01-01', '--to', '2199-01-01'],
    ['backtest', '--as-of', '2199-01-01'],
    ['clv', '--horizon', '30', '--until', '2199-01-01'],
    ['clv', '--horizon', '30', '--as-of', '2199-01-01'],
  ];
  for (const command of asked) {
    const { code, err } = await inside(...command, '--db', db);
    expect([code, err], command.join(' ')).toEqual([2, expect.stringMatching(/2199.* is in the future.*\[as-of-future\]|2198-12-31.*\[as-of-future\]/)]); // biome-ignore format: one check
  }
  expect((await inside('features', '--model', 'deal', ...out, '--as-of', '2025-02-01', '--db', db)).code).toBe(0);
});
