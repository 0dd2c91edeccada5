import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { quantile } from '../src/stats/quantile.ts';
import type { Ratio, Skipped } from './measure.ts';

const ROUNDS = 5;

/**
 * This checkout beside another commit, as a table: both run the benchmarks of their own in fresh processes, in
 * alternating order, and the ratio of each is set beside the other's. Only names that both have are compared.
 * The other commit is checked out in a folder of its own for as long as that takes; it shares the installed packages.
 */
export function compareCommits(ref: string, names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'foresell-compare-'));
  const other = join(folder, 'other');
  execFileSync('git', ['worktree', 'add', '--detach', other, ref], { stdio: 'ignore' });
  try {
    symlinkSync(resolve('node_modules'), join(other, 'node_modules'));
    const found = new Map<string, [number[], number[]]>();
    for (let round = 0; round < ROUNDS; round++)
      for (const side of round % 2 ? [1, 0] : [0, 1])
        for (const { name, ratio } of measured(side ? other : '.', names)) {
          if (!found.has(name)) found.set(name, [[], []]);
          found.get(name)![side]!.push(ratio);
        }
    const rows = [...found]
      .filter(([, [here, there]]) => here.length && there.length)
      .map(([name, [here, there]]) => `| ${name} | ${shown(here)} | ${shown(there)} | ${(quantile(here, 0.5) / quantile(there, 0.5)).toFixed(2)} |`); // biome-ignore format: one row
    return [`Ratios to the other way: median of ${ROUNDS} runs (least to most)`, '', `| benchmark | here | ${ref} | here / ${ref} |`, '|---|---|---|---|', ...rows, ''].join('\n'); // biome-ignore format: one table
  } finally {
    execFileSync('git', ['worktree', 'remove', '--force', other], { stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  }
}

function measured(cwd: string, names: readonly string[]): Ratio[] {
  const args = ['--import', 'tsx', 'benchmarks/main.ts', ...names, '--json'];
  const out = execFileSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 1e8 });
  const { results } = JSON.parse(out.slice(out.indexOf('{'))) as { readonly results: readonly (Ratio | Skipped)[] };
  return results.filter((result): result is Ratio => !('skipped' in result));
}

const shown = (values: readonly number[]) =>
  `${quantile(values, 0.5).toFixed(2)} (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
