import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { ForesellError } from '../../src/errors.ts';
import { type HierarchyNode, sumLines } from './hierarchy.ts';

export const reconciliations = ['bottom-up', 'ols', 'structural', 'variance', 'mint'] as const;
/** How forecasts that do not add up are made to: the covariance W that their errors are taken to have. */
export type Reconciliation = (typeof reconciliations)[number];

/**
 * Forecasts of nodes and lines (in this order, one row each, a value a step) made to add up, moved as little as the weights
 * allow: y - W C' (C W C')^-1 C y with C = [I, -S], which equals S (S' W^-1 S)^-1 S' W^-1 y and asks for a matrix of the nodes
 * only. W: `ols` I; `structural` the number of lines summed; `variance` the mean squared one-step error; `mint` the covariance
 * of one-step errors, shrunk towards its diagonal (`shrinkage`); `bottom-up` sums the lines. Nodes are then summed anew from the
 * lines, so that they add up to rounding. With `nonnegative` a line below 0 becomes 0 before that.
 *
 * Cost O(a^3 + lines depth^2 + h a depth) with a nodes; `mint` also O(T n a).
 * @param errors one-step errors of every row, of one length, NaN where there is none; only for `variance` and `mint`
 * Source: Wickramasuriya, Athanasopoulos and Hyndman (2019), equations 9 and 11; Hyndman, Lee and Wang (2016).
 */
export function reconcile(
  nodes: readonly HierarchyNode[],
  base: readonly Float64Array[],
  how: Reconciliation,
  errors: readonly Float64Array[],
  nonnegative: boolean,
): readonly Float64Array[] {
  const above = nodes.length;
  const out: Float64Array[] = base.map((row) => row.slice());
  const lines: Float64Array[] = out.slice(above);
  if (how !== 'bottom-up' && above > 0) {
    const { scales, apply } = how === 'mint' ? shrunkWeights(nodes, base.length, errors) : diagonalWeights(nodes, diagonal(nodes, base.length, how, errors)); // biome-ignore format: one choice
    const root = new CholeskyDecomposition(scales);
    if (!root.isPositiveDefinite())
      throw new ForesellError('reconcile-singular', `the errors of the nodes say no weights for "${how}"; take structural`, { blame: 'failure' }); // biome-ignore format: one sentence
    const horizon = base[0].length;
    const gaps = new Matrix(above, horizon);
    for (const [a, node] of nodes.entries()) {
      const sum = sumLines(node.lines, lines);
      for (let h = 0; h < horizon; h++) gaps.set(a, h, base[a][h] - sum[h]);
    }
    apply(root.solve(gaps), lines);
  }
  if (nonnegative) for (const line of lines) for (let h = 0; h < line.length; h++) line[h] = Math.max(0, line[h]);
  for (const [a, node] of nodes.entries()) out[a] = sumLines(node.lines, lines);
  return out;
}

/** C W C' and how its solution moves the lines. */
interface Weights {
  readonly scales: Matrix;
  /** Takes W C' z off the lines, in place; z has a row a node and a column a step. */
  apply(z: Matrix, lines: readonly Float64Array[]): void;
}

/** The diagonal of W. */
function diagonal(
  nodes: readonly HierarchyNode[],
  rows: number,
  how: 'ols' | 'structural' | 'variance',
  errors: readonly Float64Array[],
): Float64Array {
  if (how === 'ols') return new Float64Array(rows).fill(1);
  if (how === 'structural') return Float64Array.from({ length: rows }, (_, i) => nodes[i]?.lines.length ?? 1);
  const squares = Float64Array.from({ length: rows }, (_, i) => {
    const known = errors[i].filter((e) => !Number.isNaN(e));
    return known.length === 0 ? 0 : known.reduce((sum, e) => sum + e * e, 0) / known.length;
  });
  // A line without error is certain, but not endlessly: a millionth of the mean keeps the matrix regular.
  const floor = squares.reduce((sum, v) => sum + v, 0) / rows / 1e6 || 1;
  return squares.map((v) => Math.max(v, floor));
}

