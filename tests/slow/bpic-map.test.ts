import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importBundle } from '../../src/connectors/import.ts';
import { mappedFolder } from '../../src/connectors/mapped.ts';
import { openStore } from '../../src/store/open.ts';
import { dealState } from '../../src/subjects/deal.ts';
import { DAY } from '../../src/time.ts';
import { world } from '../../src/world.ts';
import { IMPORTED } from '../src/connectors/folders.ts';

const folder = join(process.env['FORESELL_DATA'] ?? '', 'bpic2012_loan_pipeline');
const map = new URL('../../datasets/maps/bpic2012_loan_pipeline.yaml', import.meta.url).pathname;
const absent = !process.env['FORESELL_DATA'] || !existsSync(folder);

test.skipIf(absent)(
  'bpic2012 by its map (needs FORESELL_DATA): known counts, and no event told before its time',
  { timeout: 300_000 },
  async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'foresell-bpic-'));
    const store = openStore(join(scratch, 'x.db'));
    try {
      const { bundle, name } = await mappedFolder(folder, map);
      const report = await importBundle(store, bundle, { source: name, at: IMPORTED, dryRun: false });
      expect(report.total.rejected).toBe(0);
      expect(report.notes).toEqual([]);
      expect(report.audit.dangling).toEqual({});
      const deals = [...store.rows('deal')];
      const causes = new Map<string | null, number>();
      for (const { cause } of deals) causes.set(cause, (causes.get(cause) ?? 0) + 1);
      expect(Object.fromEntries(causes)).toEqual({ approved: 2246, declined: 7635, cancelled: 2807, null: 399 });
      expect([deals.length, store.count('quoteLine'), store.count('activity')]).toEqual([
        13_087,
        7_030,
        72_413 + 26_318,
      ]);

      const lazy = store.source();
      const scanned = store.loadedSource();
      for (let i = 0; i < deals.length; i += 97) {
        const { id, createdAt, closedAt } = deals[i]!;
        expect(lazy.history('deal', id)).toEqual(scanned.history('deal', id));
        if (closedAt === null) continue;
        const before = world(scanned, closedAt - 1).past('deal', id);
        expect(dealState(before)).toBe('open');
        expect(before.value('amount')).toBeTypeOf('number');
        const stages = before.all('change').filter((change) => change.field === 'stage').map((change) => change.value); // biome-ignore format: a row
        expect(stages[0]).toBe('A_SUBMITTED');
        for (const stage of stages)
          expect(stage).not.toMatch(/APPROVED|REGISTERED|ACTIVATED|A_CANCELLED|DECLINED|O_ACCEPTED/);
        const first = world(scanned, createdAt!).past('deal', id);
        expect(first.all('activity').every((activity) => activity.at <= createdAt!)).toBe(true);
        expect(
          world(scanned, closedAt + DAY)
            .past('deal', id)
            .all('closed'),
        ).toHaveLength(1);
      }
      const again = await importBundle(store, bundle, { source: name, at: IMPORTED + DAY, dryRun: false });
      expect([again.total.accepted, again.total.unchanged]).toEqual([0, again.total.read]);
    } finally {
      store.close();
      rmSync(scratch, { recursive: true, force: true });
    }
  },
);
