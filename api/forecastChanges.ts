import { type ChangeCause, type DealAt, type Split, splitOf, sumOfSplits } from '../models/forecast/bridge.ts';
import { type ForecastNode, type Grouping, type RollUp, rollUp } from '../models/forecast/rollup.ts';
import type { Prediction } from '../models/prediction.ts';
import { ForesellError } from '../src/errors.ts';
import type { Told } from '../src/facts.ts';
import type { Fact } from '../src/records.ts';
import type { Store } from '../src/store/store.ts';
import { dealState } from '../src/subjects/deal.ts';
import { DAY, type Instant, type Period } from '../src/time.ts';
import { type ChurnSaid, type Countable, type Ingredients, ingredientsOf, rollUpAsk, usuallyCounted } from './forecast.ts'; // biome-ignore format: one import
import { levelAt } from './level.ts';
import type { Moment } from './moments.ts';
import type { PipelineClosed, PipelineOpen } from './pipeline.ts';
import type { OpenModel } from './ports.ts';
import { withFacts } from './whatif.ts';

export interface ChangesAsk {
  readonly from: Instant;
  readonly to: Instant;
  readonly period: Period;
  readonly by: Grouping;
  readonly currency?: string;
  readonly parts?: readonly Countable[];
}

/** What is expected of a group at both looks, and why it changed; `causes` add up to the change. */
export interface GroupChange {
  readonly kind: Grouping;
  readonly id: string | null;
  readonly parentId: string | null;
  readonly name: string | undefined;
  readonly beforeMinor: number;
  readonly afterMinor: number;
  readonly causes: Split;
}
export interface DealChange {
  readonly id: string;
  readonly beforeMinor: number;
  readonly afterMinor: number;
  readonly causes: Split;
}
export interface ForecastChanges {
  readonly from: Instant;
  readonly to: Instant;
  readonly period: Period;
  readonly currency: string;
  readonly versions: { readonly from: string; readonly to: string };
  readonly hindsight: boolean;
  readonly total: GroupChange;
  readonly groups: readonly GroupChange[];
  /** Those that changed, the largest change first. */
  readonly deals: readonly DealChange[];
}
export type { ChangeCause };

/** A look: the moment and the version that spoke then. */
export interface Look {
  readonly moment: Moment;
  readonly model: OpenModel;
  readonly churn: ChurnSaid;
}

/**
 * Why what is expected of a period changed between two looks, each made anew from the facts known then: by deal, by group and in total. A deal that
 * changed its group leaves one and comes to another (`moved`). What deals to come and renewals add changes as a whole.
 * Cost: two forecasts; a prediction of the earlier look where the version changed, and of the deals whose expected date moved.
 */
export function forecastChanges(store: Store, before: Look, after: Look, ask: ChangesAsk): ForecastChanges {
  const { from, to, period, by } = ask;
  if (from >= to) throw new ForesellError('field-invalid', 'from: must lie before to', { path: 'from' });
  const parts = ask.parts ?? usuallyCounted;
  const currency = ask.currency === undefined ? {} : { currency: ask.currency };
  const look = ({ moment, model, churn }: Look, asOf: Instant): Taken => {
    const prediction = moment.said(model).prediction();
    const made = ingredientsOf(store, moment, model, prediction, churn, { period, asOf, by, parts, ...currency });
    return taken(moment, made, rollUp(rollUpAsk(made, by, parts)), period, by, parts);
  };
  const [first, second] = [look(before, from), look(after, to)];
  const chances = otherChances(before, after, first, second, period);
  const splits = new Map<string, Split>();
  const ids = [...new Set([...first.deals.keys(), ...second.deals.keys()])].sort();
  for (const id of ids) {
    const [was, is] = [first.at(id), second.at(id)];
    splits.set(id, splitOf({ before: was, after: is, ...chances(id, was.chance) }));
  }
  const groups = groupsBetween(first, second, splits, by);
  const [total, ...others] = groups.map((group) => ({
    ...group,
    name: group.id === null ? undefined : second.made.people.name(group.kind, group.id),
  }));
  const value = (of: Taken, id: string) => of.deals.get(id)?.at.valueMinor ?? 0;
  return {
    from,
    to,
    period,
    currency: ask.currency ?? after.moment.source.company.settings.base_currency,
    versions: { from: before.model.version, to: after.model.version },
    hindsight: from + DAY < before.model.trained.to,
    total: total!,
    groups: others,
    deals: ids
      .flatMap((id) => {
        const [beforeMinor, afterMinor, causes] = [value(first, id), value(second, id), splits.get(id)!];
        return Object.keys(causes).length > 0 ? [{ id, beforeMinor, afterMinor, causes }] : [];
      })
      .sort((a, b) => {
        const change = (deal: DealChange) => Math.abs(deal.afterMinor - deal.beforeMinor);
        return change(b) - change(a) || (a.id < b.id ? -1 : 1);
      }),
  };
}

