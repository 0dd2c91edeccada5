import { encode } from '../../models/encode.ts';
import type { HazardState } from '../../models/hazardModel.ts';
import type { Scorer } from '../../models/scorer.ts';
import { type Frame, type FrameColumn, rowsOf, takeRows } from '../../src/frame.ts';

type Usual = Readonly<Record<string, number | string | null>>;

/** What is taken out of a row: the columns of these features are set to what is usual. */
export interface Deletion {
  readonly row: number;
  readonly features: readonly string[];
}

/** The rows, each with its features at their usual value: the median, the most frequent word, or missing where that is usual. */
export function withUsual(frame: Frame, deletions: readonly Deletion[], usual: Usual): Frame {
  const taken = takeRows(
    frame,
    deletions.map(({ row }) => row),
  );
  deletions.forEach(({ features }, i) => {
    for (const feature of features) {
      const column = taken.columns.get(feature);
      if (column) setUsual(column, i, usual[feature] ?? null);
    }
  });
  return taken;
}

function setUsual(column: FrameColumn, row: number, usual: number | string | null): void {
  if (column.type === 'number') column.values[row] = typeof usual === 'number' ? usual : Number.NaN;
  else column.codes[row] = column.levels.indexOf(String(usual));
}

/** |change of the score's log odds| by each deletion. */
export function moves(scorer: Scorer, frame: Frame, deletions: readonly Deletion[], usual: Usual): Float64Array {
  const before = scorer.predict(takeRows(frame, deletions.map(({ row }) => row))).probability; // biome-ignore format: one call
  const after = scorer.predict(withUsual(frame, deletions, usual)).probability;
  return before.map((p, i) => Math.abs(logit(p) - logit(after[i]!)));
}

/**
 * What a plain ridge adds to the log odds of the positive side, by row and feature: standardised value x (weight in the
 * positive cause - weight in the other), from the mean row.
 */
export function ridgeParts(state: HazardState, positive: readonly boolean[], frame: Frame): Map<string, number>[] {
  const { encoder, meanX, causes, linear } = state;
  const x = encode(encoder, frame);
  const weight = Float64Array.from({ length: encoder.width }, (_, j) =>
    positive.reduce((sum, yes, c) => sum + (yes ? 1 : -1) * linear!.model.beta[j * causes + c]!, 0),
  );
  return Array.from({ length: rowsOf(frame) }, (_, row) => {
    const parts = new Map<string, number>();
    for (let j = 0; j < encoder.width; j++) {
      const name = encoder.sources[encoder.source[j]!]!;
      const part = (x[row * encoder.width + j]! - meanX[j]!) * weight[j]!;
      parts.set(name, (parts.get(name) ?? 0) + part);
    }
    return parts;
  });
}

const logit = (p: number): number => {
  const held = Math.min(1 - 1e-9, Math.max(1e-9, p));
  return Math.log(held / (1 - held));
};
