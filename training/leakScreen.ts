import type { Frame, FrameColumn } from '../src/frame.ts';
import { rowsOf } from '../src/frame.ts';
import { ridgeLogistic } from '../src/optim/ridgeLogistic.ts';
import { random } from '../src/random.ts';
import { auc } from '../src/stats/auc.ts';
import { lastAtMost } from '../src/time.ts';
import { foldOf } from './folds.ts';

/** A column that knows the outcome better than anything known before it should. */
export interface LeakFinding {
  readonly feature: string;
  /** `hard`: left out unless pinned. `suspect`: kept, with a warning. */
  readonly severity: 'hard' | 'suspect';
  /**
   * - `alone`: by itself it tells the outcomes apart
   * - `carries`: without it the others fall far behind
   * - `filledAfter`: it is written for ended records and for no open one
   * - `filledLater`: it is empty far more often while the outcome is open
   */
  readonly why: 'alone' | 'carries' | 'filledAfter' | 'filledLater';
  /** AUC of the column alone, folded to .5 .. 1. */
  readonly auc: number;
  /** Of suspects: AUC of the strongest columns with it, and without. */
  readonly aucWith?: number;
  readonly aucWithout?: number;
  /** `filledAfter` and `filledLater`: share missing among ended rows, and among open ones. */
  readonly missingEnded?: number;
  readonly missingOpen?: number;
}

export interface LeakQuestion {
  /** Rows with their known outcome: 1 = the positive one. */
  readonly X: Frame;
  readonly event: Uint8Array;
  /** Groups the folds. */
  readonly account: readonly string[];
  /** Rows whose outcome is open still, with the columns that have no history of their own: only these can be filled later. */
  readonly open?: { readonly X: Frame; readonly columns: ReadonlySet<string> };
}

const HARD = 0.95;
const SUSPECT = 0.9;
const CARRIES = 0.05;
const MISSING_GAP = 0.3;
/** Missing in so many of the open: it is never written before the end. */
const NEVER = 0.99;
/** Fewer rows of the rarer outcome say nothing reliable of a .95. */
const FEWEST = 30;
const FOLDS = 4;
const BINS = 16;
/** Pseudo rows of a bin at the base rate. */
const SHRINK = 5;
/** Columns tried together, and rows they are tried on: what a leak adds is large, so a sample shows it. */
const STRONGEST = 30;
const MOST_ROWS = 6000;
/** A column weaker than this alone cannot carry a twentieth of AUC unless the outcome were an exclusive or. */
const WORTH_TRYING = 0.6;

/**
 * Looks for columns that were written with the outcome in view.
 *
 * Alone: each column is turned into the out-of-fold rate of its bin or level (16 quantile bins, levels as they are,
 * missing as one more, shrunk by 5 rows; folds keep accounts together), so that a number that leaks at both ends, an
 * identifier and "filled or not" are all seen, and a rare level does not leak its own row. AUC > .95 is hard, > .90 suspect.
 * Carries: ridge logistic on the 30 strongest such columns, fitted on one half of the accounts and judged on the other;
 * a column without which AUC falls by more than .05 is suspect.
 * Filled after: a column without history of its own that is written for ended records and never for open ones is hard;
 * one that is empty 30 points more often while open is suspect.
 *
 * It cannot see a leak that is weak, and it may suspect a feature that is honestly decisive: that is why a suspect stays.
 * Cost O(columns rows log rows), then 30 small regressions.
 * Source: Kaufman, Rosset, Perlich and Stitelman (2012), "Leakage in data mining", section 4 (exploratory detection).
 */
