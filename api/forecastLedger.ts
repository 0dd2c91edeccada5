import type { GroupCall, LedgerLook } from '../models/forecast/ledger.ts';
import { type ForecastNode, type Grouping, rollUp } from '../models/forecast/rollup.ts';
import { callsOf, naiveForecasts } from '../src/naiveForecasts.ts';
import { deal } from '../src/subjects/deal.ts';
import { DAY, type Instant, type Period, WEEK } from '../src/time.ts';
import { type FactSource, type World, world } from '../src/world.ts';
import { type Adjustment, inForce } from './adjustments.ts';
import { comingDeals } from './comingDeals.ts';
import { levelAt } from './level.ts';
import { converter, type People, type PipelineClosed, pipelineOf } from './pipeline.ts';
import type { OpenModel } from './ports.ts';

/** A version as it forecasts. */
export type LedgerModel = Pick<OpenModel, 'version' | 'snapshot' | 'predict' | 'rho'> & {
  /** What it learned from ends here. */
  readonly trainedTo: Instant;
};

/**
 * Looks back: what was to be expected of the fiscal quarter at an instant, by a version, by the usual rules and by each person's own calls, from what was known
 * then and no later; beside it what the quarter brought, as known at `known`. The quarter must be over by then. Amounts in the base currency.
 * @param adjustmentsOf what people put beside forecasts of a period, whenever: judged where it counted at the look
 * Cost of a look: a prediction of what was open, a pass over the deals for each of the four quarters before, and the level of the moment.
 */
export function ledgerOf(
  source: FactSource,
  people: People,
  known: Instant,
  adjustmentsOf: (period: Period) => readonly Adjustment[] = () => [],
): (at: Instant, model: LedgerModel) => LedgerLook {
  const { calendar, settings } = source.company;
  const convert = converter(source.rates, settings.base_currency, settings.base_currency);
  const end = world(source, known);
  const brought = new Map<string, readonly PipelineClosed[]>();
  const broughtIn = (period: Period) => {
    let closed = brought.get(period.label);
    if (!closed) brought.set(period.label, (closed = pipelineOf(cut(end, []), people, nothing, period, convert).closed)); // biome-ignore format: one call
    return closed;
  };
  /** A group without deals at the look, or without wins since, has no node: nothing was expected of it, nothing came. */
  function groupCalls(at: Instant, period: Period, nodesBy: (by: Grouping) => Nodes): GroupCall[] {
    const nodes = new Map<Grouping, Nodes>();
    return inForce(adjustmentsOf(period), at).flatMap((row): GroupCall[] => {
      const by = row.by as Grouping;
      const saidMinor = convert(row.amountMinor, row.currency, at);
      if (row.kind === 'undo' || saidMinor === undefined) return [];
      let of = nodes.get(by);
      if (!of) nodes.set(by, (of = nodesBy(by)));
      const find = (list: readonly ForecastNode[]) => list.find(({ kind, id }) => kind === by && id === row.node);
      const expectedMinor = find(of.expected)?.expectedMinor ?? 0;
      return [{ kind: row.kind, by, group: row.node, saidMinor, expectedMinor, cameMinor: find(of.came)?.closedMinor ?? 0 }]; // biome-ignore format: a row
    });
  }
  return (at, model) => {
    const period = calendar.quarter(at);
    const then = world(source, at);
    const ids = then.ids('deal').filter((id) => deal.state(then.past('deal', id)).is === 'open').sort(); // biome-ignore format: one call
    const frame = model.snapshot(source, ids.map((id) => ({ id, asOf: at }))); // biome-ignore format: one call
    const prediction = model.predict(frame, levelAt(source, model, at));
    const { closed, open } = pipelineOf(cut(then, ids), people, prediction, period, convert);
    const coming = comingDeals(then, people, 'all', period, convert);
    const { nodes, contributions } = rollUp({ by: 'all', closed, open, teams: [], quotas: [], rho: model.rho, ...(coming ? { coming } : {}) }); // biome-ignore format: one call
    const booked = closed.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    const happened = broughtIn(period);
    const came = new Map(happened.map(({ id, amountMinor }) => [id, amountMinor]));
    const calls = callsOf(then, open, period);
    const whole = (minor: number) => Math.round(minor);
    const { stageRate, categories, usual } = naiveForecasts(source, then, open, booked, period);
    const { expectedMinor, p10Minor, p50Minor, p90Minor } = nodes[0];
    return {
      at,
      period,
      weeksLeft: Math.ceil((period.to - at) / WEEK),
      version: model.version,
      hindsight: at + DAY < model.trainedTo,
      bookedMinor: booked,
      said: { foresell: expectedMinor, stageRate: whole(stageRate), categories: categories === null ? null : whole(categories), usual: whole(usual) }, // biome-ignore format: a row
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
      groupCalls: groupCalls(at, period, (by) => {
        const shares = by === 'all' ? coming : comingDeals(then, people, by, period, convert);
        const ask = { by, teams: people.teams, quotas: [] };
        return {
          expected: rollUp({ ...ask, closed, open, rho: model.rho, ...(shares ? { coming: shares } : {}) }).nodes,
          came: rollUp({ ...ask, closed: happened, open: [] }).nodes,
        };
      }),
    };
  };
}

interface Nodes {
  readonly expected: readonly ForecastNode[];
  readonly came: readonly ForecastNode[];
}

const cut = (then: World, ids: readonly string[]) => ({ then, open: () => ids });
/** Of a period that is over nobody is asked. */
const nothing = { positiveBy: () => 0 };
