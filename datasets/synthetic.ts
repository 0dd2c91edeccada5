/** The sample company: a seeded simulator of what a sales organisation records, with its known truth. See README.md. */
export { bundle, type TextFile } from './synthetic/bundle.ts';
export type { Clock } from './synthetic/clock.ts';
export { SCENARIOS, type Scenario, scenarios } from './synthetic/constants.ts';
export type { ContractPath } from './synthetic/contracts.ts';
export {
  contractStateAt,
  contractsAt,
  type TrueChurnSnapshot,
  type TrueContractLaw,
  trueChurnSnapshot,
  trueContractLaw,
  trueRetailSnapshot,
} from './synthetic/contractTruth.ts';
export type { DealPath } from './synthetic/latent.ts';
export type { LeadPath } from './synthetic/leads.ts';
export {
  leadStateAt,
  leadsOpenAt,
  type TrueLeadLaw,
  type TrueLeadSnapshot,
  trueLeadLaw,
  trueLeadSnapshot,
} from './synthetic/leadTruth.ts';
export type { Leak } from './synthetic/leaky.ts';
export type { RetailPath, TrueCustomer } from './synthetic/retail.ts';
export { type Simulation, type SimulationAsk, simulate } from './synthetic/simulate.ts';
export { simulatedCompany, simulatedSource } from './synthetic/source.ts';
export { truthFiles } from './synthetic/tables.ts';
export {
  openAt,
  stateAt,
  TRUTH_PATHS,
  type TrueLaw,
  type TrueSnapshot,
  trueLaw,
  trueSnapshot,
  winDays,
  wonBy,
} from './synthetic/truth.ts';