export function leakScreen({ X, event, account, open }: LeakQuestion): LeakFinding[] {
  const positives = event.reduce((sum, e) => sum + e, 0);
  if (Math.min(positives, event.length - positives) < FEWEST) return [];
  const fold = Uint8Array.from(account, (name) => foldOf(name, FOLDS, 'leak'));
  const columns = [...X.columns].map(([feature, column]) => {
    const rates = outOfFoldRates(column, event, fold);
    // Rates out of fold lean a little against the outcome where a column knows nothing: that is no knowledge.
    return { feature, rateOf: (row: number) => rates.rate[rates.slot[row]!]!, auc: Math.max(aucOfSlots(rates), 0.5) };
  });
  const findings = new Map<string, LeakFinding>();
  for (const { feature, auc: alone } of columns)
    if (alone > SUSPECT)
      findings.set(feature, { feature, severity: alone > HARD ? 'hard' : 'suspect', why: 'alone', auc: alone });

  // What is left out anyway would hide what the others carry.
  const strongest = columns
    .filter(({ feature }) => findings.get(feature)?.severity !== 'hard')
    .sort((a, b) => b.auc - a.auc)
    .slice(0, STRONGEST);
  for (const found of carriers(strongest, event, fold, new Set(findings.keys()))) {
    const known = findings.get(found.feature);
    if (!known) findings.set(found.feature, found);
    else findings.set(found.feature, { ...known, aucWith: found.aucWith!, aucWithout: found.aucWithout! });
  }

  for (const feature of open?.columns ?? []) {
    const ended = X.columns.get(feature);
    const still = open!.X.columns.get(feature);
    if (!ended || !still || rowsOf(open!.X) < FEWEST || findings.get(feature)?.severity === 'hard') continue;
    const [missingEnded, missingOpen] = [missingShare(ended), missingShare(still)];
    const shares = {
      feature,
      auc: columns.find((column) => column.feature === feature)!.auc,
      missingEnded,
      missingOpen,
    };
    // Of no use for the open either, so that nothing is lost by leaving it out.
    if (missingOpen >= NEVER && (1 - missingEnded) * event.length >= FEWEST)
      findings.set(feature, { ...shares, severity: 'hard', why: 'filledAfter' });
    else if (missingOpen - missingEnded > MISSING_GAP && !findings.has(feature))
      findings.set(feature, { ...shares, severity: 'suspect', why: 'filledLater' });
  }
  const rank = (finding: LeakFinding) => (finding.severity === 'hard' ? 1 : 0);
  return [...findings.values()].sort((a, b) => rank(b) - rank(a) || b.auc - a.auc || (a.feature < b.feature ? -1 : 1));
}

/** One sentence a person can act on. */
export function leakWords(found: LeakFinding): string {
  const { feature, severity } = found;
  const what = {
    alone: `alone it tells the outcomes apart (AUC ${found.auc.toFixed(3)})`,
    filledAfter: `it is written in ${percent(1 - (found.missingEnded ?? 0))} of ended records and in no open one`,
    carries: `AUC is ${found.aucWith?.toFixed(3)} with it and ${found.aucWithout?.toFixed(3)} without`,
    filledLater: `it is empty in ${percent(found.missingOpen)} of open records and ${percent(found.missingEnded)} of ended ones`,
  }[found.why];
  return severity === 'hard'
    ? `${feature} left out as a leak: ${what}; if it is truly known before the outcome, list it under "pinned" in the settings`
    : `${feature} may be a leak: ${what}; kept. Check when it is written; list it under "left_out" in the settings if after the outcome`;
}
const percent = (share = 0) => `${Math.round(share * 100)} %`;

interface Strong {
  readonly feature: string;
  readonly rateOf: (row: number) => number;
  readonly auc: number;
}

/** @param asked columns whose figures are wanted whatever they are */
function carriers(
  strongest: readonly Strong[],
  event: Uint8Array,
  fold: Uint8Array,
  asked: ReadonlySet<string>,
): LeakFinding[] {
  const rows = sample(event.length);
  const fit = rows.filter((row) => fold[row]! < FOLDS / 2);
  const judge = rows.filter((row) => fold[row]! >= FOLDS / 2);
  const y = judge.map((row) => event[row]!);
  const seen = fit.reduce((sum, row) => sum + event[row]!, 0);
  if (seen === 0 || seen === fit.length || strongest.length < 2) return [];
  const areaOf = (used: readonly Strong[]) => {
    const design = (index: readonly number[]) =>
      Float64Array.from({ length: index.length * used.length }, (_, i) => {
        const p = used[i % used.length]!.rateOf(index[Math.floor(i / used.length)]!);
        return Math.log(p / (1 - p));
      });
    const { coefficients } = ridgeLogistic(
      design(fit),
      used.length,
      fit.map((row) => event[row]!),
      { C: 0.1, maxIterations: 12, tolerance: 1e-4 },
    );
    const x = design(judge);
    return auc(
      y,
      Float64Array.from(judge, (_, i) => coefficients.reduce((z, w, j) => z + w * x[i * used.length + j]!, 0)),
    );
  };
  const aucWith = areaOf(strongest);
  return strongest.flatMap((column): LeakFinding[] => {
    if (column.auc < WORTH_TRYING) return [];
    const aucWithout = areaOf(strongest.filter((other) => other !== column));
    if (aucWith - aucWithout <= CARRIES && !asked.has(column.feature)) return [];
    return [{ feature: column.feature, severity: 'suspect', why: 'carries', auc: column.auc, aucWith, aucWithout }];
  });
}

