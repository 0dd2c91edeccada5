import { describe, expect, test } from 'vitest';
import {
  eventually,
  hazards,
  incidenceAt,
  nllOfLogits,
  nllOfProbabilities,
  place,
  softmaxBins,
} from '../../models/hazards.ts';
import { block } from './values.ts';

interface Curves {
  cif14: number[];
  cif45: number[];
  cif90: number[];
  winEver: number;
}
const golden = block<{
  cuts: number[];
  'logits_[row][bin][won,lost]': number[][][];
  observations_day_cause: [number, number][];
  nllPerRow: number[];
  predictions_Fwon_Flost_S: Curves[];
}>('competingRisk');

describe('golden: competing risks', () => {
  const grid = hazards(golden.cuts, 2);
  const logits = Float64Array.from(golden['logits_[row][bin][won,lost]'].flat(2));
  const p = softmaxBins(grid, logits);
  const placed = place(
    grid,
    golden.observations_day_cause.map(([day]) => day),
    golden.observations_day_cause.map(([, cause]) => cause),
  );

  test('loss per row, from logits and from probabilities', () => {
    const fromLogits = nllOfLogits(grid, logits, placed);
    const fromProbabilities = nllOfProbabilities(grid, p, placed);
    for (const [i, expected] of golden.nllPerRow.entries()) {
      expect(fromLogits[i]).toBeCloseTo(expected, 8);
      expect(fromProbabilities[i]).toBeCloseTo(expected, 8);
    }
  });

  test('curves and the probability of winning ever', () => {
    const ever = eventually(grid, p);
    for (const [row, curves] of golden.predictions_Fwon_Flost_S.entries()) {
      for (const t of [14, 45, 90] as const) {
        const F = new Float64Array(2);
        const open = incidenceAt(grid, p, row, t, F);
        for (const [i, value] of [...F, open].entries()) expect(value).toBeCloseTo(curves[`cif${t}`][i], 7);
      }
      expect(ever[row * 2]).toBeCloseTo(curves.winEver, 7);
    }
  });
});
