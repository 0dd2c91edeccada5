/**
 * A rate of few cases drawn to a prior: (won + m prior) / (n + m), the mean of a beta law worth m cases. With n = 0 it
 * is the prior.
 */
export const betaShrink = (won: number, n: number, prior: number, m: number): number => (won + m * prior) / (n + m);
