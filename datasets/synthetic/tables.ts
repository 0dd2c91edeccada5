import { bundleWriter, type TextFile } from './bundle.ts';
import { HAZARD, LEAD, OPEN_STAGES, RETAIL } from './constants.ts';
import { contractStateAt, contractsAt, trueContractLaw } from './contractTruth.ts';
import { damagedFiles, type Spoiled } from './dirty.ts';
import { leadStateAt, leadsOpenAt, trueLeadLaw } from './leadTruth.ts';
import { csv } from './lines.ts';
import { seasonSum, trueCustomer } from './retail.ts';
import type { Simulation } from './simulate.ts';
import { economiesFrom, openAt, stateAt, TRUTH_PATHS, type TrueLaw, trueLaw, winDays, wonBy } from './truth.ts';

const round = (x: number, places = 6): string => String(Math.round(x * 10 ** places) / 10 ** places);

/** How far ahead, in weeks, the files tell the chances of leads and contracts, and how often. */
const AHEAD = 26;
const LEADS_EVERY = 2;
const CONTRACTS_EVERY = 4;

/**
 * The hidden truth as CSV files, never read by import: of deals what is constant, their state, hazards and law at the
 * start of every week that they were open, and the price response; the same of leads (every second week) and contracts
 * (every fourth) with a quarter of the paths; of customers without contract their rates and, every fourth week, the exact truth;
 * the economy; and what the scenarios `leaky` and `dirty` planted. Of a company that was simulated for its sample only
 * (see `Draining`), the sample's.
 *
 * @param paths latent paths behind each probability; their standard error is a column
 * @param onWeek called after each week, for progress
 * @param spoiled what was spoiled on writing; by default it is found again from the tables
 */
export function* truthFiles(
  sim: Simulation,
  paths = TRUTH_PATHS,
  onWeek: (week: number) => void = () => {},
  spoiled?: readonly Spoiled[],
): Generator<TextFile> {
  yield economyFile(sim);
  if (sim.leaks.length > 0) yield leaksFile(sim);
  if (sim.scenario === 'dirty') yield dirtyFile(spoiled ?? spoiledOf(sim));
  if (sim.scenario === 'retail') {
    yield* retailFiles(sim);
    return;
  }
  yield dealsFile(sim);
  yield leadsFile(sim);
  yield contractsFile(sim);
  const few = Math.max(2, Math.ceil(paths / 4));
  const laws: string[][] = [];
  const prices: string[][] = [];
  const leads: string[][] = [];
  const contracts: string[][] = [];
  for (let week = 1; week <= sim.clock.weeks; week++) {
    const economies = economiesFrom(sim, week, paths);
    const last = week === sim.clock.weeks;
    for (const deal of openAt(sim, week)) {
      const law = trueLaw(sim, deal.index, week, paths, economies)!;
      laws.push(lawRow(sim, deal.index, week, law));
      if (last) prices.push(...priceRows(sim, deal.index, week, paths, economies));
    }
    if (week % LEADS_EVERY === 0) leads.push(...leadRows(sim, week, few, economies));
    if (week % CONTRACTS_EVERY === 0) contracts.push(...contractRows(sim, week, few, economies));
    onWeek(week);
  }
  yield file('truth/hazards.csv', LAW_HEADERS, laws);
  yield file('truth/price.csv', ['deal_id', 'week', 'discount', 'p_win', 'p_win_13w'], prices);
  yield file('truth/lead_hazards.csv', LEAD_LAW_HEADERS, leads);
  yield file('truth/churn.csv', CHURN_HEADERS, contracts);
}

const file = (name: string, headers: readonly string[], rows: readonly (readonly string[])[]): TextFile => ({
  name,
  rows: rows.length,
  text: csv(headers, rows.length, (i) => rows[i]!),
});

function economyFile(sim: Simulation): TextFile {
  const rows = Array.from({ length: sim.clock.weeks }, (_, w) => [
    sim.clock.calendar.date(sim.clock.at(w)),
    round(sim.economy[w]!),
    round(sim.clock.season[w]!),
    round(sim.clock.quarterEnd[w]!),
  ]);
  return file('truth/economy.csv', ['week', 'economy', 'season', 'quarter_end'], rows);
}

const DEAL_HEADERS = ['deal_id', 'engagement_mean', 'fit', 'weakness', 'linger', 'skill', 'habit', 'price_per_10_points', 'weeks', 'outcome']; // biome-ignore format: a header

