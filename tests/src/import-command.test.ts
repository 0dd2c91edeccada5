import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { importCommand } from '../../bin/commands/import.ts';
import { small, writeFolder } from './connectors/folders.ts';
import { scratch } from './store/scratch.ts';

/** Runs the command in this process and gives what it wrote. */
async function run(...args: readonly string[]): Promise<{ out: string; err: string }> {
  const written = { out: '', err: '' };
  const keep = (stream: keyof typeof written) => (text: unknown) => {
    written[stream] += String(text);
    return true;
  };
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'));
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'));
  try {
    await importCommand()
      .exitOverride()
      .parseAsync(['node', 'import', ...args]);
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  return written;
}

test('one JSON document on stdout, progress on stderr, rejects in a file, and readiness at the end', async () => {
  const folder = scratch();
  const path = writeFolder(join(folder, 'in'), { ...small, 'teams.csv': ['id,name', 't1,North', ',"=nobody()"'] });
  const rejects = join(folder, 'rejected.csv');
  const { out, err } = await run(path, '--db', join(folder, 'x.db'), '--rejects', rejects, '--json', '--name', 'crm');
  const report = JSON.parse(out) as {
    total: unknown;
    rejectsFile: string;
    readiness: { deal: unknown; next: string[] };
  };
  expect(report.total).toEqual({ read: 24, accepted: 23, unchanged: 0, rejected: 1 });
  expect(report.rejectsFile).toBe(rejects);
  expect(report.readiness).toMatchObject({
    deal: { positive: 1, negative: 0, open: 2, method: 'shrinkage' },
    monthsCovered: 1,
    withHistory: ['amount', 'channel', 'owner_id', 'stage'],
    withoutHistory: ['owner_id', 'stage', 'amount'],
  });
  expect(report.readiness.next[0]).toContain('older closed deals');
  expect(readFileSync(rejects, 'utf8')).toBe(
    'file,line,field,code,message\nteams.csv,3,id,required-empty,is empty and is required\n',
  );
  expect(err).toContain('deals.csv: 3 rows');
});

test('a table for people; --quiet says nothing on stderr; --dry-run keeps nothing', async () => {
  const folder = scratch();
  const path = writeFolder(join(folder, 'in'), small);
  const dry = await run(path, '--db', join(folder, 'x.db'), '--dry-run', '--quiet');
  expect(dry.err).toBe('');
  expect(dry.out).toMatch(/total +23 +23 +0 +0/);
  expect(dry.out).toContain('dry run: nothing was kept');
  expect(dry.out).toContain('2 of 2 open deals have no expected close date');
  expect(dry.out).toContain('deal model: 1 won and 0 lost');
  expect(existsSync(join(folder, 'x.db'))).toBe(false);
  const wet = await run(path, '--db', join(folder, 'x.db'), '--quiet');
  expect(wet.out).toMatch(/total +23 +23 +0 +0/);
  expect(wet.out).toContain('done: 23 rows accepted');
  expect(wet.out).toContain('Next: foresell train --model all --db');
  const again = await run(path, '--db', join(folder, 'x.db'), '--dry-run', '--complete', '--quiet');
  expect(again.out).toMatch(/total +23 +0 +23 +0/);
  expect(again.out).toContain('the database as it stands, without this export:');
});

test.each([
  [['--source', 'sap'], 'source-unknown'],
  [['--name', 'a b'], 'name-invalid'],
  [['--map', 'nowhere.yaml'], 'map-missing'],
  [['--encoding', 'klingon'], 'encoding-unknown'],
  [['--delimiter', '#'], 'delimiter-unknown'],
  [['--source', 'salesforce'], 'file-missing'],
  [['--confirm-removals'], 'option-alone'],
])('%j is a request that can be mended: %s', async (args, code) => {
  const folder = scratch();
  const path = writeFolder(join(folder, 'in'), small);
  await expect(run(path, '--db', join(folder, 'x.db'), ...args)).rejects.toMatchObject({ code, blame: 'request' });
});

test('help has examples', () => {
  let help = '';
  importCommand()
    .configureOutput({ writeOut: (text) => (help += text) })
    .outputHelp();
  expect(help).toContain('Examples:');
  expect(help).toContain('--dry-run');
});

test('an outcome that is yet to come is none, and months are those of orders where there are no deals', async () => {
  const folder = scratch();
  const deals = [
    'id,created_at,closed_at,outcome',
    'a,2025-01-01,2025-03-01,won',
    'b,2025-01-01,2199-03-01,won',
    'c,2199-01-01,,',
  ];
  const path = writeFolder(join(folder, 'in'), { 'deals.csv': deals });
  const readiness = async (...args: readonly string[]) => (JSON.parse((await run(...args, '--json')).out) as { readiness: unknown }).readiness; // biome-ignore format: one call
  expect(await readiness(path, '--db', join(folder, 'a.db'))).toMatchObject({ deal: { positive: 1, open: 1 }, monthsCovered: 1.9 }); // biome-ignore format: one check
  const orders = ['id,account_id,at', 'o1,x,2023-01-01', 'o2,x,2026-01-01'];
  const shop = writeFolder(join(folder, 'shop'), { 'orders.csv': orders });
  expect(await readiness(shop, '--db', join(folder, 'b.db'))).toMatchObject({ monthsCovered: 36 });
});
