import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle, simulate } from '../../datasets/synthetic.ts';
import { loadArtifact } from '../../models/artifact.ts';
import { importBundle } from '../../src/connectors/import.ts';
import { openBundle } from '../../src/connectors/open.ts';
import { random } from '../../src/random.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { runTraining } from '../../training/main.ts';

const ROUNDS = Number(process.env['FORESELL_KILLS'] ?? 50);
const seed = Number(process.env['FORESELL_SEED'] ?? 7);
const child = fileURLToPath(new URL('trainChild.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'foresell-kill-train-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sim = simulate({ deals: 30, seed: 3, scenario: 'tiny' });
const until = sim.clock.end;
/** The company before any training, and after one whose version serves. */
const untrained = join(folder, 'untrained.db');
const trained = join(folder, 'trained.db');
let serving: string;
beforeAll(async () => {
  const files = mkdtempSync(join(folder, 'bundle-'));
  for (const { name, text } of bundle(sim)) writeFileSync(join(files, name), text);
  const store = openStore(untrained);
  const { bundle: read } = await openBundle(files, { source: 'csv' });
  await importBundle(store, read, { source: 'csv', at: until, dryRun: false });
  store.close();
  copyFileSync(untrained, trained);
  serving = (await trainIn(trained, 1)).version;
}, 120_000);

async function trainIn(db: string, seed: number) {
  const store = openStore(db);
  try {
    return await runTraining(store, { model: 'deal', until, profile: 'fast', seed, now: until });
  } finally {
    store.close();
  }
}

interface Run {
  /** What it said was done, in order. */
  readonly done: readonly string[];
  readonly tookMs: number;
}

/** Runs the child and kills it `afterMs` after it began; without a limit it may end. */
function runChild(args: readonly string[], afterMs: number): Promise<Run> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, ['--import', 'tsx', child, ...args]);
    let out = '';
    let began = 0;
    process_.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (began === 0 && out.includes('begin')) {
        began = performance.now();
        if (Number.isFinite(afterMs)) setTimeout(() => process_.kill('SIGKILL'), afterMs);
      }
    });
    let complaint = '';
    process_.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    process_.on('error', reject);
    process_.on('close', (code, signal) => {
      if (signal === null && code !== 0) return reject(new Error(`it failed by itself: ${complaint}`));
      const whole = out.slice(0, out.lastIndexOf('\n') + 1); // a line cut short was not said
      const done = [...whole.matchAll(/^done (.*)$/gm)].map((match) => match[1]!);
      resolve({ done, tookMs: performance.now() - began });
    });
  });
}

/** Every version that can be seen opens and is what its name says. */
function versionsIn(store: Store): string[] {
  return store.versions('deal').map(({ version }) => {
    expect(loadArtifact(store.artifact('deal', version)!).version).toBe(version);
    return version;
  });
}

test(`kill -9 at ${ROUNDS} random moments of a training: no half model, and what served serves`, {
  timeout: 20 * 60_000,
}, async () => {
  console.info(`kill-train seed ${seed}, rounds ${ROUNDS}`);
  const pace = join(folder, 'pace.db');
  copyFileSync(trained, pace);
  const { tookMs } = await runChild([pace, 'train', '2', String(until)], Number.POSITIVE_INFINITY);
  const draw = random(seed);
  const seen = { nothing: 0, stored: 0, served: 0, acknowledged: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const from = round % 2 ? trained : untrained;
    const db = join(folder, `train${round}.db`);
    copyFileSync(from, db);
    // Half anywhere, half around the usual end, where it is stored.
    const share = round % 4 < 2 ? draw.uniform() : 0.8 + 0.4 * draw.uniform();
    const { done } = await runChild([db, 'train', String(round + 10), String(until)], share * tookMs);
    const store = openStore(db);
    expect(store.integrityCheck()).toBe('ok');
    const before = from === trained ? [serving] : [];
    const versions = versionsIn(store);
    const served = store.served('deal');
    const fresh = versions.filter((version) => !before.includes(version));
    expect(versions).toEqual(expect.arrayContaining(before));
    expect(fresh.length).toBeLessThanOrEqual(1);
    // A champion stays; the first version serves once it is whole, or nothing does.
    if (from === trained) expect(served).toBe(serving);
    else expect([undefined, ...fresh]).toContain(served);
    const promotions = store.promotions('deal');
    expect(promotions.at(-1)?.version).toBe(served);
    if (done.length > 0) {
      expect(versions, `round ${round}: an acknowledged version is lost`).toContain(done[0]);
      if (from === untrained) expect(served).toBe(done[0]);
      seen.acknowledged++;
    }
    seen[fresh.length === 0 ? 'nothing' : served === fresh[0] ? 'served' : 'stored']++;
    store.close();
    // The lease of the dead is no hindrance, and the work can be done again.
    const again = await trainIn(db, round + 10);
    if (done.length > 0) expect(again.version).toBe(done[0]);
    for (const end of ['', '-wal', '-shm']) rmSync(`${db}${end}`, { force: true });
  }
  console.info(`kill-train ${JSON.stringify(seen)}`);
  expect(seen.nothing).toBeGreaterThan(0);
});

test(`kill -9 at ${ROUNDS} random moments of promotions: one whole version serves, the one last acknowledged or the next`, {
  timeout: 20 * 60_000,
}, async () => {
  const two = join(folder, 'two.db');
  copyFileSync(trained, two);
  const other = (await trainIn(two, 2)).version;
  const draw = random(seed + 1);
  let swaps = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const db = join(folder, `promote${round}.db`);
    copyFileSync(two, db);
    const { done } = await runChild([db, 'promote', serving, other], 20 + 400 * draw.uniform());
    const store = openStore(db);
    expect(store.integrityCheck()).toBe('ok');
    expect(versionsIn(store).sort()).toEqual([serving, other].sort());
    // The audit has the promotion that made the first version serve, then one row a swap: never a swap without its row.
    const promotions = store.promotions('deal');
    const swapped = promotions.length - 1;
    expect([done.length, done.length + 1], `round ${round}`).toContain(swapped);
    expect(store.served('deal')).toBe(promotions.at(-1)!.version);
    promotions.forEach(({ previous }, i) => {
      expect(previous).toBe(promotions[i - 1]?.version ?? null);
    });
    swaps += swapped;
    store.close();
    for (const end of ['', '-wal', '-shm']) rmSync(`${db}${end}`, { force: true });
  }
  console.info(`kill-promote ${swaps} swaps in ${ROUNDS} rounds`);
  expect(swaps).toBeGreaterThan(0);
});
