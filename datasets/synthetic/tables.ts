import { csv, type TextFile } from './bundle.ts';
import { HAZARD, OPEN_STAGES } from './constants.ts';
import type { Simulation } from './simulate.ts';
import { economiesFrom, openAt, stateAt, TRUTH_PATHS, type TrueLaw, trueLaw, winDays, wonBy } from './truth.ts';

const round = (x: number, places = 6): string => String(Math.round(x * 10 ** places) / 10 ** places);

/**
 * The hidden truth as CSV files, never read by import: what is constant of each deal, its state, hazards and law at
 * the start of every week that it was open, the price response, and the economy.
 *
 * @param paths latent paths behind each probability; their standard error is a column
 * @param onWeek called after each week, for progress
 */
export function* truthFiles(
  sim: Simulation,
  paths = TRUTH_PATHS,
  onWeek: (week: number) => void = () => {},
): Generator<TextFile> {
  yield economyFile(sim);
  yield dealsFile(sim);
  const laws: string[][] = [];
  const prices: string[][] = [];
  for (let week = 1; week <= sim.clock.weeks; week++) {
    const economies = economiesFrom(sim, week, paths);
    const last = week === sim.clock.weeks;
    for (const deal of openAt(sim, week)) {
      const law = trueLaw(sim, deal.index, week, paths, economies)!;
      laws.push(lawRow(sim, deal.index, week, law));
      if (last) prices.push(...priceRows(sim, deal.index, week, paths, economies));
    }
    onWeek(week);
  }
  yield file('truth/hazards.csv', LAW_HEADERS, laws);
  yield file('truth/price.csv', ['deal_id', 'week', 'discount', 'p_win', 'p_win_13w'], prices);
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
  const rows = sim.paths.map((deal) => [
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
