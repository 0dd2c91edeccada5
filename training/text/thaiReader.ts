import { pack } from '../../src/text/linear.ts';
import { WISESIGHT } from './labelled.ts';
import { type Labelled, linearSettings, type TrainedReader, trainLinear } from './trainLinear.ts';

/** Places that the shipped Thai reader keeps: of 20,000 to 131,072 the least log loss on the validation part, at 151 kB. */
export const THAI_PLACES = 45_000;
const SEED = 1;

/** The Thai reader from the training and validation parts of Wisesight: in full, and as it ships. */
export function trainThai(rows: readonly Labelled[]): TrainedReader & { readonly packed: Uint8Array } {
  const trained = trainLinear('th', WISESIGHT, rows, linearSettings, SEED);
  return { ...trained, packed: pack(trained.reader, trained.seen, THAI_PLACES) };
}
