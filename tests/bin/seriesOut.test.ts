import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seriesCommand } from '../../bin/commands/series.ts';
import { scratch } from '../src/store/scratch.ts';

const rows = Array.from({ length: 12 }, (_, i) => `a,2024-01-${String(i + 1).padStart(2, '0')},${i % 5},N`);
const text = ['unique_id,ds,y,region', ...rows, ''].join('\n');
const forecast = (data: string, out: string, ...more: readonly string[]) =>
  seriesCommand().parseAsync(
    ['forecast', '--data', data, '--freq', 'D', '--horizon', '1', '--quiet', '--out', out, ...more],
    { from: 'user' },
  );
const refused = (code: string) => expect.objectContaining({ code, blame: 'request' });

function folderWithData() {
  const folder = scratch();
  const data = join(folder, 'a.csv');
  writeFileSync(data, text);
  return { folder, data };
}

test.each(['x.xlsx', 'x.parquet', 'x.csv.gz', 'x'])('%s is refused before anything is read', async (name) => {
  const { folder } = folderWithData();
  const out = join(folder, name);
  await expect(forecast(join(folder, 'absent.csv'), out)).rejects.toEqual(refused('format-unknown'));
  expect(existsSync(out)).toBe(false);
});

test('a file that is read is not replaced, by whatever name', async () => {
  const { folder, data } = folderWithData();
  const [soft, lines] = ['soft.csv', 'lines.csv'].map((name) => join(folder, name)) as [string, string];
  symlinkSync(data, soft);
  writeFileSync(lines, 'unique_id,region\na,N\n');
  for (const out of [data, join(folder, '.', 'a.csv'), soft])
    await expect(forecast(data, out)).rejects.toEqual(refused('file-same'));
  const above = ['--hierarchy', 'region', '--hierarchy-file', lines];
  await expect(forecast(data, lines, ...above)).rejects.toEqual(refused('file-same'));
  expect(readFileSync(data, 'utf8')).toBe(text);
  expect(readFileSync(lines, 'utf8')).toContain('a,N');
});

test('another file takes the forecasts, also one that is there', async () => {
  const { folder, data } = folderWithData();
  for (const name of ['new.csv', 'new.csv', 'LOUD.CSV']) {
    await forecast(data, join(folder, name));
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(/^unique_id,ds,mean,[^\n]*\na,2024-01-13,/);
  }
});
