import { reliability } from '../../models/calibrate/reliability.ts';
import { random } from '../../src/random.ts';
import { argsort } from '../../src/stats/argsort.ts';
import { auc } from '../../src/stats/auc.ts';
import { averagePrecision } from '../../src/stats/averagePrecision.ts';
import { brier } from '../../src/stats/brier.ts';
import { ece } from '../../src/stats/ece.ts';
import { eceDebiased, ecePerfect } from '../../src/stats/eceDebiased.ts';
import { logLoss, logLossOf } from '../../src/stats/logLoss.ts';
import { quantileSorted } from '../../src/stats/quantile.ts';

/** What became of the test rows of a fold, and what a method said. */
export interface JudgedFold {
  readonly event: ArrayLike<number>;
  readonly p: ArrayLike<number>;
}

/** A figure and its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Judgement {
  readonly auc: number;
  readonly averagePrecision: number;
  readonly logLoss: number;
  readonly brier: number;
  /** Ten bins of equal width. */
  readonly ece: number;
  readonly eceDebiased: number;
  /** What perfect probabilities of that spread would show on so many rows. */
  readonly ecePerfect: number;
  /** NaN where all rows were told the same. */
  readonly slope: Estimate;
  readonly intercept: Estimate;
  /** Positives among the 800 highest. */
  readonly hits800: number;
}

const mean = (values: readonly number[]) => values.reduce((s, v) => s + v, 0) / values.length;
const Z = 1.959963985;

/** Figures of one method: areas as means over folds, since models of two folds do not share a scale; the rest of all rows. */
export function judged(folds: readonly JudgedFold[]): Judgement {
  const event = folds.flatMap((fold) => Array.from(fold.event));
  const p = folds.flatMap((fold) => Array.from(fold.p));
  const constant = folds.every((fold) => Array.from(fold.p).every((v) => v === fold.p[0]));
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const r = constant ? undefined : reliability(event, p);
  const around = (value: number, error: number): Estimate => ({
    value,
    low: value - Z * error,
    high: value + Z * error,
  });
  const order = argsort(Float64Array.from(p, (v) => -v));
  return {
    auc: mean(folds.map((fold) => auc(fold.event, fold.p))),
    averagePrecision: mean(folds.map((fold) => averagePrecision(fold.event, fold.p))),
    logLoss: logLoss(event, p),
    brier: brier(event, p),
    ece: ece(event, p, 'width'),
    eceDebiased: eceDebiased(event, p, 'width'),
    ecePerfect: ecePerfect(p, 'width'),
    slope: r ? around(r.slope, r.slopeError) : none,
    intercept: r ? around(r.intercept, r.interceptError) : none,
    hits800: Array.from(order.slice(0, 800)).reduce((hits, row) => hits + event[row]!, 0),
  };
}

/** Mean difference of two methods on the same rows, with its bootstrap interval. */
export interface Differences {
  readonly auc: Estimate;
  readonly averagePrecision: Estimate;
  readonly logLoss: Estimate;
  readonly brier: Estimate;
}

/**
 * `a - b` on the same rows, with 95 % percentile intervals of a paired bootstrap: rows are drawn with replacement within
 * each fold, the same for both methods. What it does not hold is that another training sample would give other models.
 * Cost: draws passes over the rows of both, in an order that is sorted once.
 */
export function pairedDifferences(
  a: readonly JudgedFold[],
  b: readonly JudgedFold[],
  { draws = 1000, seed = 1 } = {},
): Differences {
  const stream = random(seed).fork('paired');
  const parts = a.map((fold, k) => {
    const { event, p } = fold;
    const q = b[k]!.p;
    const rows = event.length;
    const loss = Float64Array.from(
      { length: rows },
      (_, i) => logLossOf(event[i]!, p[i]!) - logLossOf(event[i]!, q[i]!),
    );
    const square = Float64Array.from({ length: rows }, (_, i) => (event[i]! - p[i]!) ** 2 - (event[i]! - q[i]!) ** 2);
    return { event, rows, loss, square, ranked: [ranked(p), ranked(q)] as const };
  });
  const all = parts.reduce((s, part) => s + part.rows, 0);
  const of = (counts: readonly Float64Array[]): [number, number, number, number] => {
    let loss = 0;
    let square = 0;
    const areas = parts.map(({ event, rows, ranked: [first, second], ...part }, k) => {
      const count = counts[k]!;
      for (let i = 0; i < rows; i++) {
        loss += count[i]! * part.loss[i]!;
        square += count[i]! * part.square[i]!;
      }
      const one = areasOf(event, first, count);
      const two = areasOf(event, second, count);
      return [one.auc - two.auc, one.averagePrecision - two.averagePrecision] as const;
    });
    return [mean(areas.map(([d]) => d)), mean(areas.map(([, d]) => d)), loss / all, square / all];
  };
  const values = of(parts.map(({ rows }) => new Float64Array(rows).fill(1)));
  const drawn = Array.from({ length: draws }, () =>
    of(
      parts.map(({ rows }) => {
        const count = new Float64Array(rows);
        for (let i = 0; i < rows; i++) count[stream.below(rows)]!++;
        return count;
      }),
    ),
  );
  const [areaUnder, precision, loss, square] = values.map((value, k): Estimate => {
    const sorted = Float64Array.from(drawn, (draw) => draw[k]!).filter((v) => !Number.isNaN(v)).sort(); // biome-ignore format: one chain
    return { value, low: quantileSorted(sorted, 0.025), high: quantileSorted(sorted, 0.975) };
  });
  return { auc: areaUnder!, averagePrecision: precision!, logLoss: loss!, brier: square! };
}

interface Ranked {
  /** Row numbers, highest score first. */
  readonly order: ArrayLike<number>;
  /** Where each run of equal scores ends, in `order`. */
  readonly ends: readonly number[];
}

export function ranked(score: ArrayLike<number>): Ranked {
  const order = argsort(Float64Array.from({ length: score.length }, (_, i) => -score[i]!));
  const ends: number[] = [];
  for (let i = 1; i <= order.length; i++) if (i === order.length || score[order[i]!] !== score[order[i - 1]!]) ends.push(i); // biome-ignore format: one loop
  return { order, ends };
}

/** `auc` and `averagePrecision` of rows counted `count` times each. NaN with one class only. */
export function areasOf(event: ArrayLike<number>, { order, ends }: Ranked, count: ArrayLike<number>) {
  let positives = 0;
  let negatives = 0;
  let pairs = 0;
  let weighted = 0;
  let from = 0;
  for (const to of ends) {
    let yes = 0;
    let no = 0;
    for (let i = from; i < to; i++) {
      const row = order[i]!;
      if (event[row] === 1) yes += count[row]!;
      else no += count[row]!;
    }
    pairs += no * (positives + yes / 2);
    positives += yes;
    negatives += no;
    if (yes > 0) weighted += (yes * positives) / (positives + negatives);
    from = to;
  }
  return { auc: pairs / (positives * negatives), averagePrecision: weighted / positives };
}
