import type { Hazards, Placed } from '../../models/hazards.ts';

/** First and second derivatives of a loss, one pair for each number that it depends on. */
export interface Derivatives {
  readonly gradient: Float64Array;
  readonly curve: Float64Array;
}

export const derivativesOf = (numbers: number): Derivatives => ({
  gradient: new Float64Array(numbers),
  curve: new Float64Array(numbers),
});

/** A log odd beyond this is certain; its exponent squared is still a number. */
const CERTAIN = 300;
const oddsOf = (z: number): number => Math.exp(Math.max(-CERTAIN, Math.min(CERTAIN, z)));
/** A product of so much is logged before it grows on: what the next factor may bring still fits a number. */
const LARGE = 1e30;

/**
 * The loss of hazards whose log odds are z_bc = start_bc + score_c, a score a row and cause that moves all bins alike: what boosted trees
 * learn by. Odds multiply, exp z_bc = exp start_bc x exp score_c, so that a row costs an exponential a cause and not one a bin.
 */
export interface BoostLoss {
  /** Mean of -log likelihood over rows: over the bins that a row was watched in, w_b log(1 + sum_c exp z_bc), less z of its event. */
  mean(start: Float64Array, score: Float64Array): number;
  /**
   * Writes derivatives, of each row's scores (rows x causes): the sums over its bins of w_b p_bc less the event, and of w_b p_bc (1 - p_bc);
   * where asked also those of `start`, the same sums over rows.
   */
  derivatives(start: Float64Array, score: Float64Array, ofScore: Derivatives, ofStart?: Derivatives): void;
}

/** @param placed the rows that are scored, in their order · Cost: some nanoseconds a row and bin. */
export function boostLoss({ causes, edges }: Hazards, placed: Placed): BoostLoss {
  const bins = edges.length - 1;
  const rows = placed.bin.length;
  const odds = new Float64Array(causes);
  const partOf = (row: number, b: number): number =>
    b < placed.bin[row]! || placed.cause[row]! > 0 ? 1 : placed.fraction[row]!;
  const watched = (row: number): number => Math.min(placed.bin[row]! + 1, bins);
  const oddsOfRow = (score: Float64Array, row: number): void => {
    for (let c = 0; c < causes; c++) odds[c] = oddsOf(score[row * causes + c]!);
  };
  return {
    mean(start, score) {
      const base = start.map(oddsOf);
      let total = 0;
      for (let row = 0; row < rows; row++) {
        oddsOfRow(score, row);
        const last = watched(row) - 1;
        let product = 1;
        for (let b = 0; b <= last; b++) {
          let sum = 1;
          for (let c = 0; c < causes; c++) sum += base[b * causes + c]! * odds[c]!;
          const part = partOf(row, b);
          if (part < 1) total += part * Math.log(sum);
          else if (sum < LARGE && product < LARGE) product *= sum;
          else {
            total += Math.log(product);
            product = sum;
          }
        }
        total += Math.log(product);
        const cause = placed.bin[row]! < bins ? placed.cause[row]! : 0;
        if (cause > 0) total -= start[last * causes + cause - 1]! + score[row * causes + cause - 1]!;
      }
      return total / Math.max(rows, 1);
    },
    derivatives(start, score, ofScore, ofStart) {
      const base = start.map(oddsOf);
      for (const { gradient, curve } of ofStart ? [ofScore, ofStart] : [ofScore]) {
        gradient.fill(0);
        curve.fill(0);
      }
      for (let row = 0; row < rows; row++) {
        oddsOfRow(score, row);
        const last = watched(row) - 1;
        for (let b = 0; b <= last; b++) {
          const part = partOf(row, b);
          let sum = 1;
          for (let c = 0; c < causes; c++) sum += base[b * causes + c]! * odds[c]!;
          const share = 1 / sum;
          for (let c = 0; c < causes; c++) {
            const p = base[b * causes + c]! * odds[c]! * share;
            const event = b === placed.bin[row]! && placed.cause[row]! === c + 1 ? 1 : 0;
            const slope = part * p - event;
            const bend = part * Math.max(p * (1 - p), 1e-16);
            ofScore.gradient[row * causes + c]! += slope;
            ofScore.curve[row * causes + c]! += bend;
            if (!ofStart) continue;
            ofStart.gradient[b * causes + c]! += slope;
            ofStart.curve[b * causes + c]! += bend;
          }
        }
      }
    },
  };
}