function dealsFile(sim: Simulation): TextFile {
  const price = sim.scenario === 'null' ? 0 : HAZARD.discountPer10;
  const told = sim.paths.filter((deal) => deal.states.length > 0);
  const rows = told.map((deal) => [
    deal.id,
    ...[deal.traits.mean, deal.traits.fit, deal.traits.weakness, deal.traits.linger].map((x) => round(x)),
    ...[deal.traits.skill, deal.traits.habit, price].map((x) => round(x)),
    String(deal.states.length),
    deal.outcome ?? '',
  ]);
  return file('truth/deals.csv', DEAL_HEADERS, rows);
}

const LAW_HEADERS = ['deal_id', 'week', 'stage', 'engagement', 'discount', 'economy', 'hazard_won', 'hazard_lost', 'p_win', 'p_win_4w', 'p_win_8w', 'p_win_13w', 'p_win_26w', 'p_lost_13w', 'p_win_quarter', 'win_days_p10', 'win_days_p50', 'win_days_p90', 'se']; // biome-ignore format: a header

/** `hazard_*` are those of the week that begins; empty for the week after the records end. */
function lawRow(sim: Simulation, index: number, week: number, law: TrueLaw): string[] {
  const deal = sim.paths[index]!;
  const state = stateAt(deal, week)!;
  const k = week - deal.week - 1;
  const at = sim.clock.at(week);
  const quarter = wonBy(sim, law, week, sim.clock.calendar.quarter(at).to);
  const hazard = (values: readonly number[]) => (values[k] === undefined ? '' : round(values[k]));
  return [
    deal.id,
    sim.clock.calendar.date(at),
    OPEN_STAGES[state.stage]!,
    round(state.engagement, 4),
    round(state.discount, 4),
    round(sim.economy[week - 1]!, 4),
    hazard(deal.won),
    hazard(deal.lost),
    round(law.wonEver, 5),
    ...[4, 8, 13, 26].map((h) => round(law.won[h]!, 5)),
    round(law.lost[13]!, 5),
    round(quarter, 5),
    ...[0.1, 0.5, 0.9].map((q) => round(winDays(law, q), 1)),
    round(law.se13, 5),
  ];
}

/** What the discount would do to the deals open at the end: the causal answer, all else equal. */
function priceRows(
  sim: Simulation,
  index: number,
  week: number,
  paths: number,
  economies: readonly Float64Array[],
): string[][] {
  return [0, 0.05, 0.1, 0.15, 0.2].map((discount) => {
    const law = trueLaw(sim, index, week, paths, economies, { discount })!;
    return [sim.paths[index]!.id, sim.clock.calendar.date(sim.clock.at(week)), String(discount), round(law.wonEver, 5), round(law.won[13]!, 5)]; // biome-ignore format: a row
  });
}

function leadsFile(sim: Simulation): TextFile {
  const told = sim.leads.filter((lead) => lead.states.length > 0);
  const rows = told.map((lead) => [
    lead.id,
    ...[lead.traits.mean, lead.traits.fit, lead.traits.speed].map((x) => round(x)),
    lead.deal?.id ?? '',
    String(lead.states.length),
    lead.outcome ?? '',
  ]);
  return file('truth/leads.csv', ['lead_id', 'interest_mean', 'fit', 'speed', 'deal_id', 'weeks', 'outcome'], rows);
}

const LEAD_LAW_HEADERS = ['lead_id', 'week', 'status', 'interest', 'hazard_converted', 'hazard_disqualified', 'p_convert', 'p_convert_4w', 'p_convert_13w', 'p_convert_26w', 'p_disqualified_13w', 'se']; // biome-ignore format: a header

function leadRows(sim: Simulation, week: number, paths: number, economies: readonly Float64Array[]): string[][] {
  return leadsOpenAt(sim, week).map((lead) => {
    const state = leadStateAt(lead, week)!;
    const law = trueLeadLaw(sim, lead, week, paths, economies, AHEAD)!;
    const k = week - lead.week - 1;
    return [
      lead.id,
      sim.clock.calendar.date(sim.clock.at(week)),
      LEAD.statuses[state.status]!,
      round(state.interest, 4),
      ...[lead.converted[k], lead.disqualified[k]].map((x) => (x === undefined ? '' : round(x))),
      ...[law.convertedEver, law.converted[4]!, law.converted[13]!, law.converted[26]!].map((x) => round(x, 5)),
      round(law.disqualified[13]!, 5),
      round(law.se13, 5),
    ];
  });
}