/** Row numbers, at most `MOST_ROWS` of them, always the same. */
function sample(rows: number): number[] {
  const all = Array.from({ length: rows }, (_, row) => row);
  if (rows <= MOST_ROWS) return all;
  const draw = random(7);
  return all.filter(() => draw.uniform() < MOST_ROWS / rows);
}

/** Rows with the same bin or level, and in the same fold, share a slot. */
interface Slots {
  /** Of each row. */
  readonly slot: Int32Array;
  /** Of each slot: rows, those of them with the outcome, and its rate among rows of other folds with the same bin or level. */
  readonly seen: Float64Array;
  readonly happened: Float64Array;
  readonly rate: Float64Array;
}

function outOfFoldRates(column: FrameColumn, event: Uint8Array, fold: Uint8Array): Slots {
  const { cell, cells } = cellsOf(column);
  const seen = new Float64Array(cells * FOLDS);
  const happened = new Float64Array(cells * FOLDS);
  const n = new Float64Array(FOLDS);
  const positive = new Float64Array(FOLDS);
  const slot = cell; // each is read before it is written
  for (let row = 0; row < event.length; row++) {
    const own = fold[row]!;
    const at = (slot[row] = cell[row]! * FOLDS + own);
    seen[at]!++;
    happened[at]! += event[row]!;
    n[own]!++;
    positive[own]! += event[row]!;
  }
  const total = (of: Float64Array, from: number) => of.subarray(from, from + FOLDS).reduce((sum, v) => sum + v, 0);
  const rate = Float64Array.from(seen, (_, at) => {
    const own = at % FOLDS;
    const others = total(seen, at - own) - seen[at]!;
    const events = total(happened, at - own) - happened[at]!;
    const rows = total(n, 0) - n[own]!;
    const base = (total(positive, 0) - positive[own]! + 1) / (rows + 2);
    return (events + SHRINK * base) / (others + SHRINK);
  });
  return { slot, seen, happened, rate };
}

/** `auc` of rows by the rate of their slot: the same sum of midranks, of slots instead of rows. */
function aucOfSlots({ seen, happened, rate }: Slots): number {
  const order = Array.from(rate.keys()).sort((a, b) => rate[a]! - rate[b]!);
  let [below, positives, sum] = [0, 0, 0];
  for (let k = 0; k < order.length; ) {
    let [rows, events] = [0, 0];
    for (const tie = rate[order[k]!]!; k < order.length && rate[order[k]!] === tie; k++) {
      rows += seen[order[k]!]!;
      events += happened[order[k]!]!;
    }
    sum += events * (below + (rows + 1) / 2);
    below += rows;
    positives += events;
  }
  const negatives = below - positives;
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Bins of a number by quantiles, levels of a category; the first cell holds what is missing. */
function cellsOf(column: FrameColumn): { readonly cell: Int32Array; readonly cells: number } {
  if (column.type === 'category')
    return { cell: column.codes.map((code) => code + 1), cells: column.levels.length + 1 };
  const { values } = column;
  const order = values.filter((value) => !Number.isNaN(value)).sort();
  // A bin begins where the share of the one before is full and the value changes: equal values are never parted.
  const begins: number[] = [];
  for (let k = 0; k < order.length; k++)
    if (k === 0 || (k >= (begins.length * order.length) / BINS && order[k]! > order[k - 1]!)) begins.push(order[k]!);
  const cell = Int32Array.from(values, (value) => (Number.isNaN(value) ? 0 : lastAtMost(begins, value) + 1));
  return { cell, cells: begins.length + 1 };
}

function missingShare(column: FrameColumn): number {
  const missing =
    column.type === 'category'
      ? column.codes.reduce((n, code) => n + (code < 0 ? 1 : 0), 0)
      : column.values.reduce((n, value) => n + (Number.isNaN(value) ? 1 : 0), 0);
  const rows = column.type === 'category' ? column.codes.length : column.values.length;
  return rows ? missing / rows : 0;
}
