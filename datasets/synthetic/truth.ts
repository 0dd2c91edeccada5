import { random } from '../../src/random.ts';
import type { Instant } from '../../src/time.ts';
import { shareClosedBy } from './clock.ts';
import { HORIZON_WEEKS } from './constants.ts';
import { economy } from './economy.ts';
import type { DealPath } from './latent.ts';
import { type Hazards, hazards, move, moveEngagement, type State } from './mechanism.ts';
import type { Simulation } from './simulate.ts';

/** Latent paths behind a true probability unless said: a standard error of about .02 for one deal, none for a mean. */
export const TRUTH_PATHS = 32;

/**
 * A path that is open with less than this chance keeps its hazards of then: its state is followed no further, which
 * halves the cost and moves no probability by more than a fraction of this.
 */
const SETTLED = 0.03;

/**
 * What truly lay ahead of a deal, given its true state at the start of a week: `won[h]` and `lost[h]` are the chances
 * of having been won or lost within h weeks, h = 0 .. HORIZON_WEEKS.
 */
export interface TrueLaw {
  readonly won: Float64Array;
  readonly lost: Float64Array;
  /** `open[h]`: still open after h weeks; `won + lost + open = 1`. */
  readonly open: Float64Array;
  /** Ever: what is open at the horizon is divided by its last hazards. */
  readonly wonEver: number;
  /** Standard error of `won[13]` over the latent paths. */
  readonly se13: number;
}

/** Economies that continue that of week `week - 1`: `paths` of them, shared by all deals of the week. */
export function economiesFrom(sim: Simulation, week: number, paths: number): Float64Array[] {
  const root = random(sim.seed).fork(`truth economy ${week}`);
  const from = sim.economy[week - 1]!;
  return Array.from({ length: paths }, (_, p) => economy(HORIZON_WEEKS, sim.scenario, root.fork(`path ${p}`), from));
}

/** Deals open at the start of a week. */
export const openAt = (sim: Simulation, week: number): DealPath[] =>
  sim.paths.filter((deal) => stateAt(deal, week) !== undefined);

/** The true state at the start of a week; undefined where the deal is not open then. */
export const stateAt = (deal: DealPath, week: number): Readonly<State> | undefined => deal.states[week - deal.week - 1];

/**
 * The true law of one deal from the start of week `week`, by Rao-Blackwellised Monte Carlo: latent states are continued
 * with the mechanism that made the data but without closing, and along each path the hazards' survival products are
 * exact; the average over `paths` is the answer. Seeded by the simulation, the deal and the week.
 * Cost: about paths x 20 steps of 0.1 us.
 *
 * @param instead parts of the state to set otherwise: what a discount, say, would do
 * @returns undefined where the deal is not open at the start of the week
 */
export function trueLaw(
  sim: Simulation,
  deal: number,
  week: number,
  paths = TRUTH_PATHS,
  economies: readonly Float64Array[] = economiesFrom(sim, week, paths),
  instead: Partial<State> = {},
): TrueLaw | undefined {
  const path = sim.paths[deal];
  const found = path && stateAt(path, week);
  if (!path || !found) return undefined;
  const state = { ...found, ...instead };
  const won = new Float64Array(HORIZON_WEEKS + 1);
  const lost = new Float64Array(HORIZON_WEEKS + 1);
  const left = new Float64Array(HORIZON_WEEKS + 1).fill(1, 0, 1);
  let wonEver = 0;
  let sum13 = 0;
  let squares13 = 0;
  const draw = random(sim.seed).fork(`truth ${path.id} ${week}`);
  const out: Hazards = { won: 0, lost: 0 };
  const moving: State = { ...state };
  for (let p = 0; p < paths; p++) {
    Object.assign(moving, state);
    const climate = economies[p]!;
    let open = 1;
    let pathWon = 0;
    let pathLost = 0;
    for (let h = 0; h < HORIZON_WEEKS; h++) {
      const w = week + h;
      const moves = open > SETTLED;
      if (moves) {
        moveEngagement(moving, path.traits, draw.normal());
        hazards(moving, path.traits, sim.clock, w, climate[h]!, sim.scenario, out);
      }
      pathWon += open * out.won;
      pathLost += open * out.lost;
      open *= 1 - out.won - out.lost;
      if (moves && open > SETTLED) move(moving, path.traits, sim.clock, w, draw);
      won[h + 1]! += pathWon;
      lost[h + 1]! += pathLost;
      left[h + 1]! += open;
      if (h === 12) {
        sum13 += pathWon;
        squares13 += pathWon * pathWon;
      }
    }
    wonEver += pathWon + (open * out.won) / (out.won + out.lost);
  }
  for (let h = 1; h <= HORIZON_WEEKS; h++) {
    won[h]! /= paths;
    lost[h]! /= paths;
    left[h]! /= paths;
  }
  const variance = Math.max(0, squares13 / paths - (sum13 / paths) ** 2);
  return { won, lost, open: left, wonEver: wonEver / paths, se13: Math.sqrt(variance / Math.max(1, paths - 1)) };
}

