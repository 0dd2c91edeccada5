// A thread of `train`: fits ridges one after another while the network trains elsewhere.
import { parentPort } from 'node:worker_threads';
import { ForesellError } from '../src/errors.ts';
import { fitRidge } from '../training/ridge.ts';
import type { RidgeAnswer, RidgeAsked } from './ridgeThread.ts';

const port = parentPort!;
port.on('message', ({ id, task }: RidgeAsked) => {
  const tell = (answer: RidgeAnswer) => port.postMessage(answer);
  try {
    tell({ id, fit: fitRidge(task) });
  } catch (error) {
    const known = error instanceof ForesellError;
    const message = known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ id, failed: { code: known ? error.code : 'training-failed', message, blame: known ? error.blame : 'failure' } }); // biome-ignore format: one answer
  }
});
