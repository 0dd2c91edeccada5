import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export interface Quadrature {
  readonly nodes: Float64Array;
  /** Weights that sum to 1. */
  readonly weights: Float64Array;
}

const made = new Map<number, Quadrature>();

/**
 * Gauss-Hermite rule for the standard normal law: sum_k w_k f(z_k) = E f(Z), exact for polynomials up to degree
 * 2 n - 1. Nodes ascend; they are the eigenvalues of the Jacobi matrix with off-diagonals sqrt(k), the weights the
 * squared first components of its eigenvectors. Made once per n. Source: Golub and Welsch (1969).
 */
export function gaussHermite(n: number): Quadrature {
  const known = made.get(n);
  if (known) return known;
  const jacobi = Matrix.zeros(n, n);
  for (let k = 1; k < n; k++) {
    jacobi.set(k - 1, k, Math.sqrt(k));
    jacobi.set(k, k - 1, Math.sqrt(k));
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(jacobi, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[a] - realEigenvalues[b]);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  let sum = 0;
  for (const [i, k] of order.entries()) {
    nodes[i] = realEigenvalues[k];
    weights[i] = eigenvectorMatrix.get(0, k) ** 2;
    sum += weights[i];
  }
  for (let i = 0; i < n; i++) weights[i] /= sum;
  const rule = { nodes, weights };
  made.set(n, rule);
  return rule;
}
