/** The sample company: a seeded simulator of what a sales organisation records, with its known truth. See README.md. */
export { bundle, type TextFile } from './synthetic/bundle.ts';
export type { Clock } from './synthetic/clock.ts';
export { type Scenario, scenarios } from './synthetic/constants.ts';
export type { DealPath } from './synthetic/latent.ts';
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
