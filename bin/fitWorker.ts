// A thread of `train`: fits what it is handed, one after another, while the thread that asked fits something else.
import { parentPort } from 'node:worker_threads';
import { fitNetwork } from '../models/networkFit.ts';
import type { NetworkTask } from '../training/hands.ts';
import { fitRidge } from '../training/ridge.ts';
import type { FitAnswer, FitAsked } from './fitThread.ts';
import { failureOf } from './thread.ts';

const port = parentPort!;
let last: Promise<void> = Promise.resolve();
port.on('message', (asked: FitAsked) => {
  last = last.then(() => answer(asked)); // a network gives way now and then: the next waits all the same
});

async function answer({ id, ridge, network }: FitAsked): Promise<void> {
  const tell = (answer: FitAnswer) => port.postMessage(answer);
  try {
    tell({ id, fit: ridge ? fitRidge(ridge) : await fitted(network!) });
  } catch (error) {
    tell({ id, failed: failureOf(error, 'training-failed') });
  }
}

const fitted = ({ train, held, source, settings, seed, start }: NetworkTask) =>
  fitNetwork(train, held, source, settings, seed, () => {}, start);
