import type { Trees } from '../trees.ts';
import { ML, type OnnxGraph } from './graph.ts';

/**
 * Trees as one operator that ONNX has for them. @param x encoded rows, float
 * @param withOpen columns of causes as columns of (still open, causes), the first of them 0
 * @returns logits, rows x bins x (causes + 1)
 */
export function treesGraph(
  { node, constant }: OnnxGraph,
  { start, roots, column, cut, left }: Trees,
  causes: number,
  x: string,
  withOpen: (values: ArrayLike<number>) => Float32Array,
): string {
  const nodes = Array.from(column.keys());
  const tree = new Int32Array(column.length);
  roots.forEach((root, t) => {
    tree.fill(t, root, roots[t + 1] ?? column.length);
  });
  const leaves = nodes.filter((i) => column[i]! < 0);
  const own = (i: number) => i - roots[tree[i]!]!;
  const ints = (of: (i: number) => number, at: readonly number[] = nodes) => ({ ints: at.map(of) });
  const score = node(
    'TreeEnsembleRegressor',
    [x],
    {
      n_targets: { int: causes },
      nodes_treeids: ints((i) => tree[i]!),
      nodes_nodeids: ints(own),
      nodes_featureids: ints((i) => Math.max(0, column[i]!)),
      nodes_modes: { strings: nodes.map((i) => (column[i]! < 0 ? 'LEAF' : 'BRANCH_LEQ')) },
      nodes_values: { floats: nodes.map((i) => (column[i]! < 0 ? 0 : cut[i]!)) },
      nodes_truenodeids: ints((i) => (column[i]! < 0 ? 0 : own(i) + left[i]! - i)),
      nodes_falsenodeids: ints((i) => (column[i]! < 0 ? 0 : own(i) + left[i]! - i + 1)),
      target_treeids: ints((i) => tree[i]!, leaves),
      target_nodeids: ints(own, leaves),
      target_ids: ints((i) => tree[i]! % causes, leaves),
      target_weights: { floats: leaves.map((i) => cut[i]!) },
    },
    ML,
  );
  const bins = start.length / causes;
  const identity = Float32Array.from({ length: causes * causes }, (_, e) => (e % (causes + 1) === 0 ? 1 : 0));
  const each = node('MatMul', [score, constant(withOpen(identity), [causes, causes + 1], 'float')]);
  const byBin = constant(withOpen(start), [bins, causes + 1], 'float');
  return node('Add', [node('Reshape', [each, constant([-1, 1, causes + 1], [3], 'int64')]), byBin]);
}
