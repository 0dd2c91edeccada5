import { nllOfProbabilities } from '../../models/hazards.ts';
import { takePlaced } from '../../models/networkFit.ts';
import { answersFrom, type TableAnswers, type TableTarget } from '../../models/tableAnswers.ts';
import { auc } from '../../src/stats/auc.ts';
import { brier } from '../../src/stats/brier.ts';
import { harrell } from '../../src/stats/concordance.ts';
import { ece } from '../../src/stats/ece.ts';
import type { FittedTable } from './fit.ts';
import type { TableRows } from './tasks.ts';

/** Metrics by what is measured; the learner's parts and the base rate beside the mixture. */
export type HeldOut = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * How well rows were told by what had not seen them: mean log loss of the mixture, of the base rate and of each learner,
 * and of the mixture what a person knows: AUC, Brier and calibration error; the share of classes hit; of durations the
 * concordance; of amounts the mean absolute error beside that of the median, and the share inside p10 to p90.
 */
export function heldOut(rows: TableRows, fitted: FittedTable): HeldOut {
  const out: Record<string, Record<string, number>> = {};
  for (const [name, loss] of Object.entries(fitted.losses)) out[name] = { logLoss: loss };
  const { rows: held, p } = fitted.unseen;
  if (held.length === 0) return out;
  const longest = rows.grid.edges.at(-1)!;
  const target: TableTarget = fitted.target;
  const answers = answersFrom(fitted.state, target.task === 'binary' ? { ...target, map: null } : target, p, held.length, [longest]); // biome-ignore format: one call
  Object.assign((out['mixture'] ??= {}), { rows: held.length }, measured(answers, rows, held));
  return out;
}

/** A rank order of yes and no is beyond chance from so many standard errors on. */
const RANK_ERRORS = 3;

/**
 * Whether the columns say anything: by how much the mixture's log loss of unseen rows is below that of one law for all, with
 * its standard error. The law has seen the rows and the weights of the mixture too, so a difference of two errors is asked.
 *
 * In order of time the newest rows judge, and a law that has seen them knows how often it happens now, which nobody could who learned before: there a yes or no
 * may show skill instead by a loss that is as much below that of the rate known then, if it ranks them beyond chance as well (a rate that moved by itself ranks nothing).
 */
export function hasSkill(rows: TableRows, fitted: FittedTable): boolean {
  const { rows: held, p, base } = fitted.unseen;
  const law = fitted.state.mixture?.find((part) => part.kind === 'constant');
  if (!law || held.length < 2) return false;
  const placed = takePlaced(rows.placed, held);
  const ours = nllOfProbabilities(rows.grid, p, placed);
  const isBelow = (said: Float64Array): boolean => {
    const gain = nllOfProbabilities(rows.grid, said, placed).map((loss, i) => loss - ours[i]!);
    const n = gain.length;
    const mean = gain.reduce((sum, v) => sum + v, 0) / n;
    const variance = gain.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
    return mean > 2 * Math.sqrt(variance / n);
  };
  const alone = new Float64Array(p.length);
  for (let i = 0; i < held.length; i++) alone.set(law.p, i * law.p.length);
  return isBelow(alone) || (rows.order !== undefined && ranks(rows, fitted) && isBelow(base));
}

/** Whether a yes or no is ranked beyond chance: AUC above .5 by its standard error where nothing is known (Mann and Whitney 1947). */
function ranks({ placed, target }: TableRows, { unseen: { rows: held, p } }: FittedTable): boolean {
  if (target.task !== 'binary') return false;
  const event = Uint8Array.from(held, (row) => (placed.cause[row]! > 0 ? 1 : 0));
  const yes = event.reduce((sum, e) => sum + e, 0);
  const no = event.length - yes;
  if (yes === 0 || no === 0) return false;
  const said = Float64Array.from({ length: held.length }, (_, i) => p[i * 2 + 1]!);
  return auc(event, said) - 0.5 > RANK_ERRORS * Math.sqrt((yes + no + 1) / (12 * yes * no));
}

function measured(answers: TableAnswers, rows: TableRows, held: Int32Array): Record<string, number> {
  const { cause, bin } = rows.placed;
  switch (answers.task) {
    case 'binary': {
      const event = Uint8Array.from(held, (row) => cause[row]!);
      const p = answers.probability;
      const positives = event.reduce((sum, e) => sum + e, 0);
      const both = positives > 0 && positives < event.length;
      return { ...(both ? { auc: auc(event, p) } : {}), brier: brier(event, p), ece: ece(event, p, 'width') };
    }
    case 'class': {
      const width = answers.levels.length;
      const hits = held.reduce((n, row, i) => {
        const own = answers.p.subarray(i * width, (i + 1) * width);
        return n + (own[cause[row]!]! >= Math.max(...own) ? 1 : 0);
      }, 0);
      return { accuracy: hits / held.length };
    }
    case 'duration': {
      const time = Float64Array.from(held, (row) => bin[row]! + (cause[row]! > 0 ? 0 : rows.placed.fraction[row]!));
      const event = Uint8Array.from(held, (row) => (cause[row]! > 0 ? 1 : 0));
      if (!event.includes(1)) return {};
      return {
        concordance: harrell(
          time,
          event,
          Float64Array.from(answers.median, (m) => -m),
        ),
      };
    }
    case 'amount': {
      const value = Float64Array.from(held, (row) => rows.value![row]!);
      const sorted = value.slice().sort();
      const middle = sorted[sorted.length >> 1]!;
      const mean = value.reduce((sum, v) => sum + v / value.length, 0);
      const over = (f: (v: number, i: number) => number) =>
        value.reduce((sum, v, i) => sum + f(v, i), 0) / value.length;
      return {
        mae: over((v, i) => Math.abs(v - answers.p50[i]!)),
        maeOfMedian: over((v) => Math.abs(v - middle)),
        rmse: rootMeanSquare(value.map((v, i) => v - answers.mean[i]!)),
        rmseOfMean: rootMeanSquare(value.map((v) => v - mean)),
        inside80: over((v, i) => (v >= answers.p10[i]! && v <= answers.p90[i]! ? 1 : 0)),
      };
    }
  }
}

/** Also of errors whose squares are beyond what a number holds. */
function rootMeanSquare(errors: Float64Array): number {
  const mean = (of: Float64Array) => of.reduce((sum, v) => sum + v ** 2, 0) / of.length;
  const square = mean(errors);
  if (Number.isFinite(square)) return Math.sqrt(square);
  const scale = errors.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return scale * Math.sqrt(mean(errors.map((v) => v / scale)));
}
