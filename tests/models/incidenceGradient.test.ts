import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hazards, incidenceAt, softmaxBins } from '../../models/hazards.ts';
import { incidenceGradient } from '../../models/kernel/incidenceGradient.ts';
import { testSeed } from '../arbitraries.ts';

const anyRow = fc
  .record({ bins: fc.integer({ min: 1, max: 5 }), causes: fc.integer({ min: 1, max: 3 }) })
  .chain(({ bins, causes }) =>
    fc.record({
      causes: fc.constant(causes),
      widths: fc.array(fc.double({ min: 0.5, max: 90, noNaN: true }), { minLength: bins, maxLength: bins }),
      logits: fc.array(fc.double({ min: -4, max: 2, noNaN: true }), {
        minLength: bins * causes,
        maxLength: bins * causes,
      }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  );

test('value and derivative of cumulative incidence equal the direct sum and central differences', () => {
  fc.assert(
    fc.property(anyRow, ({ causes, widths, logits, share }) => {
      const edges = [0];
      for (const width of widths) edges.push(edges.at(-1)! + width);
      const grid = hazards(edges, causes);
      const p = softmaxBins(grid, logits);
      const t = share * edges.at(-1)!;
      const { F, dF } = incidenceGradient(grid, p, t);
      const direct = new Float64Array(causes);
      incidenceAt(grid, p, 0, t, direct);
      for (let c = 0; c < causes; c++) expect(F[c]).toBeCloseTo(direct[c]!, 10);

      const step = 1e-6;
      const moved = (b: number, j: number, by: number) => {
        const other = Float64Array.from(p);
        other[b * (causes + 1) + j + 1]! += by;
        other[b * (causes + 1)]! -= by; // u_bj is free, p_b0 is what is left
        const out = new Float64Array(causes);
        incidenceAt(grid, other, 0, t, out);
        return out;
      };
      for (let b = 0; b < widths.length; b++) {
        for (let j = 0; j < causes; j++) {
          const up = moved(b, j, step);
          const down = moved(b, j, -step);
          for (let c = 0; c < causes; c++) {
            expect(dF[(c * widths.length + b) * causes + j]).toBeCloseTo((up[c]! - down[c]!) / (2 * step), 5);
          }
        }
      }
    }),
    { seed: testSeed, numRuns: 300 },
  );
});

test('at time 0 nothing has happened and nothing moves it', () => {
  const grid = hazards([0, 7, 30], 2);
  const { F, dF } = incidenceGradient(grid, softmaxBins(grid, [-1, 0, -2, 1]), 0);
  expect([...F, ...dF].every((v) => v === 0)).toBe(true);
});
