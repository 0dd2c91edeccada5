import type { Hazards, Placed } from './hazards.ts';

/** What a loss over bins reads of rows beside their scores. */
export interface BinRows {
  readonly rows: number;
  readonly grid: Hazards;
  readonly placed: Placed;
  /** rows x bins x covariates */
  readonly q: Float32Array;
  readonly covariates: number;
  /** How strongly each score counts in each bin: clocks x bins. */
  readonly clock: Float64Array;
  /** Numbers from one row's scores to the next. */
  readonly stride: number;
}

/**
 * Competing-risk log loss of rows, and its gradient, one row after the other without keeping their logits:
 * z_bc = a_bc + sum_k clock_kb score_kc + q_b . gamma_c, loss and slopes as `nllGradient` has them.
 *
 * Takes the rows' scores (clock by clock, cause by cause) and leaves in their place the slope in each; what pads a row becomes 0. To `dIntercept`
 * (bins x causes) and `dGamma` (covariates x causes) it adds theirs.
 * Cost: an exponential a cause and bin that a row lived to see, a logarithm a row. Held to `nllGradient` over logits that are
 * kept: slopes to the bit, the loss to rounding.
 */
export function binLoss(
  { rows, grid, placed, q, covariates, clock, stride }: BinRows,
  score: Float64Array,
  intercept: Float64Array,
  gamma: Float64Array,
  dIntercept: Float64Array,
  dGamma: Float64Array,
): number {
  const { causes } = grid;
  const bins = grid.edges.length - 1;
  const terms = (clock.length / bins) * causes;
  const { bin, cause, fraction } = placed;
  const z = new Float64Array(causes);
  const e = new Float64Array(causes);
  const slope = new Float64Array(terms);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const from = i * stride;
    const ended = cause[i]!;
    const until = bin[i]!;
    const last = until < bins ? until : bins - 1;
    for (let t = 0; t < terms; t++) slope[t] = 0;
    let through = 1; // product over bins, each between 1 and causes + 1: one logarithm a row
    for (let b = 0; b <= last; b++) {
      const at = (i * bins + b) * covariates;
      let most = 0;
      for (let c = 0; c < causes; c++) {
        let logit = intercept[b * causes + c]!;
        for (let t = c, k = b; t < terms; t += causes, k += bins) logit += clock[k]! * score[from + t]!;
        for (let k = 0, w = c; k < covariates; k++, w += causes) logit += q[at + k]! * gamma[w]!;
        z[c] = logit;
        if (logit > most) most = logit;
      }
      let sum = most === 0 ? 1 : Math.exp(-most);
      for (let c = 0; c < causes; c++) sum += e[c] = Math.exp(z[c]! - most);
      const share = b < until || ended > 0 ? 1 : fraction[i]!;
      if (share === 1) {
        total += most;
        through *= sum;
      } else total += share * (most + Math.log(sum));
      const here = b === until && ended > 0 ? ended - 1 : -1;
      if (here >= 0) total -= z[here]!;
      for (let c = 0; c < causes; c++) {
        let g = share * (e[c]! / sum);
        if (c === here) g -= 1;
        dIntercept[b * causes + c]! += g;
        for (let t = c, k = b; t < terms; t += causes, k += bins) slope[t]! += g * clock[k]!;
        for (let k = 0, w = c; k < covariates; k++, w += causes) dGamma[w]! += g * q[at + k]!;
      }
    }
    total += Math.log(through);
    for (let t = 0; t < stride; t++) score[from + t] = t < terms ? slope[t]! : 0;
  }
  return total;
}
