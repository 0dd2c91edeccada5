import { auc } from '../../src/stats/auc.ts';
import { bootstrap, bootstrapMean } from '../../src/stats/bootstrap.ts';
import { logLossOf } from '../../src/stats/logLoss.ts';
import { normalQuantile } from '../../src/stats/normal.ts';
import { pairedDifference } from '../../src/stats/pairedDifference.ts';
import { clusteredSlope } from '../calibrate/clusteredSlope.ts';

/** A part of the rows that must not be worse off, such as one stage. */
export interface Segment {
  readonly name: string;
  readonly rows: readonly number[];
}

/** What champion and challenger said of the same rows, which neither was trained on. */
export interface Evidence {
  /** By row: whose outcomes are not independent, that is the account. */
  readonly groups: readonly string[];
  /** Log loss by row, of all that is known of the row. */
  readonly losses: { readonly champion: Float64Array; readonly challenger: Float64Array };
  /** The question that the probability answers, of the rows that can judge it. */
  readonly asked: {
    /** Numbers of these rows. */
    readonly rows: readonly number[];
    /** By judged row: 1 = it ended positively. */
    readonly event: readonly number[];
    readonly champion: Float64Array;
    readonly challenger: Float64Array;
  };
  readonly segments: readonly Segment[];
  /** The champion knows no more than the base rate. */
  readonly championLowSkill: boolean;
  /** The challenger reads columns that the champion does without. */
  readonly readsMore: boolean;
  /**
   * Columns that the challenger reads and that look as if written with the outcome in view; asked only on suspicion, or
   * where it reads more than the champion.
   * @param clearOnly only those that leave no doubt
   */
  leaks(clearOnly: boolean): readonly string[];
}

interface Gap {
  readonly mean: number;
  readonly standardError: number;
}

export const checkNames = ['numbers', 'rows', 'better', 'question', 'calibration', 'segments', 'leak'] as const;
export interface Check {
  readonly name: (typeof checkNames)[number];
  readonly passed: boolean;
  /** A sentence for people. */
  readonly says: string;
}

/** How sure one must be that the challenger's log loss is lower. */
export const SURE = 0.95;
/** Rows with an outcome, and accounts, below which a comparison says nothing. */
const FEWEST_ROWS = 50;
const FEWEST_ACCOUNTS = 10;
/** Slope of the recalibration that is still called calibrated. */
const SLOPE = { least: 0.8, most: 1.25 };
const SEGMENT = { rows: 30, accounts: 8 };
const SEGMENT_ERRORS = 2;
/** A challenger answers for what is off in a segment where it changed more than this share of it. */
const MOSTLY = 0.5;
/** An AUC so high, or so much higher than before, asks for its cause. */
const TOO_GOOD = 0.95;
const JUMP = 0.05;
const DRAWS = 2000;

/**
 * Whether the challenger may take the champion's place; each check says why. All must pass:
 *
 * - numbers: everything said is a probability
 * - rows: at least 50 rows with an outcome, of 10 accounts
 * - better: P(its log loss is lower) >= .95, by drawing whole accounts with replacement, paired by row
 * - question: on the question that the probability answers, not worse by 2 standard errors
 * - calibration: slope within .8 to 1.25, or not told apart from it (the 90 % interval reaches in)
 * - segments: none worse by 2 standard errors, by either loss, and none in which it is off beyond chance (5 % over all segments and
 *   both ways): beside the rest and further off than the champion, or by itself and mostly by what it changed from the champion. What is
 *   off everywhere for both is a matter of the level of late
 * - leak: no column that the champion does without may clearly have been written with the outcome in view; where AUC rises
 *   by more than .05 beyond chance, none may even look so; and not to more than .95, whatever the columns look like
 *
 * Cost: 2,000 draws of the accounts, and on suspicion of a leak 200 of both AUCs and the screen.
 */
