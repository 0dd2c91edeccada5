// A thread of `table fit`: grows boosted trees, one after another, on rows that it was given before.
import { parentPort } from 'node:worker_threads';
import { type BoostRows, growTrees } from '../training/tables/booster.ts';
import { failureOf } from './thread.ts';
import type { TreesAnswer, TreesAsked } from './treeThreads.ts';

const port = parentPort!;
let rows: BoostRows | undefined;
port.on('message', (asked: TreesAsked) => {
  if ('rows' in asked) {
    rows = asked.rows;
    return;
  }
  const tell = (answer: TreesAnswer) => port.postMessage(answer);
  try {
    tell({ grown: growTrees(rows!, asked.task) });
  } catch (error) {
    tell({ failed: failureOf(error, 'training-failed') });
  }
});