/** A forecast taken apart. */
interface Taken {
  readonly made: Ingredients;
  readonly nodes: ReadonlyMap<string | null, ForecastNode>;
  readonly total: ForecastNode;
  readonly deals: ReadonlyMap<string, { readonly at: DealAt; readonly group: string | null }>;
  readonly open: ReadonlyMap<string, PipelineOpen>;
  /** Of any deal, also one that counts for nothing. */
  at(id: string): DealAt;
}

function taken(
  moment: Moment,
  made: Ingredients,
  rolled: RollUp,
  period: Period,
  by: Grouping,
  parts: readonly Countable[],
): Taken {
  // biome-ignore format: one line
  const deals = new Map<string, { readonly at: DealAt; readonly group: string | null }>();
  const groupOf = (deal: PipelineClosed | PipelineOpen) => (by === 'all' ? null : (deal[by] ?? null));
  const worthOf = ({ ownMinor, amountMinor }: PipelineClosed | PipelineOpen) =>
    ownMinor === 0 ? { ownMinor: 0, rate: 1 } : { ownMinor, rate: amountMinor / ownMinor };
  for (const deal of made.pipeline.closed) {
    const at: DealAt = { state: 'won', valueMinor: deal.amountMinor, worth: worthOf(deal), chance: 1 };
    deals.set(deal.id, { at, group: groupOf(deal) });
  }
  const open = new Map<string, PipelineOpen>();
  for (const deal of parts.includes('open') ? made.pipeline.open : []) {
    open.set(deal.id, deal);
    const valueMinor = rolled.contributions.get(deal.id)!;
    const at: DealAt = { state: 'open', valueMinor, worth: worthOf(deal), chance: Math.min(1, deal.probability) };
    deals.set(deal.id, { at, group: groupOf(deal) });
  }
  const [total, ...nodes] = rolled.nodes;
  const nothing = { valueMinor: 0, worth: null, chance: 0 };
  return {
    made,
    total: total!,
    nodes: new Map(nodes.map((node) => [node.id, node])),
    deals,
    open,
    at(id) {
      const counted = deals.get(id)?.at;
      if (counted) return counted;
      const past = moment.then.past('deal', id);
      const state = dealState(past);
      if (state !== 'won') return { state, ...nothing };
      const closedAt = past.last('closed')!.at;
      const where = closedAt < period.from ? 'wonBefore' : closedAt >= period.to ? 'wonAfter' : 'lost';
      return { state: where, ...nothing };
    },
  };
}

