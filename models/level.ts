/**
 * How much more, or less, is happening lately than a model says: one factor a cause on the odds of its hazards, so that
 * everything derived from them (probability, dates, forecast) stays coherent. 1 = as said.
 */
export type Level = ArrayLike<number>;

/** What was seen of each cause over a stretch of time, and what the model had said would be. */
export interface ObservedExpected {
  readonly observed: ArrayLike<number>;
  readonly expected: ArrayLike<number>;
}

/** Pseudo events on both sides: a handful of closes says nothing, a hundred say most of it. */
const PSEUDO = 30;

/**
 * (O + 30) / (E + 30) by cause: pulled to 1 where little was to be seen. Always applied: a rule that waits for two
 * standard errors did no better on stable simulated companies and worse on larger or drifting ones (benchmarks/README.md).
 */
export function levelOf({ observed, expected }: ObservedExpected): Float64Array {
  return Float64Array.from(observed, (o, c) => (o + PSEUDO) / (expected[c]! + PSEUDO));
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
