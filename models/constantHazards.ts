import { binsOf, type Hazards, type Placed } from './hazards.ts';

/**
 * The base rate: in each bin d_bc / n_b, the Aalen-Johansen estimate in discrete time (censored rows count the share of
 * the bin they were seen), shrunk by 20 pseudo rows at the mean hazard per day so that a sparse bin stays sane.
 * @returns bins x (causes + 1), index 0 = still open
 */
export function fitConstantHazards(grid: Hazards, placed: Placed): Float64Array {
  const bins = binsOf(grid);
  const { causes, edges } = grid;
  const exposure = new Float64Array(bins);
  const events = new Float64Array(bins * causes);
  const daily = new Float64Array(causes);
  let days = 0;
  for (let i = 0; i < placed.bin.length; i++) {
    const last = placed.bin[i]!;
    for (let b = 0; b < Math.min(last + 1, bins); b++) {
      const cause = b === last ? placed.cause[i]! : 0;
      const share = b < last || cause > 0 ? 1 : placed.fraction[i]!;
      exposure[b]! += share;
      days += share * (edges[b + 1]! - edges[b]!);
      if (cause > 0) {
        events[b * causes + cause - 1]! += 1;
        daily[cause - 1]! += 1;
      }
    }
  }
  const PSEUDO = 20;
  const p = new Float64Array(bins * (causes + 1));
  for (let b = 0; b < bins; b++) {
    let ends = 0;
    for (let c = 0; c < causes; c++) {
      const usual = days > 0 ? 1 - Math.exp((-daily[c]! / days) * (edges[b + 1]! - edges[b]!)) : 0;
      const hazard = (events[b * causes + c]! + PSEUDO * Math.min(usual, 0.5 / causes)) / (exposure[b]! + PSEUDO);
      p[b * (causes + 1) + c + 1] = hazard;
      ends += hazard;
    }
    p[b * (causes + 1)] = 1 - ends;
  }
  return p;
}
