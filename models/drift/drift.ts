import type { Frame, FrameColumn } from '../../src/frame.ts';
import { adwin } from '../../src/stats/adwin.ts';
import { chiSquareTail } from '../../src/stats/chiSquare.ts';
import { normalCdf } from '../../src/stats/normal.ts';
import { pairedDifference } from '../../src/stats/pairedDifference.ts';
import { type ColumnReference, countsOf, distance, type Reference, smoothPsi, unitsOf } from './reference.ts';

/** `quiet`: as usual. `look`: it has moved. `act`: so far that the model is asked outside of what it learned. */
export type DriftLevel = 'quiet' | 'look' | 'act';

/** A column that has moved. */
export interface Moved {
  readonly feature: string;
  readonly level: DriftLevel;
  readonly psi: number;
  readonly ks: number;
  /** What the same had been at most between stretches of training. */
  readonly usualPsi: number;
  readonly missing: number;
  readonly missingBefore: number;
}

export interface Drift {
  readonly level: DriftLevel;
  readonly rows: number;
  readonly inputs: { readonly level: DriftLevel; readonly columns: number; readonly moved: readonly Moved[] };
  readonly scores: { readonly level: DriftLevel; readonly psi: number; readonly ks: number };
  readonly outcomes: {
    readonly level: DriftLevel;
    readonly ended: number;
    readonly rate: number | null;
    readonly rateBefore: number;
  };
  readonly calibration: {
    readonly level: DriftLevel;
    readonly judged: number;
    /** Mean log loss, and the one that the probabilities themselves lead to expect. */
    readonly logLoss: number | null;
    readonly expected: number | null;
    /** Since when it is worse: the ending from which on; null where it did not turn. */
    readonly since: number | null;
  };
}

/** What was seen lately. */
export interface Recent {
  readonly X: Frame;
  readonly groups: readonly string[];
  readonly scores: Float64Array;
  /** 1 = ended positively, of what ended lately. */
  readonly endings: readonly number[];
  /** One look of each that has ended since training, in the order in which the endings became known. */
  readonly judged: readonly Judged[];
}
export interface Judged {
  readonly said: number;
  readonly event: number;
  readonly knownAt: number;
  readonly group: string;
}

const LOOK = { psi: 0.1, ks: 0.15, moved: 1.5 };
const ACT = { psi: 0.25, ks: 0.25, moved: 2 };
/** How often all columns together may be called moved by chance. */
const CHANCE = 0.01;
/** Below so many independent rows nothing can be told. */
const FEWEST = 20;
const FEWEST_JUDGED = 40;
/** Nats above what was to be expected. */
const EXCESS = { look: 0.03, act: 0.06 };
/** A loss counts up to that of saying 5 % of what then happened. */
const MOST_LOSS = Math.log(20);

/**
 * How far the world has moved from what a model learned.
 *
 * - inputs and scores: PSI (.1 look, .25 act) and KS against training, each only beyond chance (accounts as units, all
 *   columns together 1 %) and beyond what the column had moved within training: a season comes round, a norm wanders
 * - outcomes: the share of positive endings, beyond chance and beyond what it had moved
 * - calibration: ADWIN on the log loss of what has ended since; and the mean loss against the one that the probabilities
 *   lead to expect, -sum p ln p, with accounts as clusters
 *
 * Cost: a pass over each column.
 */
export function driftOf(reference: Reference, recent: Recent): Drift {
  const { X, groups } = recent;
  const named = Object.entries(reference.columns).filter(([name]) => X.columns.has(name));
  const alpha = CHANCE / Math.max(named.length, 1);
  const moved = named
    .flatMap(([feature, before]): Moved[] => {
      const found = compared(before, X.columns.get(feature)!, groups, alpha);
      return found.level === 'quiet' ? [] : [{ feature, ...found }];
    })
    .sort((a, b) => (a.level === b.level ? b.psi - a.psi : a.level === 'act' ? -1 : 1));
  const inputs = { level: highest(moved.map(({ level }) => level)), columns: named.length, moved };
  const { level, psi, ks } = compared(reference.scores, { type: 'number', values: recent.scores }, groups, CHANCE);
  const scores = { level, psi, ks };
  const outcomes = outcomeDrift(reference.outcomes, recent.endings);
  const calibration = calibrationDrift(recent.judged);
  return {
    level: highest([inputs.level, scores.level, outcomes.level, calibration.level]),
    rows: groups.length,
    ...{ inputs, scores, outcomes, calibration },
  };
}

