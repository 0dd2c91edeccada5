import { type ForecastNode, type Grouping, type RollUpAsk, rollUp } from '../models/forecast/rollup.ts';
import { shortestToClose } from '../models/forecast/toClose.ts';
import type { Prediction } from '../models/prediction.ts';
import { ForesellError } from '../src/errors.ts';
import { decimals } from '../src/money.ts';
import type { Store } from '../src/store/store.ts';
import { DAY, type Instant, type Period } from '../src/time.ts';
import { type CategoryForecast, categoriesBy } from './categories.ts';
import { type ComingDeals, comingDeals } from './comingDeals.ts';
import type { Moment } from './moments.ts';
import { type Apart, type Convert, converter, type People, type Pipeline, peopleOf, pipelineOf } from './pipeline.ts';
import type { OpenModel } from './ports.ts';
import { quotasOf } from './quotas.ts';
import { type Renewals, renewalsOf } from './renewals.ts';

export type { Apart } from './pipeline.ts';
export type By = Grouping;

/** What may be in the number besides what is booked. */
export const countable = ['open', 'new', 'renewals'] as const;
export type Countable = (typeof countable)[number];
/** Renewals are counted where they are asked for: quotas mostly are of deals. */
export const usuallyCounted: readonly Countable[] = ['open', 'new'];

export interface ForecastAsk {
  readonly period: Period;
  readonly by: By;
  readonly asOf: Instant;
  /** Of the amounts; absent = the company's base currency. */
  readonly currency?: string;
  readonly parts?: readonly Countable[];
}

/** A group's forecast with the name that people know it by; undefined for the whole and for deals without a group. */
export interface GroupForecast extends ForecastNode {
  readonly name: string | undefined;
  /** Its open deals by what their people call them; none where nobody says so. */
  readonly categories: readonly CategoryForecast[];
}

/** One part of the whole; those that are counted add up to `expectedMinor`. */
export interface ForecastPart {
  readonly part: 'booked' | 'open' | 'new' | 'renewals' | 'churn';
  readonly counted: boolean;
  /** Null where nothing can be said, and then `absent` says why. */
  readonly expectedMinor: number | null;
  readonly absent: string | null;
}

/** What is expected without deals to come and renewals. */
export type OpenOnly = Pick<ForecastNode, 'expectedMinor' | 'p10Minor' | 'p50Minor' | 'p90Minor' | 'quotaProbability'>;

export interface ForecastDeal {
  readonly id: string;
  readonly probability: number;
  readonly amountMinor: number;
  readonly expectedMinor: number;
}

export interface Forecast {
  readonly asOf: Instant;
  readonly period: Period;
  readonly by: By;
  readonly currency: string;
  readonly version: string;
  readonly lowSkill: boolean;
  /** The version learned from what happened after `asOf`: its word about the past is no test of it. */
  readonly hindsight: boolean;
  readonly total: GroupForecast;
  /** By tree for teams (a team holds its sub-teams), by id for the others; those without a parent add up to the total. */
  readonly groups: readonly GroupForecast[];
  readonly parts: readonly ForecastPart[];
  readonly openOnly: OpenOnly;
  /** Deals expected to be created before the period ends; null where that cannot be said. */
  readonly createdDeals: number | null;
  /** The fewest open deals whose winning would bring what is expected up to the quota; null where there is no quota, or they do not suffice. */
  readonly toClose: readonly ForecastDeal[] | null;
  readonly apart: readonly Apart[];
  /** What else the reader should know of the company's own rows. */
  readonly remarks: readonly string[];
  /** What each open deal adds to the expected value, largest first. */
  readonly deals: readonly ForecastDeal[];
  /** What was booked in the period, oldest first. */
  readonly bookings: readonly { readonly at: Instant; readonly amountMinor: number }[];
}

/** Everything that a forecast of a period is made of, before it is rolled up. */
export interface Ingredients {
  readonly asOf: Instant;
  readonly pipeline: Pipeline;
  readonly people: People;
  readonly quotas: RollUpAsk['quotas'];
  readonly rho: number;
  readonly coming: ComingDeals | undefined;
  readonly renewals: Renewals | undefined;
  /** Why a part cannot be told. */
  readonly absent: Readonly<Partial<Record<Countable, string>>>;
  readonly remarks: readonly string[];
}