function contractsFile(sim: Simulation): TextFile {
  const rows = sim.contracts.map((path) => [
    path.account.id,
    ...[path.traits.mean, path.traits.pays].map((x) => round(x)),
    sim.clock.calendar.date(sim.clock.at(path.start)),
    String(path.terms.length),
    path.leftWeek === null ? '' : sim.clock.calendar.date(sim.clock.at(path.leftWeek)),
    path.leftWeek === null ? '' : path.cancelledAt === null ? 'not renewed' : 'cancelled',
  ]);
  return file('truth/contracts.csv', ['account_id', 'health_mean', 'pays_days', 'started', 'terms', 'left_week', 'left'], rows); // biome-ignore format: one call
}

const CHURN_HEADERS = ['account_id', 'week', 'health', 'burden', 'lateness', 'rise', 'hazard_left', 'hazard_reduced', 'p_gone_13w', 'p_gone_26w', 'p_left_13w', 'p_left_26w', 'p_reduced_13w', 'p_reduced_26w', 'se']; // biome-ignore format: a header

function contractRows(sim: Simulation, week: number, paths: number, economies: readonly Float64Array[]): string[][] {
  return contractsAt(sim, week).map((path) => {
    const state = contractStateAt(path, week)!;
    const law = trueContractLaw(sim, path, week, paths, economies, AHEAD)!;
    const k = week - path.start - 1;
    return [
      path.account.id,
      sim.clock.calendar.date(sim.clock.at(week)),
      ...[state.health, state.burden, state.lateness, state.rise].map((x) => round(x, 4)),
      ...[path.left[k], path.reduced[k]].map((x) => (x === undefined ? '' : round(x))),
      ...[law.gone[13]!, law.gone[26]!, law.left[13]!, law.left[26]!].map((x) => round(x, 5)),
      ...[law.reduced[13]!, law.reduced[26]!].map((x) => round(x, 5)),
      round(law.se13, 5),
    ];
  });
}

function* retailFiles(sim: Simulation): Generator<TextFile> {
  const { clock } = sim;
  const date = (week: number) => clock.calendar.date(clock.at(week));
  yield file(
    'truth/customers.csv',
    ['account_id', 'orders_a_week', 'p_leave', 'orders', 'gone'],
    sim.customers.map((path) => [path.account.id, round(path.rate), round(path.leave), String(path.orders.length), Number.isFinite(path.gone) ? date(Math.floor(path.gone)) : '']), // biome-ignore format: a row
  );
  const season = seasonSum(clock);
  const rows: string[][] = [];
  for (let week = CONTRACTS_EVERY; week <= clock.weeks; week += CONTRACTS_EVERY) {
    for (const path of sim.customers) {
      const truth = trueCustomer(path, week, RETAIL.noOrderDays, season);
      if (!truth || truth.orders < 2) continue;
      rows.push([truth.account, date(week), String(truth.orders), round(truth.alive, 5), round(truth.noOrder, 5), round(truth.expectedOrders, 4)]); // biome-ignore format: a row
    }
  }
  yield file('truth/churn.csv', ['account_id', 'week', 'orders', 'p_alive', 'p_no_order_180d', 'expected_orders_180d'], rows); // biome-ignore format: one call
}

const leaksFile = (sim: Simulation): TextFile =>
  file(
    'truth/leaks.csv',
    ['kind', 'file', 'column', 'setting', 'what'],
    sim.leaks.map((leak) => [leak.kind, leak.file, leak.column, leak.setting, leak.what]),
  );

function spoiledOf(sim: Simulation): readonly Spoiled[] {
  const writer = bundleWriter(sim, () => {});
  writer.put(sim.tables);
  return writer.spoiled;
}

/** Rows by file and line; files that must be refused as a whole have line 0 and are in `truth/refused`. */
function dirtyFile(spoiled: readonly Spoiled[]): TextFile {
  const sorted = [...spoiled].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
  const rows = sorted.map((one) => [one.file, String(one.line), one.kind, one.field, one.expect, one.code]);
  const whole = damagedFiles().map((one) => [`truth/refused/${one.name}`, '0', one.kind, '', one.expect, one.code]);
  return file('truth/dirty.csv', ['file', 'line', 'defect', 'field', 'expect', 'code'], [...rows, ...whole]);
}
