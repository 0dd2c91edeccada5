import type { Bench } from './measure.ts';
import { scoring } from './oneRow.bench.ts';

const ROWS = 1000;

/** The same comparison over many rows at once, where matrix products have the advantage. */
export const batch: Bench = {
  name: 'batch',
  says: `scoring ${ROWS} rows at once: our scorer in process against TensorFlow.js (WebAssembly) on the same network`,
  run: () => scoring(batch, ROWS),
};
