import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { csvFolder } from '../../src/connectors/folder.ts';
import { importBundle } from '../../src/connectors/import.ts';
import { random } from '../../src/random.ts';
import { type RecordKind, records } from '../../src/records.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { DAY } from '../../src/time.ts';
import { IMPORTED, writeFolder } from '../src/connectors/folders.ts';

const ROUNDS = Number(process.env['FORESELL_KILLS'] ?? 50);
const seed = Number(process.env['FORESELL_SEED'] ?? 7);
const DEALS = 2_500;
const child = fileURLToPath(new URL('importChild.ts', import.meta.url));

/** An export of the deals as they stood; `later` moves a third of them and adds a tenth. */
function exported(later: boolean) {
  const deals = ['id,account_id,owner_id,stage,amount,currency,created_at'];
  const activities = ['id,kind,direction,at,deal_id'];
  for (let i = 0; i < (later ? DEALS * 1.1 : DEALS); i++) {
    const stage = later && i % 3 === 0 ? 'Offer' : 'New';
    deals.push(`d${i},a${i % 500},u${i % 7},${stage},${i}.50,THB,2025-01-02T09:00:00Z`);
    for (let j = 0; j < 3; j++) activities.push(`x${i}-${j},call,out,2025-02-0${j + 1}T09:00:00Z,d${i}`);
  }
  return { 'deals.csv': deals, 'activities.csv': activities };
}

/** Everything that the file says, as one hash. */
function contentOf(store: Store): string {
  const hash = createHash('sha256');
  for (const kind of Object.keys(records) as RecordKind[])
    for (const row of store.rows(kind)) hash.update(JSON.stringify(row));
  return hash.digest('hex');
}

interface Run {
  readonly acknowledged: boolean;
  /** From the beginning to the acknowledgement; 0 without one. */
  readonly tookMs: number;
}

/** Imports in a child and kills it `afterMs` after it began; without a limit it may end. */
function runChild(db: string, folder: string, at: number, afterMs: number): Promise<Run> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, ['--import', 'tsx', child, db, folder, String(at)]);
    let out = '';
    let began = 0;
    let tookMs = 0;
    process_.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('done')) tookMs ||= performance.now() - began;
      if (began === 0 && out.includes('begin')) {
        began = performance.now();
        if (Number.isFinite(afterMs)) setTimeout(() => process_.kill('SIGKILL'), afterMs);
      }
    });
    let complaint = '';
    process_.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    process_.on('error', reject);
    process_.on('close', (code, signal) => {
      if (signal === null && code !== 0) reject(new Error(`the import failed by itself: ${complaint}`));
      else resolve({ acknowledged: out.includes('done'), tookMs });
    });
  });
}

test(`kill -9 at ${ROUNDS} random moments of an import loses nothing and leaves nothing half done`, {
  timeout: 600_000,
}, async () => {
  console.info(`kill-import seed ${seed}, rounds ${ROUNDS}`);
  const folder = mkdtempSync(join(tmpdir(), 'foresell-kill-'));
  try {
    const first = writeFolder(join(folder, 'first'), exported(false));
    const second = writeFolder(join(folder, 'second'), exported(true));
    const template = join(folder, 'template.db');
    const into = async (db: string, from: string, at: number) => {
      const store = openStore(db);
      await importBundle(store, await csvFolder(from), { source: 'crm', at, dryRun: false });
      const content = contentOf(store);
      store.close();
      return content;
    };
    // Two situations: a first import into nothing, and a later export over an earlier one.
    const nothing = contentOf(openStore(join(folder, 'empty.db')));
    const afterFirst = await into(template, first, IMPORTED);
    copyFileSync(template, join(folder, 'twice.db'));
    const afterSecond = await into(join(folder, 'twice.db'), second, IMPORTED + DAY);
    const situations = [
      { start: undefined, from: first, at: IMPORTED, before: nothing, after: afterFirst },
      { start: template, from: second, at: IMPORTED + DAY, before: afterFirst, after: afterSecond },
    ];
    const pace: number[] = [];
    for (const [i, { start, from, at }] of situations.entries()) {
      const db = join(folder, `pace${i}.db`);
      if (start) copyFileSync(start, db);
      pace.push((await runChild(db, from, at, Number.POSITIVE_INFINITY)).tookMs);
    }

    const draw = random(seed);
    const seen = { nothing: 0, everything: 0, acknowledged: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const { start, from, at, before, after } = situations[round % 2]!;
      const db = join(folder, `round${round}.db`);
      if (start) copyFileSync(start, db);
      // Half anywhere, half around the usual end, where the commit is.
      const share = round % 4 < 2 ? draw.uniform() : 0.8 + 0.6 * draw.uniform();
      const { acknowledged } = await runChild(db, from, at, share * pace[round % 2]!);
      const store = openStore(db);
      expect(store.integrityCheck()).toBe('ok');
      const content = contentOf(store);
      expect([before, after], `round ${round}: half an import is visible`).toContain(content);
      if (acknowledged) expect(content, `round ${round}: an acknowledged import is lost`).toBe(after);
      seen[content === after ? 'everything' : 'nothing']++;
      if (acknowledged) seen.acknowledged++;
      store.close();
      expect(await into(db, from, at), `round ${round}: the re-run did not complete`).toBe(after);
      for (const end of ['', '-wal', '-shm']) rmSync(`${db}${end}`, { force: true });
    }
    console.info(`kill-import ${JSON.stringify(seen)}`);
    expect(seen.nothing).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