export function checks(evidence: Evidence): Check[] {
  const { asked, groups, losses } = evidence;
  const said = [asked.champion, asked.challenger].every((p) => p.every((v) => v >= -1e-9 && v <= 1 + 1e-9));
  const finite = [losses.champion, losses.challenger].every((part) => part.every(Number.isFinite));
  if (!said || !finite) {
    return [{ name: 'numbers', passed: false, says: 'one of the two says numbers that are no probabilities' }];
  }
  const accounts = new Set(asked.rows.map((row) => groups[row]!)).size;
  if (asked.rows.length < FEWEST_ROWS || accounts < FEWEST_ACCOUNTS) {
    const says = `only ${asked.rows.length} rows of ${accounts} accounts have an outcome that neither was trained on (${FEWEST_ROWS} of ${FEWEST_ACCOUNTS} needed)`;
    return [{ name: 'rows', passed: false, says }];
  }
  return [better(evidence), question(evidence), calibration(evidence), segments(evidence), leak(evidence)];
}

/** P(the mean of `gains` is above 0), by drawing whole accounts; a half where all are the same nothing. */
export function sureness(gains: ArrayLike<number>, groups: readonly string[]): number {
  if (Array.from(gains).every((gain) => gain === 0)) return 0.5;
  return bootstrapMean(groups, gains, { draws: DRAWS, seed: 1 }).shareAboveZero;
}

function better({ losses, groups }: Evidence): Check {
  const gains = losses.champion.map((loss, row) => loss - losses.challenger[row]!);
  const { mean, standardError } = pairedDifference(losses.champion, losses.challenger, groups);
  const sure = sureness(gains, groups);
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  const says = `log loss ${mean >= 0 ? 'lower' : 'higher'} by ${Math.abs(mean).toFixed(4)} +- ${standardError.toFixed(4)} on ${gains.length} rows neither has seen (${percent(sure)} sure it is better; ${percent(SURE)} is asked)`;
  return { name: 'better', passed: sure >= SURE, says };
}

/** Loss of the question by judged row. */
const askedLosses = ({ asked }: Evidence) => ({
  champion: Float64Array.from(asked.champion, (p, i) => logLossOf(asked.event[i]!, p)),
  challenger: Float64Array.from(asked.challenger, (p, i) => logLossOf(asked.event[i]!, p)),
});

function question(evidence: Evidence): Check {
  const { champion, challenger } = askedLosses(evidence);
  const groups = evidence.asked.rows.map((row) => evidence.groups[row]!);
  const { mean, standardError } = pairedDifference(champion, challenger, groups);
  const passed = !(mean < -SEGMENT_ERRORS * standardError);
  return {
    name: 'question',
    passed,
    says: `on how it ends alone, log loss ${mean >= 0 ? 'lower' : 'higher'} by ${Math.abs(mean).toFixed(4)} +- ${standardError.toFixed(4)}`,
  };
}

/** Of a two-sided 90 % interval. */
const NINETY = 1.645;

function calibration({ asked, groups }: Evidence): Check {
  const of = asked.rows.map((row) => groups[row]!);
  const { slope, standardError } = clusteredSlope(asked.event, asked.challenger, of);
  if (Number.isNaN(slope)) return { name: 'calibration', passed: true, says: 'nearly the same is said of all: no slope to judge' }; // biome-ignore format: one answer
  const passed = slope + NINETY * standardError >= SLOPE.least && slope - NINETY * standardError <= SLOPE.most;
  const inside = slope >= SLOPE.least && slope <= SLOPE.most;
  return {
    name: 'calibration',
    passed,
    says: `calibration slope ${slope.toFixed(2)} +- ${standardError.toFixed(2)} (${SLOPE.least} to ${SLOPE.most} is asked${passed && !inside ? '; so few outcomes cannot tell it from that' : ''})`,
  };
}

