import { chooseMap } from '../../models/calibrate/choose.ts';
import { levels } from '../../models/calibrate/isotonic.ts';
import { conformalRank } from '../../models/calibrate/splitConformal.ts';
import { binsOf } from '../../models/hazards.ts';
import { type TableTarget, type TargetOf, valueLaw } from '../../models/tableAnswers.ts';
import type { TableRows } from './tasks.ts';

/** Fewest held-out rows for a calibration map or an interval. */
const FEWEST = 100;
/** Most distinct scores that an interval is read from. */
const MOST_LEVELS = 200;

/**
 * The target with what rows unseen have earned it: of a binary one a calibration map (only where it is off by more than two
 * standard errors and the map says more of rows that it was not fitted on) and the scores for Venn-Abers intervals; of an
 * amount the levels between which 80 % of the values lay.
 * @param held row numbers · @param p what was said of them, bins x (causes + 1) each
 */
export function earned(rows: TableRows, held: Int32Array, p: Float64Array, seed: number): TableTarget {
  const { target } = rows;
  if (held.length < FEWEST) return target;
  if (target.task === 'binary') {
    const event = Uint8Array.from(held, (row) => (rows.placed.cause[row]! > 0 ? 1 : 0));
    const won = event.reduce((s, e) => s + e, 0);
    if (won === 0 || won === held.length) return target;
    const said = Float64Array.from({ length: held.length }, (_, i) => p[i * 2 + 1]!);
    const { map } = chooseMap(event, said, seed);
    // Scores of 200 steps at most: an interval that is read a million times is read from a short table.
    const order = [...said.keys()].sort((a, b) => said[a]! - said[b]!);
    const coarse = new Float64Array(said.length);
    const step = Math.max(1, Math.ceil(said.length / MOST_LEVELS));
    for (let from = 0; from < order.length; from += step) {
      const own = order.slice(from, from + step);
      const mean = own.reduce((s, i) => s + said[i]! / own.length, 0);
      for (const i of own) coarse[i] = mean;
    }
    const { score, rows: counts, mean } = levels(event, coarse);
    return { ...target, map, seen: { score: [...score], rows: [...counts], mean: [...mean] } };
  }
  return target.task === 'amount' ? { ...target, levels: amountLevels(rows, target, held, p) } : target;
}

/**
 * Conformal levels of a law: where a value lies in what was said of it, u = P(V <= v), is uniform if the law is right; the
 * tenth lowest and highest of the held-out u, by conformal rank, are the levels that hold 80 %, whatever the law.
 * Source: Chernozhukov, Wuethrich and Zhu, Distributional conformal prediction (2021).
 */
function amountLevels(
  rows: TableRows,
  target: TargetOf<'amount'>,
  held: Int32Array,
  p: Float64Array,
): [number, number] {
  // biome-ignore format: one signature
  const known = target.means.length;
  if (known === 1) return target.levels;
  const law = valueLaw(p, held.length, binsOf(rows.grid));
  const u = Float64Array.from(held, (row, i) => levelOf(target, law, i, rows.value![row]!)).sort();
  const rank = conformalRank(u.length, 0.1);
  const low = u[Math.max(0, u.length - rank)]!;
  const high = u[Math.min(u.length, rank) - 1]!;
  return [Math.min(low, 0.4), Math.max(high, 0.6)];
}

/** P(V <= v) of one row's law: the bins below whole, its own bin by that bin's quantiles. */
function levelOf(target: TargetOf<'amount'>, law: Float64Array, row: number, value: number): number {
  const bins = target.means.length;
  let before = 0;
  let b = 0;
  for (; b < bins - 1 && value > target.inside[b]![4]!; b++) before += law[row * bins + b]!;
  const inside = target.inside[b]!;
  let step = 0;
  while (step < 3 && value > inside[step + 1]!) step++;
  const span = inside[step + 1]! - inside[step]!;
  const share = (step + (span > 0 ? Math.min(1, Math.max(0, (value - inside[step]!) / span)) : 0.5)) / 4;
  return before + share * law[row * bins + b]!;
}
