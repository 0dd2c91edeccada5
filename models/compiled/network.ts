import { COVARIATES } from '../binCovariates.ts';
import type { FusedNetwork } from '../kernel/fused.ts';
import type { KnotEntries, Knots } from '../kernel/knots.ts';
import type { PartOf } from '../parts.ts';
import { addWays, type Cells, type CompiledPart } from './part.ts';

/** A network in its fused form: what it needs of the covariates goes in, its mean over members comes out. */
export function compiledNetwork(
  { byBin, shape, weights }: PartOf<'network'>,
  { bins, causes }: Cells,
  knots: Knots,
  entries: KnotEntries,
  network: FusedNetwork,
): CompiledPart {
  const { gamma } = weights;
  const { line, mean, dU: slopes } = network;
  const addMean = (rows: number, out: Float64Array, at: number) => {
    for (let r = 0; r < rows; r++) {
      const from = r * (causes + 1) * line;
      for (let b = 0; b < bins; b++) {
        const weight = byBin[b]!;
        for (let c = 0, cell = from + b; c <= causes; c++, at++, cell += line) out[at]! += weight * mean[cell]!;
      }
    }
  };
  return {
    add: (rows, q, bin, out, at) => {
      network.covariates(rows, q, bin);
      network.forward(rows);
      addMean(rows, out, at);
    },
    path: network.path,
    forwardAt: (points, q, out) => {
      network.covariates(points.length, q, 0);
      network.forwardAt(points);
      addMean(points.length, out, 0);
    },
    backward: (points, dU, dQ) => {
      for (let i = 0; i < points; i++)
        for (let b = 0; b < bins; b++) {
          const weight = byBin[b]! / shape.members;
          for (let c = 0; c < causes; c++)
            slopes[(i * causes + c) * line + b] = weight * dU[(i * bins + b) * causes + c]!;
        }
      network.backward(points);
      for (let i = 0; i < points; i++)
        for (let b = 0; b < bins; b++)
          for (let c = 0; c < causes; c++) {
            const dz = slopes[(i * causes + c) * line + b]!;
            for (let k = 0; k < COVARIATES; k++) dQ[b * COVARIATES + k]! += dz * gamma[k * causes + c]!;
          }
    },
    along: network.along,
    contribute: (byCode, rows) => {
      const found = network.project(entries.start[rows]!);
      addWays(byCode, rows, knots, entries, (e) => found.entries[e]!, (i) => found.means[i]!); // biome-ignore format: one call
    },
  };
}
