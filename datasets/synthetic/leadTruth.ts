import { random } from '../../src/random.ts';
import type { Instant } from '../../src/time.ts';
import { shareClosedBy } from './clock.ts';
import { LEAD_HORIZON_WEEKS } from './constants.ts';
import { type LeadHazards, type LeadPath, type LeadState, leadHazards, moveInterest, moveStatus } from './leads.ts';
import type { Simulation } from './simulate.ts';
import { economiesFrom, TRUTH_PATHS } from './truth.ts';

/** A path that is open with less than this chance is followed no further: it moves no probability by more. */
const SETTLED = 0.01;

/** What truly lay ahead of a lead: chances of having converted and of having been disqualified within h weeks. */
export interface TrueLeadLaw {
  readonly converted: Float64Array;
  readonly disqualified: Float64Array;
  /** Ever: what is open at the horizon is divided by its last hazards. */
  readonly convertedEver: number;
  /** Standard error of `converted[13]` over the latent paths. */
  readonly se13: number;
}

/** The true state at the start of a week; undefined where the lead is not open then. */
export const leadStateAt = (lead: LeadPath, week: number): Readonly<LeadState> | undefined =>
  lead.states[week - lead.week - 1];

/** Leads open at the start of a week. */
export const leadsOpenAt = (sim: Simulation, week: number): LeadPath[] =>
  sim.leads.filter((lead) => leadStateAt(lead, week) !== undefined);

/**
 * The true law of a lead from the start of week `week`, as `trueLaw` has it for deals: states continued with the
 * mechanism that made the data but without closing, the survival along each path exact, averaged over `paths`.
 * Cost: about paths x horizon steps of 0.1 us.
 *
 * @param horizon weeks to look ahead, at most LEAD_HORIZON_WEEKS
 * @returns undefined where the lead is not open at the start of the week
 */
export function trueLeadLaw(
  sim: Simulation,
  lead: LeadPath,
  week: number,
  paths = TRUTH_PATHS,
  economies: readonly Float64Array[] = economiesFrom(sim, week, paths),
  horizon = LEAD_HORIZON_WEEKS,
): TrueLeadLaw | undefined {
  const state = leadStateAt(lead, week);
  if (!state) return undefined;
  const converted = new Float64Array(horizon + 1);
  const disqualified = new Float64Array(horizon + 1);
  const draw = random(sim.seed).fork(`truth ${lead.id} ${week}`);
  const out: LeadHazards = { converted: 0, disqualified: 0 };
  const moving: LeadState = { ...state };
  let ever = 0;
  let sum13 = 0;
  let squares13 = 0;
  for (let p = 0; p < paths; p++) {
    Object.assign(moving, state);
    let open = 1;
    let sum = 0;
    let out2 = 0;
    for (let h = 0; h < horizon; h++) {
      const w = week + h;
      if (open < SETTLED) {
        for (let rest = h + 1; rest <= horizon; rest++) {
          converted[rest]! += sum / paths;
          disqualified[rest]! += out2 / paths;
        }
        if (h <= 12) {
          sum13 += sum;
          squares13 += sum * sum;
        }
        break;
      }
      moveInterest(moving, lead.traits, draw.normal());
      leadHazards(moving, lead.traits, w - lead.week, sim.clock.season[w]!, economies[p]![h]!, sim.scenario, out);
      sum += open * out.converted;
      out2 += open * out.disqualified;
      open *= 1 - out.converted - out.disqualified;
      moveStatus(moving, lead.traits, w, draw);
      converted[h + 1]! += sum / paths;
      disqualified[h + 1]! += out2 / paths;
      if (h === 12) {
        sum13 += sum;
        squares13 += sum * sum;
      }
    }
    ever += (sum + (open * out.converted) / (out.converted + out.disqualified)) / paths;
  }
  const variance = Math.max(0, squares13 / paths - (sum13 / paths) ** 2);
  return { converted, disqualified, convertedEver: ever, se13: Math.sqrt(variance / Math.max(1, paths - 1)) };
}

/** All open leads of a week and their true chances of having converted or been disqualified by an instant. */
export interface TrueLeadSnapshot {
  readonly week: number;
  readonly leads: readonly LeadPath[];
  readonly converted: Float64Array;
  readonly disqualified: Float64Array;
}

/**
 * The truth of the leads open at the start of `week`: P(converted by `by`) and P(disqualified by `by`), `by` a local
 * midnight at most LEAD_HORIZON_WEEKS ahead (within 90 days: `by` is 90 days later; closes fall evenly on Monday to
 * Friday). What an oracle would say, which knows each lead's hidden interest, fit and answer.
 */
export function trueLeadSnapshot(sim: Simulation, week: number, by: Instant, paths = TRUTH_PATHS): TrueLeadSnapshot {
  const leads = leadsOpenAt(sim, week);
  const economies = economiesFrom(sim, week, paths);
  const { whole, share } = weeksTo(sim, week, by, LEAD_HORIZON_WEEKS);
  const horizon = Math.min(LEAD_HORIZON_WEEKS, whole + 1);
  const converted = new Float64Array(leads.length);
  const disqualified = new Float64Array(leads.length);
  leads.forEach((lead, i) => {
    const law = trueLeadLaw(sim, lead, week, paths, economies, horizon)!;
    converted[i] = between(law.converted, whole, share);
    disqualified[i] = between(law.disqualified, whole, share);
  });
  return { week, leads, converted, disqualified };
}

/** Whole weeks from a week to an instant, and the share of the closes of the week begun that fall before it. */
export function weeksTo(sim: Simulation, week: number, by: Instant, most: number): { whole: number; share: number } {
  const ahead = Math.max(0, sim.clock.week(by) - week);
  if (ahead >= most) return { whole: most, share: 0 };
  const whole = Math.floor(ahead);
  return { whole, share: ahead > whole ? shareClosedBy(sim.clock, by) : 0 };
}

/** A law that is told by whole weeks, part of a week further. */
export const between = (law: Float64Array, whole: number, share: number): number =>
  law[whole]! + (share > 0 ? share * (law[whole + 1]! - law[whole]!) : 0);
