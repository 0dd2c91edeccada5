import type { Random } from '../../src/random.ts';
import type { Instant } from '../../src/time.ts';
import type { Account } from './accounts.ts';
import { type Clock, workingTime } from './clock.ts';
import { CONTRACT, type Scenario } from './constants.ts';
import { poisson, weighted } from './draws.ts';

/** What is constant about a customer with a contract and never recorded. */
export interface ContractTraits {
  /** Mean health. */
  readonly mean: number;
  /** Days from due to paid, its habit. */
  readonly pays: number;
}

/** What moves from week to week. */
export interface ContractState {
  health: number;
  /** Tickets, fading. */
  burden: number;
  /** Late deliveries, fading. */
  lateness: number;
  /** Rise of the price at the last renewal. */
  rise: number;
  /** Week in which the term began. */
  termStart: number;
}

/** What happened in a week: so many tickets, and how many days late the week's repeat order came (null: none). */
export interface ContractWeek {
  readonly tickets: number;
  readonly lateDays: number | null;
}

/** One term as it was signed. */
export interface Term {
  readonly start: number;
  readonly rise: number;
  /** Share of the earlier amount that was kept, 1 unless reduced. */
  readonly kept: number;
}

/** A customer's contract as it truly went, week by week. */
export interface ContractPath {
  readonly account: Account;
  readonly traits: ContractTraits;
  /** Index into CONTRACT.terms. */
  readonly kind: number;
  /** Week of the first term. */
  readonly start: number;
  readonly seats: number;
  readonly terms: readonly Term[];
  /** `states[k]`: at the start of week `start + 1 + k`, the last one where it was left or the records end. */
  readonly states: readonly Readonly<ContractState>[];
  /** `weeks[k]`: what came in week `start + 1 + k`; the week of leaving has nothing. */
  readonly weeks: readonly ContractWeek[];
  /** Hazards of week `start + 1 + k`. */
  readonly left: readonly number[];
  readonly reduced: readonly number[];
  readonly leftWeek: number | null;
  /** When it was cancelled within a term; null where it was left at a term's end, or not at all. */
  readonly cancelledAt: Instant | null;
}

export interface ContractHazards {
  left: number;
  reduced: number;
}

export const termWeeks = (path: Pick<ContractPath, 'kind'>): number => CONTRACT.terms[path.kind]![0];

/** One contract's latent path from its first term to its end or the end of the records. */
export function liveContract(
  account: Account,
  start: number,
  clock: Clock,
  economy: Float64Array,
  scenario: Scenario,
  draw: Random,
): ContractPath {
  const kind = weighted(CONTRACT.terms.map((term) => term[2]), draw); // biome-ignore format: one draw
  const length = CONTRACT.terms[kind]![0];
  const seats = Math.max(2, Math.round(12 * Math.exp(0.5 * account.size + 0.5 * draw.normal())));
  const { habit } = CONTRACT.payment;
  const traits = { mean: CONTRACT.health.meanSd * draw.normal(), pays: habit.mean + habit.sd * draw.normal() };
  const path = draw.fork('path');
  const chance = draw.fork('outcome');
  const spread = CONTRACT.health.sd / Math.sqrt(1 - CONTRACT.health.phi ** 2);
  const state: ContractState = { health: traits.mean + spread * path.normal(), burden: 0, lateness: 0, rise: 0, termStart: start }; // biome-ignore format: a row
  const terms: Term[] = [{ start, rise: 0, kept: 1 }];
  const states: ContractState[] = [];
  const weeks: ContractWeek[] = [];
  const left: number[] = [];
  const reduced: number[] = [];
  const out: ContractHazards = { left: 0, reduced: 0 };
  let leftWeek: number | null = null;
  let cancelledAt: Instant | null = null;
  for (let w = start + 1; w < clock.weeks; w++) {
    states.push({ ...state });
    moveHealth(state, traits, path.normal());
    const ends = w === state.termStart + length - 1;
    contractHazards(state, w - start, ends, economy[w]!, scenario, out);
    left.push(out.left);
    reduced.push(out.reduced);
    const u = chance.uniform();
    if (u < out.left) {
      leftWeek = w;
      if (!ends) cancelledAt = workingTime(clock, w, chance);
      break;
    }
    weeks.push(moveContract(state, w, ends, path));
    if (ends) {
      const [least, most] = CONTRACT.reducedTo;
      const kept = u < out.left + out.reduced ? least + (most - least) * chance.uniform() : 1;
      terms.push({ start: state.termStart, rise: state.rise, kept });
    }
  }
  if (leftWeek === null) states.push({ ...state });
  return { account, traits, kind, start, seats, terms, states, weeks, left, reduced, leftWeek, cancelledAt };
}

/** u(w) = mean + phi (u(w-1) - mean) + sd z. */
export function moveHealth(state: ContractState, traits: ContractTraits, z: number): void {
  state.health = traits.mean + CONTRACT.health.phi * (state.health - traits.mean) + CONTRACT.health.sd * z;
}

/** The rest of a week that a contract lasts: tickets, a repeat order, and the new term where one ended. */
export function moveContract(state: ContractState, week: number, ends: boolean, draw: Random): ContractWeek {
  const { tickets, orders, rise } = CONTRACT;
  const opened = poisson(Math.exp(tickets.base + tickets.health * state.health), draw);
  state.burden = Math.min(tickets.cap, tickets.keep * state.burden + opened);
  let lateDays: number | null = null;
  state.lateness *= orders.keep;
  if (draw.uniform() < orders.weekly) {
    lateDays = draw.uniform() < orders.lateShare ? 2 + draw.below(18) : -draw.below(5);
    if (lateDays > 0) state.lateness = Math.min(orders.cap, state.lateness + 0.5 + lateDays / 14);
  }
  if (ends) {
    state.termStart = week + 1;
    state.rise = draw.uniform() < rise.large ? rise.usual + (rise.most - rise.usual) * draw.uniform() : rise.usual;
  }
  return { tickets: opened, lateDays };
}

/**
 * Chances of a week, given that the contract lasts: of being left (cancelled within a term, not renewed at its end) and,
 * at the end of a term only, of being renewed for less. Within a term p = exp(z) / (1 + exp(z)); at its end
 * p_c = exp(z_c) / (1 + exp(z_left) + exp(z_reduced)). Written into `out`.
 *
 * @param tenure weeks since the first term began · @param ends whether the term ends with this week
 */
export function contractHazards(
  state: ContractState,
  tenure: number,
  ends: boolean,
  economy: number,
  scenario: Scenario,
  out: ContractHazards,
): void {
  if (scenario === 'null') {
    out.left = CONTRACT.null.leave;
    out.reduced = CONTRACT.null.reduce;
    return;
  }
  const { leave, reduce } = CONTRACT;
  const z = (law: typeof leave | typeof reduce) =>
    law.health * state.health +
    law.tickets * state.burden +
    law.late * state.lateness +
    law.rise * state.rise +
    law.tenure * Math.log1p(tenure / 13) +
    law.economy * economy;
  const expLeft = Math.exp((ends ? leave.end : leave.base) + z(leave));
  const expReduced = ends ? Math.exp(reduce.end + z(reduce)) : 0;
  const total = 1 + expLeft + expReduced;
  out.left = expLeft / total;
  out.reduced = expReduced / total;
}
