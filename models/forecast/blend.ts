import { signFlip } from '../../src/stats/signFlip.ts';
import type { Instant } from '../../src/time.ts';

/** Who says what a period will bring: the model, the reps together, the managers together. */
export const voices = ['foresell', 'reps', 'manager'] as const;
export type Voice = (typeof voices)[number];
export type Said = Readonly<Record<Voice, number | null>>;
export type Weights = Readonly<Partial<Record<Voice, number>>>;

/** What each said at a look, and what came. */
export interface BlendLook {
  readonly at: Instant;
  readonly period: string;
  readonly periodTo: Instant;
  readonly weeksLeft: number;
  readonly voices: Said;
  readonly actualMinor: number;
}

/** `used`: beats each voice beyond chance. Else why not: no people spoke, too few periods, or `notBetter` than `over`. */
export type BlendVerdict = 'used' | 'nobody' | 'tooFew' | 'notBetter';

/** The blend of a horizon, and how it held on periods after those it was learned from. */
export interface BlendHorizon {
  readonly fromWeeks: number;
  readonly toWeeks: number;
  /** Of these it is a blend; the model alone where no people spoke often enough. */
  readonly of: readonly Voice[];
  /** Learned from all periods; shares that add up to 1. None where too few. */
  readonly weights: Weights;
  /** Periods at which all of these spoke, and how many of them judged weights learned before. */
  readonly periods: number;
  readonly judged: number;
  readonly looks: number;
  /** Sum |said - came| / sum came over the judged looks; null where there is none. */
  readonly wape: number | null;
  readonly voiceWape: Readonly<Partial<Record<Voice, number>>>;
  /** Chance that it would beat a voice by as much, did it not; the largest over its voices must be at most .05. */
  readonly p: Readonly<Partial<Record<Voice, number>>>;
  readonly verdict: BlendVerdict;
  /** Of `notBetter`: the voice that it does not beat beyond chance. */
  readonly over: Voice | null;
  /** Of `tooFew`: periods that it takes. */
  readonly needed: number;
}

/** Weeks before the period's end, as far as years go. */
export const horizons = [
  [1, 4],
  [5, 8],
  [9, 14],
  [15, 27],
  [28, 54],
] as const;

/** Periods that the first weights are learned from, and that judge at least. */
const LEARN = 4;
const JUDGE = 6;
/** Weights are drawn to equal ones as by so many periods: with few, equal ones are hard to beat. */
const EQUAL = 4;
const STEP = 0.05;
/** Of each horizon; both (or all three) voices must be beaten at it, so that a blend that is as good as one of them is used more seldom. */
const LEVEL = 0.05;

/**
 * Weights of the model, the reps and the managers by horizon, learned from the ledger: shares with the least sum |blend - came|, drawn to equal ones by
 * `EQUAL` periods. Judged as it would have been used: each period by weights learned from periods that were over before its first look; and used only where
 * that beats every one of its voices beyond chance (one-sided at .05, periods as what is independent).
 * Cost: periods x looks x 231 shares.
 * Source: Bates and Granger (1969); Timmermann (2006) for equal weights.
 */
export function learnBlend(looks: readonly BlendLook[]): readonly BlendHorizon[] {
  const parts = horizons.flatMap(([fromWeeks, toWeeks]) => {
    const of = looks.filter(({ weeksLeft }) => weeksLeft >= fromWeeks && weeksLeft <= toWeeks);
    return of.length > 0 ? [{ fromWeeks, toWeeks, ...heard(of) }] : [];
  });
  return parts.map(({ fromWeeks, toWeeks, of, looks }) => ({ fromWeeks, toWeeks, ...judged(of, looks) }));
}

/** The voices of a blend: people who spoke at enough periods together; whoever spoke least often is left out first. */
function heard(looks: readonly BlendLook[]): { readonly of: readonly Voice[]; readonly looks: readonly BlendLook[] } {
  let of = voices.filter((voice) => voice === 'foresell' || looks.some((look) => look.voices[voice] !== null));
  for (;;) {
    const both = looks.filter((look) => of.every((voice) => look.voices[voice] !== null));
    if (of.length <= 2 || periodsOf(both).length >= LEARN + JUDGE) return { of, looks: both };
    const spoke = (voice: Voice) => periodsOf(looks.filter((look) => look.voices[voice] !== null)).length;
    const least = of.slice(1).reduce((a, b) => (spoke(b) < spoke(a) ? b : a));
    of = of.filter((voice) => voice !== least);
  }
}

const periodsOf = (looks: readonly BlendLook[]) =>
  [...new Map(looks.map((look) => [look.period, look])).values()].sort((a, b) => a.periodTo - b.periodTo).map(({ period }) => period); // biome-ignore format: one chain

