/**
 * How much more, or less, is happening lately than a model says: one factor a cause on the odds of its hazards, so that
 * everything derived from them (probability, dates, forecast) stays coherent. 1 = as said.
 */
export type Level = ArrayLike<number>;

/** What was seen of each cause over some weeks, and what the model had said would be. */
export interface ObservedExpected {
  readonly weeks: number;
  readonly observed: ArrayLike<number>;
  readonly expected: ArrayLike<number>;
}

/** How much of a deviation is left after a week, and how firmly levels lie around 1 (variance 1 / strength): tried in all pairs. */
const PERSISTENCE = [0.945, 0.975, 0.99];
const STRENGTH = [50, 12, 3];
/** Chance, before anything is seen, that the company stays as it was trained. */
const STILL = 0.5;

/**
 * The level of each cause from stretches of time, oldest first: a local level whose variance is learned. In a stretch
 * o ~ Poisson(r e) with r ~ Gamma(a, b), so o is negative binomial with size a and mean e a / b, and then a += o, b += e.
 * From stretch to stretch what is known fades towards where it started, Gamma(s, s), of mean 1: with f = rho^weeks
 *
 *     a = f a + (1 - f) s,   b = f b + (1 - f) s,   r = a / b
 *
 * Nobody tells rho and s, nor whether anything moves at all. Each pair, and r = 1 for good, is weighted by how well it
 * had foretold the counts, and r is their weighted mean: a calm company stays near 1, a turning one is followed.
 * Nothing seen: 1. Range: above 0. Cost: none to speak of.
 *
 * Source: Harvey and Fernandes, "Time series models for count or qualitative observations", Journal of Business and
 * Economic Statistics 7 (1989), section 2. NOTE[DIFF] theirs fades to ignorance, ours to Gamma(s, s), so that the level
 * returns to what was trained; and the parameters are averaged over, not maximised.
 */
export function levelOf(history: readonly ObservedExpected[]): Float64Array {
  const causes = history[0]?.observed.length ?? 0;
  const pairs = PERSISTENCE.flatMap((rho) => STRENGTH.map((strength) => followed(history, causes, rho, strength)));
  return Float64Array.from({ length: causes }, (_, c) => {
    const still = history.reduce((sum, { expected }) => sum - expected[c]!, 0);
    const most = pairs.reduce((m, pair) => Math.max(m, pair[c]!.logLikelihood), still);
    let weight = STILL * Math.exp(still - most);
    let level = weight;
    for (const pair of pairs) {
      const share = ((1 - STILL) / pairs.length) * Math.exp(pair[c]!.logLikelihood - most);
      weight += share;
      level += share * pair[c]!.level;
    }
    return level / weight;
  });
}

/** One pair's level of each cause after the last stretch, and ln P(counts) less what all pairs share. */
function followed(history: readonly ObservedExpected[], causes: number, rho: number, strength: number) {
  return Array.from({ length: causes }, (_, c) => {
    let a = strength;
    let b = strength;
    let logLikelihood = 0;
    for (const { weeks, observed, expected } of history) {
      const o = observed[c]!;
      const e = expected[c]!;
      logLikelihood += a * Math.log(b) - (a + o) * Math.log(b + e);
      for (let i = 0; i < o; i++) logLikelihood += Math.log(a + i);
      const kept = rho ** weeks;
      a = kept * (a + o) + (1 - kept) * strength;
      b = kept * (b + e) + (1 - kept) * strength;
    }
    return { level: a / b, logLikelihood };
  });
}

/**
 * Scales per-bin probabilities in place: p_c' = r_c p_c / D, p_0' = p_0 / D with D = p_0 + sum_j r_j p_j.
 * @param p cells x (causes + 1), index 0 = still open
 */
export function applyLevel(p: Float64Array, causes: number, level: Level): void {
  for (let cell = 0; cell < p.length; cell += causes + 1) {
    let total = p[cell]!;
    for (let c = 1; c <= causes; c++) total += p[cell + c]! * level[c - 1]!;
    p[cell]! /= total;
    for (let c = 1; c <= causes; c++) p[cell + c]! *= level[c - 1]! / total;
  }
}

/**
 * Carries a derivative in the scaled u' = p'_c back to the unscaled u = p_c (p_0 = 1 - sum u), in place:
 * du'_j / du_c = r_j (delta_jc D - u_j (r_c - 1)) / D^2.
 * @param p unscaled, bins x (causes + 1) · @param dU bins x causes
 */
export function levelGradient(p: Float64Array, causes: number, level: Level, dU: Float64Array): void {
  const own = new Float64Array(causes);
  for (let b = 0; b * causes < dU.length; b++) {
    const cell = b * (causes + 1);
    let total = p[cell]!;
    let carried = 0;
    for (let j = 0; j < causes; j++) total += p[cell + j + 1]! * level[j]!;
    for (let j = 0; j < causes; j++) {
      own[j] = dU[b * causes + j]! * level[j]!;
      carried += own[j]! * p[cell + j + 1]!;
    }
    for (let c = 0; c < causes; c++) dU[b * causes + c] = own[c]! / total - (carried * (level[c]! - 1)) / total ** 2;
  }
}
