import type { Quadrature } from './gaussHermite.ts';

const made = new Map<number, Quadrature>();

/**
 * Gauss-Legendre rule on [0, 1]: sum_k w_k f(u_k) = integral of f, exact for polynomials up to degree 2 n - 1. Nodes
 * ascend, weights sum to 1. Newton's method on the Legendre polynomial from its usual first guess; made once per n.
 * Source: Abramowitz and Stegun 25.4.29.
 */
export function gaussLegendre(n: number): Quadrature {
  const known = made.get(n);
  if (known) return known;
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let step = 0; step < 100; step++) {
      let before = 0;
      let value = 1;
      for (let k = 1; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
      slope = (n * (x * value - before)) / (x * x - 1);
      const move = value / slope;
      x -= move;
      if (Math.abs(move) < 1e-16) break;
    }
    nodes[i] = (x + 1) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  const rule = { nodes, weights };
  made.set(n, rule);
  return rule;
}
