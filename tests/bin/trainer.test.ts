import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { trainArguments, trainerOf } from '../../bin/trainer.ts';
import { scratch } from '../src/store/scratch.ts';

const common = { db: './acme.db', json: false, quiet: true, seed: 1 };

test('the command that is run', () => {
  expect(
    trainArguments({ ...common, config: 'my.yaml' }, 'deal', { profile: 'best', budget: 60, until: '2026-07-01' }),
  ).toEqual(
    ['train', '--model', 'deal', '--db', './acme.db', '--config', 'my.yaml', '--profile', 'best', '--budget', '60', '--until', '2026-07-01', '--json'], // biome-ignore format: one list
  );
});

test('one at a time, with what it said last; a failure is told until the next begins', async () => {
  const program = join(scratch(), 'train.mjs');
  writeFileSync(program, 'process.stderr.write("reading\\nlearning\\n"); setTimeout(() => process.exit(process.argv.includes("lead") ? 0 : 1), 300);'); // biome-ignore format: one call
  const log: string[] = [];
  const trainer = trainerOf(common, (line) => log.push(line), [program]);
  const ended = async () => {
    while (trainer.running()) await after(10);
  };
  expect(trainer.start('deal', {})).toMatchObject({ model: 'deal', says: 'starting' });
  expect(() => trainer.start('lead', {})).toThrow(expect.objectContaining({ code: 'training-runs', status: 409 }));
  while (trainer.running()?.says === 'starting') await after(5);
  expect(trainer.running()?.says ?? 'learning').toBe('learning');
  await ended();
  expect(trainer.failure('deal')).toBe('learning');
  expect(log).toEqual(['train: deal: learning']);
  trainer.start('lead', {});
  await ended();
  expect(trainer.failure('lead')).toBeUndefined();
  trainer.start('deal', {});
  expect(trainer.failure('deal')).toBeUndefined();
  trainer.stop();
  await ended();
  expect(trainer.failure('deal')).toBe('ended by SIGTERM');
});
