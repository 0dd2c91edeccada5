import type { Trees } from './trees.ts';

/** Trees as three layers of products, each tree padded to the size of the largest. */
export interface TreeLayers {
  readonly size: { readonly trees: number; readonly questions: number; readonly leaves: number };
  /** relu6 of it: 6 where x[column] > cut, else 0, of question k of tree t in column k * trees + t. */
  readonly sides: {
    readonly kernel: { readonly rows: number; readonly columns: number; readonly values: Float32Array };
    readonly bias: Float32Array;
  };
  /** questions x trees x leaves; relu of it: 1 for the leaf that the row falls into, else 0. */
  readonly leaves: Float32Array;
  readonly leafBias: Float32Array;
  /** (trees x leaves) x causes */
  readonly adds: Float32Array;
}

/**
 * Such a power of two times any difference of two float32 that are not equal is more than 6 (above 1e-17 in size), and it
 * is exact: on which side of a cut a value lies is then the same here as where trees are walked.
 */
const STEEP = 2 ** 60;
const RELU6 = 6;

/**
 * A leaf is reached where every question on the way is answered its way: (right answers - left ones missed) + 1 - rights
 * is 1 then, and at most 0 otherwise. Source: Nakandala et al., Hummingbird (2020), the product strategy.
 */
export function treesAsLayers({ roots, column, cut, left }: Trees, causes: number, inputs: number): TreeLayers {
  const ends = Array.from(roots, (root, t) => [root, roots[t + 1] ?? column.length] as const);
  const nodesOf = ([from, to]: readonly [number, number]) => Array.from({ length: to - from }, (_, i) => from + i);
  const count = (of: readonly [number, number], leaf: boolean) =>
    nodesOf(of).filter((node) => column[node]! < 0 === leaf).length;
  const size = {
    trees: roots.length,
    questions: Math.max(1, ...ends.map((of) => count(of, false))),
    leaves: Math.max(1, ...ends.map((of) => count(of, true))),
  };
  const columns = size.questions * size.trees;
  const sides = { kernel: { rows: inputs, columns, values: new Float32Array(inputs * columns) }, bias: new Float32Array(columns) }; // biome-ignore format: one value
  const leaves = new Float32Array(columns * size.leaves);
  const leafBias = new Float32Array(size.trees * size.leaves).fill(-1);
  const adds = new Float32Array(size.trees * size.leaves * causes);
  roots.forEach((root, t) => {
    let question = 0;
    let leaf = 0;
    const visit = (node: number, way: readonly (readonly [question: number, right: boolean])[]) => {
      if (column[node]! < 0) {
        const at = t * size.leaves + leaf;
        for (const [k, right] of way) leaves[(k * size.trees + t) * size.leaves + leaf] = (right ? 1 : -1) / RELU6;
        leafBias[at] = 1 - way.filter(([, right]) => right).length;
        adds[at * causes + (t % causes)] = cut[node]!;
        leaf++;
        return;
      }
      const k = question++;
      sides.kernel.values[column[node]! * columns + k * size.trees + t] = STEEP;
      sides.bias[k * size.trees + t] = -STEEP * cut[node]!;
      visit(left[node]!, [...way, [k, false]]);
      visit(left[node]! + 1, [...way, [k, true]]);
    };
    visit(root, []);
  });
  return { size, sides, leaves, leafBias, adds };
}
