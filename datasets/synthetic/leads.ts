import type { Random } from '../../src/random.ts';
import type { Instant } from '../../src/time.ts';
import { type Campaign, runningIn } from './campaigns.ts';
import { type Clock, nextWorking, workingTime } from './clock.ts';
import { ACCOUNTS, LEAD, type Scenario } from './constants.ts';
import { logistic, pad, pick, weighted } from './draws.ts';
import type { Rep } from './people.ts';

const HOUR = 3_600_000;

/** What is constant about a lead and never recorded. */
export interface LeadTraits {
  /** Mean interest. */
  readonly mean: number;
  /** Fit of source, title and campaign, log-odds. */
  readonly fit: number;
  /** Effect of how fast the first answer was, once it was given. */
  readonly speed: number;
  /** Week in which the first answer was given. */
  readonly answeredWeek: number;
}

/** What moves from week to week. */
export interface LeadState {
  interest: number;
  /** Index of LEAD.statuses. */
  status: number;
}

/** A lead as it truly went, week by week. */
export interface LeadPath {
  readonly id: string;
  readonly index: number;
  readonly source: string;
  /** Index of the title in TITLES. */
  readonly title: number;
  readonly campaign: Campaign | null;
  /** Index of the first owner. */
  readonly rep: number;
  /** Week of creation; hazards count from the next one. */
  readonly week: number;
  readonly createdAt: Instant;
  /** First answer, whether or not the lead was still open then. */
  readonly answeredAt: Instant;
  readonly traits: LeadTraits;
  /** `states[k]`: at the start of week `week + 1 + k`, the last one where it closed or the records end. */
  readonly states: readonly Readonly<LeadState>[];
  /** `interest[k]`: in week `week + k`. */
  readonly interest: readonly number[];
  /** Hazards of week `week + 1 + k`. */
  readonly converted: readonly number[];
  readonly disqualified: readonly number[];
  readonly outcome: 'converted' | 'disqualified' | null;
  /** Moved within its week to the deal that it became. */
  closedAt: Instant | null;
  /** The deal that it became, where one was opened. */
  deal: { readonly id: string; readonly company: string; readonly country: string } | null;
}

export interface LeadHazards {
  converted: number;
  disqualified: number;
}

/** One lead's latent path from creation to its close or the end of the records. */
export function liveLead(
  index: number,
  week: number,
  reps: readonly Rep[],
  all: readonly Campaign[],
  clock: Clock,
  economy: Float64Array,
  scenario: Scenario,
  draw: Random,
): LeadPath {
  const chosen = draw.below(reps.length);
  const rep = reps[chosen]!.leaves <= week ? reps[chosen]!.successor : chosen;
  const createdAt = workingTime(clock, week, draw);
  const s = weighted(LEAD.sourceShare, draw);
  const title = draw.below(LEAD.titleFit.length);
  const running = runningIn(all, week);
  const campaign = running.length > 0 && s !== 0 && draw.uniform() < 0.6 ? pick(running, draw) : null;
  const { medianHours, sdLog, ownerSd, cap } = LEAD.response;
  const hours = medianHours * Math.exp(sdLog * draw.normal() - ownerSd * reps[rep]!.diligence);
  const answeredAt = nextWorking(clock, createdAt + HOUR * hours, draw);
  const waited = (answeredAt - createdAt) / HOUR;
  const traits: LeadTraits = {
    mean: LEAD.interest.meanSd * draw.normal(),
    fit: LEAD.sourceFit[s]! + LEAD.titleFit[title]! + (campaign?.quality ?? 0),
    speed: Math.max(-cap, Math.min(cap, Math.log(medianHours / Math.max(0.05, waited)))),
    answeredWeek: Math.floor(clock.week(answeredAt)),
  };
  const path = draw.fork('path');
  const chance = draw.fork('outcome');
  const spread = LEAD.interest.sd / Math.sqrt(1 - LEAD.interest.phi ** 2);
  const state: LeadState = {
    interest: traits.mean + spread * path.normal(),
    status: traits.answeredWeek <= week ? 1 : 0,
  };
  const out: LeadHazards = { converted: 0, disqualified: 0 };
  const states: LeadState[] = [];
  const interest = [state.interest];
  const converted: number[] = [];
  const disqualified: number[] = [];
  let outcome: LeadPath['outcome'] = null;
  let closedAt: Instant | null = null;
  for (let w = week + 1; w < clock.weeks; w++) {
    states.push({ ...state });
    moveInterest(state, traits, path.normal());
    interest.push(state.interest);
    leadHazards(state, traits, w - week, clock.season[w]!, economy[w]!, scenario, out);
    converted.push(out.converted);
    disqualified.push(out.disqualified);
    const u = chance.uniform();
    if (u < out.converted + out.disqualified) {
      outcome = u < out.converted ? 'converted' : 'disqualified';
      closedAt = workingTime(clock, w, chance);
      break;
    }
    moveStatus(state, traits, w, path);
  }
  if (outcome === null) states.push({ ...state });
  const source = ACCOUNTS.sources[s]![0];
  return { id: `L${pad(index + 1, 5)}`, index, source, title, campaign, rep, week, createdAt, answeredAt, traits, states, interest, converted, disqualified, outcome, closedAt, deal: null }; // biome-ignore format: a row
}

/** e(w) = mean + phi (e(w-1) - mean) + sd z. */
export function moveInterest(state: LeadState, traits: LeadTraits, z: number): void {
  state.interest = traits.mean + LEAD.interest.phi * (state.interest - traits.mean) + LEAD.interest.sd * z;
}

/** The rest of a week that a lead stays open: answered, then perhaps qualified. */
export function moveStatus(state: LeadState, traits: LeadTraits, week: number, draw: Random): void {
  if (state.status === 0) {
    if (traits.answeredWeek <= week) state.status = 1;
  } else if (state.status === 1) {
    const { base, interest, fit } = LEAD.qualify;
    if (draw.uniform() < logistic(base + interest * state.interest + fit * traits.fit)) state.status = 2;
  }
}

/**
 * Chances of converting and of being disqualified in a week, given that the lead is still open:
 * p_c = exp(z_c) / (1 + exp(z_converted) + exp(z_disqualified)). Written into `out`.
 *
 * @param age weeks since the week of creation
 */
export function leadHazards(
  state: LeadState,
  traits: LeadTraits,
  age: number,
  season: number,
  economy: number,
  scenario: Scenario,
  out: LeadHazards,
): void {
  if (scenario === 'null') {
    out.converted = LEAD.null.converted;
    out.disqualified = LEAD.null.disqualified;
    return;
  }
  const { converted, disqualified, fit } = LEAD;
  const weeks = Math.min(age, LEAD.weeksCap);
  const speed = state.status > 0 ? traits.speed : 0;
  const z = (law: typeof converted | typeof disqualified) =>
    law.status[state.status]! +
    law.interest * state.interest +
    law.economy * economy +
    law.speed * speed +
    law.perWeek * weeks +
    season;
  const expConverted = Math.exp(z(converted) + fit.converted * traits.fit);
  const expDisqualified = Math.exp(z(disqualified) + fit.disqualified * traits.fit);
  const total = 1 + expConverted + expDisqualified;
  out.converted = expConverted / total;
  out.disqualified = expDisqualified / total;
}
