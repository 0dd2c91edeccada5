/** Student's quantile at 97.5 % (Cornish and Fisher): 2.29 at 8 degrees of freedom (2.31), 2.06 at 24, 1.99 at 76. */
export const studentQuantile = (freedom: number): number =>
  1.96 + (1.96 ** 3 + 1.96) / (4 * freedom) + (5 * 1.96 ** 5 + 16 * 1.96 ** 3 + 3 * 1.96) / (96 * freedom ** 2);
