const HALF_LOG_TWO_PI = 0.9189385332046728;

/**
 * ln Gamma(x) for x > 0, to about 1e-15 absolute (relative for large x): x is moved up to 8 or more by
 * Gamma(x + 1) = x Gamma(x), then Stirling's series. NaN for x <= 0. Source: Abramowitz and Stegun 6.1.15 and 6.1.41.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let product = 1;
  while (x < 8) product *= x++;
  const y = 1 / x;
  const z = y * y;
  const series =
    y *
    (1 / 12 + z * (-1 / 360 + z * (1 / 1260 + z * (-1 / 1680 + z * (1 / 1188 + z * (-691 / 360360 + z * (1 / 156)))))));
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + series - (product === 1 ? 0 : Math.log(product));
}

/** ln B(a, b) = ln Gamma(a) + ln Gamma(b) - ln Gamma(a + b), for positive a and b. */
export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);
