import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foresell } from './run.ts';

let folder: string;
const month = (t: number) => new Date(Date.UTC(2022, t + 1, 0)).toISOString().slice(0, 10);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresell-series-'));
  const rows = ['N/a', 'N/b', 'S/a'].flatMap((id, i) =>
    Array.from(
      { length: 30 },
      (_, t) => `${id},${month(t)},${t === 9 ? '' : 20 * (i + 1) + ((t * 7) % 11)},${id[0]},${id[2]}`,
    ),
  );
  writeFileSync(join(folder, 'sales.csv'), ['unique_id,ds,y,region,product', ...rows].join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a hierarchy that adds up, month ends that stay month ends, the gap said', () => {
  const args = ['series', 'forecast', '--data', 'sales.csv', '--freq', 'M', '--horizon', '3', '--origins', '1'];
  const ran = foresell([...args, '--hierarchy', 'region/product', '--out', 'p.csv'], folder);
  expect(ran).toMatchObject({ code: 0, out: '' });
  expect(ran.err).toContain('3 periods without a value in 3 lines are interpolated');
  const [header, ...rows] = readFileSync(join(folder, 'p.csv'), 'utf8').trim().split('\n');
  expect(header).toBe('unique_id,ds,mean,lo-80,hi-80,lo-95,hi-95');
  expect(rows.length).toBe(6 * 3);
  const cells = rows.map((row) => row.split(','));
  expect(cells.slice(0, 3).map(([, ds]) => ds)).toEqual(['2024-07-31', '2024-08-31', '2024-09-30']);
  const mean = (id: string) => Number(cells.find(([own]) => own === id)![2]);
  expect(mean('N/a') + mean('N/b') + mean('S/a')).toBeCloseTo(mean('total'), 6);
  expect(mean('N/a') + mean('N/b')).toBeCloseTo(mean('region=N'), 6);
  for (const [, , ...numbers] of cells) for (const text of numbers) expect(Number.isFinite(Number(text))).toBe(true);
});
