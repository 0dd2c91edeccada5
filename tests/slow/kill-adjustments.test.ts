import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openEngine } from '../../api/open.ts';
import { random } from '../../src/random.ts';
import { openStore } from '../../src/store/open.ts';
import { companyStore } from '../api/company.ts';

const ROUNDS = Number(process.env['FORESELL_KILLS'] ?? 50);
const seed = Number(process.env['FORESELL_SEED'] ?? 7);
const child = fileURLToPath(new URL('adjustChild.ts', import.meta.url));

/** Tells requests in a child and kills it so long after it began; the last request that it was told had succeeded. */
function runChild(db: string, first: number, afterMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, ['--import', 'tsx', child, db, String(first)]);
    let [out, complaint, began] = ['', '', false];
    process_.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (!began && out.includes('begin')) {
        began = true;
        setTimeout(() => process_.kill('SIGKILL'), afterMs);
      }
    });
    process_.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    process_.on('error', reject);
    process_.on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`it ended by itself: ${complaint}`));
      // A line that was cut short was not told.
      else resolve(Math.max(first - 1, ...[...out.matchAll(/^done (\d+)\n/gm)].map(([, request]) => Number(request))));
    });
  });
}

test(`kill -9 at ${ROUNDS} random moments of telling adjustments: what was acknowledged is kept, each request whole and once`, {
  timeout: 900_000,
}, async () => {
  console.info(`kill-adjustments seed ${seed}, rounds ${ROUNDS}`);
  const folder = mkdtempSync(join(tmpdir(), 'foresell-kill-'));
  const draw = random(seed);
  const seen = { acknowledged: 0, keptUntold: 0, requests: 0 };
  try {
    const store = await companyStore();
    const db = store.path;
    store.close();
    let first = 1;
    for (let round = 0; round < ROUNDS; round++) {
      const acknowledged = await runChild(db, first, 5 + 600 * draw.uniform());
      const after = openStore(db);
      expect(after.integrityCheck()).toBe('ok');
      const rows = after.adjustments();
      after.close();
      const kept = new Map<string, number[]>();
      for (const { reason, amountMinor } of rows) kept.set(reason, [...(kept.get(reason) ?? []), amountMinor]);
      const last = kept.size;
      // In their order, without a gap: at most the one that was on its way is kept without having been told so.
      expect([acknowledged, acknowledged + 1], `round ${round}: acknowledged ${acknowledged}, kept ${last}`).toContain(last); // biome-ignore format: one check
      for (let request = 1; request <= last; request++)
        expect(kept.get(`request ${request}`), `round ${round}: request ${request}`).toEqual([1, 2, 3].map((k) => 10 * request + k)); // biome-ignore format: one check
      seen.acknowledged += acknowledged - first + 1;
      if (last > acknowledged) seen.keptUntold++;
      // Whoever was not told tells it again: it has one effect.
      first = acknowledged + 1;
      seen.requests = last;
    }
    console.info(`kill-adjustments ${JSON.stringify(seen)}`);
    expect(seen.acknowledged).toBeGreaterThan(0);
    const engine = openEngine({ db, now: () => Date.parse('2026-05-20T06:30:00Z') });
    const counts = engine.adjustments(engine.period({ label: '2026-Q2' }, engine.liveAsOf()), engine.liveAsOf());
    expect(counts.map(({ amountMinor }) => amountMinor)).toEqual([10 * seen.requests + 3]);
    engine.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