/** Chances of the earlier look by the later version, and with the later expected date. */
function otherChances(before: Look, after: Look, first: Taken, second: Taken, period: Period) {
  const { moment } = before;
  const { asOf } = moment.then;
  const days = (at: Instant) => Math.max(0, (at - asOf) / DAY);
  const { pace } = first.made.pipeline;
  const chance = (prediction: Prediction, row: number) => {
    const by = (at: Instant) => (days(at) > 0 ? prediction.positiveBy(row, days(at), pace) : 0);
    return Math.max(0, by(period.to) - by(period.from));
  };
  const changed = before.model.version !== after.model.version;
  const byVersion = changed && first.open.size > 0 ? moment.said(after.model).prediction() : undefined;
  const moved = [...first.open.values()].flatMap(({ id, expectedClose }) => {
    const now = second.open.get(id)?.expectedClose;
    return second.open.has(id) && now !== undefined && now !== expectedClose ? [{ id, was: expectedClose, now }] : [];
  });
  const dated = new Map<string, number>();
  if (moved.length > 0) {
    const told = moved.map(({ id, was, now }): Told => {
      const field = 'expected_close_date';
      const fact = { kind: 'change', id: `bridge:${id}`, at: asOf, knownAt: asOf, field, old: was ?? null, value: now, by: null }; // biome-ignore format: a row
      return { fact: fact as unknown as Fact, about: { deal: id } };
    });
    const { model } = after;
    const source = withFacts(moment.source, told);
    const frame = model.snapshot(source, moved.map(({ id }) => ({ id, asOf }))); // biome-ignore format: one call
    const prediction = model.predict(frame, levelAt(moment.source, model, asOf));
    for (const [row, { id }] of moved.entries()) dated.set(id, chance(prediction, row));
  }
  return (id: string, was: number) => {
    const deal = first.open.get(id);
    const chanceByVersion = deal && byVersion ? Math.min(1, chance(byVersion, deal.row)) : was;
    const later = (second.open.get(id)?.expectedClose ?? 0) > (deal?.expectedClose ?? Number.POSITIVE_INFINITY);
    return { chanceByVersion, chanceByDate: Math.min(1, dated.get(id) ?? chanceByVersion), later };
  };
}

function groupsBetween(first: Taken, second: Taken, splits: ReadonlyMap<string, Split>, by: Grouping) {
  const change = (was: ForecastNode | undefined, is: ForecastNode | undefined, deals: Iterable<Split>) => {
    const node = (is ?? was)!;
    const rest = {
      newBusiness: (is?.newMinor ?? 0) - (was?.newMinor ?? 0),
      renewals: (is?.renewalMinor ?? 0) - (was?.renewalMinor ?? 0),
    };
    return {
      kind: node.kind,
      id: node.id,
      parentId: node.parentId,
      beforeMinor: was?.expectedMinor ?? 0,
      afterMinor: is?.expectedMinor ?? 0,
      causes: sumOfSplits([...deals, rest]),
    };
  };
  const total = change(first.total, second.total, splits.values());
  if (by === 'all') return [total];
  const ids = [...new Set([...second.nodes.keys(), ...first.nodes.keys()])];
  const parent = new Map(ids.map((id) => [id, (second.nodes.get(id) ?? first.nodes.get(id)!).parentId]));
  const own = new Map<string | null, Split[]>(ids.map((id) => [id, []]));
  /** A group and those above it. */
  const upFrom = (group: string | null): (string | null)[] => {
    const chain = [group];
    for (let at = group === null ? null : parent.get(group); at; at = parent.get(at)) chain.push(at);
    return chain;
  };
  for (const [id, split] of splits) {
    const [was, is] = [first.deals.get(id), second.deals.get(id)];
    const [left, came] = [upFrom((was ?? is)?.group ?? null), upFrom((is ?? was)?.group ?? null)];
    for (const group of came) own.get(group)?.push(left.includes(group) ? split : { moved: is!.at.valueMinor });
    for (const group of left) if (!came.includes(group)) own.get(group)?.push({ moved: -was!.at.valueMinor });
  }
  return [total, ...ids.map((id) => change(first.nodes.get(id), second.nodes.get(id), own.get(id)!))];
}
