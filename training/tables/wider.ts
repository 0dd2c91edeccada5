import type { NetworkShape, NetworkWeights } from '../../models/network.ts';

/** A network that reads some columns, as one that reads all: the weights of the others are 0. */
export function widened(
  { shape, weights }: { readonly shape: NetworkShape; readonly weights: NetworkWeights },
  columns: readonly number[],
  inputs: number,
): { readonly shape: NetworkShape; readonly weights: NetworkWeights } {
  const w1 = new Float32Array(inputs * shape.width);
  const scale = new Float32Array(shape.members * inputs);
  for (const [j, column] of columns.entries()) {
    w1.set(weights.w1.subarray(j * shape.width, (j + 1) * shape.width), column * shape.width);
    for (let m = 0; m < shape.members; m++) scale[m * inputs + column] = weights.scale[m * shape.inputs + j]!;
  }
  return { shape: { ...shape, inputs }, weights: { ...weights, w1, scale } };
}

/** Numbers from 0 without gaps, in the order in which each value is first met. */
export function renumbered(values: readonly number[]): number[] {
  const seen = new Map<number, number>();
  return values.map((value) => {
    if (!seen.has(value)) seen.set(value, seen.size);
    return seen.get(value)!;
  });
}
