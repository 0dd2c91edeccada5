import { random } from '../../src/random.ts';
import { DAY, type Instant } from '../../src/time.ts';
import { CONTRACT_HORIZON_WEEKS, RETAIL } from './constants.ts';
import {
  type ContractHazards,
  type ContractPath,
  type ContractState,
  contractHazards,
  moveContract,
  moveHealth,
  termWeeks,
} from './contracts.ts';
import { between, weeksTo } from './leadTruth.ts';
import { seasonSum, type TrueCustomer, trueCustomer } from './retail.ts';
import type { Simulation } from './simulate.ts';
import { economiesFrom, TRUTH_PATHS } from './truth.ts';

/** What truly lay ahead of a contract: chances within h weeks, h = 0 .. horizon. */
export interface TrueContractLaw {
  /** Left before it was ever reduced: of two competing causes, the first. */
  readonly left: Float64Array;
  /** Renewed for less, before it was left. */
  readonly reduced: Float64Array;
  /** Left, reduced before or not. */
  readonly gone: Float64Array;
  /** Standard error of `gone[13]` over the latent paths. */
  readonly se13: number;
}

/** The true state at the start of a week; undefined where the contract does not last then. */
export const contractStateAt = (path: ContractPath, week: number): Readonly<ContractState> | undefined =>
  path.states[week - path.start - 1];

/** Contracts that last at the start of a week. */
export const contractsAt = (sim: Simulation, week: number): ContractPath[] =>
  sim.contracts.filter((path) => contractStateAt(path, week) !== undefined);

/**
 * The true law of a contract from the start of week `week`, by Rao-Blackwellised Monte Carlo as `trueLaw`: health,
 * tickets, deliveries and renewals are continued with the mechanism but without leaving, and the survival along each
 * path is exact. Cost: about paths x horizon steps of 0.2 us.
 */
export function trueContractLaw(
  sim: Simulation,
  path: ContractPath,
  week: number,
  paths = TRUTH_PATHS,
  economies: readonly Float64Array[] = economiesFrom(sim, week, paths),
  horizon = CONTRACT_HORIZON_WEEKS,
): TrueContractLaw | undefined {
  const state = contractStateAt(path, week);
  if (!state) return undefined;
  const left = new Float64Array(horizon + 1);
  const reduced = new Float64Array(horizon + 1);
  const gone = new Float64Array(horizon + 1);
  const draw = random(sim.seed).fork(`truth ${path.account.id} ${week}`);
  const out: ContractHazards = { left: 0, reduced: 0 };
  const moving: ContractState = { ...state };
  const length = termWeeks(path);
  let sum13 = 0;
  let squares13 = 0;
  for (let p = 0; p < paths; p++) {
    Object.assign(moving, state);
    let untouched = 1;
    let there = 1;
    let sumLeft = 0;
    let sumReduced = 0;
    for (let h = 0; h < horizon; h++) {
      const w = week + h;
      moveHealth(moving, path.traits, draw.normal());
      const ends = w === moving.termStart + length - 1;
      contractHazards(moving, w - path.start, ends, economies[p]![h]!, sim.scenario, out);
      sumLeft += untouched * out.left;
      sumReduced += untouched * out.reduced;
      untouched *= 1 - out.left - out.reduced;
      there *= 1 - out.left;
      moveContract(moving, w, ends, draw);
      left[h + 1]! += sumLeft / paths;
      reduced[h + 1]! += sumReduced / paths;
      gone[h + 1]! += (1 - there) / paths;
      if (h === 12) {
        sum13 += 1 - there;
        squares13 += (1 - there) ** 2;
      }
    }
  }
  const variance = Math.max(0, squares13 / paths - (sum13 / paths) ** 2);
  return { left, reduced, gone, se13: Math.sqrt(variance / Math.max(1, paths - 1)) };
}

/** All contracts of a week and their true chances by an instant; `gone` is what "will this customer leave" asks. */
export interface TrueChurnSnapshot {
  readonly week: number;
  readonly contracts: readonly ContractPath[];
  readonly left: Float64Array;
  readonly reduced: Float64Array;
  readonly gone: Float64Array;
}

/**
 * The truth of the contracts that last at the start of `week`: left, reduced and gone by `by`, a local midnight at most
 * CONTRACT_HORIZON_WEEKS ahead. Exact at the start of a week; within one, cancellations fall evenly on Monday to Friday,
 * as do here the ends of terms, which truly are on its Saturday.
 */
export function trueChurnSnapshot(sim: Simulation, week: number, by: Instant, paths = TRUTH_PATHS): TrueChurnSnapshot {
  const contracts = contractsAt(sim, week);
  const economies = economiesFrom(sim, week, paths);
  const { whole, share } = weeksTo(sim, week, by, CONTRACT_HORIZON_WEEKS);
  const horizon = Math.min(CONTRACT_HORIZON_WEEKS, whole + 1);
  const left = new Float64Array(contracts.length);
  const reduced = new Float64Array(contracts.length);
  const gone = new Float64Array(contracts.length);
  contracts.forEach((path, i) => {
    const law = trueContractLaw(sim, path, week, paths, economies, horizon)!;
    left[i] = between(law.left, whole, share);
    reduced[i] = between(law.reduced, whole, share);
    gone[i] = between(law.gone, whole, share);
  });
  return { week, contracts, left, reduced, gone };
}

/** The truth of the customers without contract who had ordered before `week`: exact, from their own rates (see `trueCustomer`). */
export function trueRetailSnapshot(sim: Simulation, week: number, by?: Instant): readonly TrueCustomer[] {
  const season = seasonSum(sim.clock);
  const days = by === undefined ? RETAIL.noOrderDays : (by - sim.clock.at(week)) / DAY;
  return sim.customers.flatMap((path) => trueCustomer(path, week, days, season) ?? []);
}
