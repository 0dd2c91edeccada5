import { voicesOf } from '../models/forecast/blend.ts';
import type { GroupCall, LedgerLook } from '../models/forecast/ledger.ts';
import { type ForecastNode, type Grouping, rollUp } from '../models/forecast/rollup.ts';
import { callsOf } from '../src/naiveForecasts.ts';
import { type PeriodKind, periodAt } from '../src/periods.ts';
import { deal } from '../src/subjects/deal.ts';
import { DAY, type Instant, type Period, WEEK } from '../src/time.ts';
import type { FactSource } from '../src/world.ts';
import { type Adjustment, inForce, isNested } from './adjustments.ts';
import { converter, type People } from './pipeline.ts';
import { type Whole, type WholesModel, wholesOf } from './wholes.ts';

/** A version as it forecasts. */
export type LedgerModel = WholesModel & {
  /** What it learned from ends here. */
  readonly trainedTo: Instant;
};

/**
 * Looks back: what was to be expected of the period that holds an instant, by a version, by the usual rules and by each person's own calls, from what was known
 * then and no later; beside it what the period brought, as known at `known`. The period must be over by then. Amounts in the base currency.
 * @param of kind of the periods
 * @param adjustmentsOf what people put beside forecasts of a period, whenever: judged where it counted at the look
 * Cost of a look: a prediction of what was open, a pass over the deals for each of the four periods before, and the level of the moment.
 */
export function ledgerOf(
  source: FactSource,
  people: People,
  known: Instant,
  adjustmentsOf: (period: Period) => readonly Adjustment[] = () => [],
  of: PeriodKind = 'quarter',
): (at: Instant, model: LedgerModel) => LedgerLook {
  const { calendar, settings } = source.company;
  const convert = converter(source.rates, settings.base_currency, settings.base_currency);
  const wholes = wholesOf(source, people, known);
  /** A group without deals at the look, or without wins since, has no node: nothing was expected of it, nothing came. */
  function groupCalls({ at, period, ask }: Whole): GroupCall[] {
    const nodes = new Map<Grouping, Nodes>();
    const rows = inForce(adjustmentsOf(period), at);
    return rows.flatMap((row): GroupCall[] => {
      const by = row.by as Grouping;
      const saidMinor = convert(row.amountMinor, row.currency, at);
      if (row.kind === 'undo' || saidMinor === undefined) return [];
      let of = nodes.get(by);
      if (!of) {
        const came = rollUp({ by, teams: people.teams, quotas: [], closed: wholes.brought(period), open: [] }).nodes;
        nodes.set(by, (of = { expected: rollUp(ask(by)).nodes, came }));
      }
      const find = (list: readonly ForecastNode[]) => list.find(({ kind, id }) => kind === by && id === row.node);
      const expectedMinor = find(of.expected)?.expectedMinor ?? 0;
      return [{ kind: row.kind, by, group: row.node, saidMinor, expectedMinor, cameMinor: find(of.came)?.closedMinor ?? 0, nested: isNested(row, rows, people.teams) }]; // biome-ignore format: a row
    });
  }
  return (at, model) => {
    const period = periodAt(calendar, of, at);
    const whole = wholes.at(at, model, period);
    const { open } = whole;
    const { nodes, contributions } = rollUp(whole.ask('all'));
    const happened = wholes.brought(period);
    const came = new Map(happened.map(({ id, amountMinor }) => [id, amountMinor]));
    const calls = callsOf(whole.then, open, period);
    const { stageRate, categories, usual } = whole.naive();
    const { expectedMinor, p10Minor, p50Minor, p90Minor } = nodes[0];
    const said = groupCalls(whole);
    return {
      at,
      period,
      weeksLeft: Math.ceil((period.to - at) / WEEK),
      version: model.version,
      hindsight: at + DAY < model.trainedTo,
      bookedMinor: whole.bookedMinor,
      said: { foresell: expectedMinor, stageRate: Math.round(stageRate), categories: categories === null ? null : Math.round(categories), usual: Math.round(usual) }, // biome-ignore format: a row
      ...{ p10Minor, p50Minor, p90Minor },
      actualMinor: happened.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      calls: open.map(({ id, owner, amountMinor }, i) => ({
        id,
        owner,
        account: deal.account(source.history('deal', id), id),
        calledMinor: Math.round(calls[i]! * amountMinor),
        expectedMinor: contributions.get(id)!,
        cameMinor: came.get(id) ?? 0,
      })),
      voices: voicesOf(expectedMinor, categories === null ? null : Math.round(categories), said),
      groupCalls: said,
    };
  };
}

interface Nodes {
  readonly expected: readonly ForecastNode[];
  readonly came: readonly ForecastNode[];
}
