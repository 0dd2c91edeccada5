import { ForesellError } from '../../src/errors.ts';
import { random } from '../../src/random.ts';
import { type Account, accounts } from './accounts.ts';
import { recordActivities } from './activities.ts';
import { type Clock, clockUntil } from './clock.ts';
import { ACCOUNTS, LOST_STAGE, OPEN_STAGES, PIPELINE, type Scenario, WON_STAGE } from './constants.ts';
import { recordDeal } from './deals.ts';
import { weighted } from './draws.ts';
import { economy } from './economy.ts';
import { type DealPath, live } from './latent.ts';
import { people, type Rep } from './people.ts';
import { type Product, products } from './products.ts';
import { recordQuotas } from './quotas.ts';
import { emptyTables, type Tables } from './rows.ts';

/** What to simulate. `tiny` is a `calm` company, of 30 deals unless said. */
export interface SimulationAsk {
  readonly deals: number;
  readonly seed: number;
  readonly scenario?: Scenario;
  /** Local Monday on which the records end. */
  readonly end?: string;
}

/** A company as recorded (`tables`) and as it truly was (the rest). */
export interface Simulation {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly clock: Clock;
  /** Economy by week, in log-odds of winning. */
  readonly economy: Float64Array;
  readonly reps: readonly Rep[];
  readonly accounts: readonly Account[];
  readonly products: readonly Product[];
  /** In order of creation; `paths[i].index` is i. */
  readonly paths: readonly DealPath[];
  readonly tables: Tables;
}

/**
 * Simulates a company: the same ask, the same company, on every machine. Each deal has its own streams of chance, so
 * that what is recorded of one cannot move another. Cost: about 0.5 ms a deal.
 */
export function simulate(ask: SimulationAsk): Simulation {
  const { deals, seed, scenario = 'calm' } = ask;
  if (!Number.isInteger(deals) || deals < 1 || deals > 1_000_000) {
    throw new ForesellError('deals-invalid', `deals is ${deals}; expected a whole number from 1 to 1000000`, {
      path: 'deals',
    });
  }
  if (!Number.isInteger(seed)) {
    throw new ForesellError('seed-invalid', `seed is ${seed}; expected a whole number`, { path: 'seed' });
  }
  const root = random(seed);
  const clock = clockUntil(ask.end);
  const tables = emptyTables();
  const climate = economy(clock.weeks + 1, scenario, root.fork('economy'));
  stages(tables);
  const reps = people(deals, clock, root.fork('people'), tables);
  const goods = products(clock, root.fork('products'), tables);

  const arrivals = root.fork('arrivals');
  const weights = clock.arrival.subarray(0, clock.weeks - 1);
  const weeks = Int32Array.from({ length: deals }, () => weighted(weights, arrivals)).sort();
  const count = Math.max(3, Math.round(deals / ACCOUNTS.dealsPerAccount));
  const favour = Float64Array.from({ length: count }, (_, a) => (a + 5) ** -0.4);
  const chosen = Array.from(weeks, () => weighted(favour, arrivals));
  const firstWeeks = Array.from({ length: count }, () => arrivals.below(clock.weeks));
  chosen.forEach((account, i) => {
    firstWeeks[account] = Math.min(firstWeeks[account]!, weeks[i]!);
  });
  const customers = accounts(firstWeeks, reps, clock, root.fork('accounts'), tables);

  const paths: DealPath[] = [];
  for (let i = 0; i < deals; i++) {
    const own = root.fork(`deal ${i}`);
    const path = live(i, weeks[i]!, customers[chosen[i]!]!, reps, clock, climate, scenario, own);
    paths.push(path);
    recordDeal(path, reps, goods, clock, own.fork('records'), tables);
    recordActivities(path, reps, clock, own.fork('activities'), tables);
  }
  recordQuotas(deals, reps, clock, tables);
  return { seed, scenario, clock, economy: climate, reps, accounts: customers, products: goods, paths, tables };
}

function stages(tables: Tables): void {
  const categories = ['pipeline', 'pipeline', 'best case', 'best case', 'commit'];
  const stage = (name: string, rank: number, kind: 'open' | 'won' | 'lost', category: string) =>
    tables.stage.push({
      pipeline: PIPELINE,
      stage: name,
      rank,
      kind,
      category,
      from: null,
      to: null,
      knownAt: null,
      custom: {},
    });
  OPEN_STAGES.forEach((name, i) => {
    stage(name, i + 1, 'open', categories[i]!);
  });
  stage(WON_STAGE, OPEN_STAGES.length + 1, 'won', 'closed');
  stage(LOST_STAGE, OPEN_STAGES.length + 2, 'lost', 'omitted');
}
