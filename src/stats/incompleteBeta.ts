import { logBeta } from './logGamma.ts';

const TINY = 1e-300;

/**
 * The regularised incomplete beta function I_x(a, b) = P(Beta(a, b) <= x), for positive a and b and x in [0, 1], to
 * about 1e-13. The continued fraction of Abramowitz and Stegun 26.5.8 on the side where it converges quickly, by
 * Lentz's method. Cost: O(sqrt(max(a, b))) steps.
 * @param logB ln B(a, b), for callers that hold it already
 */
export function incompleteBeta(x: number, a: number, b: number, logB = logBeta(a, b)): number {
  if (!(x > 0)) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logB);
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return h;
}

/** Away from zero, which Lentz's method divides by. */
const away = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
