// Makes world.tar.gz, a small company that never changes: features are held to the values that they had on it
// (tests/features/revisions.test.ts). Run once: node --import tsx tests/golden/world.mts; a new one means new golden values.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleWriter } from '../../datasets/synthetic/bundle.ts';
import { simulate } from '../../datasets/synthetic.ts';

const folder = mkdtempSync(join(tmpdir(), 'world-'));
const sim = simulate({ deals: 70, seed: 11 });
const writer = bundleWriter(sim, (name, text) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  appendFileSync(join(folder, name), text);
});
writer.put(sim.tables);
writer.end();

/** Replaces a cell of some rows of a file, by header. */
function edit(file: string, change: (row: Record<string, string>, i: number) => void): void {
  const path = join(folder, file);
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header!.split(',');
  const rows = lines.map((line, i) => {
    if (line.includes('"')) return line;
    const row = Object.fromEntries(line.split(',').map((cell, n) => [names[n]!, cell]));
    change(row, i);
    return names.map((name) => row[name]).join(',');
  });
  writeFileSync(path, `${[header, ...rows].join('\n')}\n`);
}
// What the simulator does not tell: activities that only name a contact, cancelled orders, leads' consent.
edit('activities.csv', (row, i) => {
  if (i % 7 === 0 && row['contact_id']) row['deal_id'] = row['account_id'] = '';
});
edit('leads.csv', (row, i) => {
  row['consent'] = ['given', 'none', ''][i % 3]!;
});
edit('changes.csv', (row, i) => {
  if (row['kind'] === 'order' && row['field'] === 'status' && row['new_value'] === 'delivered' && i % 3 === 0) row['new_value'] = 'cancelled'; // biome-ignore format: one change
});
const settings = JSON.parse(readFileSync(join(folder, 'company.json'), 'utf8')) as { fixed: string[] };
writeFileSync(join(folder, 'company.json'), JSON.stringify({ ...settings, fixed: [...settings.fixed, 'lead.consent'] }));
rmSync(join(folder, 'truth'), { recursive: true, force: true });
const to = new URL('./world.tar.gz', import.meta.url).pathname;
execFileSync('tar', ['--sort=name', '--mtime=2026-01-01', '--owner=0', '--group=0', '--numeric-owner', '-czf', to, '-C', folder, '.']);
rmSync(folder, { recursive: true });
