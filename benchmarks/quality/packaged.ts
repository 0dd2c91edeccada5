import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runR } from '../peers/peer.ts';
import type { QualityCase } from './quality.ts';
import { repeated } from './tableRepeats.ts';
import { tableRunner } from './tableRun.ts';
import type { TableSet } from './tableSets.ts';

/** What `peers/packagedTables.R` writes. */
const NAMES = ['pima', 'birthwt', 'infert', 'titanic', 'mroz', 'ionosphere', 'sonar', 'attrition', 'credit'] as const;
const FULL = { profile: 'default', tries: 25, searchRows: 10_000 } as const;
const SMALL = { profile: 'fast', tries: 2, searchRows: 500 } as const;

/**
 * Small tables (180 to 1,500 rows) that come with packages of R and on which nothing here was ever chosen, beside ridge and searched trees: `--repeats`
 * seeds (1) x `--folds` folds (5), paired by fold. `--set a,b` takes some of them, `--keep DIR` is where answers are kept for the next run.
 */
export const packaged: QualityCase = {
  name: 'packaged',
  says: 'small tables that come with packages of R, of which nothing here was chosen, beside ridge and searched boosted trees',
  run: async ({ small, say, given }) => {
    const wanted = given.set?.split(',') ?? (small ? ['pima'] : NAMES);
    const unknown = wanted.find((name) => !NAMES.some((known) => known === name));
    if (unknown !== undefined) throw new Error(`no table "${unknown}"; there is: ${NAMES.join(', ')}`);
    const folder = mkdtempSync(join(tmpdir(), 'foresell-packaged-'));
    try {
      const said = runR('packagedTables.R', ['stats'], [folder]);
      const missing = said === undefined ? ['Rscript is not installed'] : said.split('\n').filter(Boolean);
      for (const what of missing) say(`skipped: ${what}`);
      const sets = wanted.flatMap((name): TableSet[] => {
        const file = `${name}.csv`;
        return existsSync(join(folder, file)) ? [{ name, folder: '', file, target: 'target', schema: { drop: ['target'] } }] : []; // biome-ignore format: one choice
      });
      const runner = tableRunner(given.keep, say);
      for (const what of runner.skipped) say(`skipped: ${what}`);
      const seeds = Number(given.repeats ?? 1);
      const folds = Number(given.folds ?? (small ? 2 : 5));
      const result = await repeated(folder, sets, runner, { seeds, folds, effort: small ? SMALL : FULL, say });
      return { ...result, lines: [...result.lines, ...missing.map((what) => `skipped: ${what}`)] };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