function segments(evidence: Evidence): Check {
  const { asked, groups, losses } = evidence;
  const own = askedLosses(evidence);
  const place = new Map(asked.rows.map((row, i) => [row, i]));
  const judged = evidence.segments.flatMap((segment) => {
    const at = segment.rows.flatMap((row) => place.get(row) ?? []);
    const of = at.map((i) => groups[asked.rows[i]!]!);
    return at.length >= SEGMENT.rows && new Set(of).size >= SEGMENT.accounts ? [{ ...segment, at, of }] : [];
  });
  const beyond = normalQuantile(1 - 0.025 / Math.max(2 * judged.length, 1));
  const found = judged.flatMap(({ name, rows, at, of }): string[] => {
    const take = (values: Float64Array, index: readonly number[]) => index.map((i) => values[i]!);
    const whole = pairedDifference(take(losses.champion, rows), take(losses.challenger, rows), rows.map((row) => groups[row]!)); // biome-ignore format: one call
    const ends = pairedDifference(take(own.champion, at), take(own.challenger, at), of);
    const worse = [whole, ends].find(({ mean, standardError }) => mean < -SEGMENT_ERRORS * standardError);
    if (worse) return [`${name} is worse by ${(-worse.mean).toFixed(4)} +- ${worse.standardError.toFixed(4)}`];
    const [before, after] = [apart(asked.champion, at), apart(asked.challenger, at)];
    const says = (off: number) =>
      `in ${name} it says ${(100 * Math.abs(off)).toFixed(0)} points too ${off < 0 ? 'much' : 'little'}`;
    const isBeyond = ({ mean, standardError }: Gap) => Math.abs(mean) > beyond * standardError;
    if (isBeyond(after.rest) && Math.abs(after.rest.mean) > Math.abs(before.rest.mean)) return [`${says(after.rest.mean)}, beside the rest`]; // biome-ignore format: one answer
    const changed = (after.here.mean - before.here.mean) / after.here.mean;
    return isBeyond(after.here) && changed > MOSTLY ? [says(after.here.mean)] : [];
  });

  /** What happened less what was said inside of some judged rows, and that beside the same outside of them. */
  function apart(said: Float64Array, inside: readonly number[]): { readonly here: Gap; readonly rest: Gap } {
    const within = new Set(inside);
    const outside = asked.rows.map((_, i) => i).filter((i) => !within.has(i));
    const gap = (of: readonly number[]): Gap =>
      pairedDifference(
        of.map((i) => asked.event[i]!),
        of.map((i) => said[i]!),
        of.map((i) => groups[asked.rows[i]!]!),
      );
    const [here, there] = [gap(inside), gap(outside)];
    const standardError = Math.hypot(here.standardError, there.standardError);
    return { here, rest: { mean: here.mean - there.mean, standardError } };
  }
  return {
    name: 'segments',
    passed: found.length === 0,
    says: found.length ? found.slice(0, 3).join('; ') : `no worse in any of ${judged.length} segments`,
  };
}

function leak(evidence: Evidence): Check {
  const { asked, championLowSkill, readsMore } = evidence;
  const { event, champion, challenger } = asked;
  const refuse = (says: string): Check => ({ name: 'leak', passed: false, says });
  const clear = (says: string): Check => {
    const found = readsMore ? evidence.leaks(true) : [];
    return found.length ? refuse(found.slice(0, 3).join('; ')) : { name: 'leak', passed: true, says };
  };
  if (!event.includes(0) || !event.includes(1)) return clear('one outcome only: no leak can show');
  const [before, after] = [auc(event, champion), auc(event, challenger)];
  if (!(after - before > JUMP) || !isBeyondChance(evidence)) return clear('no jump that a leak would make');
  const figures = `AUC ${after.toFixed(3)} against ${before.toFixed(3)}`;
  if (after > TOO_GOOD) return refuse(`${figures} is too good to be knowledge; look for a column written with the outcome in view`); // biome-ignore format: one answer
  const found = evidence.leaks(championLowSkill);
  if (found.length) return refuse(`${figures}, and ${found.slice(0, 3).join('; ')}`);
  return { name: 'leak', passed: true, says: `${figures}, and no column looks as if written with the outcome in view` };
}

/** Whether the AUC has risen beyond chance: the 90 % interval of the rise, by drawing whole accounts, lies above 0. */
function isBeyondChance({ asked, groups }: Evidence): boolean {
  const { event, champion, challenger } = asked;
  const pick = (values: ArrayLike<number>, rows: Int32Array) => Array.from(rows, (i) => values[i]!);
  const rise = (rows: Int32Array) => {
    const y = pick(event, rows);
    return y.includes(0) && y.includes(1) ? auc(y, pick(challenger, rows)) - auc(y, pick(champion, rows)) : Number.NaN;
  };
  const of = asked.rows.map((row) => groups[row]!);
  return bootstrap(of, rise, { draws: 200, seed: 1, level: 0.9 }).low > 0;
}
