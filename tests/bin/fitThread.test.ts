import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { withFitThread } from '../../bin/fitThread.ts';
import { fitCandidates } from '../../training/fitCandidates.ts';
import type { RidgeTask } from '../../training/ridge.ts';
import { toyProfile, toyRows, toyTask } from '../contract/states.ts';

const wanted = ['baseRate', 'byAge', 'ridge', 'ridgePle', 'network'] as const;
/** On one core everything is fitted here, and there is no thread to test. */
const cores = availableParallelism();

test.skipIf(cores < 2)(
  'what a thread fits beside this one is what is fitted here, bit by bit',
  async () => {
    const rows = toyRows(200, 3);
    const profile = { ...toyProfile, seeds: 2 };
    const here = await fitCandidates(rows, toyTask, profile, 1, wanted, undefined);
    const there = await withFitThread(
      (hands) => fitCandidates(rows, toyTask, profile, 1, wanted, undefined, () => {}, hands),
      0,
    );
    expect([...there.states.keys()]).toEqual([...here.states.keys()]);
    expect(there).toEqual(here);
  },
  60_000,
);

test.skipIf(cores < 2)('what fails in the thread fails here, and says what it was', async () => {
  const broken = { data: { rows: 1, inputs: 1 }, shape: {}, units: 1, penalty: 1 } as unknown as RidgeTask;
  await expect(withFitThread((hands) => hands.ridge(broken), 0)).rejects.toMatchObject({ code: 'training-failed' });
});

test.skipIf(cores < 2)('a program that was read from a string has its threads too', async () => {
  const script = "import { withFitThread } from './bin/fitThread.ts'; const e = await withFitThread((h) => h.ridge({ data: { rows: 1, inputs: 1 } }), 0).catch((error) => error); console.log(e.code);";
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  const cwd = new URL('../..', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd });
  expect(stdout.trim()).toBe('training-failed');
}, 30_000); // biome-ignore format: one script
