import { sameLength } from '../../src/stats/check.ts';
import { logGamma } from '../../src/stats/logGamma.ts';

/** How firmly ratios lie around 1 (variance 1 / strength) if they are not all 1: tried in turn. */
const STRENGTHS = [2, 8, 32, 128];
/** Chance, before anything is seen, that all are 1. */
const FLAT = 0.5;

/**
 * How many times as much came in each cell as was expected, drawn to 1: o ~ Poisson(r e) with r ~ Gamma(s, s), of mean 1, so that given s the ratio
 * is (o + s) / (e + s). Nobody tells s, nor whether the cells differ at all: each s, and r = 1 everywhere, is weighted by how well it explains all
 * the counts, and a ratio is the weighted mean. Where cells differ by chance alone the answer is close to 1; where one is empty that
 * should hold many, close to 0. Counts need not be whole. Nothing expected: 1. Cost: none to speak of.
 *
 * Source: Clayton and Kaldor, "Empirical Bayes estimates of age-standardized relative risks", Biometrics 43 (1987), section 2. NOTE[DIFF] theirs
 * maximises over the strength; ours averages, with a flat law among those tried, so that few counts do not look like a pattern.
 */
export function shrunkRatios(observed: ArrayLike<number>, expected: ArrayLike<number>): Float64Array {
  sameLength('shrunkRatios', observed, expected);
  const cells = Array.from({ length: observed.length }, (_, i) => i);
  const flat = cells.reduce((sum, i) => sum - expected[i], 0);
  const laws = STRENGTHS.map((s) =>
    cells.reduce(
      (sum, i) =>
        sum + s * Math.log(s) - logGamma(s) + logGamma(s + observed[i]) - (s + observed[i]) * Math.log(s + expected[i]),
      0,
    ),
  );
  const most = Math.max(flat, ...laws);
  const share = laws.map((law) => ((1 - FLAT) / STRENGTHS.length) * Math.exp(law - most));
  const still = FLAT * Math.exp(flat - most);
  const total = share.reduce((sum, one) => sum + one, still);
  return Float64Array.from(cells, (i) =>
    STRENGTHS.reduce((sum, s, k) => sum + (share[k] / total) * ((observed[i] + s) / (expected[i] + s)), still / total),
  );
}
