import { expect, test } from 'vitest';
import { progressWords } from '../../bin/progress.ts';
import { recorder } from '../../training/runRecord.ts';

/** A clock that is set by hand, in milliseconds. */
function clock() {
  let now = 0;
  return { now: () => now, pass: (seconds: number) => (now += seconds * 1000) };
}

test('loss by epoch, the time left of the step, and a line when a step ends', () => {
  const { now, pass } = clock();
  const words = progressWords(now);
  expect(words('reading landmarks', 0).now).toBe('reading landmarks, 0 %');
  pass(4);
  expect(words('reading landmarks', 0.5)).toEqual({ now: 'reading landmarks, 50 %, about 4.0 s left', log: undefined });
  pass(4);
  expect(words('training network', 0.1, { epoch: 1, epochs: 10, loss: 0.71239, stopLoss: 0.7 }).log).toBe('reading landmarks: 8.0 s'); // biome-ignore format: one call
  pass(10);
  expect(words('training network', 0.2, { epoch: 2, epochs: 10, loss: 0.6, stopLoss: 0.65 }).now).toBe(
    'training network, epoch 2 of at most 10, loss 0.6000, held out 0.6500, about 40 s left',
  );
  expect(words('selecting').log).toBe('training network: 10 s, 2 epochs, loss 0.6000, held out 0.6500');
});

test('after an earlier training: what is left of all its steps, at the pace of this one', () => {
  const { now, pass } = clock();
  const earlier = [
    { step: 'reading landmarks', seconds: 10 },
    { step: 'training ridge', seconds: 20 },
    { step: 'final fit', seconds: 30 },
  ];
  const words = progressWords(now, earlier);
  expect(words('reading landmarks', 0).now).toContain('about 60 s left');
  pass(20); // twice as slow
  expect(words('training ridge').now).toContain('about 2 min left');
});

test('steps, seconds and curves are recorded; another seed’s network is another curve', () => {
  const { now, pass } = clock();
  const { onProgress, finish } = recorder(now);
  pass(1);
  onProgress('training network', 0.5, { epoch: 1, epochs: 2, loss: 1, stopLoss: Number.NaN });
  pass(2);
  onProgress('training network', 1, { epoch: 2, epochs: 2, loss: 0.5, stopLoss: 0.4 });
  onProgress('training network', 0.5, { epoch: 1, epochs: 2, loss: 2, stopLoss: 2 });
  pass(3);
  onProgress('selecting');
  const { timings, curves, seconds } = finish();
  expect(timings).toEqual([
    { step: 'opening records', seconds: 1 },
    { step: 'training network', seconds: 5 },
    { step: 'selecting', seconds: 0 },
  ]);
  expect(seconds).toBe(6);
  expect(curves.map(({ epochs }) => epochs.length)).toEqual([2, 1]);
  expect(curves[0]!.epochs[0]).toEqual({ epoch: 1, loss: 1, stopLoss: null });
});