/** The model of customers, where it serves. */
export type ChurnSaid = () => { readonly model: OpenModel; readonly prediction: () => Prediction } | undefined;

/**
 * The whole of a period: closed so far, open deals, deals not yet created, and renewals that fall due less the customers who leave, as far as each can be told and is
 * asked for. All are moved by one common factor. Amounts booked are converted at the rate of their day, others at that of `asOf`.
 */
export function forecastOf(
  store: Store,
  moment: Moment,
  model: OpenModel,
  prediction: Prediction,
  churn: ChurnSaid,
  ask: ForecastAsk,
): Forecast {
  const made = ingredientsOf(store, moment, model, prediction, churn, ask);
  return presented(made, model, moment, ask);
}

export function ingredientsOf(
  store: Store,
  moment: Moment,
  model: OpenModel,
  prediction: Prediction,
  churn: ChurnSaid,
  { period, asOf, by, currency: asked }: ForecastAsk,
): Ingredients {
  const { source, then } = moment;
  const base = source.company.settings.base_currency;
  const currency = asked ?? base;
  decimals(currency); // an unknown one is refused
  if (currency !== base && source.rates.rateAt(base, currency, asOf) === undefined) {
    throw new ForesellError(
      'rate-missing',
      `no exchange rate of ${base} to ${currency} is known then; import exchange_rates.csv, or leave currency out`,
      { path: 'currency' },
    );
  }
  const people = peopleOf(store);
  const convert = converterOf(moment, base, currency);
  const pipeline = pipelineOf(moment, people, prediction, period, convert);
  const absent: Partial<Record<Countable, string>> = {};

  const over = period.to <= asOf;
  const coming = over ? undefined : comingDeals(then, people, by, period, convert);
  if (!coming) absent.new = over ? 'the period is over' : 'too short a past: fewer than 8 weeks, or 5 wins';
  const customers = churn();
  const renewals = customers && renewalsOf(moment, people, customers.model, customers.prediction, period, convert);
  if (!renewals) absent.renewals = customers ? 'no subscriptions' : 'no model of customers serves: foresell train --model churn'; // biome-ignore format: one choice

  const { quotas, unrated } = promised(store, people, moment, period, convert);
  return {
    asOf,
    pipeline,
    people,
    quotas,
    rho: model.rho,
    coming,
    renewals,
    absent,
    remarks: [
      ...unrated.map((code) => `Quotas in ${code} are left out: no exchange rate.`),
      ...people.circular.map(
        (id) => `Team ${id} is its own superior by way of others and stands at the top; correct parent_id.`,
      ),
    ],
  };
}

const converters = new WeakMap<Moment, Map<string, Convert>>();

/** One a moment and currency, so that what was converted by it can be kept. */
export function converterOf(moment: Moment, base: string, currency: string): Convert {
  let of = converters.get(moment);
  if (!of) converters.set(moment, (of = new Map()));
  let convert = of.get(currency);
  if (!convert) of.set(currency, (convert = converter(moment.source.rates, base, currency)));
  return convert;
}

function promised(store: Store, people: People, { then }: Moment, period: Period, convert: Convert) {
  const unrated = new Set<string>();
  const quotas = quotasOf(store.rows('quota'), period, then.asOf).flatMap((quota) => {
    const amountMinor = convert(quota.amountMinor, quota.currency, then.asOf);
    const team = quota.ownerId === null ? quota.teamId : people.teamOf(then, quota.ownerId, then.asOf);
    if (amountMinor !== undefined) return [{ owner: quota.ownerId, team, amountMinor }];
    unrated.add(quota.currency);
    return [];
  });
  return { quotas, unrated: [...unrated].sort() };
}

