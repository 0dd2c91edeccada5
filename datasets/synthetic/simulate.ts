import { ForesellError } from '../../src/errors.ts';
import { type Random, random } from '../../src/random.ts';
import { lastAtMost } from '../../src/time.ts';
import { type Account, accounts } from './accounts.ts';
import { recordActivities } from './activities.ts';
import { type Campaign, campaigns, recordConsents } from './campaigns.ts';
import { type Clock, clockUntil } from './clock.ts';
import { ACCOUNTS, CONTRACT, LEAD, LOST_STAGE, OPEN_STAGES, PIPELINE, type Scenario, WON_STAGE } from './constants.ts';
import { recordContract } from './contractRecords.ts';
import { type ContractPath, liveContract } from './contracts.ts';
import { recordDeal } from './deals.ts';
import { economy } from './economy.ts';
import { type DealPath, live } from './latent.ts';
import { recordLead } from './leadRecords.ts';
import { type LeadPath, liveLead } from './leads.ts';
import { type Leak, leaky } from './leaky.ts';
import { people, type Rep } from './people.ts';
import { type Product, products } from './products.ts';
import { recordQuotas } from './quotas.ts';
import { type RetailPath, retail } from './retail.ts';
import { emptyTables, type Tables } from './rows.ts';

/** What to simulate. `tiny` is a `calm` company, of 30 deals unless said; in `retail` it is customers that are counted. */
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
  /** In order of creation; `leads[i].index` is i. */
  readonly leads: readonly LeadPath[];
  /** Customers with a contract. */
  readonly contracts: readonly ContractPath[];
  /** Customers without; only in the scenario `retail`. */
  readonly customers: readonly RetailPath[];
  /** What the scenario `leaky` planted. */
  readonly leaks: readonly Leak[];
  readonly tables: Tables;
}

/** How to simulate a company that is larger than memory. */
export interface Draining {
  /** Called now and then with all rows so far, which it must take out: truth and tests then find the tables empty. */
  readonly drain: (tables: Tables) => void;
  /** Keeps the course of a seeded sample of this many deals, leads and contracts; of the others only the ends. */
  readonly sample?: { readonly deals: number; readonly leads: number; readonly accounts: number };
  readonly onDeals?: (done: number) => void;
}

/** Records between two drains. */
const BATCH = 250;

/**
 * Simulates a company: the same ask, the same company, on every machine. Each deal, lead and contract has its own
 * streams of chance, so that what is recorded of one cannot move another. Cost: about 0.6 ms a deal.
 */
export function simulate(ask: SimulationAsk, draining?: Draining): Simulation {
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
  let turns = 0;
  const drain = () => {
    if (draining && ++turns % BATCH === 0) draining.drain(tables);
  };
  const climate = economy(clock.weeks + 1, scenario, root.fork('economy'));
  stages(tables);
  const retailing = scenario === 'retail';
  const reps = people(deals, clock, root.fork('people'), tables);
  const goods = products(clock, root.fork('products'), tables, retailing);
  const promotions = campaigns(clock, root.fork('campaigns'), tables);
  const common = { seed, scenario, clock, economy: climate, reps, products: goods, tables };
  if (retailing) {
    const customers = retail(deals, goods, clock, root.fork('retail'), tables, drain);
    const accounts = customers.map((path) => path.account);
    recordConsents(accounts, promotions, clock, root.fork('consents'), tables, drain);
    draining?.drain(tables);
    return { ...common, accounts, paths: [], leads: [], contracts: [], customers, leaks: [] };
  }

  const arrivals = root.fork('arrivals');
  const weights = clock.arrival.subarray(0, clock.weeks - 1);
  const weeks = Int32Array.from(many(deals, weights, arrivals)).sort();
  const count = Math.max(3, Math.round(deals / ACCOUNTS.dealsPerAccount));
  const favour = Float64Array.from({ length: count }, (_, a) => (a + 5) ** -0.4);
  const chosen = many(deals, favour, arrivals);
  const firstWeeks = Array.from({ length: count }, () => arrivals.below(clock.weeks));
  chosen.forEach((account, i) => {
    firstWeeks[account] = Math.min(firstWeeks[account]!, weeks[i]!);
  });
  const customers = accounts(firstWeeks, reps, clock, root.fork('accounts'), tables);
  recordQuotas(deals, reps, clock, tables);
  draining?.drain(tables);

  const { sample } = draining ?? {};
  const keepDeal = chooser(sample?.deals, deals, root.fork('sample deals'));
  const lead = leadMaker(Math.round(deals * LEAD.perDeal), reps, promotions, clock, climate, scenario, root);
  const keepLead = chooser(sample?.leads, lead.count, root.fork('sample leads'));
  // Of a lead outside the sample only its ends are kept here; its course is simulated again when it is recorded.
  const leads = Array.from({ length: lead.count }, (_, i) => (keepLead(i) ? lead.live(i) : ends(lead.live(i))));
  const waiting = convertedIn(leads, clock);
  const firstWon = new Map<Account, number>();
  const paths: DealPath[] = [];
  const leaks = scenario === 'leaky' ? leaky(root.fork('leaky'), reps, clock, tables) : undefined;
  for (let i = 0; i < deals; i++) {
    const own = root.fork(`deal ${i}`);
    const path = live(i, weeks[i]!, customers[chosen[i]!]!, reps, clock, climate, scenario, own);
    paths.push(keepDeal(i) ? path : withoutCourse(path));
    const from = claim(waiting, path);
    recordDeal(path, reps, goods, clock, own.fork('records'), tables, from?.id ?? null);
    recordActivities(path, reps, clock, own.fork('activities'), tables);
    leaks?.deal(path);
    if (path.outcome === 'won') {
      const week = Math.floor(clock.week(path.closedAt!));
      firstWon.set(path.account, Math.min(week, firstWon.get(path.account) ?? week));
    }
    drain();
    draining?.onDeals?.(i + 1);
  }

  const elsewhere = root.fork('lead countries');
  leads.forEach((known, i) => {
    const country = customers[chosen[elsewhere.below(deals)]!]!.country;
    const { closedAt, deal } = known;
    const path = keepLead(i) ? known : { ...lead.live(i), closedAt, deal };
    recordLead(path, reps, promotions, country, clock, root.fork(`lead records ${i}`), tables);
    leaks?.lead(path);
    drain();
  });

  const keepAccount = chooser(sample?.accounts, customers.length, root.fork('sample accounts'));
  const contracts: ContractPath[] = [];
  customers.forEach((account, i) => {
    const own = root.fork(`contract ${i}`);
    const start = firstTerm(account, firstWon.get(account), clock, own);
    if (start === undefined) return;
    const path = liveContract(account, start, clock, climate, scenario, own);
    recordContract(path, goods, clock, own.fork('records'), tables);
    if (keepAccount(i)) contracts.push(path);
    drain();
  });
  recordConsents(customers, promotions, clock, root.fork('consents'), tables, drain);
  draining?.drain(tables);
  return { ...common, accounts: customers, paths, leads, contracts, customers: [], leaks: leaks?.planted ?? [] };
}