export const highest = (levels: readonly DriftLevel[]): DriftLevel =>
  levels.includes('act') ? 'act' : levels.includes('look') ? 'look' : 'quiet';

function compared(before: ColumnReference, column: FrameColumn, groups: readonly string[], alpha: number) {
  const rows = groups.map((_, row) => row);
  const counts = countsOf(before, column, rows);
  const shares = Float64Array.from(before.shares);
  const units = unitsOf(groups, rows);
  const psi = smoothPsi(shares, before.units, counts, units);
  const ks = distance(shares, counts);
  const noise = 1 / Math.max(before.units, 1) + 1 / Math.max(units, 1);
  // Under no change PSI / noise is chi-square with a degree less than cells; KS has Kolmogorov's tail.
  const cells = shares.filter((share, cell) => share > 0 || counts[cell]! > 0).length;
  const psiIsReal = units >= FEWEST && cells > 1 && chiSquareTail(psi / noise, cells - 1) < alpha;
  const ksIsReal = units >= FEWEST && ks > Math.sqrt((-Math.log(alpha / 2) / 2) * noise);
  const beyond = (bar: typeof LOOK) =>
    (psiIsReal && psi >= bar.psi && psi > bar.moved * before.movedPsi) ||
    (ksIsReal && ks >= bar.ks && ks > bar.moved * before.movedKs);
  const level: DriftLevel = beyond(ACT) ? 'act' : beyond(LOOK) ? 'look' : 'quiet';
  const total = Math.max(rows.length, 1);
  return { level, psi, ks, usualPsi: before.movedPsi, missing: counts[0]! / total, missingBefore: shares[0]! };
}

function outcomeDrift({ rate, ended, moved }: Reference['outcomes'], endings: readonly number[]): Drift['outcomes'] {
  const n = endings.length;
  const now = n ? endings.reduce((sum, event) => sum + event, 0) / n : null;
  const about = { ended: n, rate: now, rateBefore: rate };
  if (now === null || n < FEWEST || ended === 0) return { level: 'quiet', ...about };
  const pooled = (rate * ended + now * n) / (ended + n);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / ended));
  const chance = error > 0 ? 2 * normalCdf(-Math.abs(now - rate) / error) : 1;
  const by = Math.abs(now - rate);
  const level = chance < CHANCE && by > LOOK.moved * moved ? (chance < CHANCE / 10 && by > ACT.moved * moved ? 'act' : 'look') : 'quiet'; // biome-ignore format: one choice
  return { level, ...about };
}

function calibrationDrift(judged: readonly Judged[]): Drift['calibration'] {
  const n = judged.length;
  if (n < FEWEST_JUDGED) return { level: 'quiet', judged: n, logLoss: null, expected: null, since: null };
  const losses = judged.map(({ said, event }) => Math.min(MOST_LOSS, -Math.log(Math.max(event ? said : 1 - said, 1e-9)))); // biome-ignore format: one loss
  const expected = judged.map(({ said }) => {
    const loss = (p: number) => (p > 0 ? p * Math.min(MOST_LOSS, -Math.log(p)) : 0);
    return loss(said) + loss(1 - said);
  });
  const { mean, standardError } = pairedDifference(losses, expected, judged.map(({ group }) => group)); // biome-ignore format: one call
  const average = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / n;
  const turned = adwin(losses, 0.002, MOST_LOSS).filter(({ before, after }) => after > before).at(-1); // biome-ignore format: one choice
  const beyond = (errors: number, by: number) => mean > by && mean > errors * standardError;
  const level: DriftLevel = turned || beyond(4, EXCESS.act) ? 'act' : beyond(3, EXCESS.look) ? 'look' : 'quiet';
  return {
    level,
    judged: n,
    logLoss: average(losses),
    expected: average(expected),
    since: turned ? judged[turned.from]!.knownAt : null,
  };
}
