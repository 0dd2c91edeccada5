import type { Hazards } from './hazards.ts';
import { forwardNetwork, type PreparedNetwork } from './kernel/network.ts';
import { predictLinearHazards } from './linearHazards.ts';
import type { Part } from './parts.ts';
import { predictTrees } from './trees.ts';

/** A part as the plain typed arrays run it; `network` belongs to those of that kind. */
export interface PlainPart {
  readonly part: Part;
  readonly network: PreparedNetwork | undefined;
}

/**
 * Adds the parts' weighted per-bin probabilities of encoded rows to `out`, rows x bins x (causes + 1): row by row over
 * plain typed arrays in float64. What the compiled form is held to, and what runs where WebAssembly SIMD is missing.
 * Cost: a few hundred thousand multiplications a row.
 * @param x rows x inputs · @param q rows x bins x covariates
 */
export function plainHazards(
  parts: readonly PlainPart[],
  grid: Hazards,
  inputs: number,
  x: Float32Array,
  q: Float32Array,
  out: Float64Array,
): void {
  const width = grid.causes + 1;
  const cells = (grid.edges.length - 1) * width;
  const rows = out.length / cells;
  const addAt = (byBin: Float64Array, p: Float64Array) => {
    for (let e = 0; e < out.length; e++) out[e]! += byBin[Math.floor((e % cells) / width)]! * p[e % p.length]!;
  };
  for (const { part, network } of parts) {
    if (part.kind === 'constant') addAt(part.byBin, part.p);
    else if (part.kind === 'linear') addAt(part.byBin, predictLinearHazards(part.model, { rows, inputs, x, q, grid }));
    else if (part.kind === 'trees') addAt(part.byBin, predictTrees(part.trees, grid.causes, x, rows));
    else {
      const p = new Float64Array(out.length);
      forwardNetwork(network!, x, q, 1, p);
      addAt(part.byBin, p);
    }
  }
}