/** Week of the first contract: soon after the first win, or for customers of old some time after they came; most have one. */
function firstTerm(account: Account, won: number | undefined, clock: Clock, draw: Random): number | undefined {
  const has = draw.uniform() < (won === undefined ? CONTRACT.share.other : CONTRACT.share.won);
  const since = Math.max(1, Math.ceil(clock.week(account.createdAt)));
  const start = won === undefined ? since + draw.below(40) : Math.max(since, won + 1 + draw.below(4));
  return has && start < clock.weeks - 1 ? start : undefined;
}

/** So many indices in proportion to the weights: what `weighted` draws, found by bisection. */
function many(count: number, weights: Float64Array, draw: Random): number[] {
  let total = 0;
  const upTo = weights.map((weight) => (total += weight));
  return Array.from({ length: count }, () =>
    Math.min(weights.length - 1, lastAtMost(upTo, draw.uniform() * total) + 1),
  );
}

/** Leads with their own streams of chance, in order of creation: each can be lived again. */
function leadMaker(
  count: number,
  reps: readonly Rep[],
  promotions: readonly Campaign[],
  clock: Clock,
  climate: Float64Array,
  scenario: Scenario,
  root: Random,
): { readonly count: number; live(i: number): LeadPath } {
  const weights = clock.arrival.subarray(0, clock.weeks - 1);
  const weeks = Int32Array.from(many(count, weights, root.fork('lead arrivals'))).sort();
  return {
    count,
    live: (i) => liveLead(i, weeks[i]!, reps, promotions, clock, climate, scenario, root.fork(`lead ${i}`)),
  };
}

const NOTHING: readonly never[] = [];
const ends = (lead: LeadPath): LeadPath => ({ ...lead, states: NOTHING, interest: NOTHING, converted: NOTHING, disqualified: NOTHING }); // biome-ignore format: a row

/** Leads that converted, by the week and source of the deal that each may have become. */
function convertedIn(leads: readonly LeadPath[], clock: Clock): Map<string, LeadPath[]> {
  const waiting = new Map<string, LeadPath[]>();
  for (const lead of leads) {
    if (lead.outcome !== 'converted') continue;
    const key = `${Math.floor(clock.week(lead.closedAt!))} ${lead.source}`;
    const own = waiting.get(key);
    if (own) own.push(lead);
    else waiting.set(key, [lead]);
  }
  return waiting;
}

/**
 * The lead that became a deal: one of the same source that converted in the week of the deal's creation, if any is
 * left. It moves within its week to minutes before the deal; the deal itself does not depend on it.
 */
function claim(waiting: ReadonlyMap<string, LeadPath[]>, deal: DealPath): LeadPath | undefined {
  const lead = waiting.get(`${deal.week} ${deal.source}`)?.shift();
  if (!lead) return undefined;
  lead.closedAt = deal.createdAt - 12 * 60_000;
  lead.deal = { id: deal.id, company: deal.account.name, country: deal.account.country };
  return lead;
}

/** Whether the i-th of `of` belongs to a seeded sample of about `size`. */
function chooser(size: number | undefined, of: number, draw: Random): (i: number) => boolean {
  if (size === undefined || size >= of) return () => true;
  const chosen = new Set<number>();
  while (chosen.size < size) chosen.add(draw.below(of));
  return (i) => chosen.has(i);
}

const withoutCourse = (path: DealPath): DealPath => ({ ...path, states: NOTHING, engagement: NOTHING, won: NOTHING, lost: NOTHING }); // biome-ignore format: a row

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
