import { openStore } from '../../src/store/open.ts';
import { runTraining } from '../../training/main.ts';

/**
 * Trains, or swaps the served version over and over, in a process of its own: `trainChild.ts DB train SEED UNTIL` or
 * `trainChild.ts DB promote VERSION VERSION`. Says when it begins, and each thing that is done once it is.
 */
const [db, what, first, second] = process.argv.slice(2) as [string, string, string, string];
const store = openStore(db);
if (what === 'train') {
  store.loadedSource();
  process.stdout.write('begin\n');
  const run = { model: 'deal', until: Number(second), profile: 'fast', seed: Number(first), now: Number(second) } as const; // biome-ignore format: one run
  process.stdout.write(`done ${(await runTraining(store, run)).version}\n`);
} else {
  process.stdout.write('begin\n');
  for (let i = 0; i < 4_000; i++) {
    const version = i % 2 ? first : second;
    store.serve({ at: i, model: 'deal', version, previous: null, action: 'promote', reason: `swap ${i}` });
    process.stdout.write(`done ${version} ${i}\n`);
  }
}
store.close();
