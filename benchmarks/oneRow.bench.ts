import { scorerOf } from '../models/scorer.ts';
import { type Bench, compare, ratioOf } from './measure.ts';
import { rowsOfFrame, setting, stockModel } from './setting.ts';

/** One deal at a time: ours encodes the row and says probability, dates and curve; TensorFlow.js is handed the encoded row. */
export const oneRow: Bench = {
  name: 'one-row',
  says: 'scoring one row: our scorer in process against TensorFlow.js (WebAssembly) on the same network',
  run: () => scoring(oneRow, 1),
};

export async function scoring(bench: Bench, rows: number) {
  const { artifact, source, frame } = await setting();
  const scorer = scorerOf(artifact, source.company);
  const predict = await stockModel(artifact);
  const some = rowsOfFrame(frame, rows);
  const { x, q } = scorer.model.rows(some);
  const times = await compare(
    () => void scorer.predict(some),
    () => void predict(x, q),
    rows,
  );
  return ratioOf(bench, times, {
    ours: 'foresell, from features to probability, dates and curve',
    other: 'tfjs-wasm predict, from encoded rows to hazards',
  });
}
