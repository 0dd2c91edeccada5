import { averagingWeights } from '../../models/coldStart.ts';
import { assemble, type Encoder, type Outcomes } from '../../models/encode.ts';
import { type EncoderOptions, fitEncoder } from '../../models/fitEncoder.ts';
import { type Hazards, nllOfProbabilities, type Placed, softmaxBins } from '../../models/hazards.ts';
import { fitLinearHazards, type LinearHazards, linearLogits } from '../../models/linearHazards.ts';
import { type HazardRows, takeHazardRows } from '../../models/networkFit.ts';
import type { Frame } from '../../src/frame.ts';

/** A way to see the columns: numbers as they are, or cut into pieces. */
export type View = 'standard' | 'piecewise';

/**
 * One encoder that holds both views: standardised numbers, piecewise-linear numbers, words once. A ridge on either view
 * is then a linear part on the same columns, and their average in log odds is one too.
 */
export function bothViews(frame: Frame, outcomes: Outcomes, options: Omit<EncoderOptions, 'numbers'>): Encoder {
  const standard = fitEncoder(frame, outcomes, { ...options, numbers: 'standard' });
  const piecewise = fitEncoder(frame, outcomes, { ...options, numbers: 'piecewise' });
  return assemble([...standard.codes, ...piecewise.codes.filter((code) => code.kind === 'piecewise')]);
}

/** Encoded columns of a view; the is-missing column of a number is in both. */
export function columnsOf(encoder: Encoder, view: View): number[] {
  return encoder.source.flatMap((code, column) => {
    const { kind } = encoder.codes[code]!;
    return kind === view || kind === 'onehot' || kind === 'target' ? [column] : [];
  });
}

/** Only some encoded columns of rows. */
export function takeColumns(data: HazardRows, columns: readonly number[]): HazardRows {
  const x = new Float32Array(data.rows * columns.length);
  for (let i = 0; i < data.rows; i++)
    for (let j = 0; j < columns.length; j++) x[i * columns.length + j] = data.x[i * data.inputs + columns[j]!]!;
  return { ...data, inputs: columns.length, x };
}

export interface LinearPart {
  readonly model: LinearHazards;
  /** Log odds of every row by models that had not seen its fold. */
  readonly unseen: Float64Array;
  /** Share of each view and penalty in it, for people. */
  readonly shares: Readonly<Record<string, number>>;
}

/** A candidate that holds less than this of the average is left out of it. */
const NEGLIGIBLE = 0.005;

/**
 * Ridges of all penalties on the given views, averaged in log odds by how well each said what became of rows it had not
 * seen. Averaging instead of choosing: with few rows the losses of the penalties differ by chance, and a choice by
 * chance is what makes a tuned ridge worse than the base rate there.
 * @param views encoded columns of each view · @param folds row numbers by fold
 * @param sharpness of the averaging (1 = as a posterior) · @param unitsPerRow independent units (deals) a row, at most 1
 */
export function averagedRidges(
  data: HazardRows,
  views: Readonly<Partial<Record<View, readonly number[]>>>,
  folds: readonly (readonly number[])[],
  penalties: readonly number[],
  sharpness: number,
  unitsPerRow = 1,
): LinearPart {
  const { grid, placed, rows } = data;
  const cells = (grid.edges.length - 1) * grid.causes;
  const candidates: { view: View; penalty: number; unseen: Float64Array; loss: number }[] = [];
  const used = (Object.entries(views) as [View, readonly number[]][]).map(
    ([view, columns]) => [view, columns, takeColumns(data, columns)] as const,
  );
  for (const [view, , part] of used) {
    const unseen = penalties.map(() => new Float64Array(rows * cells));
    for (const held of folds) {
      if (held.length === 0 || held.length === rows) continue;
      const out = new Set(held);
      const train = takeHazardRows(part, [...placed.bin.keys()].filter((row) => !out.has(row))); // biome-ignore format: one call
      const test = takeHazardRows(part, held);
      let start: LinearHazards | undefined;
      penalties.forEach((penalty, k) => {
        start = fitLinearHazards(train, { penalty, units: unitsPerRow * train.rows, start, tolerance: 1e-5 });
        const z = linearLogits(start, test);
        for (const [i, row] of held.entries()) unseen[k]!.set(z.subarray(i * cells, (i + 1) * cells), row * cells);
      });
    }
    penalties.forEach((penalty, k) => {
      const nll = nllOfProbabilities(grid, softmaxBins(grid, unseen[k]!), placed);
      candidates.push({ view, penalty, unseen: unseen[k]!, loss: unitsPerRow * nll.reduce((s, v) => s + v, 0) });
    });
  }
  let weights = averagingWeights(candidates.map(({ loss }) => loss), sharpness); // biome-ignore format: one call
  weights = weights.map((w) => (w < NEGLIGIBLE ? 0 : w));
  const sum = weights.reduce((s, v) => s + v, 0);
  const unseen = new Float64Array(rows * cells);
  const model: LinearHazards = {
    intercept: new Float64Array(cells),
    beta: new Float64Array(data.inputs * grid.causes),
    tilt: new Float64Array(0),
    gamma: new Float64Array((data.q.length / (rows * (grid.edges.length - 1))) * grid.causes),
  };
  const shares: Record<string, number> = {};
  for (const [view, columns, part] of used) {
    let start: LinearHazards | undefined;
    candidates.forEach((candidate, k) => {
      const w = weights[k]! / sum;
      if (candidate.view !== view || w === 0) return;
      start = fitLinearHazards(part, { penalty: candidate.penalty, units: unitsPerRow * rows, start });
      start.intercept.forEach((v, i) => {
        model.intercept[i]! += w * v;
      });
      columns.forEach((column, j) => {
        for (let c = 0; c < grid.causes; c++)
          model.beta[column * grid.causes + c]! += w * start!.beta[j * grid.causes + c]!;
      });
      candidate.unseen.forEach((v, i) => {
        unseen[i]! += w * v;
      });
      shares[`${view} ${candidate.penalty}`] = w;
    });
  }
  return { model, unseen, shares };
}

/**
 * The probability given to what was seen, one a bin a row was watched in, with the share of the bin as its weight: a row's
 * log loss is minus the weighted sum of their logs. `bin` says which bin each is of.
 */
export function observedCells(
  grid: Hazards,
  placed: Placed,
  p: Float64Array,
): { said: Float64Array; weight: Float64Array; bin: Int32Array } {
  const bins = grid.edges.length - 1;
  const width = grid.causes + 1;
  const said: number[] = [];
  const weight: number[] = [];
  const bin: number[] = [];
  placed.bin.forEach((last, row) => {
    for (let b = 0; b < Math.min(last + 1, bins); b++) {
      const cause = b === last ? placed.cause[row]! : 0;
      const share = b < last || cause > 0 ? 1 : placed.fraction[row]!;
      if (share === 0) continue;
      said.push(p[(row * bins + b) * width + cause]!);
      weight.push(share);
      bin.push(b);
    }
  });
  return { said: Float64Array.from(said), weight: Float64Array.from(weight), bin: Int32Array.from(bin) };
}