function diagonalWeights(nodes: readonly HierarchyNode[], w: Float64Array): Weights {
  const above = nodes.length;
  const scales = Matrix.zeros(above, above);
  const parents: number[][] = Array.from({ length: w.length - above }, () => []);
  for (const [a, { lines }] of nodes.entries()) {
    scales.set(a, a, w[a]);
    for (const line of lines) parents[line].push(a);
  }
  for (const [line, own] of parents.entries())
    for (const a of own) for (const b of own) scales.set(a, b, scales.get(a, b) + w[above + line]);
  return {
    scales,
    apply: (z, lines) => {
      for (const [line, own] of parents.entries())
        for (const a of own) for (let h = 0; h < z.columns; h++) lines[line][h] += w[above + line] * z.get(a, h);
    },
  };
}

/** W = (1 - s) E'E / T + s diag(E'E / T), never formed: W C' = (1 - s) E'(E C') / T + s diag C'. */
function shrunkWeights(nodes: readonly HierarchyNode[], rows: number, errors: readonly Float64Array[]): Weights {
  const above = nodes.length;
  const periods = errors[0].length;
  const whole = Array.from({ length: periods }, (_, t) => t).filter((t) => errors.every((e) => !Number.isNaN(e[t])));
  if (whole.length < 3)
    throw new ForesellError('reconcile-short', `mint needs one-step errors of 3 periods at least; there are ${whole.length}; take structural`); // biome-ignore format: one sentence
  const e = errors.map((row) => Float64Array.from(whole, (t) => row[t]));
  const variances = diagonal(nodes, rows, 'variance', e);
  const s = shrinkage(e, variances);
  const T = whole.length;
  // E C': by how much the errors of a node differ from the sum of those of its lines.
  const gaps = nodes.map(({ lines }, a) => {
    const sum = sumLines(lines, e.slice(above));
    return e[a].map((v, t) => v - sum[t]);
  });
  const { scales, apply } = diagonalWeights(
    nodes,
    variances.map((v) => s * v),
  );
  for (let a = 0; a < above; a++)
    for (let b = a; b < above; b++) {
      let product = 0;
      for (let t = 0; t < T; t++) product += gaps[a][t] * gaps[b][t];
      product *= (1 - s) / T;
      scales.set(a, b, scales.get(a, b) + product);
      if (a !== b) scales.set(b, a, scales.get(b, a) + product);
    }
  return {
    scales,
    apply: (z, lines) => {
      apply(z, lines);
      // (E C') z a period and step, then each line's share of it.
      for (let h = 0; h < z.columns; h++) {
        const mixed = new Float64Array(T);
        for (let a = 0; a < above; a++) for (let t = 0; t < T; t++) mixed[t] += gaps[a][t] * z.get(a, h);
        for (const [i, line] of lines.entries()) {
          let sum = 0;
          for (let t = 0; t < T; t++) sum += e[above + i][t] * mixed[t];
          line[h] -= ((1 - s) * sum) / T;
        }
      }
    },
  };
}

/**
 * How far a covariance is drawn to its diagonal, 0 to 1: sum of the variances of the correlations over the sum of their
 * squares, both off the diagonal. Source: Schaefer and Strimmer (2005), table 1, target D; as R's `hts`.
 */
export function shrinkage(errors: readonly Float64Array[], variances: ArrayLike<number>): number {
  const T = errors[0].length;
  const x = errors.map((row, i) => row.map((v) => v / Math.sqrt(variances[i])));
  let [noise, signal] = [0, 0];
  for (let i = 0; i < x.length; i++)
    for (let j = 0; j < i; j++) {
      let [product, squares] = [0, 0];
      for (let t = 0; t < T; t++) {
        const p = x[i][t] * x[j][t];
        product += p;
        squares += p * p;
      }
      noise += (squares - (product * product) / T) / (T * (T - 1));
      signal += (product / T) ** 2;
    }
  return signal === 0 ? 1 : Math.max(0, Math.min(1, noise / signal));
}
