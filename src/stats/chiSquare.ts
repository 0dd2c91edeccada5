import { normalCdf } from './normal.ts';

/**
 * Upper tail of the chi-square law with whole degrees of freedom: P(X > x). A finite sum, exact to rounding:
 * Q(a + 1, z) = Q(a, z) + z^a e^-z / Gamma(a + 1) with z = x / 2, from Q(1/2, z) = erfc(sqrt z) or Q(1, z) = e^-z.
 * Source: Abramowitz and Stegun 26.4.4 and 26.4.5. Cost O(degrees).
 */
export function chiSquareTail(x: number, degrees: number): number {
  if (x <= 0) return 1;
  const z = x / 2;
  const odd = degrees % 2 === 1;
  let tail = odd ? 2 * normalCdf(-Math.sqrt(x)) : Math.exp(-z);
  let term = odd ? 2 * Math.sqrt(z / Math.PI) * Math.exp(-z) : z * Math.exp(-z);
  for (let a = odd ? 0.5 : 1; a < degrees / 2; a++) {
    tail += term;
    term *= z / (a + 1);
  }
  return Math.min(1, tail);
}
