import { type Frame, type FrameColumn, rowsOf } from '../../src/frame.ts';
import { quantileSorted } from '../../src/stats/quantile.ts';

/** Won and lost rows of one value of a field, and of the field. */
export interface FieldTally {
  readonly won: number;
  readonly lost: number;
  readonly wonTotal: number;
  readonly lostTotal: number;
}

/** Added to every count, so that a value never seen with one ending does not decide alone. */
const START = 0.1;
/** Numbers are cut into so many parts of like size. */
const PARTS = 10;
const LEAST = 0.0001;

/**
 * The score of open-source CRMs: s_won = P(won) prod n_won(v) / total_won, likewise s_lost, p = s_won / (s_won + s_lost),
 * held within .01 and 99.99 %.
 */
export function naiveBayesScore(won: number, lost: number, fields: readonly FieldTally[]): number {
  let odds = Math.log(won / lost);
  for (const field of fields) odds += Math.log(field.won / field.wonTotal) - Math.log(field.lost / field.lostTotal);
  return Math.min(Math.max(1 / (1 + Math.exp(-odds)), LEAST), 1 - LEAST);
}

/** That score of the test rows. A number enters by its tenth; a field that says nothing, or a new word, is passed over. */
export function naiveBayes(train: Frame, event: Uint8Array, test: Frame): Float64Array {
  const won = event.reduce((sum, e) => sum + e, 0);
  const lost = event.length - won;
  const tallies = [...train.columns].map(([name, column]) => {
    const cut = cutter(column);
    const codes = cut(column);
    const values = Math.max(-1, ...codes) + 1;
    const counts = [new Float64Array(values).fill(START), new Float64Array(values).fill(START)] as const;
    codes.forEach((code, row) => {
      if (code >= 0) counts[event[row] ? 0 : 1][code]!++;
    });
    const totals = counts.map((of) => of.reduce((sum, n) => sum + n, 0));
    return { codes: cut(test.columns.get(name)!), counts, totals };
  });
  return Float64Array.from({ length: rowsOf(test) }, (_, row) => {
    const fields = tallies.flatMap(({ codes, counts, totals }): FieldTally[] => {
      const code = codes[row]!;
      if (code < 0 || code >= counts[0].length) return [];
      return [{ won: counts[0][code]!, lost: counts[1][code]!, wonTotal: totals[0]!, lostTotal: totals[1]! }];
    });
    return naiveBayesScore(won + START, lost + START, fields);
  });
}

/** From a column to codes, by the tenths of the training column. */
function cutter(train: FrameColumn): (column: FrameColumn) => Int32Array {
  if (train.type === 'category') return (column) => (column.type === 'category' ? column.codes : new Int32Array());
  const sorted = train.values.filter((v) => !Number.isNaN(v)).sort();
  const edges = [...new Set(Array.from({ length: PARTS - 1 }, (_, k) => quantileSorted(sorted, (k + 1) / PARTS)))];
  return (column) =>
    column.type === 'number'
      ? Int32Array.from(column.values, (v) => (Number.isNaN(v) ? -1 : edges.filter((edge) => v > edge).length))
      : new Int32Array();
}
