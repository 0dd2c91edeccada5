import type { Random } from '../../src/random.ts';
import type { Clock } from './clock.ts';
import { DISCOUNT, ENGAGEMENT, EXPECTED, HAZARD, MOVES, OPEN_STAGES, type Scenario } from './constants.ts';
import { exponential, logistic } from './draws.ts';

/** What is constant about a deal and never recorded. */
export interface Traits {
  /** Mean engagement. */
  readonly mean: number;
  /** Fit of account and source. */
  readonly fit: number;
  /** How weak the case is: loses more, and is given more discount. */
  readonly weakness: number;
  /** Frailty of both hazards. */
  readonly linger: number;
  /** The first owner's and his successor's effect, and the week from which the successor has it. */
  readonly skill: number;
  readonly nextSkill: number;
  readonly nextFrom: number;
  /** The owner's habit of discount. */
  readonly habit: number;
  /** The constant part of each log-odds: fit, weakness and linger. */
  readonly wonBase: number;
  readonly lostBase: number;
}

/** Weeks from the expected date beyond which its pull (below 3e-6) counts as none. */
const FAR = 19;

/** The constant part of the log-odds of `won` or `lost`. */
export function base(cause: 'won' | 'lost', traits: Pick<Traits, 'fit' | 'weakness' | 'linger'>): number {
  return HAZARD.fit[cause] * traits.fit + HAZARD.weakness[cause] * traits.weakness + traits.linger;
}

/** What moves from week to week. */
export interface State {
  stage: number;
  inStage: number;
  engagement: number;
  /** Rep's expected close date: day number from the clock's start. */
  expectedDay: number;
  discount: number;
  /** Whether this week brought a new quote. */
  quoted: boolean;
}

export interface Hazards {
  won: number;
  lost: number;
}

/** State at creation, in week `week`. */
export function firstState(traits: Traits, clock: Clock, week: number, draw: Random): State {
  const spread = ENGAGEMENT.sd / Math.sqrt(1 - ENGAGEMENT.phi ** 2);
  const wait = EXPECTED.first.median * Math.exp(EXPECTED.first.sdLog * draw.normal());
  return {
    stage: draw.uniform() < 0.15 ? 1 : 0,
    inStage: 0,
    engagement: traits.mean + spread * draw.normal(),
    expectedDay: expectedOn(week + 1 + wait, clock, draw),
    discount: clampDiscount(traits.habit * DISCOUNT.firstShare),
    quoted: true,
  };
}

/** e(w) = mean + phi (e(w-1) - mean) + sd z. */
export function moveEngagement(state: State, traits: Traits, z: number): void {
  state.engagement = traits.mean + ENGAGEMENT.phi * (state.engagement - traits.mean) + ENGAGEMENT.sd * z;
}

/**
 * Chances of being won and lost in week `week`, given that it is still open: p_c = exp(z_c) / (1 + exp(z_won) + exp(z_lost)).
 * Written into `out`, so that the truth's inner loop allocates nothing.
 */
export function hazards(
  state: State,
  traits: Traits,
  clock: Clock,
  week: number,
  economy: number,
  scenario: Scenario,
  out: Hazards,
): void {
  if (scenario === 'null') {
    out.won = HAZARD.null.won;
    out.lost = HAZARD.null.lost;
    return;
  }
  const { won, lost } = HAZARD;
  const skill = week >= traits.nextFrom ? traits.nextSkill : traits.skill;
  const inStage = Math.min(state.inStage, HAZARD.inStageCap);
  const away = Math.abs(state.expectedDay / 7 - week - 0.5);
  const near = away < FAR ? Math.exp(-away / HAZARD.nearWeeks) : 0;
  const price = HAZARD.discountPer10 * 10 * (state.discount - HAZARD.discountReference);
  const season = clock.season[week]!;
  const push = clock.quarterEnd[week]!;
  const zWon =
    won.stage[state.stage]! +
    won.engagement * state.engagement +
    won.economy * economy +
    won.perWeekInStage * inStage +
    won.near * near +
    price +
    HAZARD.skill.won * skill +
    HAZARD.quarterEnd.won * push +
    season +
    traits.wonBase;
  const zLost =
    lost.stage[state.stage]! +
    lost.engagement * state.engagement +
    lost.economy * economy +
    lost.perWeekInStage * inStage +
    lost.near * near +
    HAZARD.skill.lost * skill +
    HAZARD.quarterEnd.lost * push +
    season +
    traits.lostBase;
  const expWon = Math.exp(zWon);
  const expLost = Math.exp(zLost);
  const total = 1 + expWon + expLost;
  out.won = expWon / total;
  out.lost = expLost / total;
}

/** The rest of a week that a deal stays open: stage, discount and expected date. */
export function move(state: State, traits: Traits, clock: Clock, week: number, draw: Random): void {
  const { engagement } = state;
  const skill = week >= traits.nextFrom ? traits.nextSkill : traits.skill;
  const before = state.stage;
  const last = OPEN_STAGES.length - 1;
  state.quoted = false;
  state.inStage++;
  const chance = draw.uniform();
  const { advance, regress } = MOVES;
  const up =
    before < last ? logistic(advance.base[before]! + advance.engagement * engagement + advance.skill * skill) : 0;
  if (chance < up) {
    state.stage = before < last - 1 && chance < up * MOVES.skip ? before + 2 : before + 1;
    state.inStage = 0;
  } else if (before > 0 && chance > 1 - logistic(regress.base + regress.engagement * engagement)) {
    state.stage = before - 1;
    state.inStage = 0;
  }
  if (state.stage > before && state.stage >= 2) {
    const asked = traits.habit + DISCOUNT.weakness * traits.weakness + DISCOUNT.noise * draw.normal();
    const further = state.stage >= 3 ? DISCOUNT.negotiation : 0;
    state.discount = Math.max(state.discount, clampDiscount(asked + further));
    state.quoted = true;
  } else if (state.stage >= 2 && draw.uniform() < DISCOUNT.round) {
    state.discount = clampDiscount(state.discount + exponential(DISCOUNT.roundMean, draw));
    state.quoted = true;
  }
  const now = week + 1;
  const expected = state.expectedDay / 7;
  if (state.stage === last && before < last && draw.uniform() < EXPECTED.contract) {
    state.expectedDay = expectedOn(now + EXPECTED.contractBase + exponential(EXPECTED.contractMean, draw), clock, draw);
  } else if (expected < now) {
    if (draw.uniform() < EXPECTED.slip) {
      state.expectedDay = expectedOn(now + EXPECTED.slipBase + exponential(EXPECTED.slipMean, draw), clock, draw);
    }
  } else if (draw.uniform() < EXPECTED.revise) {
    const moved = expected + EXPECTED.reviseMean + EXPECTED.reviseSd * draw.normal();
    state.expectedDay = expectedOn(Math.max(now + 0.5, moved), clock, draw);
  }
}

const clampDiscount = (discount: number): number => Math.min(DISCOUNT.max, Math.max(0, discount));

/** A date at about `week`: often the last day of that month, and never on a weekend. */
function expectedOn(week: number, clock: Clock, draw: Random): number {
  const whole = Math.min(Math.floor(week), clock.monthEnd.length - 1);
  const day = draw.uniform() < EXPECTED.monthEnd ? clock.monthEnd[whole]! : Math.floor(week * 7);
  return day - Math.max(0, (day % 7) - 4);
}
