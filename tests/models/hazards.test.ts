import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  binAt,
  binsOf,
  eventually,
  hazards,
  incidence,
  incidenceAt,
  nllGradient,
  nllOfLogits,
  nllOfProbabilities,
  place,
  softmaxBins,
  timeQuantiles,
} from '../../models/hazards.ts';

/** A grid of some bins and causes with one row of logits, from nearly no hazard to nearly certain. */
const rowOfLogits = fc
  .record({ bins: fc.integer({ min: 1, max: 8 }), causes: fc.integer({ min: 1, max: 3 }) })
  .chain(({ bins, causes }) =>
    fc.record({
      widths: fc.array(fc.double({ min: 0.05, max: 90, noNaN: true }), { minLength: bins, maxLength: bins }),
      logits: fc.array(fc.double({ min: -12, max: 8, noNaN: true }), {
        minLength: bins * causes,
        maxLength: bins * causes,
      }),
      causes: fc.constant(causes),
    }),
  );
const build = (row: { widths: number[]; logits: number[]; causes: number }) => {
  const edges = [0];
  for (const width of row.widths) edges.push(edges[edges.length - 1] + width);
  const grid = hazards(edges, row.causes);
  return { grid, p: softmaxBins(grid, row.logits), end: edges[edges.length - 1] };
};
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

describe('invariants', () => {
  test('F_1 + .. + F_C + S = 1, all monotone, never above "ever"', () => {
    fc.assert(
      fc.property(rowOfLogits, (row) => {
        const { grid, p, end } = build(row);
        const ever = eventually(grid, p);
        expect(sum(ever)).toBeCloseTo(1, 9);
        let before = new Float64Array(row.causes);
        let openBefore = 1;
        for (let i = 0; i <= 40; i++) {
          const F = new Float64Array(row.causes);
          const open = incidenceAt(grid, p, 0, (end * i) / 30, F);
          expect(Math.abs(sum(F) + open - 1)).toBeLessThan(1e-9);
          expect(open).toBeLessThanOrEqual(openBefore + 1e-12);
          for (let c = 0; c < row.causes; c++) {
            expect(F[c]).toBeGreaterThanOrEqual(before[c] - 1e-12);
            expect(F[c]).toBeLessThanOrEqual(ever[c] + 1e-9);
          }
          before = F;
          openBefore = open;
        }
      }),
    );
  });

  test('a quantile of the date is where the curve reaches that share of "ever"', () => {
    fc.assert(
      fc.property(rowOfLogits, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (row, level) => {
        const { grid, p } = build(row);
        const ever = eventually(grid, p);
        for (let cause = 1; cause <= row.causes; cause++) {
          const [t] = timeQuantiles(grid, p, cause, [level]);
          const F = new Float64Array(row.causes);
          incidenceAt(grid, p, 0, t, F);
          expect(F[cause - 1] / ever[cause - 1]).toBeCloseTo(level, 6);
        }
      }),
    );
  });

  test('quantiles rise with their level', () => {
    fc.assert(
      fc.property(rowOfLogits, (row) => {
        const { grid, p } = build(row);
        const [p10, p50, p90] = timeQuantiles(grid, p, 1, [0.1, 0.5, 0.9]);
        expect(p10).toBeLessThanOrEqual(p50);
        expect(p50).toBeLessThanOrEqual(p90);
      }),
    );
  });

  test('the gradient of the loss equals finite differences', () => {
    fc.assert(
      fc.property(
        rowOfLogits,
        fc.double({ min: 0, max: 1.2, noNaN: true }),
        fc.integer({ min: 0, max: 3 }),
        (row, share, cause) => {
          const { grid, end } = build(row);
          const placed = place(grid, [share * end], [Math.min(cause, row.causes)]);
          const logits = Float64Array.from(row.logits);
          const gradient = new Float64Array(logits.length);
          const value = nllGradient(grid, logits, placed, [2], gradient);
          expect(value).toBeCloseTo(2 * nllOfLogits(grid, logits, placed)[0], 9);
          for (let i = 0; i < logits.length; i++) {
            const moved = Float64Array.from(logits);
            moved[i] += 1e-5;
            const up = nllOfLogits(grid, moved, placed)[0];
            moved[i] -= 2e-5;
            expect(gradient[i]).toBeCloseTo((2 * (up - nllOfLogits(grid, moved, placed)[0])) / 2e-5, 4);
          }
        },
      ),
    );
  });

  test('bins partition time: the event densities and the open rest are a probability', () => {
    fc.assert(
      fc.property(rowOfLogits, (row) => {
        const { grid, p } = build(row);
        let total = 0;
        for (let b = 0; b < binsOf(grid); b++) {
          for (let c = 1; c <= row.causes; c++) {
            total += Math.exp(-nllOfProbabilities(grid, p, place(grid, [grid.edges[b + 1]], [c]))[0]);
          }
        }
        const end = grid.edges[binsOf(grid)];
        total += Math.exp(-nllOfProbabilities(grid, p, place(grid, [end], [0]))[0]);
        expect(total).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('edges', () => {
  const grid = hazards([0, 7, 14], 2);
  test('an event on an edge belongs to the bin that ends there, one at 0 to the first', () => {
    expect([0, 7, 7.1, 14, 14.1].map((t) => binAt(grid.edges, t))).toEqual([0, 0, 1, 1, 2]);
  });
  test('an event beyond the last edge counts as open through all bins', () => {
    const placed = place(grid, [20], [1]);
    expect([placed.bin[0], placed.cause[0]]).toEqual([2, 0]);
  });
  test('no hazard at all: nothing ever happens and there is no date', () => {
    const p = new Float64Array([1, 0, 0, 1, 0, 0]);
    expect([...eventually(grid, p)]).toEqual([0, 0]);
    expect(timeQuantiles(grid, p, 1, [0.5])[0]).toBeNaN();
    expect([...incidence(grid, p, [7, 100])]).toEqual([0, 0, 0, 0]);
  });
  test('certain in the first bin', () => {
    const p = new Float64Array([0, 1, 0, 1, 0, 0]);
    expect([...eventually(grid, p)]).toEqual([1, 0]);
    expect(timeQuantiles(grid, p, 1, [0.5])[0]).toBeLessThanOrEqual(7);
  });
  test('no rows', () => {
    expect(softmaxBins(grid, []).length).toBe(0);
    expect(eventually(grid, []).length).toBe(0);
  });
  test('bad edges, times and causes are refused with what was got', () => {
    expect(() => hazards([1, 2], 2)).toThrow(/bins \[1, 2\]/);
    expect(() => hazards([0, 5, 5], 2)).toThrow(/ascending/);
    expect(() => hazards([0, 5], 0)).toThrow(/causes/);
    expect(() => place(grid, [Number.NaN], [0])).toThrow(/duration NaN/);
    expect(() => place(grid, [1], [3])).toThrow(/cause 3/);
  });
});
