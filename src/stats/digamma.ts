/**
 * The digamma function psi(x) = d ln Gamma(x) / dx for x > 0, to about 1e-14: psi(x) = psi(x + 1) - 1 / x up to 8 or
 * more, then the asymptotic series. NaN for x <= 0. Source: Abramowitz and Stegun 6.3.5 and 6.3.18.
 */
export function digamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let sum = 0;
  while (x < 8) sum -= 1 / x++;
  const z = 1 / (x * x);
  const series =
    z *
    (1 / 12 -
      z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z * (1 / 132 - z * (691 / 32760 - z * (1 / 12 - z * 0.4432598))))))); // biome-ignore format: a polynomial
  return sum + Math.log(x) - 0.5 / x - series;
}