/** P(won by `at`) from a law that starts at week `week`: `at` is a local midnight; inside a week by the days of closing. */
export function wonBy(sim: Simulation, law: Pick<TrueLaw, 'won'>, week: number, at: Instant): number {
  const ahead = sim.clock.week(at) - week;
  if (ahead <= 0) return 0;
  const whole = Math.floor(ahead);
  if (whole >= HORIZON_WEEKS) return law.won[HORIZON_WEEKS]!;
  const share = shareClosedBy(sim.clock, at);
  return law.won[whole]! + share * (law.won[whole + 1]! - law.won[whole]!);
}

/** Days from the start of the week by which a share `q` of the wins to come have come: the date law given a win. */
export function winDays(law: TrueLaw, q: number): number {
  const target = q * law.won[HORIZON_WEEKS]!;
  let h = 1;
  while (h < HORIZON_WEEKS && law.won[h]! < target) h++;
  const before = law.won[h - 1]!;
  const step = law.won[h]! - before;
  return 7 * (h - 1 + (step > 0 ? Math.min(1, (target - before) / step) : 1));
}

/** All open deals of a week along shared economies: what a forecast from the true hazards needs. */
export interface TrueSnapshot {
  readonly week: number;
  readonly deals: readonly DealPath[];
  readonly paths: number;
  /** P(won by `by`) of deal d along economy p, at d * paths + p. */
  readonly won: Float64Array;
}

/**
 * Chances of each deal open at the start of `week` to be won by `by` (a local midnight), along each of `paths`
 * economies: the deals of one path share its economy, so sums over deals within a path carry the common risk.
 */
export function trueSnapshot(sim: Simulation, week: number, by: Instant, paths = TRUTH_PATHS): TrueSnapshot {
  const deals = openAt(sim, week);
  const economies = economiesFrom(sim, week, paths);
  const ahead = Math.max(0, Math.min(HORIZON_WEEKS, sim.clock.week(by) - week));
  const whole = Math.floor(ahead);
  const share = ahead > whole ? shareClosedBy(sim.clock, by) : 0;
  const won = new Float64Array(deals.length * paths);
  const out: Hazards = { won: 0, lost: 0 };
  deals.forEach((deal, d) => {
    const state = stateAt(deal, week)!;
    const moving: State = { ...state };
    const draw = random(sim.seed).fork(`snapshot ${deal.id} ${week}`);
    for (let p = 0; p < paths; p++) {
      Object.assign(moving, state);
      let open = 1;
      let sum = 0;
      for (let h = 0; h < whole + (share > 0 ? 1 : 0); h++) {
        moveEngagement(moving, deal.traits, draw.normal());
        hazards(moving, deal.traits, sim.clock, week + h, economies[p]![h]!, sim.scenario, out);
        sum += (h < whole ? 1 : share) * open * out.won;
        open *= 1 - out.won - out.lost;
        move(moving, deal.traits, sim.clock, week + h, draw);
      }
      won[d * paths + p] = sum;
    }
  });
  return { week, deals, paths, won };
}
