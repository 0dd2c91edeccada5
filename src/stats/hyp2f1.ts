import { ForesellError } from '../errors.ts';

const MAX_TERMS = 1_000_000;
/** Beyond this, terms and sum are brought down together, so that nothing overflows. */
const LARGE = 1e250;

/**
 * ln of Gauss's hypergeometric function 2F1(a, b; c; z) for positive a, b, c and 0 <= z < 1, where it is at least 1.
 *
 * The series sum_k (a)_k (b)_k / (c)_k z^k / k! has positive terms only, so nothing cancels. Where it converges slowly,
 * Euler's transform (1 - z)^(c - a - b) 2F1(c - a, c - b; c; z) is summed instead, as long as its first terms do not
 * change sign often. The logarithm, because the value passes 1e308 for a customer with some hundred purchases.
 *
 * Errors: `hypergeometric-domain` outside the range, `hypergeometric-slow` after a million terms (z within 1e-5 of 1).
 * Cost: about 36 / -ln z terms. Source: Abramowitz and Stegun 15.1.1 and 15.3.3.
 */
export function logHyp2f1(a: number, b: number, c: number, z: number): number {
  if (!(a > 0 && b > 0 && c > 0 && z >= 0 && z < 1)) {
    throw new ForesellError(
      'hypergeometric-domain',
      `2F1(${a}, ${b}; ${c}; ${z}): expected positive a, b, c and z from 0 to below 1`,
      { blame: 'failure' },
    );
  }
  const turns = c - a > -3 && c - b > -3;
  if (z > 0.5 && c < a + b && turns) return (c - a - b) * Math.log1p(-z) + series(c - a, c - b, c, z);
  return series(a, b, c, z);
}

/** ln of the plain series. */
function series(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  let scale = 0;
  for (let k = 0; k < MAX_TERMS; k++) {
    const ratio = (((a + k) * (b + k)) / ((c + k) * (k + 1))) * z;
    term *= ratio;
    sum += term;
    // What is left is at most a geometric series once the ratio is below 1 for good.
    if (Math.abs(ratio) < 1 && Math.abs(term) <= 1e-17 * Math.abs(sum) * (1 - Math.max(Math.abs(ratio), z))) {
      return Math.log(sum) + scale;
    }
    if (sum > LARGE) {
      term /= LARGE;
      sum /= LARGE;
      scale += Math.log(LARGE);
    }
  }
  throw new ForesellError('hypergeometric-slow', `2F1(${a}, ${b}; ${c}; ${z}) did not converge in ${MAX_TERMS} terms`, {
    blame: 'failure',
  });
}