/** The question to the roll-up: what is counted, by what it is grouped. */
export function rollUpAsk(
  { pipeline, people, quotas, rho, coming, renewals }: Ingredients,
  by: By,
  parts: readonly Countable[],
): RollUpAsk {
  const renews = parts.includes('renewals') ? renewals : undefined;
  const open = parts.includes('open') ? pipeline.open : [];
  return {
    by,
    closed: [...pipeline.closed, ...(renews?.agreed ?? [])],
    open: [...open, ...(renews?.due ?? [])],
    teams: people.teams,
    quotas,
    ...(coming && parts.includes('new') ? { coming } : {}),
    rho,
  };
}

function presented(made: Ingredients, model: OpenModel, moment: Moment, ask: ForecastAsk): Forecast {
  const { pipeline, people } = made;
  const { asOf, period, by } = ask;
  const parts = ask.parts ?? usuallyCounted;
  const rolled = rollUp(rollUpAsk(made, by, parts));
  const plain = rollUp(rollUpAsk(made, 'all', ['open']));
  const categories = categoriesBy(pipeline.open, parts.includes('open') ? rolled : { ...plain, nodes: rolled.nodes }, by, period); // biome-ignore format: one call
  const [total, ...groups] = rolled.nodes.map((node) => ({
    ...node,
    name: node.id === null ? undefined : people.name(node.kind, node.id),
    categories: categories(node),
  }));
  const amounts = new Map(pipeline.open.map((deal) => [deal.id, deal]));
  const contributions = parts.includes('open') ? rolled.contributions : plain.contributions;
  const deals = [...contributions]
    .flatMap(([id, expectedMinor]): ForecastDeal[] => {
      const deal = amounts.get(id);
      return deal ? [{ id, probability: deal.probability, amountMinor: deal.amountMinor, expectedMinor }] : [];
    })
    .sort((a, b) => b.expectedMinor - a.expectedMinor || (a.id < b.id ? -1 : 1));
  const whole = total!;
  return {
    asOf,
    period,
    by,
    currency: ask.currency ?? moment.source.company.settings.base_currency,
    version: model.version,
    lowSkill: model.lowSkill,
    hindsight: asOf + DAY < model.trained.to,
    total: whole,
    groups,
    parts: partsOf(made, whole, plain.nodes[0], parts),
    openOnly: plain.nodes[0],
    createdDeals: made.coming?.created ?? null,
    toClose: whole.quotaMinor === null ? null : shortestToClose(deals, whole.quotaMinor - whole.expectedMinor),
    remarks: made.remarks,
    apart: pipeline.apart,
    deals,
    bookings: pipeline.closed.map(({ closedAt, amountMinor }) => ({ at: closedAt, amountMinor })).sort((a, b) => a.at - b.at), // biome-ignore format: one chain
  };
}

/** What each part adds. A part that is not counted is rounded by itself; those that are add up to what is expected. */
function partsOf(
  made: Ingredients,
  total: ForecastNode,
  plain: ForecastNode,
  counted: readonly Countable[],
): ForecastPart[] {
  const { absent, coming, pipeline, renewals } = made;
  const part = (name: ForecastPart['part'], kind: Countable | undefined, minor: number): ForecastPart => {
    const why = kind === undefined ? undefined : absent[kind];
    const isCounted = (kind === undefined || counted.includes(kind)) && why === undefined;
    return { part: name, counted: isCounted, expectedMinor: why === undefined ? minor : null, absent: why ?? null };
  };
  const alone = (kind: Countable) => rollUp(rollUpAsk({ ...made, pipeline: { ...pipeline, open: [] } }, 'all', [kind])).nodes[0]; // biome-ignore format: one call
  const booked = pipeline.closed.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const agreed = renewals?.agreed.reduce((sum, { amountMinor }) => sum + amountMinor, 0) ?? 0;
  const due = renewals?.dueMinor ?? 0;
  const renewed = !renewals ? 0 : counted.includes('renewals') ? total.renewalMinor : alone('renewals').renewalMinor;
  return [
    part('booked', undefined, booked),
    part('open', 'open', counted.includes('open') ? total.openMinor : plain.openMinor),
    part('new', 'new', !coming ? 0 : counted.includes('new') ? total.newMinor : alone('new').newMinor),
    part('renewals', 'renewals', agreed + due),
    part('churn', 'renewals', renewed - agreed - due),
  ];
}