function judged(of: readonly Voice[], looks: readonly BlendLook[]): Omit<BlendHorizon, 'fromWeeks' | 'toWeeks'> {
  const periods = periodsOf(looks);
  const none = { of, weights: {}, periods: periods.length, judged: 0, looks: 0, wape: null, voiceWape: {}, p: {}, over: null, needed: LEARN + JUDGE }; // biome-ignore format: a row
  if (of.length === 1) return { ...none, verdict: 'nobody' };
  if (periods.length < LEARN + JUDGE) return { ...none, verdict: 'tooFew' };
  const blended: number[] = [];
  const rows: BlendLook[] = [];
  for (const period of periods) {
    const now = looks.filter((look) => look.period === period);
    const first = Math.min(...now.map(({ at }) => at));
    const before = looks.filter(({ periodTo }) => periodTo <= first);
    if (periodsOf(before).length < LEARN) continue;
    const weights = weightsOf(of, before);
    for (const look of now) {
      rows.push(look);
      blended.push(blendOf(weights, look.voices)!);
    }
  }
  const by = rows.map(({ period }) => period);
  const came = rows.reduce((sum, { actualMinor }) => sum + actualMinor, 0);
  const off = blended.map((said, i) => Math.abs(said - rows[i]!.actualMinor));
  const offOf = (voice: Voice) => rows.map((look) => Math.abs(look.voices[voice]! - look.actualMinor));
  const share = (errors: readonly number[]) => errors.reduce((sum, error) => sum + error, 0) / came;
  const each = <T>(what: (voice: Voice) => T) => Object.fromEntries(of.map((voice) => [voice, what(voice)])) as Record<Voice, T>; // biome-ignore format: one call
  const p = each((voice) => signFlip(offOf(voice).map((error, i) => error - off[i]!), by)); // biome-ignore format: one call
  const hardest = of.reduce((a, b) => (p[b] > p[a] ? b : a));
  const count = new Set(by).size;
  const isUsed = count >= JUDGE && came > 0 && p[hardest] <= LEVEL;
  return {
    ...none,
    weights: weightsOf(of, looks),
    ...{ judged: count, looks: rows.length, p },
    wape: came > 0 ? share(off) : null,
    voiceWape: came > 0 ? each((voice) => share(offOf(voice))) : {},
    verdict: count < JUDGE ? 'tooFew' : isUsed ? 'used' : 'notBetter',
    over: count >= JUDGE && !isUsed ? hardest : null,
  };
}

function weightsOf(of: readonly Voice[], looks: readonly BlendLook[]): Weights {
  const n = periodsOf(looks).length;
  const steps = Math.round(1 / STEP);
  const off = (weights: readonly number[]) =>
    looks.reduce((sum, look) => {
      const said = of.reduce((all, voice, v) => all + weights[v]! * look.voices[voice]!, 0);
      return sum + Math.abs(said - look.actualMinor);
    }, 0);
  let best = { weights: [] as number[], error: Number.POSITIVE_INFINITY };
  const third = of.length > 2 ? steps : 0;
  for (let b = 0; b <= third; b++)
    for (let a = 0; a <= steps - b; a++) {
      // The model first: among equals it keeps the most.
      const weights = of.length > 2 ? [1 - (a + b) * STEP, a * STEP, b * STEP] : [1 - a * STEP, a * STEP];
      const error = off(weights);
      if (error < best.error * (1 - 1e-12)) best = { weights, error };
    }
  const drawn = (weight: number) => (n * Math.max(0, weight) + EQUAL / of.length) / (n + EQUAL);
  return Object.fromEntries(of.map((voice, v) => [voice, drawn(best.weights[v]!)]));
}

/** What the blend says; null where one of its voices is silent. */
export function blendOf(weights: Weights, said: Said): number | null {
  let sum = 0;
  for (const voice of voices) {
    const weight = weights[voice];
    if (weight === undefined) continue;
    const value = said[voice];
    if (value === null) return null;
    sum += weight * value;
  }
  return sum;
}

/** A call of a group as a voice hears it. */
export interface VoicedCall {
  readonly kind: 'adjustment' | 'commit';
  readonly by: string;
  /** Null: the whole. */
  readonly group: string | null;
  readonly saidMinor: number;
  readonly expectedMinor: number;
  /** A team below another one that was called too: its number is in that one's. */
  readonly nested: boolean;
}

/** Groupings in the order in which their calls are believed to make up a whole. */
const wholes = ['owner', 'team', 'region', 'segment', 'product', 'business'] as const;

/**
 * What reps and managers say of the whole. A call of the whole is that; else the calls of one grouping take the place of what the model expects of these groups, and
 * the rest stays with the model. Reps who committed to nothing speak by their categories (commit + half of best case), where they record these.
 */
export function voicesOf(modelMinor: number, categoriesMinor: number | null, calls: readonly VoicedCall[]): Said {
  const said = (kind: VoicedCall['kind']): number | null => {
    const own = calls.filter((call) => call.kind === kind);
    const whole = own.find(({ by }) => by === 'all');
    if (whole) return whole.saidMinor;
    const by = wholes.find((grouping) => own.some((call) => call.by === grouping));
    if (by === undefined) return null;
    const called = own.filter((call) => call.by === by && !call.nested);
    return called.reduce((sum, { saidMinor, expectedMinor }) => sum + saidMinor - expectedMinor, modelMinor);
  };
  return { foresell: modelMinor, reps: said('commit') ?? categoriesMinor, manager: said('adjustment') };
}

/** The horizon of a look. */
export const horizonAt = <H extends Pick<BlendHorizon, 'fromWeeks' | 'toWeeks'>>(
  of: readonly H[],
  weeksLeft: number,
): H | undefined => of.find(({ fromWeeks, toWeeks }) => weeksLeft >= fromWeeks && weeksLeft <= toWeeks);
