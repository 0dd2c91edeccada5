/** Regression trees on encoded rows, whose sums are log odds: what trees say for themselves in a mixture. */
export interface Trees {
  /** Log odds that every row starts from: bins x causes. */
  readonly start: Float64Array;
  /** First node of each tree; tree t adds to cause t modulo causes, in every bin. */
  readonly roots: Int32Array;
  /** Encoded column that a node asks; -1 = a leaf. */
  readonly column: Int32Array;
  /** Of a node: a row goes left where x[column] <= cut. Of a leaf: what it adds. */
  readonly cut: Float32Array;
  /** Left child of a node, which the right one follows; children come after their node. 0 for a leaf. */
  readonly left: Int32Array;
}

/** Leaf of tree `t` that a row falls into. Cost: the tree's depth. */
export function leafOf(trees: Trees, t: number, x: ArrayLike<number>, at: number): number {
  const { column, cut, left } = trees;
  let node = trees.roots[t]!;
  for (let j = column[node]!; j >= 0; j = column[node]!) node = left[node]! + (x[at + j]! <= cut[node]! ? 0 : 1);
  return node;
}

/** Adds to `score` (causes) what the trees say of the row that starts at `at` of x. */
export function addTrees(trees: Trees, causes: number, x: ArrayLike<number>, at: number, score: Float64Array): void {
  for (let t = 0; t < trees.roots.length; t++) score[t % causes]! += trees.cut[leafOf(trees, t, x, at)]!;
}

/**
 * Probabilities of rows: softmax([0, start_b + score]) in each bin. Cost: trees x depth a row.
 * @returns rows x bins x (causes + 1)
 */
export function predictTrees(trees: Trees, causes: number, x: Float32Array, rows: number): Float64Array {
  const bins = trees.start.length / causes;
  const inputs = x.length / Math.max(rows, 1);
  const out = new Float64Array(rows * bins * (causes + 1));
  const score = new Float64Array(causes);
  for (let i = 0; i < rows; i++) {
    score.fill(0);
    addTrees(trees, causes, x, i * inputs, score);
    treeProbabilities(trees, causes, score, out, i * bins * (causes + 1));
  }
  return out;
}

/** softmax([0, start_b + score]) of every bin, written from `to` on. */
export function treeProbabilities(
  trees: Trees,
  causes: number,
  score: ArrayLike<number>,
  out: Float64Array,
  to: number,
): void {
  // biome-ignore format: one signature
  const bins = trees.start.length / causes;
  for (let b = 0; b < bins; b++) {
    const cell = to + b * (causes + 1);
    let max = 0;
    for (let c = 0; c < causes; c++) max = Math.max(max, trees.start[b * causes + c]! + score[c]!);
    let sum = out[cell] = Math.exp(-max); // biome-ignore format: one sum
    for (let c = 0; c < causes; c++)
      sum += out[cell + c + 1] = Math.exp(trees.start[b * causes + c]! + score[c]! - max);
    for (let c = 0; c <= causes; c++) out[cell + c]! /= sum;
  }
}
